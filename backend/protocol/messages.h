// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "backend/protocol/hit.h"
#include "backend/protocol/notices.h"
#include "backend/protocol/stream_filter.h"
#include "backend/protocol/window.h"

// The messages of /v1/stream; PROTOCOL.md is the description for other programs. Fields are only ever added; a reader
// skips what it does not know.
namespace protocol {

inline constexpr std::string_view subprotocolCbor = "clickroom.v1.cbor";
inline constexpr std::string_view subprotocolJson = "clickroom.v1.json";

// Backend → console, first message.
struct Hello {
    std::string server;    // "clickroomd 0.1.0"
    std::string dataId;    // of the data folder: sequences of another folder are another count
    std::string workspace; // name
    std::string plan;      // "starter" or "professional"
    std::string privacy;   // "standard" or "strict"
    std::string zone;      // reporting time zone, IANA
    std::string role;      // of the token
    HitSeq lastSeq;
    HitSeq firstSeq; // oldest still stored
    UtcMs time;      // the backend's clock
    std::int32_t creditFrames = 0;

    friend bool operator==(const Hello&, const Hello&) = default;
};

// Console → backend: starts or changes the subscription. With `cursor`, hits after it are sent first (resume); without,
// only new ones.
struct Subscribe {
    std::int32_t id = 0; // echoed in Subscribed
    StreamFilter filter;
    std::optional<HitSeq> cursor;
    std::int64_t windowSeconds = 0; // 0 = default

    friend bool operator==(const Subscribe&, const Subscribe&) = default;
};

// Backend → console: the filter holds for every hit after `from`. Where `from` is later than the cursor asked for, what
// lies between is to be fetched by GET /v1/hits.
struct Subscribed {
    std::int32_t id = 0;
    HitSeq from;

    friend bool operator==(const Subscribed&, const Subscribed&) = default;
};

// Backend → console. Covers every sequence from `first` to `last`; those that do not stand in `hits` did not match the
// filter, except `dropped` of them, which matched but were not sent because the console was slow: fetch them by GET
// /v1/hits?after=first-1.
struct Frame {
    HitSeq first;
    HitSeq last;
    HitBatch hits;
    std::uint64_t dropped = 0;
    std::int32_t lagMs = 0; // from the oldest hit of the frame to its sending; 0 in a resumed frame
    bool resumed = false;   // history fetched for a cursor, not live

    friend bool operator==(const Frame&, const Frame&) = default;
};

// Console → backend: `frames` more frames may be sent.
struct Credit {
    std::int32_t frames = 0;

    friend bool operator==(const Credit&, const Credit&) = default;
};

// Backend → console, once a second: what this session was sent since its first subscription.
struct SessionStatus {
    std::uint64_t sentHits = 0;
    std::uint64_t droppedHits = 0;
    HitSeq lastSeq;             // newest hit stored
    UtcMs time;                 // the backend's clock when sending
    std::int64_t echo = 0;      // of the last Ping, 0 = none
    std::uint64_t lateHits = 0; // stored after their redirect, since the backend started
    std::uint64_t lostHits = 0; // never stored, since the backend started

    friend bool operator==(const SessionStatus&, const SessionStatus&) = default;
};

// Console → backend: answered by a SessionStatus with the same echo, to measure clock skew and delay.
struct Ping {
    std::int64_t echo = 0;

    friend bool operator==(const Ping&, const Ping&) = default;
};

struct Window {
    WindowAggregate aggregate;

    friend bool operator==(const Window&, const Window&) = default;
};

enum class ByeReason : std::uint8_t {
    ShuttingDown = 1,
    BadMessage = 2,
    TooLarge = 3,
    Unauthorized = 4,
    TokenRevoked = 5,
    TooManySessions = 6,
    TooSlow = 7,
    BadFilter = 8,
    Idle = 9,
};

// Backend → console, before the connection is closed. `field` names what was at fault, `limit` the limit broken, where
// there is one.
struct Bye {
    ByeReason reason = ByeReason::ShuttingDown;
    std::string field;
    std::int64_t limit = 0;

    friend bool operator==(const Bye&, const Bye&) = default;
};

using Message =
    std::variant<Hello, Subscribe, Subscribed, Frame, Credit, SessionStatus, Ping, Window, Watermark, Edit, Alert, Bye>;

std::string_view word(ByeReason reason);
std::string_view word(Trend trend);
std::optional<ByeReason> byeReasonFrom(std::string_view word);
std::optional<Trend> trendFrom(std::string_view word);

} // namespace protocol

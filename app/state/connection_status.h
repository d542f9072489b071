// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMetaType>
#include <QString>

#include <cstdint>

// What connection tells about itself, and state keeps: plain values that cross from one thread to the other.
namespace state {

enum class Phase : std::uint8_t {
    Disconnected = 0,   // nobody asked for a connection
    Connecting = 1,     // the API is being asked for the session
    Authenticating = 2, // the stream's handshake is under way
    Live = 3,
    Resuming = 4, // connected, history after the cursor is coming in
    Offline = 5,  // lost or refused; tried again at retryAtMs, unless that is 0
};

// Why Offline. Codes, dressed in words by the pages.
enum class OfflineReason : std::uint8_t {
    None = 0,
    BadAddress = 1,  // not a usable URL
    Unreachable = 2, // no answer, name not found, connection refused or broken
    Timeout = 3,
    Unauthorized = 4,  // token missing, wrong or revoked
    Forbidden = 5,     // the token's role does not allow it
    NotClickroom = 6,  // something answers that is no Clickroom
    ProtocolError = 7, // malformed, too large or against the rules
    ServerClosing = 8, // bye: the backend shuts down
    TooManySessions = 9,
    TooSlow = 10,
    BadFilter = 11,
    Redirected = 12, // the API answered by a redirect: refused
    TlsError = 13,
};

struct ConnectionStatus {
    Phase phase = Phase::Disconnected;
    OfflineReason reason = OfflineReason::None;
    QString detail;           // plain text for the curious: an error code of the library, the field that broke a limit
    std::int64_t sinceMs = 0; // UTC, since when this phase
    std::int64_t retryAtMs = 0; // UTC, 0 = not by itself
    int attempt = 0;            // of reconnecting, from 1
    bool startedOver = false;   // another data folder answered: what was on screen before is another count
};

// A range of sequences that did not come by the stream.
struct GapReport {
    enum class State : std::uint8_t { Missing = 0, Fetching = 1, Fetched = 2, Failed = 3 };

    std::uint64_t first = 0;
    std::uint64_t last = 0;
    State state = State::Missing;
    std::uint64_t coveredTo = 0; // fetched up to here
    QString detail;
};

} // namespace state

Q_DECLARE_METATYPE(state::ConnectionStatus)
Q_DECLARE_METATYPE(state::GapReport)

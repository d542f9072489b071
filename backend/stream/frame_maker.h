// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include "backend/protocol/codec.h"
#include "backend/stream/replay_ring.h"

namespace stream {

// One message ready to be sent any number of times: copies share the bytes.
struct Encoded {
    QByteArray binary; // CBOR
    QString text;      // JSON
    std::uint64_t bytes = 0;
};

Encoded encoded(std::string&& bytes, protocol::Encoding encoding);
Encoded encoded(const protocol::Message& message, protocol::Encoding encoding);

// Whose hits, by which filter, in which form: what sessions must have in common to be sent the same frames.
struct Selection {
    protocol::WorkspaceId workspace;
    protocol::StreamFilter filter; // normalised
    protocol::Encoding encoding{};

    bool matches(const protocol::HitView& hit) const
    {
        return hit.workspace == workspace && filter.matchesNormalised(hit);
    }

    friend auto operator<=>(const Selection&, const Selection&) = default;
};

// A frame over [first, last] with all matching hits of it.
struct MadeFrame {
    protocol::HitSeq first, last;
    std::size_t hits = 0;
    std::uint64_t dropped = 0;
    Encoded bytes;
};

// A frame over (after, upTo], shorter where it would get too long. `first` is what it says it covers from, at most
// after + 1. Without `evenEmpty` a frame without hits has no bytes: it will not be sent.
MadeFrame makeFrame(const ReplayRing& ring, const Selection& selection, protocol::HitSeq first, protocol::HitSeq after,
                    protocol::HitSeq upTo, bool resumed, std::int64_t nowMs, bool evenEmpty = true);

// A gap notice: `dropped` hits of [first, last] were not sent.
MadeFrame makeGapNotice(protocol::HitSeq first, protocol::HitSeq last, std::uint64_t dropped,
                        protocol::Encoding encoding);

// Matching hits in (after, upTo].
std::uint64_t countMatching(const ReplayRing& ring, const Selection& selection, protocol::HitSeq after,
                            protocol::HitSeq upTo);

} // namespace stream

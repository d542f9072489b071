// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/stream/frame_maker.h"

#include <algorithm>

#include "backend/protocol/limits.h"

namespace stream {

using protocol::Encoding;
using protocol::HitSeq;
using protocol::HitView;

namespace {

// Text bytes of one frame, such that it stays under serverMessageBytes whatever stands in the texts: in JSON a control
// character takes six bytes for one, in CBOR a byte that is no UTF-8 takes three. Every hit adds what its other fields
// may take.
constexpr std::size_t hitBytes = 160;
constexpr std::size_t textBytesMaxJson = protocol::limits::serverMessageBytes / 6 - 16 * 1024;
constexpr std::size_t textBytesMaxCbor = protocol::limits::serverMessageBytes / 3 - 16 * 1024;

} // namespace

Encoded encoded(std::string&& bytes, Encoding encoding)
{
    Encoded out;
    out.bytes = bytes.size();
    if (encoding == Encoding::Cbor)
        out.binary = QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size()));
    else
        out.text = QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size()));
    return out;
}

Encoded encoded(const protocol::Message& message, Encoding encoding)
{
    return encoded(protocol::encode(message, encoding), encoding);
}

MadeFrame makeFrame(const ReplayRing& ring, const Selection& selection, HitSeq first, HitSeq after, HitSeq upTo,
                    bool resumed, std::int64_t nowMs, bool evenEmpty)
{
    const std::size_t bytesMax = selection.encoding == Encoding::Json ? textBytesMaxJson : textBytesMaxCbor;
    std::vector<HitView> hits;
    std::size_t bytes = 0;
    MadeFrame made{first, upTo, 0, 0, {}};
    std::int64_t oldestMs = nowMs;
    ring.visit(after, upTo, [&](const HitView& hit) {
        if (!selection.matches(hit))
            return true;
        const std::size_t more = textBytes(hit) + hitBytes;
        if (hits.size() == protocol::limits::hitsPerFrame || (!hits.empty() && bytes + more > bytesMax)) {
            made.last = HitSeq{hit.seq.value - 1};
            return false;
        }
        bytes += more;
        oldestMs = std::min(oldestMs, hit.time.value);
        hits.push_back(hit);
        return true;
    });
    made.hits = hits.size();
    if (hits.empty() && !evenEmpty)
        return made;
    protocol::Frame head;
    head.first = made.first;
    head.last = made.last;
    head.resumed = resumed;
    head.lagMs = resumed ? 0 : static_cast<std::int32_t>(std::min<std::int64_t>(nowMs - oldestMs, INT32_MAX));
    made.bytes = encoded(protocol::encodeFrame(head, hits, selection.encoding), selection.encoding);
    return made;
}

MadeFrame makeGapNotice(HitSeq first, HitSeq last, std::uint64_t dropped, Encoding encoding)
{
    protocol::Frame frame;
    frame.first = first;
    frame.last = last;
    frame.dropped = dropped;
    return {first, last, 0, dropped, encoded(protocol::Message(std::move(frame)), encoding)};
}

std::uint64_t countMatching(const ReplayRing& ring, const Selection& selection, HitSeq after, HitSeq upTo)
{
    std::uint64_t count = 0;
    ring.visit(after, upTo, [&](const HitView& hit) {
        count += selection.matches(hit) ? 1 : 0;
        return true;
    });
    return count;
}

} // namespace stream

// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/stream/replay_ring.h"

namespace stream {

using protocol::HitSeq;
using protocol::PackedHits;

namespace {
// Larger ones (those of the start) are cut, so that a part of them can leave.
constexpr std::size_t chunkHitsMax = 4096;
// Beyond, whoever looks reads for itself: a flood must not be held twice.
constexpr std::size_t recentHitsMax = 8192;
// What a chunk takes beside its bytes.
constexpr std::size_t chunkBytes = 160;
} // namespace

std::size_t textBytes(const protocol::HitView& hit)
{
    std::size_t bytes = 0;
    for (const std::string_view text : hit.texts)
        bytes += text.size();
    return bytes;
}

void ReplayRing::append(const std::shared_ptr<const PackedHits>& hits, std::size_t from)
{
    const std::size_t count = hits->size() - from;
    if (count <= chunkHitsMax) {
        push(hits, from);
        return;
    }
    // Of more than the ring holds, only the end is worth copying.
    const std::size_t start = from + (count > m_hitsMax ? count - m_hitsMax : 0);
    if (start > from)
        startAfter(hits->seq(start - 1));
    for (std::size_t at = start; at < hits->size(); at += chunkHitsMax)
        push(std::make_shared<const PackedHits>(hits->part(at, std::min(hits->size(), at + chunkHitsMax))), 0);
}

void ReplayRing::push(std::shared_ptr<const PackedHits> hits, std::size_t from)
{
    if (m_chunks.empty())
        m_first = hits->seq(from);
    m_last = hits->lastSeq();
    m_bytes += hits->footprint() + chunkBytes;
    if (m_recent.size() + hits->size() - from > recentHitsMax)
        m_recent.clear();
    if (hits->size() - from <= recentHitsMax)
        for (std::size_t at = from; at < hits->size(); ++at)
            m_recent.push_back(hits->at(at));
    m_chunks.push_back({std::move(hits), from});
    while (m_chunks.size() > 1 && (size() > m_hitsMax || m_bytes > m_bytesMax)) {
        m_bytes -= m_chunks.front().hits->footprint() + chunkBytes;
        m_first = HitSeq{m_chunks.front().hits->lastSeq().value + 1};
        m_chunks.pop_front();
    }
    if (!m_recent.empty() && m_recent.front().seq < m_first)
        m_recent.clear();
}

void ReplayRing::startAfter(HitSeq last)
{
    m_recent.clear();
    m_chunks.clear();
    m_bytes = 0;
    m_last = last;
    m_first = HitSeq{last.value + 1};
}

std::size_t ReplayRing::chunkBehind(HitSeq after) const
{
    const auto place = std::partition_point(m_chunks.begin(), m_chunks.end(),
                                            [&](const Chunk& chunk) { return chunk.hits->lastSeq() <= after; });
    return static_cast<std::size_t>(place - m_chunks.begin());
}

} // namespace stream

// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/stream/replay_ring.h"

#include <algorithm>

#include "backend/protocol/hit_columns.h"

namespace stream {

using protocol::HitBatch;
using protocol::HitSeq;

namespace {
// Larger batches (those of the start) are cut, so that a part of them can leave.
constexpr std::size_t chunkHitsMax = 4096;
} // namespace

std::size_t textBytes(const protocol::Hit& hit)
{
    std::size_t bytes = 0;
    for (const std::string* text : {&hit.botReason,  &hit.domain,      &hit.slug,      &hit.placement, &hit.country,
                                    &hit.region,     &hit.city,        &hit.os,        &hit.browser,   &hit.language,
                                    &hit.referrer,   &hit.campaign,    &hit.utmSource, &hit.utmMedium, &hit.utmTerm,
                                    &hit.utmContent, &hit.destination, &hit.rule,      &hit.variant,   &hit.passedOver})
        bytes += text->size();
    return bytes;
}

void ReplayRing::append(const std::shared_ptr<const HitBatch>& batch, std::size_t from)
{
    const std::size_t count = batch->size() - from;
    if (count <= chunkHitsMax) {
        push(batch, from);
        return;
    }
    // Of a batch longer than the ring, only its end is worth copying.
    const std::size_t start = from + (count > m_hitsMax ? count - m_hitsMax : 0);
    if (start > from)
        startAfter((*batch)[start - 1].seq);
    for (std::size_t at = start; at < batch->size(); at += chunkHitsMax) {
        const auto begin = batch->begin() + static_cast<std::ptrdiff_t>(at);
        const auto end = batch->begin() + static_cast<std::ptrdiff_t>(std::min(batch->size(), at + chunkHitsMax));
        push(std::make_shared<const HitBatch>(begin, end), 0);
    }
}

void ReplayRing::push(std::shared_ptr<const HitBatch> batch, std::size_t from)
{
    std::size_t bytes = 0;
    for (std::size_t i = from; i < batch->size(); ++i)
        bytes += sizeof(protocol::Hit) + textBytes((*batch)[i]);
    if (m_chunks.empty())
        m_first = (*batch)[from].seq;
    m_last = batch->back().seq;
    m_bytes += bytes;
    m_chunks.push_back({std::move(batch), from, bytes});
    while (m_chunks.size() > 1 && (size() > m_hitsMax || m_bytes > m_bytesMax)) {
        m_bytes -= m_chunks.front().bytes;
        m_first = HitSeq{m_chunks.front().batch->back().seq.value + 1};
        m_chunks.pop_front();
    }
}

void ReplayRing::startAfter(HitSeq last)
{
    m_chunks.clear();
    m_bytes = 0;
    m_last = last;
    m_first = HitSeq{last.value + 1};
}

std::size_t ReplayRing::chunkBehind(HitSeq after) const
{
    const auto place = std::partition_point(m_chunks.begin(), m_chunks.end(),
                                            [&](const Chunk& chunk) { return chunk.batch->back().seq <= after; });
    return static_cast<std::size_t>(place - m_chunks.begin());
}

} // namespace stream

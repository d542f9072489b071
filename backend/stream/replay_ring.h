// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "backend/protocol/packed_hits.h"

namespace stream {

// The newest hits, whole and without a gap, for frames and for resuming. Shares the bytes it is given. Full (by hits or
// by bytes of memory): the oldest leave; whoever still wanted them is told by first().
class ReplayRing {
public:
    ReplayRing(std::size_t hitsMax, std::size_t bytesMax) : m_hitsMax(hitsMax), m_bytesMax(bytesMax) {}

    // The hits from place `from` on follow last() directly, or the ring is empty. They also stand in recent() from now
    // on.
    void append(const std::shared_ptr<const protocol::PackedHits>& hits, std::size_t from);
    // Nothing before the sequence behind `last` can be had any more.
    void startAfter(protocol::HitSeq last);

    // The newest hits, read once for all who look at them before forgetRecent(): those of some appends, or none.
    std::span<const protocol::HitView> recent() const { return m_recent; }
    void forgetRecent() { m_recent.clear(); }

    protocol::HitSeq first() const { return m_first; } // last() + 1 when empty
    protocol::HitSeq last() const { return m_last; }
    std::size_t size() const { return static_cast<std::size_t>(m_last.value + 1 - m_first.value); }

    // Calls take(view) for every hit in (after, upTo], oldest first, until it returns false. The views are valid until
    // the ring changes.
    template <class Take> void visit(protocol::HitSeq after, protocol::HitSeq upTo, Take take) const
    {
        if (!m_recent.empty() && m_recent.front().seq.value <= after.value + 1) {
            const auto beyond = std::partition_point(m_recent.begin(), m_recent.end(),
                                                     [&](const protocol::HitView& hit) { return hit.seq <= after; });
            for (auto hit = beyond; hit != m_recent.end() && hit->seq <= upTo && take(*hit); ++hit) {
            }
            return;
        }
        for (std::size_t at = chunkBehind(after); at < m_chunks.size(); ++at) {
            const protocol::PackedHits& hits = *m_chunks[at].hits;
            for (std::size_t i = std::max(m_chunks[at].from, hits.placeAfter(after)); i < hits.size(); ++i) {
                const protocol::HitView hit = hits.at(i);
                if (hit.seq > upTo || !take(hit))
                    return;
            }
        }
    }

private:
    struct Chunk {
        std::shared_ptr<const protocol::PackedHits> hits;
        std::size_t from = 0;
    };

    void push(std::shared_ptr<const protocol::PackedHits> hits, std::size_t from);
    std::size_t chunkBehind(protocol::HitSeq after) const;

    std::size_t m_hitsMax, m_bytesMax;
    std::size_t m_bytes = 0;
    std::deque<Chunk> m_chunks;
    std::vector<protocol::HitView> m_recent; // the end of what the chunks hold
    protocol::HitSeq m_first{1}, m_last{0};
};

// The bytes of a hit's texts.
std::size_t textBytes(const protocol::HitView& hit);

} // namespace stream

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <vector>

#include "backend/protocol/hit.h"

namespace stream {

// The newest hits, whole and without a gap, for frames and for resuming. Shares the batches it is given. Full (by hits
// or by bytes): the oldest batches leave; whoever still wanted them is told by first().
class ReplayRing {
public:
    ReplayRing(std::size_t hitsMax, std::size_t bytesMax) : m_hitsMax(hitsMax), m_bytesMax(bytesMax) {}

    // The batch's hits from place `from` on follow last() directly, or the ring is empty.
    void append(const std::shared_ptr<const protocol::HitBatch>& batch, std::size_t from);
    // Nothing before the sequence behind `last` can be had any more.
    void startAfter(protocol::HitSeq last);

    protocol::HitSeq first() const { return m_first; } // last() + 1 when empty
    protocol::HitSeq last() const { return m_last; }
    std::size_t size() const { return static_cast<std::size_t>(m_last.value + 1 - m_first.value); }

    // Calls take(hit) for every hit in (after, upTo], oldest first, until it returns false.
    template <class Take> void visit(protocol::HitSeq after, protocol::HitSeq upTo, Take take) const
    {
        for (std::size_t at = chunkBehind(after); at < m_chunks.size(); ++at) {
            const Chunk& chunk = m_chunks[at];
            const protocol::HitSeq chunkFirst = (*chunk.batch)[chunk.from].seq;
            const std::size_t skip = after.value >= chunkFirst.value ? after.value + 1 - chunkFirst.value : 0;
            for (std::size_t i = chunk.from + skip; i < chunk.batch->size(); ++i) {
                const protocol::Hit& hit = (*chunk.batch)[i];
                if (hit.seq > upTo || !take(hit))
                    return;
            }
        }
    }

private:
    struct Chunk {
        std::shared_ptr<const protocol::HitBatch> batch;
        std::size_t from = 0;
        std::size_t bytes = 0;
    };

    void push(std::shared_ptr<const protocol::HitBatch> batch, std::size_t from);
    std::size_t chunkBehind(protocol::HitSeq after) const;

    std::size_t m_hitsMax, m_bytesMax;
    std::size_t m_bytes = 0;
    std::deque<Chunk> m_chunks;
    protocol::HitSeq m_first{1}, m_last{0};
};

// The bytes of a hit's texts.
std::size_t textBytes(const protocol::Hit& hit);

} // namespace stream

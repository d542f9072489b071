// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <deque>
#include <span>

#include "backend/protocol/hit.h"
#include "backend/storage/spill_file.h"

namespace pipeline {

// Hits whose redirects left before they were stored, in the order of their sequences: in the spill file, and in memory
// for as long as that fails. Calls must not overlap. Full: keep() takes fewer than it was given, and the caller counts
// the rest as lost.
class LateHits {
public:
    LateHits(storage::SpillFile& spill, std::size_t memoryHitsMax) : m_spill(spill), m_memoryHitsMax(memoryHitsMax) {}

    // Returns how many were kept, from the first on. Hits of one call follow those of the call before without a gap.
    std::size_t keep(std::span<const protocol::Hit> hits);
    bool isEmpty() const { return m_spill.isEmpty() && m_memory.empty(); }
    std::size_t count() const { return static_cast<std::size_t>(m_spill.hits()) + m_memory.size(); }
    // The oldest, at most `hitsMax`; they stay until drop(). Throws std::system_error where the file cannot be read.
    protocol::HitBatch front(std::size_t hitsMax);
    // Those of the last front() are stored.
    void drop();
    // At the end: moves what is in memory to the file. Returns how many could not be moved.
    std::size_t finish();

private:
    std::size_t flushMemory(); // returns how many had to stay

    storage::SpillFile& m_spill;
    const std::size_t m_memoryHitsMax;
    std::deque<protocol::Hit> m_memory; // later than everything in the file
    std::size_t m_frontFromMemory = 0;
};

} // namespace pipeline

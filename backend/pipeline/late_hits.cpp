// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/pipeline/late_hits.h"

#include <algorithm>
#include <iterator>
#include <system_error>

namespace pipeline {

namespace {

// A full disk refuses this much as fast as a little more, and nothing large is copied in vain each time.
constexpr std::size_t flushHits = 512;

} // namespace

std::size_t LateHits::flushMemory()
{
    // What front() has handed out stays where it is until drop().
    while (!m_memory.empty() && m_frontFromMemory == 0) {
        const auto end = m_memory.begin() + static_cast<std::ptrdiff_t>(std::min(flushHits, m_memory.size()));
        const protocol::HitBatch piece(m_memory.begin(), end);
        try {
            m_spill.append(piece);
        } catch (const std::system_error&) {
            break;
        }
        m_memory.erase(m_memory.begin(), end);
    }
    return m_memory.size();
}

std::size_t LateHits::finish()
{
    m_frontFromMemory = 0;
    return flushMemory();
}

std::size_t LateHits::keep(std::span<const protocol::Hit> hits)
{
    if (flushMemory() == 0) {
        try {
            m_spill.append(hits);
            return hits.size();
        } catch (const std::system_error&) {
            // To memory, then.
        }
    }
    const std::size_t room = m_memoryHitsMax - std::min(m_memoryHitsMax, m_memory.size());
    const std::size_t kept = std::min(room, hits.size());
    m_memory.insert(m_memory.end(), hits.begin(), hits.begin() + static_cast<std::ptrdiff_t>(kept));
    return kept;
}

protocol::HitBatch LateHits::front(std::size_t hitsMax)
{
    m_frontFromMemory = 0;
    if (!m_spill.isEmpty())
        return m_spill.front(hitsMax);
    m_frontFromMemory = std::min(hitsMax, m_memory.size());
    return {m_memory.begin(), m_memory.begin() + static_cast<std::ptrdiff_t>(m_frontFromMemory)};
}

void LateHits::drop()
{
    if (m_frontFromMemory > 0) {
        m_memory.erase(m_memory.begin(), m_memory.begin() + static_cast<std::ptrdiff_t>(m_frontFromMemory));
        m_frontFromMemory = 0;
        return;
    }
    try {
        m_spill.drop();
    } catch (const std::system_error&) {
        // The file could not be cut; it says itself that nothing in it waits any more.
    }
}

} // namespace pipeline

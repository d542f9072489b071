// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "app/state/large_memory.h"

// The columns of the hit ring, each as narrow as what it holds allows. One owner, one thread. Never full: a number that
// does not fit makes the column wider, at once and for all rows.
namespace state {

// 64-bit numbers that lie near each other: four bytes each, from a base of all. The base moves along with the ring;
// only when what is held spans more than 2^31 (sequences of a very thin stream, times that lie) are they kept whole.
template <class Number> class OffsetColumn {
public:
    explicit OffsetColumn(std::size_t capacity) : m_capacity(capacity) { m_offsets.reserve(capacity); }

    Number at(std::size_t slot) const { return back(m_isWide ? m_whole[slot] : m_base + m_offsets[slot]); }
    std::size_t size() const { return m_isWide ? m_whole.size() : m_offsets.size(); }
    std::size_t bytesPerRow() const { return m_isWide ? sizeof(std::uint64_t) : sizeof(std::uint32_t); }

    void put(std::size_t slot, Number number)
    {
        const std::uint64_t value = key(number);
        if (!m_isWide && (m_offsets.empty() || value < m_base || value - m_base > offsetMax))
            makeRoom(slot, value);
        if (m_isWide) {
            if (slot >= m_whole.size())
                m_whole.resize(slot + 1, m_base);
            m_whole[slot] = value;
        } else {
            if (slot >= m_offsets.size())
                m_offsets.resize(slot + 1);
            m_offsets[slot] = static_cast<std::uint32_t>(value - m_base);
        }
    }

    void clear()
    {
        m_isWide = false;
        LargeVector<std::uint64_t>().swap(m_whole);
        m_offsets.clear();
        m_offsets.reserve(m_capacity);
    }

private:
    static constexpr std::uint64_t offsetMax = std::numeric_limits<std::uint32_t>::max();
    // Between two moves of the base at least 2^30 have gone by: moving costs nothing in the long run.
    static constexpr std::uint64_t spanMax = 1ULL << 31;
    // In the order of the numbers, signed or not.
    static constexpr std::uint64_t sign = std::numeric_limits<Number>::is_signed ? 1ULL << 63 : 0;
    static std::uint64_t key(Number number) { return static_cast<std::uint64_t>(number) ^ sign; }
    static Number back(std::uint64_t value) { return static_cast<Number>(value ^ sign); }

    void makeRoom(std::size_t slot, std::uint64_t value)
    {
        std::uint64_t low = value, high = value;
        for (std::size_t i = 0; i < m_offsets.size(); ++i) {
            if (i != slot) { // is about to be written over
                low = std::min(low, m_base + m_offsets[i]);
                high = std::max(high, m_base + m_offsets[i]);
            }
        }
        if (high - low > spanMax) {
            m_isWide = true;
            m_whole.reserve(m_capacity);
            for (const std::uint32_t offset : m_offsets)
                m_whole.push_back(m_base + offset);
            LargeVector<std::uint32_t>().swap(m_offsets);
            return;
        }
        const std::uint64_t base = low - std::min(low, (offsetMax - (high - low)) / 2);
        for (std::uint32_t& offset : m_offsets)
            offset =
                static_cast<std::uint32_t>(m_base + offset - base); // what is about to be written over may be anything
        m_base = base;
    }

    std::size_t m_capacity;
    bool m_isWide = false;
    std::uint64_t m_base = 0;
    LargeVector<std::uint32_t> m_offsets; // one of the two is in use
    LargeVector<std::uint64_t> m_whole;
};

// Numbers of dictionary entries: two bytes each, four as soon as one of them needs them (until the ring is cleared).
class EntryColumn {
public:
    explicit EntryColumn(std::size_t capacity) : m_capacity(capacity) { m_narrow.reserve(capacity); }

    std::uint32_t at(std::size_t slot) const { return m_isWide ? m_wide[slot] : m_narrow[slot]; }
    bool isWide() const { return m_isWide; }
    const std::uint16_t* narrow() const { return m_narrow.data(); } // one of the two, by isWide()
    const std::uint32_t* wide() const { return m_wide.data(); }
    std::size_t bytesPerRow() const { return m_isWide ? sizeof(std::uint32_t) : sizeof(std::uint16_t); }

    void put(std::size_t slot, std::uint32_t entry)
    {
        if (!m_isWide && entry > std::numeric_limits<std::uint16_t>::max()) {
            m_isWide = true;
            m_wide.reserve(m_capacity);
            m_wide.assign(m_narrow.begin(), m_narrow.end());
            LargeVector<std::uint16_t>().swap(m_narrow);
        }
        if (m_isWide) {
            if (slot >= m_wide.size())
                m_wide.resize(slot + 1);
            m_wide[slot] = entry;
        } else {
            if (slot >= m_narrow.size())
                m_narrow.resize(slot + 1);
            m_narrow[slot] = static_cast<std::uint16_t>(entry);
        }
    }

    void clear()
    {
        m_isWide = false;
        LargeVector<std::uint32_t>().swap(m_wide);
        m_narrow.clear();
        m_narrow.reserve(m_capacity);
    }

private:
    std::size_t m_capacity;
    bool m_isWide = false;
    LargeVector<std::uint16_t> m_narrow;
    LargeVector<std::uint32_t> m_wide;
};

} // namespace state

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/state/repeat_marks.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "app/state/prefetch.h"

namespace state {

namespace {

// Visitor keys are hashes already, but a hostile backend chooses them; one multiplication spreads them.
std::size_t spread(std::uint64_t visitor)
{
    visitor *= 0x9e3779b97f4a7c15ULL;
    return static_cast<std::size_t>(visitor ^ (visitor >> 32));
}

// The row that a table entry stands for: all held rows lie within 2^32 of the end.
std::uint64_t rowOf(std::uint32_t entry, std::uint64_t end)
{
    return end - static_cast<std::uint32_t>(static_cast<std::uint32_t>(end) - (entry - 1));
}

// Not more than `windowMs` after the other. Times may lie at either end of what 64 bits hold.
bool isWithin(std::int64_t windowMs, std::int64_t before, std::int64_t time)
{
    using Limits = std::numeric_limits<std::int64_t>;
    if (before < 0 ? time > Limits::max() + before : time < Limits::min() + before)
        return time < before; // further apart than they hold
    return time - before <= windowMs;
}

} // namespace

RepeatMarks::RepeatMarks(std::size_t capacity) : m_mask(std::bit_ceil(std::max<std::size_t>(capacity, 16)) - 1) {}

void RepeatMarks::clear()
{
    m_table.assign(m_table.size(), 0);
    m_used = 0;
    m_retryAt = 0;
    m_complete = true;
}

// The slot of the visitor's entry, or else the free slot that ends its chain. Entries of rows that were evicted match
// nobody and keep the chain whole until the next rebuild.
std::size_t RepeatMarks::find(const Rows& rows, std::uint64_t visitor) const
{
    std::size_t at = spread(visitor) & m_mask;
    while (m_table[at] != 0) {
        const std::uint64_t row = rowOf(m_table[at], rows.end);
        if (row >= rows.first && row < rows.end && rows.visitors[row % rows.capacity] == visitor)
            return at;
        at = (at + 1) & m_mask;
    }
    return at;
}

void RepeatMarks::seek(std::uint64_t visitor) const
{
    if (!m_table.empty())
        prefetch(&m_table[spread(visitor) & m_mask]);
}

void RepeatMarks::fetch(const Rows& rows, std::uint64_t visitor) const
{
    if (m_table.empty())
        return;
    if (const std::uint32_t entry = m_table[spread(visitor) & m_mask]; entry != 0)
        prefetch(&rows.visitors[rowOf(entry, rows.end) % rows.capacity]);
}

bool RepeatMarks::note(const Rows& rows, std::uint64_t row, std::int64_t windowMs)
{
    const std::uint64_t visitor = rows.visitors[row % rows.capacity];
    if (visitor == 0)
        return false;
    if (m_table.empty())
        m_table.assign(m_mask + 1, 0);
    // Linear probing stays short below a load of 0.7.
    const std::size_t usedMax = (m_mask + 1) / 10 * 7;
    if (m_used >= usedMax && row >= m_retryAt)
        rebuild(rows, row, windowMs);

    const std::size_t at = find(rows, visitor);
    if (m_table[at] != 0) {
        const std::uint64_t before = rowOf(m_table[at], rows.end);
        m_table[at] = static_cast<std::uint32_t>(row) + 1;
        return isWithin(windowMs, rows.times.at(before % rows.capacity), rows.times.at(row % rows.capacity));
    }
    if (m_used >= usedMax) {
        m_complete = false;
        return false;
    }
    m_table[at] = static_cast<std::uint32_t>(row) + 1;
    ++m_used;
    return false;
}

// Keeps only visitors of rows before `row` that a later hit could still repeat.
void RepeatMarks::rebuild(const Rows& rows, std::uint64_t row, std::int64_t windowMs)
{
    m_table.assign(m_mask + 1, 0);
    m_used = 0;
    m_complete = true;
    const std::int64_t newest = rows.times.at(row % rows.capacity);
    const std::size_t usedMax = (m_mask + 1) / 10 * 7;
    for (std::uint64_t r = rows.first; r < row; ++r) {
        const std::uint64_t visitor = rows.visitors[r % rows.capacity];
        if (visitor == 0 || !isWithin(windowMs, rows.times.at(r % rows.capacity), newest))
            continue;
        const std::size_t at = find(rows, visitor);
        if (m_table[at] == 0) {
            if (m_used >= usedMax) {
                m_complete = false;
                continue;
            }
            ++m_used;
        }
        m_table[at] = static_cast<std::uint32_t>(r) + 1;
    }
    // So that a table full of living visitors is not rebuilt for every row.
    m_retryAt = row + (m_mask + 1) / 8;
}

} // namespace state

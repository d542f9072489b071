// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "app/state/hit_ring.h"

namespace models {

// Row numbers of the ring in ascending order, 4 bytes each: only the lower half is kept and the rest follows from the
// ring's end, since all rows lie within 2^32 of it. Cheap at both ends: rows are appended behind and taken off in
// front.
class RowIndex {
public:
    std::size_t size() const { return m_rows.size() - m_head; }
    bool isEmpty() const { return size() == 0; }
    std::uint32_t low(std::size_t at) const { return m_rows[m_head + at]; }
    // `end`: the ring's endRow().
    state::RowNumber row(std::size_t at, state::RowNumber end) const { return full(low(at), end); }
    static state::RowNumber full(std::uint32_t low, state::RowNumber end)
    {
        return end - static_cast<std::uint32_t>(static_cast<std::uint32_t>(end) - low);
    }

    void append(const std::vector<std::uint32_t>& rows) { m_rows.insert(m_rows.end(), rows.begin(), rows.end()); }
    void insert(std::size_t at, const std::uint32_t* rows, std::size_t count);
    // Puts in rows that are in order and not yet here, wherever they belong.
    void merge(const std::vector<std::uint32_t>& rows, state::RowNumber end);
    void dropFront(std::size_t count);
    void truncate(std::size_t size) { m_rows.resize(m_head + size); }
    void assign(std::vector<std::uint32_t> rows);
    void set(std::size_t at, std::uint32_t low) { m_rows[m_head + at] = low; }
    void clear();

    // How many entries lie before `row`.
    std::size_t countBefore(state::RowNumber row, state::RowNumber end) const;

private:
    std::vector<std::uint32_t> m_rows;
    std::size_t m_head = 0;
};

} // namespace models

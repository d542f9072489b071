// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/row_index.h"

#include <algorithm>

namespace models {

void RowIndex::insert(std::size_t at, const std::uint32_t* rows, std::size_t count)
{
    m_rows.insert(m_rows.begin() + static_cast<std::ptrdiff_t>(m_head + at), rows, rows + count);
}

void RowIndex::merge(const std::vector<std::uint32_t>& rows, state::RowNumber end)
{
    const auto middle = static_cast<std::ptrdiff_t>(m_rows.size());
    m_rows.insert(m_rows.end(), rows.begin(), rows.end());
    std::inplace_merge(m_rows.begin() + static_cast<std::ptrdiff_t>(m_head), m_rows.begin() + middle, m_rows.end(),
                       [end](std::uint32_t a, std::uint32_t b) { return full(a, end) < full(b, end); });
}

void RowIndex::dropFront(std::size_t count)
{
    m_head += count;
    // Moved down once as much is unused as used: each entry is moved once in its life, on average.
    if (m_head * 2 > m_rows.size()) {
        m_rows.erase(m_rows.begin(), m_rows.begin() + static_cast<std::ptrdiff_t>(m_head));
        m_head = 0;
    }
}

void RowIndex::assign(std::vector<std::uint32_t> rows)
{
    m_rows = std::move(rows);
    m_head = 0;
}

void RowIndex::clear()
{
    m_rows.clear();
    m_head = 0;
}

std::size_t RowIndex::countBefore(state::RowNumber wanted, state::RowNumber end) const
{
    std::size_t low = 0;
    std::size_t high = size();
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        if (row(middle, end) < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

} // namespace models

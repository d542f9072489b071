// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/row_filter.h"

#include <algorithm>

namespace models {

namespace {

constexpr std::size_t runRows = 4096; // verdicts of one run stay in the processor's nearest cache

} // namespace

void RowFilter::compile(const protocol::FilterNode& node)
{
    m_node = node;
    m_root = node.kind == protocol::FilterNode::Kind::True ? nullptr : makeStep(node);
}

void RowFilter::select(const state::HitRing& ring, state::RowNumber first, state::RowNumber end,
                       std::vector<std::uint32_t>& out)
{
    if (first >= end)
        return;
    std::size_t at = out.size();
    if (!m_root) {
        out.resize(at + static_cast<std::size_t>(end - first));
        for (state::RowNumber row = first; row < end; ++row)
            out[at++] = static_cast<std::uint32_t>(row);
        return;
    }
    m_root->prepare(ring, first, end);
    m_pass.resize(runRows);
    while (first < end) {
        // A run ends where the ring's columns begin again.
        const std::size_t count = static_cast<std::size_t>(
            std::min<state::RowNumber>({runRows, end - first, ring.capacity() - ring.slot(first)}));
        m_root->evaluate({ring, first, count}, m_pass.data());
        out.resize(at + count);
        for (std::size_t i = 0; i < count; ++i) {
            out[at] = static_cast<std::uint32_t>(first + i);
            at += m_pass[i];
        }
        first += count;
    }
    out.resize(at);
}

} // namespace models

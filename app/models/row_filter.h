// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "app/models/filter_steps.h"
#include "app/state/hit_ring.h"
#include "backend/protocol/filter_expression.h"

namespace models {

// A display filter made ready for a ring: each leaf becomes a table by dictionary entry, whose verdicts come from
// protocol::matches itself, so that both filters mean the same. Tables follow the dictionaries as entries come and go.
class RowFilter {
public:
    void compile(const protocol::FilterNode& node);
    const protocol::FilterNode& node() const { return m_node; }

    // Appends the lower halves of the row numbers in [first, end) that pass.
    void select(const state::HitRing& ring, state::RowNumber first, state::RowNumber end,
                std::vector<std::uint32_t>& out);

private:
    protocol::FilterNode m_node;
    std::unique_ptr<FilterStep> m_root; // nothing: every row passes
    std::vector<std::uint8_t> m_pass;
};

} // namespace models

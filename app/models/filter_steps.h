// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "app/state/hit_ring.h"
#include "backend/protocol/filter_expression.h"

// What a display filter is made of once compiled: each step gives one byte, 0 or 1, for each of a run of rows.
namespace models {

// Rows that stand side by side in the ring's columns.
struct RowRun {
    const state::HitRing& ring;
    state::RowNumber first;
    std::size_t count;

    std::size_t slot() const { return ring.slot(first); }
};

class FilterStep {
public:
    virtual ~FilterStep() = default;
    // Brings the tables up to date for the rows in [first, end).
    virtual void prepare(const state::HitRing& ring, state::RowNumber first, state::RowNumber end) = 0;
    virtual void evaluate(const RowRun& run, std::uint8_t* pass) = 0;
    // No row can pass, so there is no need to ask. Known after prepare().
    virtual bool isNever() const { return false; }
};

// The verdict of one leaf for every entry of one group's dictionary. An entry's verdict is found by protocol::matches
// on a hit that has this group's columns only, and kept for as long as the number stands for the same value.
class EntryVerdicts {
public:
    static constexpr std::uint8_t undecided = 2;

    // `decides`: whether the entry settles the matter; nothing = always.
    EntryVerdicts(const protocol::FilterNode& leaf, state::Group group,
                  bool (*decides)(const protocol::Hit&) = nullptr);

    void prepare(const state::HitRing& ring, state::RowNumber first, state::RowNumber end);
    void write(const RowRun& run, std::uint8_t* out) const;
    bool isNever() const { return m_notNo == 0; }

private:
    void judge(const state::HitRing& ring, std::uint32_t entry);

    protocol::FilterNode m_leaf;
    state::Group m_group;
    bool (*m_decides)(const protocol::Hit&);
    std::vector<std::uint8_t> m_verdicts;
    std::vector<std::uint32_t> m_serials;
    std::size_t m_notNo = 0; // entries whose verdict is not a plain no, those gone since included
    protocol::Hit m_hit;     // reused
};

// The step for a filter's node and all below it.
std::unique_ptr<FilterStep> makeStep(const protocol::FilterNode& node);
// For columns that have no dictionary: sequence, time, visitor.
std::unique_ptr<FilterStep> makeNumberStep(const protocol::FilterNode& node);
std::unique_ptr<FilterStep> makeConstantStep(bool verdict);

} // namespace models

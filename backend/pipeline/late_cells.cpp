// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/pipeline/late_cells.h"

#include <algorithm>

#include "backend/rollups/fold.h"

namespace pipeline {

using protocol::UtcMs;

void LateCells::add(const rollups::HitFacts& facts)
{
    const UtcMs time(facts.time);
    if (time >= m_completeTo || time < m_keptFrom)
        return;
    ZoneDays& zone = m_zones[facts.workspace];
    const UtcMs end = zone.hourEnd(time);
    if (end > m_completeTo)
        return;
    const UtcMs start = zone.hourStart(time), day = zone.dayStart(time);
    const auto [cell, isNew] = m_cells.try_emplace({facts.workspace, day.value, facts.link});
    storage::Restatement& one = cell->second;
    if (isNew) {
        one.workspace = protocol::WorkspaceId(facts.workspace);
        one.link = facts.link;
        one.day = day;
        one.from = start;
        one.to = end;
    }
    one.from = std::min(one.from, start);
    one.to = std::max(one.to, end);
    one.change += storage::changeFrom({}, rollups::countsOf(facts));
}

std::vector<storage::Restatement> LateCells::restatements(UtcMs notedAt) const
{
    std::vector<storage::Restatement> all;
    for (const auto& [key, one] : m_cells) {
        all.push_back(one);
        all.back().notedAt = notedAt;
    }
    return all;
}

} // namespace pipeline

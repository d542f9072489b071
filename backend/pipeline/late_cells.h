// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include "backend/pipeline/zone_days.h"
#include "backend/rollups/hit_facts.h"
#include "backend/storage/restatement.h"

namespace pipeline {

using WorkspaceZones = std::map<std::uint32_t, ZoneDays>;

// Of the hits of one piece those that come into hours which have been reported as complete, by workspace, day and link.
// One thread; grows with the piece.
class LateCells {
public:
    // `completeTo`: hours that ended before it are reported; 0 = none. Hits before `keptFrom` are not rolled up.
    LateCells(WorkspaceZones& zones, protocol::UtcMs completeTo, protocol::UtcMs keptFrom)
        : m_zones(zones), m_completeTo(completeTo), m_keptFrom(keptFrom)
    {
    }

    void add(const rollups::HitFacts& facts);
    std::vector<storage::Restatement> restatements(protocol::UtcMs notedAt) const;

private:
    using Key = std::tuple<std::uint32_t, std::int64_t, std::uint64_t>; // workspace, day, link

    WorkspaceZones& m_zones;
    const protocol::UtcMs m_completeTo, m_keptFrom;
    std::map<Key, storage::Restatement> m_cells;
};

} // namespace pipeline

// SPDX-License-Identifier: GPL-3.0-or-later
// What a rebuild changes, day by day and link by link: said before the rebuilt rollups take the place of the others.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "backend/storage/sqlite/restatement_rows.h"
#include "backend/storage/sqlite/rollup_store.h"

namespace storage {

using protocol::UtcMs;
using protocol::WorkspaceId;

namespace {

struct Compared {
    rollups::Counts before, after;
};
using Days = std::map<std::pair<std::int64_t, std::uint64_t>, Compared>; // by day and link

void collect(const rollups::CellPack& pack, rollups::Counts Compared::* side, UtcMs from, Days& days)
{
    for (const auto& entry : pack.entries)
        if (const std::int64_t day = pack.buckets[entry.bucket]; day >= from.value)
            days[{day, entry.link}].*side += entry.payload;
}

} // namespace

void RollupStore::noteDifferences(const RebuildEnd& end)
{
    const RollupShelf old(m_database, ""), rebuilt(m_database, "next_");
    const RollupZones zones = this->zones(), newZones = this->zones(Shelf::Rebuilt);
    std::set<rollups::PackKey> keys;
    for (const RollupShelf* shelf : {&old, &rebuilt})
        for (const rollups::PackKey& key : shelf->dayKeys())
            keys.insert(key);
    std::map<std::uint32_t, Restatement> cutAnew; // by workspace
    for (const rollups::PackKey& key : keys) {
        const auto zone = zones.find(key.workspace), newZone = newZones.find(key.workspace);
        const bool sameDays = zone == zones.end() || newZone == newZones.end() || zone->second == newZone->second;
        Days days;
        collect(old.cells(key), &Compared::before, end.comparedFrom, days);
        collect(rebuilt.cells(key), &Compared::after, end.comparedFrom, days);
        for (const auto& [at, compared] : days) {
            Restatement one;
            one.notedAt = end.now;
            one.workspace = WorkspaceId(key.workspace);
            one.reason = sameDays ? RestatementReason::Rebuild : RestatementReason::Zone;
            one.day = one.from = UtcMs(at.first);
            one.to = end.dayEnd(one.workspace, one.day);
            one.change = changeFrom(compared.before, compared.after);
            if (sameDays) {
                one.link = at.second;
                one.before = compared.before;
                if (!one.change.isNone())
                    noteRestatement(m_database, one);
                continue;
            }
            one.isOfSeveral = true;
            const auto [sum, isNew] = cutAnew.try_emplace(key.workspace, one);
            if (isNew)
                continue;
            sum->second.day = sum->second.from = std::min(sum->second.from, one.from);
            sum->second.to = std::max(sum->second.to, one.to);
            sum->second.change += one.change;
        }
    }
    for (const auto& [workspace, one] : cutAnew)
        noteRestatement(m_database, one);
}

} // namespace storage

// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/pipeline/rollup_job.h"

#include <algorithm>

#include "backend/storage/hits/day_folder.h"

namespace pipeline {

using protocol::HitSeq;
using protocol::UtcMs;

namespace {

// Keys packed in one run, so that a run stays short; what is left is packed by the next.
constexpr std::size_t packedKeysMax = 500;

UtcMs minutesFrom(UtcMs now)
{
    return UtcMs(now.value - minutesKeptDays * protocol::msPerDay);
}

UtcMs hoursFrom(UtcMs now)
{
    return UtcMs(now.value - hoursKeptDays * protocol::msPerDay);
}

// The start of the period: what is dropped goes by whole ones, so what is not worth folding does too.
std::int64_t periodStart(rollups::PackKind kind, UtcMs time)
{
    return rollups::periodOf(kind, time.value) * rollups::periodMs(kind);
}

} // namespace

RollupJob::RollupJob(storage::Store& store, std::function<bool()> isLate)
    : m_store(store), m_reader(store.folder()), m_isLate(std::move(isLate))
{
}

storage::RollupZones RollupJob::knownZones() const
{
    storage::RollupZones zones;
    for (const links::Workspace& workspace : m_reader.workspaces())
        zones[workspace.id.value] = workspace.zone;
    return zones;
}

// A workspace that is new gets its zone noted before its first hit is folded. One whose zone was changed keeps the old
// one until its days have been made again.
void RollupJob::meetZones()
{
    storage::RollupStore& rollups = m_store.rollups();
    const storage::RollupZones known = knownZones();
    for (const Shelf shelf : {Shelf::InUse, Shelf::Rebuilt}) {
        if (shelf == Shelf::Rebuilt && !rollups.isRebuilding())
            continue;
        const storage::RollupZones noted = rollups.zones(shelf);
        for (const auto& [workspace, zone] : known)
            if (!noted.contains(workspace))
                rollups.setZone(shelf, protocol::WorkspaceId(workspace), zone);
    }
    const storage::RollupZones noted = rollups.zones(rollups.isRebuilding() ? Shelf::Rebuilt : Shelf::InUse);
    if (std::any_of(known.begin(), known.end(), [&](const auto& one) { return noted.at(one.first) != one.second; }))
        rollups.beginRebuild(known);
    for (const Shelf shelf : {Shelf::InUse, Shelf::Rebuilt}) {
        auto& zones = m_foldings[shelf].zones;
        zones.clear();
        if (shelf == Shelf::InUse || rollups.isRebuilding())
            for (const auto& [workspace, zone] : rollups.zones(shelf))
                zones.emplace(workspace, ZoneDays(zone));
    }
}

rollups::Fold& RollupJob::foldOf(Shelf shelf)
{
    Folding& folding = m_foldings[shelf];
    if (!folding.fold)
        folding.fold = std::make_unique<rollups::Fold>([&folding](protocol::WorkspaceId workspace, UtcMs time) {
            ZoneDays& zone = folding.zones[workspace.value];
            return rollups::BucketStarts{zone.hourStart(time), zone.dayStart(time)};
        });
    return *folding.fold;
}

storage::RollupMark RollupJob::foldPiece(Shelf shelf, const storage::RollupMark& from, HitSeq last, UtcMs now,
                                         std::size_t pieceHits)
{
    rollups::Fold& fold = foldOf(shelf);
    fold.clear();
    const std::int64_t keptFrom = periodStart(rollups::PackKind::Days, hoursFrom(now));
    fold.keepFrom(periodStart(rollups::PackKind::Minutes, minutesFrom(now)), keptFrom);
    // What a rebuild changes is told from its outcome.
    const UtcMs completeTo = std::min(from.completeTo, UtcMs(now.value - reportedAfterMs)); // a clock may be set back
    LateCells late(m_foldings[shelf].zones, shelf == Shelf::InUse ? completeTo : UtcMs(), UtcMs(keptFrom));
    storage::RollupMark mark = from;
    HitSeq newest;
    const HitSeq reached = m_reader.factsAfter(from.seq, pieceHits, fold.words(), [&](const rollups::HitFacts& facts) {
        if (facts.seq > last.value) // where sequences leap, more is given than was asked for
            return;
        if (facts.seq >= newest.value) {
            newest = HitSeq(facts.seq);
            mark.time = UtcMs(facts.time);
        }
        late.add(facts);
        fold.add(facts);
    });
    mark.seq = std::min(reached, last);
    mark.rolledAt = now;
    if (mark.seq > from.seq)
        m_store.rollups().add(fold, mark, shelf, late.restatements(now));
    return mark;
}

void RollupJob::foldUpTo(Shelf shelf, HitSeq last, UtcMs now, std::size_t pieceHits)
{
    for (storage::RollupMark mark = m_store.rollups().mark(shelf); mark.seq < last;) {
        const storage::RollupMark next = foldPiece(shelf, mark, last, now, pieceHits);
        if (next.seq <= mark.seq || (m_isLate && m_isLate()))
            break;
        mark = next;
    }
}

storage::RollupMark RollupJob::run(UtcMs now, std::size_t pieceHits)
{
    meetZones();
    const HitSeq last = m_reader.lastSeq();
    foldUpTo(Shelf::InUse, last, now, pieceHits);
    const storage::RollupMark mark = m_store.rollups().mark();
    // Up to here reports now say that they are complete; where nothing was ever rolled up they say nothing.
    const std::int64_t completeTo = mark.seq >= last ? now.value : std::min(now.value, mark.time.value);
    const std::int64_t reported = mark.seq ? std::max(completeTo - reportedAfterMs, mark.completeTo.value) : 0;
    m_store.rollups().touch(now, UtcMs(std::min(reported, now.value - reportedAfterMs)));
    keepHouse(now);
    return m_store.rollups().mark();
}

storage::RollupMark RollupJob::turn(UtcMs now, bool rebuild)
{
    m_goesOn = false; // what fails is tried again on the interval
    run(now);
    if (rebuild)
        beginRebuild();
    if (!m_isLate || !m_isLate())
        m_goesOn = !rebuildPiece(now);
    return m_store.rollups().mark();
}

void RollupJob::beginRebuild()
{
    m_store.rollups().beginRebuild(knownZones());
    meetZones();
}

bool RollupJob::isRebuilding() const
{
    return m_store.rollups().isRebuilding();
}

// Where hits have been dropped, the buckets before the first that are whole in the hits; else none. A late hit of long
// ago makes a file of its own: what retention would drop does not count.
UtcMs RollupJob::keptBefore(UtcMs now) const
{
    const storage::HitTotals totals = m_reader.totals();
    const std::vector<storage::Day> days = storage::daysIn(m_store.folder());
    if (totals.firstSeq.value <= 1 || days.empty())
        return {};
    std::int32_t retention = 0;
    for (const links::Workspace& workspace : m_reader.workspaces())
        retention = std::max(retention, workspace.retentionDays);
    const std::int64_t kept = retention > 0 ? storage::dayOf(now) - retention : days.front();
    return UtcMs(std::max<std::int64_t>(days.front(), kept) * protocol::msPerDay);
}

bool RollupJob::rebuildPiece(UtcMs now, std::size_t pieceHits)
{
    if (!isRebuilding())
        return true;
    const storage::RollupMark from = m_store.rollups().mark(Shelf::Rebuilt);
    const HitSeq inUse = m_store.rollups().mark().seq;
    if (from.seq < inUse) {
        foldPiece(Shelf::Rebuilt, from, inUse, now, pieceHits);
        return false;
    }
    m_store.rollups().finishRebuild({now, keptBefore(now), UtcMs(periodStart(rollups::PackKind::Days, hoursFrom(now))),
                                     [this](protocol::WorkspaceId workspace, UtcMs day) {
                                         return m_foldings[Shelf::Rebuilt].zones[workspace.value].dayEnd(day);
                                     }});
    m_housekeptAt = 0;
    meetZones();
    return true;
}

void RollupJob::keepHouse(UtcMs now)
{
    if (m_housekeptAt != 0 && now.value - m_housekeptAt < protocol::msPerHour)
        return;
    m_store.rollups().dropBefore(minutesFrom(now), hoursFrom(now));
    if (!m_store.rollups().packClosed(now, packedKeysMax))
        m_housekeptAt = now.value;
}

} // namespace pipeline

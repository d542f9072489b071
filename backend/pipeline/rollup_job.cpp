// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/pipeline/rollup_job.h"

namespace pipeline {

using protocol::UtcMs;

namespace {

// As ARCHITECTURE says: minute buckets 14 days, hours and days 400.
constexpr std::int64_t minuteDays = 14;
constexpr std::int64_t hourDays = 400;

} // namespace

RollupJob::RollupJob(storage::Store& store) : m_store(store), m_reader(store.folder()) {}

UtcMs RollupJob::dayStart(protocol::WorkspaceId workspace, UtcMs time)
{
    return m_zones[workspace.value].dayStart(time);
}

storage::RollupMark RollupJob::run(UtcMs now, std::size_t pieceHits)
{
    m_zones.clear();
    for (const links::Workspace& workspace : m_reader.workspaces())
        m_zones.emplace(workspace.id.value, ZoneDays(workspace.zone));
    rollups::Fold fold([this](protocol::WorkspaceId workspace, UtcMs time) { return dayStart(workspace, time); });

    storage::RollupMark mark = m_store.rollups().mark();
    const protocol::HitSeq last = m_reader.lastSeq();
    while (mark.seq < last) {
        protocol::HitSeq coveredTo;
        const protocol::HitBatch hits = m_reader.hitsAfter(mark.seq, pieceHits, {}, {}, coveredTo);
        fold.clear();
        for (const protocol::Hit& hit : hits)
            fold.add(hit);
        if (coveredTo <= mark.seq)
            break;
        mark.seq = coveredTo;
        mark.time = hits.empty() ? mark.time : hits.back().time;
        mark.rolledAt = now;
        m_store.rollups().add(fold.cells(), fold.visitors(), mark);
    }
    if (mark.rolledAt != now) {
        mark.rolledAt = now;
        m_store.rollups().touch(now);
    }
    dropOld(now);
    return mark;
}

void RollupJob::dropOld(UtcMs now)
{
    if (m_droppedAt != 0 && now.value - m_droppedAt < protocol::msPerHour)
        return;
    m_droppedAt = now.value;
    m_store.rollups().dropBefore(UtcMs(now.value - minuteDays * protocol::msPerDay),
                                 UtcMs(now.value - hourDays * protocol::msPerDay));
}

} // namespace pipeline

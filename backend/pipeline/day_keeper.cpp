// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/pipeline/day_keeper.h"

#include <algorithm>

namespace pipeline {

using protocol::UtcMs;

namespace {

// Making a folder takes longer than a commit may.
constexpr std::int64_t prepareAheadMs = 2 * protocol::msPerMinute;

} // namespace

void DayKeeper::look(UtcMs now, const links::Snapshot& snapshot)
{
    prepare(now);
    dropOld(now, snapshot);
}

void DayKeeper::prepare(UtcMs now)
{
    const storage::Day day = storage::dayOf(UtcMs(now.value + prepareAheadMs));
    if (day == m_prepared)
        return;
    m_prepared = day;
    try {
        m_hits.prepare(day);
        // Of yesterday, the last clicks may still be on their way.
        m_hits.finishBefore(day - 1);
    } catch (const storage::StoreError& error) {
        if (m_log)
            m_log->warning("day not prepared ahead", {{"error", error.what()}});
    }
}

void DayKeeper::dropOld(UtcMs now, const links::Snapshot& snapshot)
{
    if (m_droppedAtMs != 0 && now.value >= m_droppedAtMs && now.value - m_droppedAtMs < protocol::msPerHour)
        return;
    m_droppedAtMs = now.value;
    std::int32_t days = 0;
    for (const links::Workspace* workspace : snapshot.workspaces())
        days = std::max(days, workspace->retentionDays);
    if (days < 1)
        return;
    const std::size_t dropped = m_hits.dropBefore(storage::dayOf(now) - days);
    if (dropped > 0 && m_log)
        m_log->info("days dropped by retention", {{"dropped", dropped}, {"days", days}});
}

} // namespace pipeline

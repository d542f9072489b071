// SPDX-License-Identifier: GPL-3.0-or-later
// The part of HitWriter that durability `power` needs: batches on their way to the disk.
#include <algorithm>

#include "backend/pipeline/hit_writer.h"
#include "backend/storage/hits/hit_store.h"

namespace pipeline {

bool HitWriter::anyIn(InFlight::Sync state) const
{
    return std::any_of(m_inFlight.begin(), m_inFlight.end(),
                       [state](const InFlightPtr& batch) { return batch->sync == state; });
}

bool HitWriter::hasInFlight()
{
    const std::lock_guard lock(m_mutex);
    return !m_inFlight.empty();
}

void HitWriter::runSyncs()
{
    if (!m_syncs)
        return;
    storage::HitStore::Syncer syncer(m_store.hits());
    std::unique_lock lock(m_mutex);
    while (true) {
        m_syncWanted.wait(lock, [this] { return m_isFinished || anyIn(InFlight::Sync::Wanted); });
        std::vector<InFlightPtr> group;
        for (const InFlightPtr& batch : m_inFlight)
            if (batch->sync == InFlight::Sync::Wanted) {
                batch->sync = InFlight::Sync::Running;
                group.push_back(batch);
            }
        if (group.empty() && m_isFinished)
            return;
        lock.unlock();
        std::optional<protocol::HitSeq> upTo;
        try {
            upTo = syncer.sync();
        } catch (const storage::StoreError& error) {
            ++m_counters.commitFailures;
            if (m_options.log)
                m_options.log->error("commit not synced", {{"error", error.what()}});
        }
        std::vector<Ticket> tickets;
        lock.lock();
        noteSync(upTo, group, tickets);
        lock.unlock();
        release(tickets);
        m_synced.notify_all();
        lock.lock();
    }
}

// What one sync has brought to the disk may be others' too, whose own is still running. After a failure none counts
// until all that are on their way have been taken back: the kernel forgets what it could not write.
void HitWriter::noteSync(std::optional<protocol::HitSeq> upTo, std::span<const InFlightPtr> group,
                         std::vector<Ticket>& tickets)
{
    if (!upTo || anyIn(InFlight::Sync::Failed)) {
        for (const InFlightPtr& batch : group)
            if (batch->sync == InFlight::Sync::Running)
                batch->sync = InFlight::Sync::Failed;
        return;
    }
    m_store.hits().noteSynced(*upTo);
    for (const InFlightPtr& batch : m_inFlight) {
        if (batch->sync == InFlight::Sync::Done || batch->sync == InFlight::Sync::NotYet ||
            batch->hits.back().seq > *upTo)
            continue;
        batch->sync = InFlight::Sync::Done;
        if (!batch->released)
            tickets.insert(tickets.end(), batch->tickets.begin(), batch->tickets.end());
        batch->tickets.clear();
    }
}

void HitWriter::settleSynced()
{
    while (true) {
        InFlightPtr batch;
        {
            const std::lock_guard lock(m_mutex);
            if (anyIn(InFlight::Sync::Failed))
                break;
            if (m_inFlight.empty() || m_inFlight.front()->sync != InFlight::Sync::Done)
                return;
            batch = m_inFlight.front();
            m_inFlight.pop_front();
            settle(*batch, batch->hits.size());
        }
        publishSettled(*batch, batch->hits.size());
    }
    settleFailed();
}

// Something could not be written or brought to the disk: what is not there for certain is taken back, and is late.
void HitWriter::settleFailed()
{
    std::deque<InFlightPtr> batches;
    {
        std::unique_lock lock(m_mutex);
        for (const InFlightPtr& batch : m_inFlight)
            if (batch->sync != InFlight::Sync::Running && batch->sync != InFlight::Sync::Done)
                batch->sync = InFlight::Sync::Failed;
        m_synced.wait(lock, [this] { return !anyIn(InFlight::Sync::Running); });
        m_store.hits().takeBackUnsynced();
        bool hasGap = false;
        for (const InFlightPtr& one : m_inFlight) {
            InFlight& batch = *one;
            const std::size_t stored = storedOf(batch), count = batch.hits.size();
            if (hasGap && batch.released) {
                m_counters.lost += count; // the guard kept none of them, for the same reason
                continue;
            }
            if (hasGap)
                reserve(batch.hits); // nobody has seen their sequences, and those before are not all used
            settle(batch, stored);
            hasGap = hasGap || m_nextSeq <= batch.hits.back().seq.value || (!batch.released && stored < count);
        }
        batches.swap(m_inFlight);
    }
    for (const InFlightPtr& batch : batches)
        publishSettled(*batch, storedOf(*batch));
}

} // namespace pipeline

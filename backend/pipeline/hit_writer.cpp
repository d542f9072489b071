// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/pipeline/hit_writer.h"

#include <algorithm>
#include <map>
#include <system_error>

#include "backend/pipeline/click_counts.h"
#include "backend/storage/hits/hit_store.h"

namespace pipeline {

using protocol::Hit;
using protocol::HitBatch;

namespace {

constexpr std::size_t takeInHits = 4096;
constexpr std::int64_t nsPerMs = 1'000'000;
constexpr std::int64_t guardStepMs = 5; // between two looks while a commit hangs

} // namespace

HitWriter::HitWriter(const Options& options, storage::Store& store, const links::SnapshotHolder& snapshot,
                     HitQueue& queue, const runtime::Clock& clock, Counters& counters, HitsStored hitsStored)
    : m_options(options), m_store(store), m_snapshot(snapshot), m_queue(queue), m_clock(clock), m_counters(counters),
      m_hitsStored(std::move(hitsStored)), m_late(store.spill(), options.spillMemoryHits)
{
    m_nextSeq = std::max(store.hits().lastSeq(), store.spill().lastSeqFound()).value + 1;
    m_firstOwnSeq = m_nextSeq;
    m_counters.lastSeq = store.hits().lastSeq().value;
    noteLate();
}

HitWriter::~HitWriter() = default;

bool HitWriter::hasLate()
{
    const std::lock_guard lock(m_mutex);
    return !m_late.isEmpty();
}

void HitWriter::beginWork()
{
    const std::lock_guard lock(m_mutex);
    m_busySinceNs = m_clock.steadyNs();
}

void HitWriter::endWork()
{
    const std::lock_guard lock(m_mutex);
    m_busySinceNs.reset();
}

void HitWriter::noteLate()
{
    m_counters.pending = m_late.count();
}

HitWriter::InFlight HitWriter::unpack(std::vector<AnsweredHit>& items) const
{
    // Around midnight: one run a day, so that the batch is one write a day.
    const auto byDay = [](const AnsweredHit& a, const AnsweredHit& b) {
        return storage::dayOf(a.item.hit.time) < storage::dayOf(b.item.hit.time);
    };
    if (!std::is_sorted(items.begin(), items.end(), byDay))
        std::stable_sort(items.begin(), items.end(), byDay);
    InFlight batch;
    batch.hits.reserve(items.size());
    batch.counts.reserve(items.size());
    batch.tickets.reserve(items.size());
    for (AnsweredHit& handed : items) {
        if (handed.back)
            batch.tickets.push_back({handed.back, handed.ticket});
        batch.hits.push_back(std::move(handed.item.hit));
        batch.counts.push_back(std::move(handed.item.clicks));
    }
    items.clear();
    return batch;
}

void HitWriter::reserve(std::span<Hit> hits)
{
    for (Hit& hit : hits)
        hit.seq = protocol::HitSeq(m_nextSeq++);
}

std::size_t HitWriter::keepLate(InFlight& batch)
{
    const std::uint64_t first = m_nextSeq;
    reserve(batch.hits);
    batch.kept = m_late.keep(batch.hits);
    m_nextSeq = first + batch.kept;
    m_counters.late += batch.kept;
    m_counters.lost += batch.hits.size() - batch.kept;
    noteLate();
    return batch.hits.size() - batch.kept;
}

void HitWriter::release(std::span<const Ticket> tickets)
{
    std::map<runtime::ReturnPath*, std::vector<std::uint64_t>> byPath;
    for (const Ticket& ticket : tickets)
        byPath[ticket.back].push_back(ticket.ticket);
    for (const auto& [back, numbers] : byPath)
        back->release(numbers);
}

bool HitWriter::commit(std::span<const Hit> hits)
{
    try {
        m_store.hits().append(hits);
        ++m_counters.commits;
        return true;
    } catch (const storage::StoreError& error) {
        ++m_counters.commitFailures;
        if (m_options.log)
            m_options.log->error("commit failed", {{"hits", hits.size()}, {"error", error.what()}});
        return false;
    }
}

std::size_t HitWriter::storedOf(const InFlight& batch) const
{
    const protocol::HitSeq last = m_store.hits().lastSeq();
    const auto end = std::upper_bound(batch.hits.begin(), batch.hits.end(), last,
                                      [](protocol::HitSeq seq, const Hit& hit) { return seq < hit.seq; });
    return static_cast<std::size_t>(end - batch.hits.begin());
}

void HitWriter::store(std::vector<AnsweredHit>& items)
{
    if (items.empty())
        return;
    InFlight batch = unpack(items);
    {
        const std::unique_lock lock(m_mutex);
        if (!m_late.isEmpty())
            keepLate(batch);
        else {
            reserve(batch.hits);
            m_inFlight = &batch;
        }
    }
    if (!m_inFlight) {
        release(batch.tickets);
        return;
    }
    commit(batch.hits);
    const std::size_t stored = storedOf(batch);
    {
        const std::lock_guard lock(m_mutex);
        m_inFlight = nullptr;
        settle(batch, stored);
    }
    if (!batch.released)
        release(batch.tickets);
    batch.hits.resize(stored);
    if (batch.released) {
        // Committed after all, but later than its redirects. What cannot be marked now is when the spill is taken in.
        try {
            m_store.hits().markLateWhereStored(batch.hits);
        } catch (const storage::StoreError&) {
            ++m_counters.commitFailures;
        }
        for (Hit& hit : batch.hits)
            hit.late = true;
    }
    publish(std::move(batch.hits), batch.counts);
}

void HitWriter::settle(InFlight& batch, std::size_t stored)
{
    const std::size_t count = batch.hits.size();
    const std::uint64_t first = batch.hits.front().seq.value;
    if (!batch.released) {
        if (stored == count)
            return;
        const std::size_t kept = m_late.keep(std::span<const Hit>(batch.hits).subspan(stored));
        m_counters.late += kept;
        m_counters.lost += count - stored - kept;
        m_nextSeq = first + stored + kept;
    } else if (batch.kept < count) {
        // Released without a safe place. Nothing was reserved beyond this batch since, so the lost ones leave no gap.
        const std::size_t safe = std::max(stored, batch.kept);
        m_counters.late += stored > batch.kept ? stored - batch.kept : 0;
        m_counters.lost += count - safe;
        m_nextSeq = first + safe;
    }
    noteLate();
}

void HitWriter::publish(HitBatch&& hits, std::span<const std::shared_ptr<links::ClickCount>> counts)
{
    ClickCounts::noteStored(*m_snapshot.current(), hits, counts, m_firstOwnSeq);
    m_counters.stored += hits.size();
    m_counters.lastSeq = m_store.hits().lastSeq().value;
    if (!hits.empty() && m_hitsStored)
        m_hitsStored(std::make_shared<const HitBatch>(std::move(hits)));
}

bool HitWriter::takeInLate()
{
    while (true) {
        HitBatch hits;
        {
            const std::lock_guard lock(m_mutex);
            if (m_late.isEmpty())
                return true;
            // The last piece gets the guard's whole patience: otherwise a steady stream of clicks would be late for
            // ever.
            if (m_late.count() <= takeInHits)
                m_busySinceNs = m_clock.steadyNs();
            try {
                hits = m_late.front(takeInHits);
            } catch (const std::system_error& error) {
                if (m_options.log)
                    m_options.log->error("spill file cannot be read", {{"error", error.what()}});
                return false;
            }
        }
        if (!takeInPiece(std::move(hits)))
            return false;
        const std::lock_guard lock(m_mutex);
        m_late.drop();
        noteLate();
    }
}

bool HitWriter::takeInPiece(HitBatch hits)
{
    storage::HitStore& store = m_store.hits();
    HitBatch fresh;
    try {
        // Those committed after the guard had let them go, or before a crash, are in the store already.
        std::uint64_t next = store.lastSeq().value + 1;
        const auto maybe = static_cast<std::size_t>(
            std::count_if(hits.begin(), hits.end(), [&](const Hit& hit) { return hit.seq.value < next; }));
        const std::vector<bool> stored = store.markLateWhereStored(std::span<const Hit>(hits).first(maybe));
        for (std::size_t at = 0; at < hits.size(); ++at) {
            if (at < maybe && stored[at])
                continue;
            Hit& hit = hits[at];
            hit.late = true;
            // Only after a day file was lost can a reserved sequence be behind; the hit then gets a new one.
            hit.seq = protocol::HitSeq(std::max(hit.seq.value, next));
            next = hit.seq.value + 1;
            fresh.push_back(std::move(hit));
        }
        {
            const std::lock_guard lock(m_mutex);
            m_nextSeq = std::max(m_nextSeq, next);
        }
        const std::uint64_t before = store.lastSeq().value;
        const bool whole = fresh.empty() || commit(fresh);
        const auto done = static_cast<std::size_t>(std::count_if(fresh.begin(), fresh.end(), [&](const Hit& hit) {
            return hit.seq.value > before && hit.seq <= store.lastSeq();
        }));
        fresh.resize(done);
        publish(std::move(fresh), {});
        if (!whole)
            return false;
        // The spill file is cut next: what was in it must not depend on a log that a power cut may take.
        store.sync();
        return true;
    } catch (const storage::StoreError& error) {
        ++m_counters.commitFailures;
        if (m_options.log)
            m_options.log->error("late hits cannot be taken in", {{"error", error.what()}});
        return false;
    }
}

std::int64_t HitWriter::guard()
{
    std::vector<Ticket> tickets;
    {
        const std::lock_guard lock(m_mutex);
        if (!m_busySinceNs)
            return std::max<std::int64_t>(1, m_options.lateAfterMs / 2);
        const std::int64_t busyMs = (m_clock.steadyNs() - *m_busySinceNs) / nsPerMs;
        if (busyMs < m_options.lateAfterMs)
            return m_options.lateAfterMs - busyMs;
        bool isSafe = true;
        if (m_inFlight) {
            InFlight& batch = *m_inFlight;
            const std::size_t kept = m_late.keep(std::span<const Hit>(batch.hits).subspan(batch.kept));
            batch.kept += kept;
            m_counters.late += kept;
            isSafe = batch.kept == batch.hits.size();
            if (!batch.released)
                tickets = batch.tickets;
            batch.released = true;
        }
        std::vector<AnsweredHit> items;
        m_queue.popAll(items, std::chrono::milliseconds(0));
        if (!items.empty()) {
            InFlight waiting = unpack(items);
            // With part of the batch before it in no safe place, a sequence reserved now could leave a gap.
            if (isSafe)
                keepLate(waiting);
            else
                m_counters.lost += waiting.hits.size();
            tickets.insert(tickets.end(), waiting.tickets.begin(), waiting.tickets.end());
        }
        noteLate();
    }
    release(tickets);
    return guardStepMs;
}

void HitWriter::finish()
{
    const std::lock_guard lock(m_mutex);
    const std::size_t lost = m_late.finish();
    m_counters.lost += lost;
    if (lost > 0 && m_options.log)
        m_options.log->error("hits lost: neither the store nor the spill file could take them", {{"hits", lost}});
}

} // namespace pipeline

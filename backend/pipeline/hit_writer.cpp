// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/pipeline/hit_writer.h"

#include <algorithm>
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

void HitWriter::InFlight::number(std::uint64_t from)
{
    firstSeq = from;
    std::size_t bytes = 0;
    for (const AnsweredHits& round : rounds)
        bytes += round.items.bytes();
    std::uint64_t seq = from;
    for (const AnsweredHits& round : rounds) {
        const storage::Day day = storage::dayOf(round.items.time());
        if (runs.empty() || runs.back().day != day) {
            runs.push_back({day, {}});
            runs.back().hits.reserve(count, bytes);
        }
        for (std::size_t place = 0; place < round.size(); ++place)
            runs.back().hits.add(protocol::HitSeq(seq++), round.items.body(place));
    }
}

HitBatch HitWriter::InFlight::hits(std::size_t from, std::size_t to) const
{
    HitBatch found;
    std::size_t at = 0;
    for (const Run& run : runs)
        for (std::size_t place = 0; place < run.hits.size(); ++place, ++at)
            if (at >= from && at < to)
                found.push_back(run.hits.at(place).hit());
    return found;
}

HitWriter::Tickets HitWriter::InFlight::tickets() const
{
    Tickets byPath;
    for (const AnsweredHits& round : rounds)
        if (round.back) {
            std::vector<std::uint64_t>& tickets = byPath[round.back];
            tickets.insert(tickets.end(), round.tickets.begin(), round.tickets.end());
        }
    return byPath;
}

HitWriter::InFlight HitWriter::gather(std::vector<AnsweredHits>& rounds)
{
    // Around midnight: one run a day, so that the batch is one write a day.
    const auto byDay = [](const AnsweredHits& a, const AnsweredHits& b) {
        return storage::dayOf(a.items.time()) < storage::dayOf(b.items.time());
    };
    if (!std::is_sorted(rounds.begin(), rounds.end(), byDay))
        std::stable_sort(rounds.begin(), rounds.end(), byDay);
    InFlight batch;
    batch.rounds = std::move(rounds);
    rounds.clear();
    for (const AnsweredHits& round : batch.rounds)
        batch.count += round.size();
    return batch;
}

void HitWriter::keepLate(InFlight& batch)
{
    batch.number(m_nextSeq);
    batch.kept = m_late.keep(batch.hits(0, batch.count));
    m_nextSeq += batch.kept;
    m_counters.late += batch.kept;
    m_counters.lost += batch.count - batch.kept;
    noteLate();
}

void HitWriter::release(const Tickets& tickets)
{
    for (const auto& [back, numbers] : tickets)
        back->release(numbers);
}

bool HitWriter::commit(std::size_t hits, const std::function<void(storage::HitStore&)>& append)
{
    try {
        append(m_store.hits());
        ++m_counters.commits;
        return true;
    } catch (const storage::StoreError& error) {
        ++m_counters.commitFailures;
        if (m_options.log)
            m_options.log->error("commit failed", {{"hits", hits}, {"error", error.what()}});
        return false;
    }
}

void HitWriter::store(std::vector<AnsweredHits>& rounds)
{
    if (rounds.empty())
        return;
    InFlight batch = gather(rounds);
    {
        const std::unique_lock lock(m_mutex);
        if (!m_late.isEmpty())
            keepLate(batch);
        else {
            batch.number(m_nextSeq);
            m_nextSeq += batch.count;
            m_inFlight = &batch;
        }
    }
    if (!m_inFlight) {
        release(batch.tickets());
        return;
    }
    std::size_t stored = 0;
    for (const Run& run : batch.runs) {
        if (!commit(run.hits.size(), [&](storage::HitStore& store) { store.append(run.day, run.hits); }))
            break;
        stored += run.hits.size();
    }
    {
        const std::lock_guard lock(m_mutex);
        m_inFlight = nullptr;
        settle(batch, stored);
    }
    if (!batch.released)
        release(batch.tickets());
    std::size_t at = 0;
    for (const AnsweredHits& round : batch.rounds)
        for (std::size_t place = 0; place < round.size() && at < stored; ++place, ++at)
            if (links::ClickCount* const clicks = round.items.clicks(place))
                clicks->noteStored();
    if (batch.released)
        return publishLate(batch.hits(0, stored));
    for (Run& run : batch.runs)
        if (run.hits.lastSeq().value < batch.firstSeq + stored)
            publish(std::move(run.hits));
}

void HitWriter::settle(InFlight& batch, std::size_t stored)
{
    const std::size_t count = batch.count;
    const std::uint64_t first = batch.firstSeq;
    if (!batch.released) {
        if (stored == count)
            return;
        const std::size_t kept = m_late.keep(batch.hits(stored, count));
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

void HitWriter::publish(protocol::PackedHits&& hits)
{
    m_counters.stored += hits.size();
    m_counters.lastSeq = m_store.hits().lastSeq().value;
    if (!hits.empty() && m_hitsStored)
        m_hitsStored(std::make_shared<const protocol::PackedHits>(std::move(hits)));
}

void HitWriter::publishLate(HitBatch hits)
{
    // What cannot be marked now is when the spill is taken in.
    try {
        m_store.hits().markLateWhereStored(hits);
    } catch (const storage::StoreError&) {
        ++m_counters.commitFailures;
    }
    for (Hit& hit : hits)
        hit.late = true;
    publish(protocol::PackedHits(hits));
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
        const bool whole = fresh.empty() || commit(fresh.size(), [&](storage::HitStore& into) { into.append(fresh); });
        const auto done = static_cast<std::size_t>(std::count_if(fresh.begin(), fresh.end(), [&](const Hit& hit) {
            return hit.seq.value > before && hit.seq <= store.lastSeq();
        }));
        fresh.resize(done);
        ClickCounts::noteStored(*m_snapshot.current(), fresh, m_firstOwnSeq);
        publish(protocol::PackedHits(fresh));
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
    Tickets tickets;
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
            const std::size_t kept = m_late.keep(batch.hits(batch.kept, batch.count));
            batch.kept += kept;
            m_counters.late += kept;
            isSafe = batch.kept == batch.count;
            if (!batch.released)
                tickets = batch.tickets();
            batch.released = true;
        }
        std::vector<AnsweredHits> rounds;
        m_queue.popAll(rounds, std::chrono::milliseconds(0));
        if (!rounds.empty()) {
            InFlight waiting = gather(rounds);
            // With part of the batch before it in no safe place, a sequence reserved now could leave a gap.
            if (isSafe)
                keepLate(waiting);
            else
                m_counters.lost += waiting.count;
            for (auto& [back, more] : waiting.tickets())
                tickets[back].insert(tickets[back].end(), more.begin(), more.end());
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

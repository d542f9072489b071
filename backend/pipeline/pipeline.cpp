// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/pipeline/pipeline.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <set>

#include "backend/pipeline/day_keeper.h"
#include "backend/pipeline/editor.h"
#include "backend/pipeline/hit_writer.h"
#include "backend/pipeline/rollup_job.h"
#include "backend/pipeline/token_uses.h"
#include "backend/storage/hits/hit_store.h"
#include "backend/storage/hits/sealer.h"
#include "backend/storage/sqlite/settings_store.h"
#include "backend/storage/sqlite/token_use.h"

namespace pipeline {

using protocol::UtcMs;
using protocol::Watermark;

namespace {

// Nothing waits for these: hits and edits wake the thread at once, stop() too.
constexpr std::chrono::milliseconds idleWait{100};
constexpr std::chrono::milliseconds sealerWait{100};
// A store that failed is tried again this often; in between, hits go to the spill file at once.
constexpr std::int64_t retryMs = 250;
constexpr std::size_t editsMax = 10'000;
// How long stopping may go on rolling up, and the piece under way to its end.
constexpr std::int64_t lastRollupMs = 1'500;
constexpr std::int64_t nsPerMs = 1'000'000;

} // namespace

struct Pipeline::Parts {
    using Edit = std::function<void(bool isStopping)>;

    Parts(Options o, storage::Store& s, links::SnapshotHolder& h, HitQueue& q, const runtime::Clock& c, Listeners l)
        : options(o), store(s), snapshot(h), queue(q), clock(c), listeners(std::move(l)),
          editor(s, h, c, listeners.edited), writer(options, s, h, q, c, counters, listeners.hitsStored),
          days(s.hits(), options.log)
    {
        const storage::RollupMark found = store.rollups().mark();
        setMark(found);
        counters.watermark = found.seq.value;
    }

    void setMark(const storage::RollupMark& to)
    {
        const std::lock_guard lock(mutex);
        mark.seq = to.seq;
        mark.time = to.time;
        mark.rolledAt = to.rolledAt;
        mark.intervalSeconds = static_cast<std::int32_t>(options.rollupIntervalMs / 1000);
    }

    Watermark watermark()
    {
        const std::lock_guard lock(mutex);
        mark.lastSeq = protocol::HitSeq(std::max(counters.lastSeq.load(), mark.seq.value));
        return mark;
    }

    template <class T, class Change> void putEdit(Change change, std::function<void(Edited<T>)> done);
    void runEdits(bool isStopping);
    void drain();
    void noteLost();
    void rollUp(RollupJob& job, bool anew);
    bool isStopLate() const { return rollUpUntilNs != 0 && clock.steadyNs() > rollUpUntilNs; }
    void noteTokenUses(storage::TokenUse& use);

    const Options options;
    storage::Store& store;
    links::SnapshotHolder& snapshot;
    HitQueue& queue;
    const runtime::Clock& clock;
    const Listeners listeners;
    Counters counters;
    Editor editor;
    HitWriter writer;
    TokenUses tokenUses;
    DayKeeper days;
    std::uint64_t lostNoted = 0;                // pipeline's thread
    std::atomic<std::int64_t> rollUpUntilNs{0}; // set when stopping

    std::mutex mutex; // guards everything below
    std::condition_variable changed;
    std::deque<Edit> edits;
    std::set<protocol::DomainId> reached; // asked for, not carried out yet
    Watermark mark;
    bool isStopping = false, isRunning = false, rollUpAsked = false, rebuildAsked = false;
};

Pipeline::Pipeline(Options options, storage::Store& store, links::SnapshotHolder& snapshot, HitQueue& queue,
                   const runtime::Clock& clock, Listeners listeners)
    : m_parts(std::make_unique<Parts>(options, store, snapshot, queue, clock, std::move(listeners)))
{
}

Pipeline::~Pipeline() = default;

void Pipeline::run()
{
    Parts& parts = *m_parts;
    {
        const std::lock_guard lock(parts.mutex);
        parts.isRunning = true;
    }
    parts.writer.beginWork();
    // Whoever let redirects begin before has loaded it, and clicks have been counted since.
    if (parts.snapshot.current()->version() == 0)
        parts.editor.loadSnapshot();
    parts.days.look(UtcMs(parts.clock.utcMs()), *parts.snapshot.current());
    parts.drain();
    parts.runEdits(true);
    parts.writer.finish();
    parts.noteLost();
    {
        const std::lock_guard lock(parts.mutex);
        parts.isRunning = false;
    }
    parts.changed.notify_all();
}

void Pipeline::Parts::drain()
{
    std::vector<AnsweredHits> rounds;
    std::int64_t retryAtNs = 0;
    bool isOpen = true;
    while (isOpen) {
        if (writer.hasLate() && clock.steadyNs() >= retryAtNs)
            retryAtNs = writer.takeInLate() ? 0 : clock.steadyNs() + retryMs * nsPerMs;
        runEdits(false);
        noteLost();
        days.look(UtcMs(clock.utcMs()), *snapshot.current());
        writer.endWork();
        isOpen = queue.popAll(rounds, idleWait);
        writer.beginWork();
        writer.store(rounds);
    }
    writer.takeInLate();
}

void Pipeline::Parts::noteLost()
{
    const std::uint64_t lost = counters.lost;
    if (lost == lostNoted)
        return;
    try {
        const std::string before = store.settings().meta("lost");
        const std::uint64_t sum = (before.empty() ? 0 : std::stoull(before)) + lost - lostNoted;
        store.settings().setMeta("lost", std::to_string(sum));
        lostNoted = lost;
    } catch (const storage::StoreError&) {
        // Noted as soon as the disk takes it; the counter shows it meanwhile.
    }
}

void Pipeline::Parts::runEdits(bool stopping)
{
    std::deque<Edit> now;
    std::set<protocol::DomainId> domains;
    {
        const std::lock_guard lock(mutex);
        now.swap(edits);
        domains.swap(reached);
    }
    for (const Edit& edit : now)
        edit(stopping);
    for (const protocol::DomainId domain : domains)
        if (!stopping)
            editor.hostReached(domain);
}

// `change` takes the editor and gives the outcome.
template <class T, class Change> void Pipeline::Parts::putEdit(Change change, std::function<void(Edited<T>)> done)
{
    std::string problem;
    {
        const std::lock_guard lock(mutex);
        if (isStopping)
            problem = "stopping";
        else if (edits.size() >= editsMax)
            problem = "busy";
        else
            edits.push_back([this, change = std::move(change), done](bool stopping) {
                Edited<T> outcome = stopping ? Edited<T>{{}, "stopping", ""} : change(editor);
                if (done)
                    done(std::move(outcome));
            });
    }
    if (!problem.empty() && done)
        done({{}, problem, ""});
    queue.wake();
}

void Pipeline::stop()
{
    {
        const std::lock_guard lock(m_parts->mutex);
        m_parts->isStopping = true;
    }
    m_parts->rollUpUntilNs = m_parts->clock.steadyNs() + lastRollupMs * nsPerMs;
    m_parts->queue.close();
    m_parts->changed.notify_all();
}

void Pipeline::runLateGuard()
{
    Parts& parts = *m_parts;
    std::unique_lock lock(parts.mutex);
    while (parts.isRunning || !parts.isStopping) {
        lock.unlock();
        const std::int64_t waitMs = parts.writer.guard();
        lock.lock();
        parts.changed.wait_for(lock, std::chrono::milliseconds(waitMs),
                               [&] { return parts.isStopping && !parts.isRunning; });
    }
}

void Pipeline::runSealer()
{
    Parts& parts = *m_parts;
    storage::HitStore& hits = parts.store.hits();
    const bool isPower = parts.options.durability == Durability::Power;
    storage::Sealer sealer(parts.store.files(),
                           {parts.store.folder(), !isPower, isPower ? hits.pieceBytes() : 0,
                            [&] { return hits.lastSeq(); }, [&] { return hits.openPieces(); },
                            [&](storage::Day day, std::uint64_t name) { return hits.removePiece(day, name); }});
    storage::TokenUse tokenUse(parts.store.folder());
    std::unique_lock lock(parts.mutex);
    while (parts.isRunning || !parts.isStopping) {
        lock.unlock();
        sealer.tick();
        parts.noteTokenUses(tokenUse);
        lock.lock();
        parts.changed.wait_for(lock, sealerWait, [&] { return parts.isStopping && !parts.isRunning; });
    }
    lock.unlock();
    sealer.tick();
    parts.noteTokenUses(tokenUse);
}

void Pipeline::Parts::noteTokenUses(storage::TokenUse& use)
{
    const auto used = tokenUses.take();
    if (used.empty())
        return;
    try {
        use.note(used);
    } catch (const storage::StoreError& error) {
        if (options.log)
            options.log->warning("use of tokens not noted", {{"error", error.what()}});
    }
}

void Pipeline::Parts::rollUp(RollupJob& job, bool anew)
{
    try {
        const storage::RollupMark reached_ = job.turn(UtcMs(clock.utcMs()), anew);
        setMark(reached_);
        counters.watermark = reached_.seq.value;
        if (listeners.watermarkMoved)
            listeners.watermarkMoved(watermark());
    } catch (const storage::StoreError& error) {
        if (options.log)
            options.log->error("rollup failed", {{"error", error.what()}});
    }
}

void Pipeline::runRollups()
{
    Parts& parts = *m_parts;
    RollupJob job(parts.store, [&parts] { return parts.isStopLate(); });
    std::unique_lock lock(parts.mutex);
    while (true) {
        if (!job.goesOn())
            parts.changed.wait_for(lock, std::chrono::milliseconds(parts.options.rollupIntervalMs),
                                   [&] { return parts.rollUpAsked || parts.isStopping; });
        // The last run comes after the last commit, so that a stopped folder is rolled up whole, unless so much is left
        // that stopping would take long: then the next start goes on.
        if (parts.isStopping)
            parts.changed.wait(lock, [&] { return !parts.isRunning; });
        const bool isLast = parts.isStopping;
        const bool anew = parts.rebuildAsked;
        parts.rollUpAsked = parts.rebuildAsked = false;
        lock.unlock();
        parts.rollUp(job, anew);
        lock.lock();
        parts.counters.rebuilding = job.goesOn() || parts.rebuildAsked;
        if (isLast)
            return;
    }
}

void Pipeline::rollUpNow(bool anew)
{
    const std::lock_guard lock(m_parts->mutex);
    m_parts->rollUpAsked = true;
    m_parts->rebuildAsked = m_parts->rebuildAsked || anew;
    m_parts->counters.rebuilding = m_parts->counters.rebuilding || anew;
    m_parts->changed.notify_all();
}

void Pipeline::putWorkspace(links::Workspace workspace, std::string actor, Done<links::Workspace> done)
{
    m_parts->putEdit<links::Workspace>([=](Editor& editor) { return editor.putWorkspace(workspace, actor); },
                                       std::move(done));
}

void Pipeline::putDomain(links::Domain domain, std::string actor, Done<links::Domain> done)
{
    m_parts->putEdit<links::Domain>([=](Editor& editor) { return editor.putDomain(domain, actor); }, std::move(done));
}

void Pipeline::putLink(links::Link link, bool generateSlug, std::uint32_t expectedVersion, std::string actor,
                       Done<links::Link> done)
{
    m_parts->putEdit<links::Link>(
        [=](Editor& editor) { return editor.putLink(link, generateSlug, expectedVersion, actor); }, std::move(done));
}

void Pipeline::undoLink(protocol::LinkId link, std::uint32_t expectedVersion, std::string actor, Done<links::Link> done)
{
    m_parts->putEdit<links::Link>([=](Editor& editor) { return editor.undoLink(link, expectedVersion, actor); },
                                  std::move(done));
}

void Pipeline::addLinks(std::vector<LinkDraft> drafts, BulkOptions options, std::string actor, Done<BulkOutcome> done)
{
    const auto kept = std::make_shared<const std::vector<LinkDraft>>(std::move(drafts));
    m_parts->putEdit<BulkOutcome>([=](Editor& editor) { return editor.addLinks(*kept, options, actor); },
                                  std::move(done));
}

void Pipeline::createToken(storage::TokenDraft draft, std::string actor, Done<storage::NewToken> done)
{
    m_parts->putEdit<storage::NewToken>([=](Editor& editor) { return editor.createToken(draft, actor); },
                                        std::move(done));
}

void Pipeline::revokeToken(protocol::TokenId id, std::string actor, Done<storage::Token> done)
{
    m_parts->putEdit<storage::Token>([=](Editor& editor) { return editor.revokeToken(id, actor); }, std::move(done));
}

void Pipeline::tokenUsed(protocol::TokenId token)
{
    m_parts->tokenUses.add(token, UtcMs(m_parts->clock.utcMs()));
}

void Pipeline::hostReached(protocol::DomainId domain)
{
    {
        const std::lock_guard lock(m_parts->mutex);
        if (m_parts->isStopping || !m_parts->reached.insert(domain).second)
            return;
    }
    m_parts->queue.wake();
}

const Counters& Pipeline::counters() const
{
    return m_parts->counters;
}

protocol::Watermark Pipeline::watermark() const
{
    return m_parts->watermark();
}

} // namespace pipeline

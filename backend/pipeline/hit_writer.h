// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "backend/pipeline/late_hits.h"
#include "backend/pipeline/pipeline.h"
#include "backend/storage/hits/day_folder.h"

namespace pipeline {

// Hits from the queue to the store. Two threads meet here: the pipeline's, which commits, and the late guard's, which
// lets redirects go when a commit hangs. What they share lies behind one mutex that is never held over a commit.
//
// The invariant that keeps sequences whole: while late hits wait, only they are committed, in order. So a sequence that
// is reserved for a late hit is either in the store already or is stored next, and every hit is stored once, whenever
// the process dies.
class HitWriter {
public:
    using HitsStored = std::function<void(std::shared_ptr<const protocol::PackedHits>)>;

    HitWriter(const Options& options, storage::Store& store, const links::SnapshotHolder& snapshot, HitQueue& queue,
              const runtime::Clock& clock, Counters& counters, HitsStored hitsStored);
    ~HitWriter();

    // The pipeline's thread.
    // Stores late hits until none waits. False: the store or the spill file failed; try again later.
    bool takeInLate();
    bool hasLate();
    // Assigns sequences, commits, releases, tells the listener. Never throws: what fails becomes late or lost.
    void store(std::vector<AnsweredHits>& rounds);
    // Between these two the guard watches the clock.
    void beginWork();
    void endWork();
    // At the end: late hits in memory go to the spill file, or are lost.
    void finish();

    // The guard's thread. Lets go what waits too long; returns after how many milliseconds to look again.
    std::int64_t guard();

private:
    using Tickets = std::map<runtime::ReturnPath*, std::vector<std::uint64_t>>;
    struct Run { // of one day
        storage::Day day = 0;
        protocol::PackedHits hits;
    };
    struct InFlight {
        std::vector<AnsweredHits> rounds; // day after day; not changed any more
        std::vector<Run> runs;            // the same hits with their sequences; none before number()
        std::size_t count = 0;            // of hits
        std::uint64_t firstSeq = 0;       // reserved; the others follow without a gap
        std::size_t kept = 0;             // hits in LateHits
        bool released = false;            // by the guard

        void number(std::uint64_t from); // m_mutex held; once
        protocol::HitBatch hits(std::size_t from, std::size_t to) const;
        Tickets tickets() const;
    };

    static InFlight gather(std::vector<AnsweredHits>& rounds);
    void keepLate(InFlight& batch); // m_mutex held; reserves, keeps, counts
    // False: not all of them.
    bool commit(std::size_t hits, const std::function<void(storage::HitStore&)>& append);
    void settle(InFlight& batch, std::size_t stored); // m_mutex held
    bool takeInPiece(protocol::HitBatch hits);
    void publish(protocol::PackedHits&& hits);
    void publishLate(protocol::HitBatch hits); // committed after their redirects
    void noteLate();                           // m_mutex held
    static void release(const Tickets& tickets);

    const Options m_options;
    storage::Store& m_store;
    const links::SnapshotHolder& m_snapshot;
    HitQueue& m_queue;
    const runtime::Clock& m_clock;
    Counters& m_counters;
    const HitsStored m_hitsStored;
    std::uint64_t m_firstOwnSeq = 1; // hits before it are of an earlier run

    std::mutex m_mutex; // guards everything below
    LateHits m_late;
    std::uint64_t m_nextSeq = 1;
    InFlight* m_inFlight = nullptr;
    std::optional<std::int64_t> m_busySinceNs;
};

} // namespace pipeline

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "backend/pipeline/late_hits.h"
#include "backend/pipeline/pipeline.h"

namespace pipeline {

// Hits from the queue to the store. Two threads meet here: the pipeline's, which commits, and the late guard's, which
// lets redirects go when a commit hangs. What they share lies behind one mutex that is never held over a commit.
//
// The invariant that keeps sequences whole: while late hits wait, only they are committed, in order. So a sequence that
// is reserved for a late hit is either in the store already or is stored next, and every hit is stored once, whenever
// the process dies.
class HitWriter {
public:
    using HitsStored = std::function<void(std::shared_ptr<const protocol::HitBatch>)>;

    HitWriter(const Options& options, storage::Store& store, const links::SnapshotHolder& snapshot, HitQueue& queue,
              const runtime::Clock& clock, Counters& counters, HitsStored hitsStored);
    ~HitWriter();

    // The pipeline's thread.
    // Stores late hits until none waits. False: the store or the spill file failed; try again later.
    bool takeInLate();
    bool hasLate();
    // Assigns sequences, commits, releases, tells the listener. Never throws: what fails becomes late or lost.
    void store(std::vector<AnsweredHit>& items);
    // Between these two the guard watches the clock.
    void beginWork();
    void endWork();
    // At the end: late hits in memory go to the spill file, or are lost.
    void finish();

    // The guard's thread. Lets go what waits too long; returns after how many milliseconds to look again.
    std::int64_t guard();

private:
    struct Ticket {
        runtime::ReturnPath* back;
        std::uint64_t ticket;
    };
    struct InFlight {
        protocol::HitBatch hits;
        std::vector<std::shared_ptr<links::ClickCount>> counts; // one for each hit
        std::vector<Ticket> tickets;
        std::size_t kept = 0;  // of `hits`, in LateHits
        bool released = false; // by the guard
    };

    InFlight unpack(std::vector<AnsweredHit>& items) const;
    void reserve(std::span<protocol::Hit> hits); // m_mutex held
    std::size_t keepLate(InFlight& batch);       // m_mutex held; reserves, keeps, counts; returns how many were lost
    bool commit(std::span<const protocol::Hit> hits); // false: not all of them
    std::size_t storedOf(const InFlight& batch) const;
    void settle(InFlight& batch, std::size_t stored); // m_mutex held
    bool takeInPiece(protocol::HitBatch hits);
    // Takes the hits; `counts` as in InFlight, or none.
    void publish(protocol::HitBatch&& hits, std::span<const std::shared_ptr<links::ClickCount>> counts);
    void noteLate(); // m_mutex held
    static void release(std::span<const Ticket> tickets);

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

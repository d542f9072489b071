// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "backend/links/answered_hits.h"
#include "backend/links/snapshot.h"
#include "backend/pipeline/edited.h"
#include "backend/protocol/messages.h"
#include "backend/protocol/packed_hits.h"
#include "backend/runtime/clock.h"
#include "backend/runtime/handoff.h"
#include "backend/runtime/log.h"
#include "backend/storage/store.h"

namespace pipeline {

using AnsweredHits = runtime::Handed<links::AnsweredHits>;
using HitQueue = runtime::HandoffQueue<links::AnsweredHits>;

enum class Durability : std::uint8_t { Process, Power };

struct Options {
    Durability durability = Durability::Process;
    std::int64_t lateAfterMs = 50; // a commit that takes longer lets its redirects go by way of the spill file
    std::int64_t rollupIntervalMs = 60'000;
    std::size_t spillMemoryHits =
        100'000; // kept in memory when even the spill file fails; beyond, a hit is lost and counted
    const runtime::Log* log = nullptr; // for what goes wrong; may be null, outlives the pipeline
};

// Counts since start; read by any thread.
struct Counters {
    std::atomic<std::uint64_t> stored{0};
    std::atomic<std::uint64_t> late{0};    // redirected before they were stored
    std::atomic<std::uint64_t> lost{0};    // never stored
    std::atomic<std::uint64_t> pending{0}; // redirected, waiting in spill for the store to recover
    std::atomic<std::uint64_t> commits{0};
    std::atomic<std::uint64_t> commitFailures{0};
    std::atomic<std::uint64_t> lastSeq{0};
    std::atomic<std::uint64_t> watermark{0};
    std::atomic<bool> rebuilding{false}; // the rollups are made again, or about to be
};

// The listeners run on the pipeline's thread (watermarkMoved on the rollup worker's) and must not block; they hand on
// to their own threads. A hit that was stored late comes with `late` set, once, like every other.
struct Listeners {
    std::function<void(std::shared_ptr<const protocol::PackedHits>)> hitsStored;
    std::function<void(const protocol::Watermark&)> watermarkMoved;
    std::function<void(const protocol::Edit&)> edited;
};

// The single writer. run() is the body of its thread, which main owns; every other function may be called from any
// thread. Storage full or broken: redirects go on by way of the spill file; see Counters. After stop() the bodies
// return in any order; edits that come too late are answered with the problem "stopping". `lost` and `late` of Counters
// count since start.
class Pipeline {
public:
    Pipeline(Options options, storage::Store& store, links::SnapshotHolder& snapshot, HitQueue& queue,
             const runtime::Clock& clock, Listeners listeners);
    ~Pipeline();

    // Loads the snapshot, takes in spilled hits, then serves until stop(). What is in the queue when stopped is still
    // stored.
    void run();
    void stop();

    // Bodies of two more threads of main's: the guard that lets redirects go when a commit hangs, and the one that
    // syncs and seals the logs.
    void runLateGuard();
    void runSealer();
    // And of the rollup worker: folds on the interval, and at once when asked. `anew`: makes the rollups again from the
    // stored hits, beside those in use.
    void runRollups();
    void rollUpNow(bool anew = false);

    // Edits: carried out between two batches; `done` is called on the pipeline's thread once committed and visible to
    // the redirect loops.
    template <class T> using Done = std::function<void(Edited<T>)>;
    void putWorkspace(links::Workspace workspace, std::string actor, Done<links::Workspace> done);
    void putDomain(links::Domain domain, std::string actor, Done<links::Domain> done);
    // A link without id is created (slug generated where `generateSlug`); with id and `expectedVersion` it is changed
    // (0 = any version).
    void putLink(links::Link link, bool generateSlug, std::uint32_t expectedVersion, std::string actor,
                 Done<links::Link> done);
    void undoLink(protocol::LinkId link, std::uint32_t expectedVersion, std::string actor, Done<links::Link> done);
    void addLinks(std::vector<LinkDraft> drafts, BulkOptions options, std::string actor, Done<BulkOutcome> done);
    void createToken(storage::TokenDraft draft, std::string actor, Done<storage::NewToken> done);
    void revokeToken(protocol::TokenId id, std::string actor, Done<storage::Token> done);
    // For the token's last use; noted later, by another thread, once a minute at most.
    void tokenUsed(protocol::TokenId token);
    // A request for a verified host reached this backend: the domain becomes ready. Cheap to call again.
    void hostReached(protocol::DomainId domain);

    const Counters& counters() const;
    protocol::Watermark watermark() const;

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace pipeline

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "backend/pipeline/pipeline.h"
#include "backend/storage/init_folder.h"
#include "backend/storage/reader.h"
#include "backend/storage/store.h"
#include "tests/support/hit_samples.h"

// Remembers which tickets were released, and that none was twice.
class Releases final : public runtime::ReturnPath {
public:
    void release(std::span<const std::uint64_t> tickets) override
    {
        const std::lock_guard lock(m_mutex);
        for (const std::uint64_t ticket : tickets)
            m_twice = !m_released.insert(ticket).second || m_twice;
    }
    std::size_t count() const
    {
        const std::lock_guard lock(m_mutex);
        return m_released.size();
    }
    bool anyTwice() const
    {
        const std::lock_guard lock(m_mutex);
        return m_twice;
    }

private:
    mutable std::mutex m_mutex;
    std::set<std::uint64_t> m_released;
    bool m_twice = false;
};

// A pipeline with its four threads over a data folder, as main composes it. Each hit gets its ticket as rule version,
// so that a test can tell which were stored, and how often.
class PipelineRig {
public:
    // On a busy machine any commit may take long; only the tests of the late path want hits to be let go then.
    static pipeline::Options patient()
    {
        pipeline::Options options;
        options.lateAfterMs = 60'000;
        return options;
    }

    explicit PipelineRig(const std::string& folder, pipeline::Options options = patient(),
                         runtime::Files* files = nullptr)
        : m_store((storage::initFolder(folder), storage::OpenOptions{folder, false, files})),
          m_pipeline(options, m_store, m_snapshot, m_queue, m_clock,
                     {[this](const auto& hits) { remember(hits->hits()); }, [this](const auto&) { ++m_watermarks; },
                      [this](const auto&) { ++m_edits; }})
    {
        m_threads.emplace_back([this] { m_pipeline.run(); });
        m_threads.emplace_back([this] { m_pipeline.runLateGuard(); });
        m_threads.emplace_back([this] { m_pipeline.runSealer(); });
        m_threads.emplace_back([this] { m_pipeline.runRollups(); });
    }
    ~PipelineRig() { stop(); }

    void stop()
    {
        m_pipeline.stop();
        for (std::thread& thread : m_threads)
            thread.join();
        m_threads.clear();
    }

    bool send(std::size_t count, std::int64_t timeMs = support::noon)
    {
        for (std::size_t at = 0; at < count; ++at) {
            protocol::Hit hit = support::hitAt(timeMs);
            hit.ruleVersion = static_cast<std::uint32_t>(m_sent + 1);
            if (!push(hit))
                return false;
        }
        return true;
    }

    // One hit of a link.
    bool send(protocol::LinkId link, std::int64_t timeMs, protocol::HitClass hitClass = protocol::HitClass::Click)
    {
        protocol::Hit hit = support::hitAt(timeMs);
        hit.link = link;
        hit.hitClass = hitClass;
        return push(hit);
    }

    std::uint64_t sent() const { return m_sent; }
    std::vector<protocol::Hit> published() const
    {
        const std::lock_guard lock(m_mutex);
        return m_published;
    }
    const Releases& releases() const { return m_releases; }
    pipeline::Pipeline& pipeline() { return m_pipeline; }
    const pipeline::Counters& counters() const { return m_pipeline.counters(); }
    links::SnapshotHolder& snapshot() { return m_snapshot; }
    storage::Store& store() { return m_store; }
    int watermarks() const { return m_watermarks; }
    int edits() const { return m_edits; }

private:
    bool push(const protocol::Hit& hit)
    {
        const links::HeldLink* const link = hit.isClick() ? m_snapshot.current()->link(hit.link) : nullptr;
        pipeline::AnsweredHits round;
        round.items.add(protocol::viewOf(hit), link ? link->clicks : nullptr);
        round.back = &m_releases;
        round.tickets = {++m_sent};
        return m_queue.tryPush(std::move(round));
    }
    void remember(const protocol::HitBatch& hits)
    {
        const std::lock_guard lock(m_mutex);
        m_published.insert(m_published.end(), hits.begin(), hits.end());
    }

    runtime::SystemClock m_clock;
    Releases m_releases;
    pipeline::HitQueue m_queue{1'000'000};
    links::SnapshotHolder m_snapshot;
    mutable std::mutex m_mutex;
    std::vector<protocol::Hit> m_published;
    std::atomic<int> m_watermarks{0}, m_edits{0};
    std::uint64_t m_sent = 0;
    storage::Store m_store;
    pipeline::Pipeline m_pipeline;
    std::vector<std::thread> m_threads;
};

inline protocol::HitBatch storedHits(const std::string& folder)
{
    protocol::HitSeq covered;
    return storage::Reader(folder).hitsAfter({}, 10'000'000, {}, {}, covered);
}

// What is wrong with a folder's hits, or nothing: sequences from 1 without gaps, every ticket at most once.
inline std::string disorder(const protocol::HitBatch& hits)
{
    std::set<std::uint32_t> tickets;
    std::uint64_t expected = 0;
    for (const protocol::Hit& hit : hits) {
        if (hit.seq.value != ++expected)
            return "sequence " + std::to_string(hit.seq.value) + " where " + std::to_string(expected) + " was due";
        if (!tickets.insert(hit.ruleVersion).second)
            return "hit " + std::to_string(hit.ruleVersion) + " is stored twice";
    }
    return {};
}

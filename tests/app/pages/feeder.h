// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <random>

#include "app/state/live_state.h"
#include "backend/protocol/rollup.h"

// Plays the backend for the pages' tests: believable hits, the aggregates of exactly these hits, and the messages
// around them. The same seed plays the same traffic.
class Feeder {
public:
    explicit Feeder(state::LiveState& state, std::int64_t startMs);

    void connect(const char* plan = "professional");
    // Hits spread evenly over so many seconds before `nowMs`.
    void feed(int hits, std::int64_t seconds);
    // One hit, now.
    void feedOne(protocol::Hit hit);
    void sendWindow(std::int64_t windowSeconds = 1800);
    protocol::Window window(std::int64_t windowSeconds = 1800) const; // what sendWindow() sends
    void sendWatermark(std::int64_t behindMs);
    void sendStatus();
    std::vector<protocol::RollupRow> rollups(protocol::Granularity granularity, std::int64_t buckets) const;
    void goOffline(state::OfflineReason reason);

    std::int64_t nowMs() const { return m_nowMs; }
    // Played from now on and not remembered: no window or count knows of them.
    void forgetFromNowOn() { m_remembers = false; }
    const std::vector<protocol::Hit>& hits() const { return m_hits; }
    protocol::Hit makeHit();

private:
    void send(std::vector<protocol::Hit> hits);

    state::LiveState& m_state;
    std::int64_t m_nowMs;
    std::uint64_t m_seq = 0;
    std::mt19937 m_random{7};
    std::vector<protocol::Hit> m_hits;
    bool m_remembers = true;
};

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <map>
#include <unordered_map>

#include "backend/insight/compact_hit.h"
#include "backend/protocol/window.h"

namespace insight {

// What one view of the live window counts: every hit is added once and taken off once, and leaves no trace then.
class WindowCounts {
public:
    explicit WindowCounts(std::int32_t bucketSeconds) : m_bucketMs(bucketSeconds * protocol::msPerSecond) {}

    void add(const CompactHit& hit) { change(hit, 1); }
    void remove(const CompactHit& hit) { change(hit, -1); }

    // Fills the counters, the velocity series from `from` to `to`, and the lists.
    void fill(protocol::WindowAggregate& aggregate, const StringTable& table, bool withQr) const;

private:
    using Counts = std::unordered_map<std::uint64_t, std::uint32_t>;

    // Lists of human clicks are indexed by CompactHit::Text as far as Campaign.
    static constexpr std::size_t clickLists = CompactHit::Campaign + 1;
    static constexpr std::size_t classes = 6, devices = 4, botCategories = 32;

    void change(const CompactHit& hit, int by);
    void changeClick(const CompactHit& hit, int by);
    static void change(Counts& counts, std::uint64_t key, int by);
    void fillVelocity(protocol::WindowAggregate& aggregate) const;
    void fillWords(protocol::WindowAggregate& aggregate) const;

    std::int64_t m_bucketMs;
    std::array<std::uint64_t, classes> m_byClass{};
    std::uint64_t m_hits = 0, m_bots = 0, m_scans = 0;
    std::array<Counts, clickLists> m_clicksBy;
    std::array<std::uint64_t, devices> m_byDevice{};
    std::array<std::uint64_t, botCategories> m_byBot{};
    Counts m_visitors, m_placements, m_misses;
    Counts m_qrCountries, m_qrRegions, m_qrCities; // places: country in the upper half of the key, name in the lower
    std::map<std::int64_t, protocol::VelocityBucket> m_velocity;
};

} // namespace insight

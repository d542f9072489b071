// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "backend/protocol/hit.h"
#include "backend/protocol/rollup.h"

namespace rollups {

struct Counts {
    std::uint64_t hits = 0, clicks = 0, humanClicks = 0, scans = 0;

    Counts& operator+=(const Counts& other);
    friend bool operator==(const Counts&, const Counts&) = default;
};

// One cell. Hits that found no link stand under link "none", so that the cells of a dimension always sum to the raw
// count.
struct Cell {
    protocol::WorkspaceId workspace;
    protocol::Granularity granularity = protocol::Granularity::Minute;
    protocol::UtcMs bucket; // its start
    protocol::LinkId link;
    protocol::Dimension dimension = protocol::Dimension::None;
    std::string value; // "" = unknown, or no dimension
    Counts counts;
};

// Distinct visitors among the human clicks of one link on one day; link "none" = over all links of the workspace.
struct DailyVisitors {
    protocol::WorkspaceId workspace;
    protocol::UtcMs day;
    protocol::LinkId link;
    std::vector<std::uint64_t> keys; // sorted, each once
};

// Start of the day that a moment falls into, in the workspace's reporting zone.
using DayStart = std::function<protocol::UtcMs(protocol::WorkspaceId, protocol::UtcMs)>;

protocol::UtcMs utcDayStart(protocol::WorkspaceId workspace, protocol::UtcMs time);

// Folds hits into cells: pure, and the order of the hits does not matter. Minutes and hours are UTC's, days the zone's.
// Memory grows with the distinct cells of what was added, so feed it bounded pieces. Not thread-safe.
class Fold {
public:
    explicit Fold(DayStart dayStart);

    void add(const protocol::Hit& hit);
    // Minute, hour and day cells of everything added, each key once.
    std::vector<Cell> cells() const;
    std::vector<DailyVisitors> visitors() const;
    void clear();

private:
    struct Key {
        std::uint64_t link = 0;
        std::int64_t bucket = 0;
        std::uint32_t workspace = 0;
        std::uint32_t value = 0; // place in m_values
        std::uint8_t dimension = 0;
        std::uint8_t granularity = 0;

        friend bool operator==(const Key&, const Key&) = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const;
    };
    struct VisitorsKey {
        std::uint64_t link = 0;
        std::int64_t day = 0;
        std::uint32_t workspace = 0;

        friend auto operator<=>(const VisitorsKey&, const VisitorsKey&) = default;
    };
    struct VisitorsHash {
        std::size_t operator()(const VisitorsKey& key) const;
    };
    using CellMap = std::unordered_map<Key, Counts, KeyHash>;
    std::uint32_t indexOf(std::string_view value);

    DayStart m_dayStart;
    CellMap m_minutes;
    std::vector<std::string> m_values;
    std::unordered_map<std::string, std::uint32_t> m_valueIndex;
    std::unordered_map<VisitorsKey, std::vector<std::uint64_t>, VisitorsHash> m_visitors;
};

} // namespace rollups

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

#include "backend/protocol/hit.h"
#include "backend/rollups/hit_facts.h"
#include "backend/rollups/pack.h"
#include "backend/rollups/words.h"

namespace rollups {

// When the hour and the day that a moment falls into began, on the clock of the workspace's reporting zone.
struct BucketStarts {
    protocol::UtcMs hour, day;
};
using StartsOf = std::function<BucketStarts(protocol::WorkspaceId, protocol::UtcMs)>;

BucketStarts utcStarts(protocol::WorkspaceId workspace, protocol::UtcMs time);

// What one hit adds to each of its cells.
Counts countsOf(const HitFacts& facts);

// What is folded: everything, unless a caller knows better.
struct FoldScope {
    std::vector<protocol::Dimension> dimensions = allDimensions();
    bool minutes = true, hours = true, days = true, visitors = true;
    std::int64_t minutesFrom = INT64_MIN; // hits before leave no minutes: they would be dropped at once
    std::int64_t from = INT64_MIN;        // hits before leave nothing

    static std::vector<protocol::Dimension> allDimensions();
};

// Folds hits into packs: pure, and the order of the hits does not matter. Minutes are UTC's, hours and days the zone's.
// Hits that found no link stand under link 0, so that the cells of a dimension always sum to the raw count. Sets are
// those of human clicks, by day: over the links' dimensions None (link 0 = over all links), Placement and Campaign.
// Memory grows with what was added, so feed it bounded pieces. Not thread-safe.
class Fold {
public:
    explicit Fold(StartsOf startsOf, FoldScope scope = {});

    // Where the texts of facts get their numbers. Cleared by clear() once it is large: watch its epoch.
    Words& words() { return m_words; }
    // Hits before leave no minutes, and nothing.
    void keepFrom(std::int64_t minutes, std::int64_t others);
    void add(const HitFacts& facts);
    void add(const protocol::Hit& hit) { add(factsOf(protocol::viewOf(hit), m_words)); }

    using TakeCells = std::function<void(const PackKey&, CellPack&&)>;
    using TakeVisitors = std::function<void(const PackKey&, VisitorPack&&)>;
    // A pack for each key of everything added.
    void finish(const TakeCells& cells, const TakeVisitors& visitors);
    void clear();

private:
    struct Row {
        std::uint64_t link = 0;
        std::int64_t time = 0, hour = 0, day = 0;
        std::uint64_t visitor = 0; // hash
        std::uint32_t workspace = 0;
        std::uint8_t click = 0, human = 0, scan = 0;
        std::uint8_t isVisit = 0; // a human click whose visitor is known
    };
    // Rows that share workspace, link and bucket: neighbours once the rows are sorted.
    struct Group {
        std::uint32_t begin = 0, end = 0;
        std::uint32_t bucket = 0; // place in m_buckets
        std::uint32_t key = 0;    // place in m_keys
    };
    void makeFixedIds();
    std::uint32_t valueOf(protocol::Dimension dimension, const HitFacts& facts);
    std::uint32_t cityOf(std::uint32_t country, std::uint32_t region, std::uint32_t city);
    std::uint32_t statusId(std::uint16_t status);
    std::uint32_t joined(PairIds& made, std::uint32_t first, const char* between, std::uint32_t second);
    void sortRows();
    void group(PackKind kind);
    void foldCells(PackKind kind, std::size_t column, const TakeCells& take);
    void foldSets(PackKind kind, std::size_t column, const TakeVisitors& take);
    void foldTotals(PackKind kind, const TakeVisitors& take);
    std::uint32_t bucketAt(std::int64_t start);
    std::uint32_t keyAt(PackKind kind, std::uint32_t workspace, std::int64_t bucket);
    template <class Payload> void name(Pack<Payload>& pack);
    template <class Payload, class Take>
    void handOver(PackKind kind, protocol::Dimension dimension, std::vector<Pack<Payload>>& packs, const Take& take);

    StartsOf m_startsOf;
    FoldScope m_scope;
    Words m_words;
    PairIds m_regions, m_cities, m_channels, m_variants;
    std::array<std::uint32_t, 8> m_classIds{}, m_touchIds{}, m_deviceIds{};
    std::array<std::uint32_t, 32> m_botIds{};
    std::array<std::uint32_t, 1000> m_statusIds{};
    std::uint32_t m_true = 0, m_false = 0, m_direct = 0;

    std::vector<Row> m_rows;
    std::vector<std::uint32_t> m_values;               // of the rows, as they came: a number for each dimension
    std::vector<std::vector<std::uint32_t>> m_columns; // the same in the order of the sorted rows, by dimension
    std::vector<Group> m_groups;
    std::vector<std::int64_t> m_buckets;
    std::unordered_map<std::int64_t, std::uint32_t> m_bucketPlaces;
    std::vector<std::pair<std::uint32_t, std::int64_t>> m_keys; // workspace and period
    std::map<std::pair<std::uint32_t, std::int64_t>, std::uint32_t> m_keyPlaces;
    std::vector<std::uint32_t> m_stamps, m_places; // by word: the group that met it last, and where its entry is
    std::uint32_t m_stamp = 0;
};

} // namespace rollups

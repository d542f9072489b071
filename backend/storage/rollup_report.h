// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "backend/protocol/rollup.h"
#include "backend/rollups/pack.h"
#include "backend/storage/restatement.h"

namespace storage {

// What a report asks of the rollups: one dimension at most, for they hold one beside the link.
struct ReportQuery {
    protocol::WorkspaceId workspace;
    protocol::Granularity granularity = protocol::Granularity::Day;
    protocol::UtcMs from, to; // half open, by bucket start
    protocol::Dimension dimension = protocol::Dimension::None;
    std::optional<std::string> where; // only this value of the dimension
    enum class By : std::uint8_t { Nothing, Value, Link } by = By::Nothing;
    std::optional<std::vector<std::uint64_t>> links; // only these; sorted
    std::size_t seriesOf = 0;                        // so many of the first values carry a series
    bool uniques = false;                            // the range is of whole days, so that sets of days answer it
};

// `uniques` and `scanners` (of them, those who scanned) where they are kept.
struct Figures {
    rollups::Counts counts;
    std::optional<std::uint64_t> uniques, scanners;
};
using Series = std::map<std::int64_t, Figures>; // by bucket

struct ReportValue {
    std::string value;      // of the dimension
    std::uint64_t link = 0; // by link
    Figures figures;
    Series series;
};

struct ReportFigures {
    Figures totals;
    Series series;
    std::vector<ReportValue> values; // most clicks first
    protocol::HitSeq upTo;           // the watermark of the same moment
    bool isEstimated = false;        // some day's visitors were too many for an exact set
    RestatedSum restated;            // of the same moment; over all values of the dimension
};

// The stored hits of a link in some range, counted one by one.
struct RawCounts {
    rollups::Counts all;
    rollups::Counts rolled; // of them, those up to the watermark
    std::uint64_t late = 0; // of all, those stored after their redirect had left
};

} // namespace storage

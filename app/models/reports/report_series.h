// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimeZone>

#include <optional>
#include <vector>

#include "app/state/reports.h"

namespace models {

// Which of a cell's counts is looked at.
enum class Metric { Clicks, People, Bots, Scans, Uniques, UniqueScanners };

// Nothing where it is not kept.
std::optional<std::uint64_t> countOf(const state::Counts& counts, Metric metric);

struct SeriesBucket {
    std::int64_t startMs = 0, endMs = 0;
    state::Counts counts;
    bool partial = false; // still filling, or not rolled up to its end

    friend bool operator==(const SeriesBucket&, const SeriesBucket&) = default;
};

// A report's series made ready for a chart: one bucket after the other over the whole range, those without hits as
// zeros; days by the clock of their zone, so that one has 23 or 25 hours where the clocks change.
class ReportSeries {
public:
    static constexpr std::size_t bucketsMax = 25'000; // minutes of 14 days are 20,160

    explicit ReportSeries(const state::Report& report);

    const std::vector<SeriesBucket>& buckets() const { return m_buckets; }
    // Bucket by bucket beside buckets(), whatever time it was; nothing beyond the compared range. Empty = not compared.
    const std::vector<std::optional<SeriesBucket>>& compared() const { return m_compared; }
    // Of the report's first values, in their order, bucket by bucket.
    const std::vector<std::vector<SeriesBucket>>& split() const { return m_split; }
    // Up to where the rollups are complete.
    std::int64_t completeToMs() const { return m_completeToMs; }
    const QTimeZone& zone() const { return m_zone; }

private:
    std::vector<SeriesBucket> fill(std::int64_t fromMs, std::int64_t toMs,
                                   const std::vector<state::ReportPoint>& points) const;
    std::int64_t nextStart(std::int64_t startMs) const;

    protocol::Granularity m_granularity;
    QTimeZone m_zone;
    std::int64_t m_completeToMs;
    std::vector<SeriesBucket> m_buckets;
    std::vector<std::optional<SeriesBucket>> m_compared;
    std::vector<std::vector<SeriesBucket>> m_split;
};

// The zone of that name; UTC where there is none.
QTimeZone zoneNamed(const QString& name);
// Up to where rollups with this freshness are complete: the newest hit rolled up, or, with none to come, the last run.
std::int64_t completeTo(const state::Freshness& freshness);

} // namespace models

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/reports/report_series.h"

#include <QDateTime>

namespace models {

std::optional<std::uint64_t> countOf(const state::Counts& counts, Metric metric)
{
    switch (metric) {
    case Metric::Clicks:
        return counts.clicks;
    case Metric::People:
        return counts.humanClicks;
    case Metric::Bots:
        return counts.bots();
    case Metric::Scans:
        return counts.scans;
    case Metric::Uniques:
        return counts.uniques;
    case Metric::UniqueScanners:
        return counts.uniqueScanners;
    }
    return std::nullopt;
}

QTimeZone zoneNamed(const QString& name)
{
    const QTimeZone zone(name.toUtf8());
    return zone.isValid() ? zone : QTimeZone::utc();
}

std::int64_t completeTo(const state::Freshness& freshness)
{
    const protocol::Watermark& watermark = freshness.watermark;
    return freshness.toCome == 0 ? std::max(watermark.time.value, watermark.rolledAt.value) : watermark.time.value;
}

ReportSeries::ReportSeries(const state::Report& report)
    : m_granularity(report.granularity), m_zone(zoneNamed(report.zone)), m_completeToMs(completeTo(report.freshness)),
      m_buckets(fill(report.fromMs, report.toMs, report.series))
{
    for (const state::ReportValue& value : report.values)
        if (!value.series.empty())
            m_split.push_back(fill(report.fromMs, report.toMs, value.series));
    if (!report.compared)
        return;
    const std::vector<SeriesBucket> before =
        fill(report.compared->fromMs, report.compared->toMs, report.compared->series);
    for (std::size_t i = 0; i < m_buckets.size(); ++i)
        m_compared.push_back(i < before.size() ? std::optional(before[i]) : std::nullopt);
}

std::int64_t ReportSeries::nextStart(std::int64_t startMs) const
{
    if (m_granularity == protocol::Granularity::Minute)
        return startMs + protocol::msPerMinute;
    if (m_granularity == protocol::Granularity::Hour)
        return startMs + protocol::msPerHour;
    const QDate day = QDateTime::fromMSecsSinceEpoch(startMs, m_zone).date();
    const std::int64_t next = day.addDays(1).startOfDay(m_zone).toMSecsSinceEpoch();
    return next > startMs ? next : startMs + protocol::msPerDay;
}

std::vector<SeriesBucket> ReportSeries::fill(std::int64_t fromMs, std::int64_t toMs,
                                             const std::vector<state::ReportPoint>& points) const
{
    std::vector<SeriesBucket> buckets;
    // Uniques are kept by day: there a bucket without hits had none, elsewhere nobody knows.
    const bool kept = m_granularity == protocol::Granularity::Day;
    for (std::int64_t at = fromMs; at < toMs && buckets.size() < bucketsMax;) {
        SeriesBucket bucket{at, nextStart(at), {}, false};
        if (kept)
            bucket.counts.uniques = bucket.counts.uniqueScanners = 0;
        bucket.partial = bucket.endMs > m_completeToMs;
        buckets.push_back(bucket);
        at = bucket.endMs;
    }
    for (const state::ReportPoint& point : points) {
        auto after = std::upper_bound(buckets.begin(), buckets.end(), point.atMs,
                                      [](std::int64_t at, const SeriesBucket& bucket) { return at < bucket.startMs; });
        if (after == buckets.begin() || point.atMs >= std::prev(after)->endMs)
            continue; // outside the range it says it is of
        SeriesBucket& bucket = *std::prev(after);
        bucket.counts = point.counts;
        bucket.partial = bucket.partial || point.partial;
    }
    return buckets;
}

} // namespace models

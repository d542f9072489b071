// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/rollup_series.h"

#include <algorithm>

namespace models {

RollupSeries::RollupSeries(QObject* parent) : QObject(parent) {}

std::int64_t RollupSeries::bucketMs() const
{
    switch (m_granularity) {
    case protocol::Granularity::Minute:
        return protocol::msPerMinute;
    case protocol::Granularity::Hour:
        return protocol::msPerHour;
    case protocol::Granularity::Day:
        break;
    }
    return protocol::msPerDay;
}

void RollupSeries::setRows(const std::vector<protocol::RollupRow>& rows, protocol::Granularity granularity,
                           protocol::UtcMs from, protocol::UtcMs to, const protocol::Watermark& watermark)
{
    m_granularity = granularity;
    m_watermark = watermark;
    m_points.clear();
    const std::int64_t step = bucketMs();
    // Days follow the workspace's zone, so their borders are those of the rows, where there are any; minutes and hours
    // are the clock's.
    std::int64_t phase = 0;
    if (granularity == protocol::Granularity::Day && !rows.empty())
        phase = ((rows.front().bucket.value % step) + step) % step;
    const auto floorTo = [&](std::int64_t ms) { return ms - (((ms - phase) % step) + step) % step; };
    const std::int64_t end = to.value;
    std::int64_t start = floorTo(from.value);
    m_cut = end > start && static_cast<std::uint64_t>(end - start) / static_cast<std::uint64_t>(step) >= pointsMax;
    if (m_cut)
        start = floorTo(end - 1) - static_cast<std::int64_t>(pointsMax - 1) * step;
    for (std::int64_t at = start; at < end && m_points.size() < pointsMax; at += step) {
        m_points.emplace_back();
        m_points.back().startMs = at;
    }
    for (const protocol::RollupRow& row : rows) {
        const std::int64_t offset = row.bucket.value - start;
        if (offset < 0 || row.bucket.value >= end)
            continue;
        // Nearest, so that a day of 23 or 25 hours falls on its own point.
        const std::size_t index = static_cast<std::size_t>((offset + step / 2) / step);
        if (index >= m_points.size())
            continue;
        Point& point = m_points[index];
        point.hits += row.hits;
        point.clicks += row.clicks;
        point.humans += row.humanClicks;
        point.bots += row.clicks - std::min(row.clicks, row.humanClicks);
        point.scans += row.scans;
    }
    markPartial();
    emit changed();
}

void RollupSeries::setWatermark(const protocol::Watermark& watermark)
{
    m_watermark = watermark;
    markPartial();
    emit changed();
}

void RollupSeries::markPartial()
{
    const std::int64_t step = bucketMs();
    for (Point& point : m_points)
        point.partial = point.startMs + step > m_watermark.time.value;
}

std::uint64_t RollupSeries::stillToCome() const
{
    return m_watermark.lastSeq.value - std::min(m_watermark.lastSeq.value, m_watermark.seq.value);
}

std::uint64_t RollupSeries::maxClicks() const
{
    std::uint64_t most = 0;
    for (const Point& point : m_points)
        most = std::max(most, point.clicks);
    return most;
}

} // namespace models

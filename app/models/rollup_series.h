// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>

#include <cstdint>
#include <vector>

#include "backend/protocol/messages.h"
#include "backend/protocol/rollup.h"

namespace models {

// Rollups made ready for a chart: one point per bucket of the range, in order, buckets without hits as zeros, with what
// is partial marked: buckets at or after the watermark's own are not complete yet.
class RollupSeries final : public QObject {
    Q_OBJECT

public:
    static constexpr std::size_t pointsMax = 20'000;

    struct Point {
        std::int64_t startMs = 0;
        std::uint64_t hits = 0, clicks = 0, humans = 0, bots = 0, scans = 0;
        bool partial = false;

        bool operator==(const Point&) const = default;
    };

    explicit RollupSeries(QObject* parent = nullptr);

    // Rows of one granularity without dimension, over any links: summed by bucket. The range is [from, to).
    void setRows(const std::vector<protocol::RollupRow>& rows, protocol::Granularity granularity, protocol::UtcMs from,
                 protocol::UtcMs to, const protocol::Watermark& watermark);
    void setWatermark(const protocol::Watermark& watermark);

    const std::vector<Point>& points() const { return m_points; }
    std::int64_t bucketMs() const;
    // Time of the watermark, for the dashed line; 0 = never rolled up.
    std::int64_t watermarkMs() const { return m_watermark.time.value; }
    std::uint64_t stillToCome() const;
    std::uint64_t maxClicks() const;
    bool isCut() const { return m_cut; } // the range had more buckets than pointsMax: only the newest are here

signals:
    void changed();

private:
    void markPartial();

    protocol::Granularity m_granularity = protocol::Granularity::Minute;
    std::vector<Point> m_points;
    protocol::Watermark m_watermark;
    bool m_cut = false;
};

} // namespace models

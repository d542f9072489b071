// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/charts/chart_view.h"

namespace widgets {

struct ChartBucket {
    qint64 startMs = 0, endMs = 0;
    bool partial = false;

    friend bool operator==(const ChartBucket&, const ChartBucket&) = default;
};

// One figure a bucket; NaN = not known.
struct ChartSeries {
    QString name;
    Ink ink = &Theme::link;
    QList<double> values;
    // What the others are compared with: dashed, never stacked, at times of its own.
    bool compared = false;
    QList<qint64> times = {};

    friend bool operator==(const ChartSeries&, const ChartSeries&) = default;
};

// Up to five series over buckets of any length, as lines, as lines with the first one's area, or stacked. What still
// fills is pale; the edge up to which the figures are complete is a dashed line. It paints its series itself: a year of
// hours is more than a Qt Chart moves, and no series of its has a pale end. Left and Right read bucket by bucket,
// Return picks the one read.
class SeriesChart : public TimeChart {
    Q_OBJECT

public:
    enum class Shape { Line, Area, Stacked };
    static constexpr qsizetype seriesMax = 5;

    explicit SeriesChart(QWidget* parent = nullptr);

    // Series beyond seriesMax are left out. `edgeText` stands where the buckets are complete to.
    void setSeries(const QList<ChartBucket>& buckets, const QList<ChartSeries>& series, qint64 completeToMs,
                   const QString& edgeText);
    void setShape(Shape shape);
    void setMoments(const QList<ChartMark>& moments);
    const QList<ChartBucket>& buckets() const { return m_buckets; }
    const QList<ChartSeries>& series() const { return m_series; }
    // The bucket at this time; -1 = none.
    qsizetype bucketAt(qint64 timeMs) const;
    // "Tue 3 Mar 14:00–15:00".
    static QString spanText(const ChartBucket& bucket, const QTimeZone& zone);

protected:
    void paintSeries(QPainter& painter) const override;
    QStringList reading(qint64 timeMs) const override;
    qint64 snapped(qint64 timeMs) const override;
    void colourSeries(const Theme&) override {}
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void measure();
    void showMarks();
    void paintLine(QPainter& painter, const ChartSeries& series) const;
    // More buckets than pixels: each column from its lowest to its highest. A line through them all takes
    // longer and shows less.
    void paintColumns(QPainter& painter, const ChartSeries& series) const;
    void paintArea(QPainter& painter, const ChartSeries& series) const;
    void paintStacked(QPainter& painter) const;
    void read(qsizetype bucket);
    double middleOf(qsizetype bucket) const;

    QList<ChartBucket> m_buckets;
    QList<ChartSeries> m_series;
    QList<ChartMark> m_moments;
    qint64 m_completeToMs = 0;
    QString m_edgeText;
    Shape m_shape = Shape::Line;
    qsizetype m_read = -1; // by the keyboard
};

} // namespace widgets

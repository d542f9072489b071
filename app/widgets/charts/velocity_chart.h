// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/charts/chart_view.h"

QT_BEGIN_NAMESPACE
class QAreaSeries;
class QLineSeries;
QT_END_NAMESPACE

namespace widgets {

// Counts of one step of the series, all as events in that step.
struct VelocityPoint {
    qint64 startMs = 0;
    double people = 0, bots = 0, scans = 0;

    friend bool operator==(const VelocityPoint&, const VelocityPoint&) = default;
};

// Events per minute over the recent past: people as an area, scans and bots as lines, each labelled where it ends. The
// last step is still filling and is left out. One replace per series and update; more steps than pixels are merged.
class VelocityChart : public TimeChart {
    Q_OBJECT

public:
    explicit VelocityChart(QWidget* parent = nullptr);

    // `coveredFromMs`: before it nothing is known; the series start there and not at zero.
    void setPoints(const QList<VelocityPoint>& points, qint64 stepMs, qint64 coveredFromMs);
    void setMoments(const QList<ChartMark>& marks);

protected:
    QStringList reading(qint64 timeMs) const override;
    qint64 snapped(qint64 timeMs) const override;
    void colourSeries(const Theme& theme) override;

private:
    const VelocityPoint* pointAt(qint64 timeMs) const;

    QList<VelocityPoint> m_points; // per minute, complete steps only
    qint64 m_stepMs = 1;
    QLineSeries* m_people;
    QLineSeries* m_scans;
    QLineSeries* m_bots;
    QAreaSeries* m_area;
};

} // namespace widgets

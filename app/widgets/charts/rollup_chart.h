// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/charts/chart_view.h"

QT_BEGIN_NAMESPACE
class QStackedBarSeries;
QT_END_NAMESPACE

namespace widgets {

struct RollupBar {
    qint64 startMs = 0;
    quint64 people = 0, bots = 0;

    friend bool operator==(const RollupBar&, const RollupBar&) = default;
};

// People and bots stacked per bucket. Buckets that end after `completeToMs` are still filling and pale; that edge is a
// dashed line with its time. The series is rebuilt only when the data changed: bulk append, which measured 17 times
// faster than replacing values.
class RollupChart : public TimeChart {
    Q_OBJECT

public:
    explicit RollupChart(QWidget* parent = nullptr);

    // Buckets of one length in order; missing ones are empty. `edgeText` stands at the dashed line.
    void setBars(const QList<RollupBar>& bars, qint64 bucketMs, qint64 completeToMs, const QString& edgeText);
    void setMoments(const QList<ChartMark>& moments);
    const QList<RollupBar>& bars() const { return m_bars; }
    bool isPartial(const RollupBar& bar) const { return bar.startMs + m_bucketMs > m_completeToMs; }

protected:
    QStringList reading(qint64 timeMs) const override;
    qint64 snapped(qint64 timeMs) const override;
    void colourSeries(const Theme& theme) override;

private:
    void rebuild();
    void showMarks();
    const RollupBar* barAt(qint64 timeMs) const;

    QList<RollupBar> m_bars;
    qint64 m_bucketMs = 1;
    qint64 m_completeToMs = 0;
    QString m_edgeText;
    QList<ChartMark> m_moments;
    QStackedBarSeries* m_series = nullptr;
};

} // namespace widgets

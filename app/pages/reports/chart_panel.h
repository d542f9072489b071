// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <optional>

#include "app/models/reports/report_series.h"
#include "app/widgets/charts/series_chart.h"

namespace widgets {
class Card;
class ChoiceButton;
} // namespace widgets

namespace reports {

// Clicks over time: which figures, in which shape, in how long buckets. A drag narrows the range, so does a click on a
// bucket.
class ChartPanel : public QWidget {
    Q_OBJECT

public:
    enum View { PeopleAndBots, Scans, Uniques, ByValue };

    explicit ChartPanel(QWidget* parent = nullptr);

    void addHeaderTo(widgets::Card* card);
    void setReport(const state::ReportPtr& report);
    void setMoments(const QList<widgets::ChartMark>& moments) { m_chart->setMoments(moments); }
    void setView(View view);
    View view() const;
    // Nothing: by the range's length.
    std::optional<protocol::Granularity> granularity() const;
    void setGranularity(std::optional<protocol::Granularity> granularity);
    widgets::SeriesChart* chart() const { return m_chart; }
    // Why the view has nothing to show though there are clicks; empty = it has.
    QString missing() const { return m_missing; }

signals:
    // The figures on show need another answer.
    void questionChanged();
    // Another view of the same answer.
    void viewChanged();
    void rangePicked(qint64 fromMs, qint64 toMs);

private:
    void show();
    QList<widgets::ChartSeries> seriesOf(const models::ReportSeries& series) const;
    QList<widgets::ChartSeries> splitOf(const models::ReportSeries& series) const;
    void narrow(qint64 fromMs, qint64 toMs);

    state::ReportPtr m_report;
    widgets::SeriesChart* m_chart;
    widgets::ChoiceButton *m_view, *m_shape, *m_granularity;
    QString m_missing;
};

} // namespace reports

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "app/models/rollup_series.h"

namespace widgets {
class DockPanel;
class RollupChart;
class SegmentedControl;
} // namespace widgets

namespace live {

// Humans and bots by minute or hour, from the rollups, with the watermark marked. Asks for rows when it needs them; the
// page's owner answers.
class RollupPanel : public QWidget {
    Q_OBJECT

public:
    explicit RollupPanel(QWidget* parent = nullptr);

    void addHeaderTo(widgets::DockPanel* panel);
    // The link, as "domain/slug", that the figures are of; empty = all.
    void setScope(const QString& link);
    void setWatermark(const protocol::Watermark& watermark);
    void setRows(const std::vector<protocol::RollupRow>& rows, protocol::Granularity granularity, protocol::UtcMs from,
                 protocol::UtcMs to, const protocol::Watermark& watermark);
    void setGranularity(protocol::Granularity granularity);
    // Asks again, for the range that ends now.
    void request(qint64 nowMs);
    protocol::Granularity granularity() const { return m_granularity; }
    widgets::RollupChart* chart() const { return m_chart; }
    bool hasRows() const { return m_hasRows; }
    const models::RollupSeries& series() const { return m_series; }

signals:
    void rowsRequested(protocol::Granularity granularity, protocol::UtcMs from, protocol::UtcMs to,
                       const QString& link);
    void subtitleChanged(const QString& text);

private:
    void show();
    QString edgeText() const;

    models::RollupSeries m_series;
    widgets::RollupChart* m_chart;
    widgets::SegmentedControl* m_switch;
    protocol::Granularity m_granularity = protocol::Granularity::Minute;
    QString m_link;
    protocol::UtcMs m_to; // of the range last asked for
    bool m_hasRows = false;
};

} // namespace live

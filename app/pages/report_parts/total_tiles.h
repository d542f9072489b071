// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "app/models/reports/report_series.h"
#include "app/widgets/theme/theme.h"

namespace widgets {
class Tile;
}

namespace reports {

// A report's totals, each with its change against what the report is compared with, and that one's own count.
class TotalTiles : public QWidget {
    Q_OBJECT

public:
    struct Total {
        models::Metric metric = models::Metric::Clicks;
        // As a share of another; the figure is then the share, and its count stands beneath.
        std::optional<models::Metric> shareOf;
        QString label;
    };

    explicit TotalTiles(const QList<Total>& totals, QWidget* parent = nullptr);

    void setReport(const state::Report& report);
    widgets::Tile* tile(int index) const { return m_tiles[index]; }

private:
    QList<Total> m_totals;
    QList<widgets::Tile*> m_tiles;
};

} // namespace reports

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>

#include "app/models/reports/report_series.h"

namespace models {

// The hours of the week, Monday's midnight first: a row for each day, a column for each hour. An hour's figure is its
// mean over the times that it lies in the range, so that ranges that cut a week are fair to every hour.
class HourTableModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Role {
        HeatRole = Qt::UserRole + 1, // double, 0 to 1 of the hottest; -1 = the hour does not lie in the range
    };
    struct Best {
        int weekday = 1, hour = 0; // Monday = 1
        std::uint64_t count = 0;   // in all
        int times = 0;
        double mean = 0;
    };

    explicit HourTableModel(QObject* parent = nullptr);

    void setHours(const state::HoursPtr& hours);
    void setMetric(Metric metric);
    Metric metric() const { return m_metric; }
    const state::HoursPtr& hours() const { return m_hours; }
    // The hours with the highest means, hottest first; none without a count.
    std::vector<Best> best(std::size_t most) const;
    // "Mon 14:00–15:00".
    static QString hourName(int weekday, int hour);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    std::uint64_t countAt(int weekday, int hour) const;
    double meanAt(int weekday, int hour) const;
    QString readingOf(int weekday, int hour) const;
    void measure();

    state::HoursPtr m_hours;
    Metric m_metric = Metric::People;
    double m_hottest = 0;
};

} // namespace models

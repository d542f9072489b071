// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>

#include <vector>

#include "app/models/reports/report_series.h"

namespace models {

// A report's values as a table: what each counts, its share of the whole, and the change against what the report is
// compared with. Below them, always last, what the values leave out. Texts shown are made visible-safe.
class BreakdownModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    // clang-format off
    enum Column { Value, Clicks, People, Bots, Scans, Uniques, UniqueScanners, Share, Change, Hits, ColumnCount };
    // clang-format on
    enum Role {
        KeyRole = Qt::UserRole + 1, // QString, the raw value; empty = unknown
        LinkRole,                   // quint64, by link
        ShareRole,                  // double, 0 to 1 of the largest: for a bar
        KindRole,                   // int of Kind
        DirectionRole,              // of the change: -1, 0, 1
        CountRole,                  // quint64 of a column that counts; invalid where it is not kept
    };
    enum class Kind { Value, Unknown, Others };

    explicit BreakdownModel(QObject* parent = nullptr);

    // Nothing empties it.
    void setReport(const state::ReportPtr& report);
    // What shares, bars and changes are of.
    void setMetric(Metric metric);
    Metric metric() const { return m_metric; }
    const state::ReportPtr& report() const { return m_report; }
    int rowOf(const QString& value) const; // -1 = not there

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    void sort(int column, Qt::SortOrder order = Qt::DescendingOrder) override;

private:
    struct Row {
        QString value, name;
        std::uint64_t link = 0;
        state::Counts counts;
        std::optional<state::Counts> before;
        Kind kind = Kind::Value;
    };

    static std::optional<Metric> metricOf(int column);
    void order();
    bool isBefore(const Row& a, const Row& b) const;
    double changeOf(const Row& row) const;
    QString textOf(const Row& row, int column) const;
    QString tipOf(const Row& row, int column) const;
    QString changeText(const Row& row) const;

    state::ReportPtr m_report;
    std::vector<Row> m_rows;
    Metric m_metric = Metric::Clicks;
    std::uint64_t m_whole = 0, m_largest = 0;
    int m_sortColumn = Share;
    Qt::SortOrder m_sortOrder = Qt::DescendingOrder;
};

} // namespace models

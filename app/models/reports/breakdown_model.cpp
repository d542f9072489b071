// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/reports/breakdown_model.h"

#include <algorithm>
#include <limits>

#include "app/models/reports/report_words.h"
#include "app/models/table_cells.h"

namespace models {

namespace {

const QString notKept = QStringLiteral("\u2014");

bool isUnknown(const QString& by, const QString& value)
{
    // "no campaign" is known; a country that could not be found is not.
    static const QStringList named{QStringLiteral("placement"),    QStringLiteral("campaign"),
                                   QStringLiteral("bot_category"), QStringLiteral("referrer"),
                                   QStringLiteral("rule"),         QStringLiteral("variant")};
    return value.isEmpty() && !named.contains(by) && !by.startsWith(QLatin1StringView("utm_"));
}

} // namespace

BreakdownModel::BreakdownModel(QObject* parent) : QAbstractTableModel(parent) {}

std::optional<Metric> BreakdownModel::metricOf(int column)
{
    switch (column) {
    case Clicks:
        return Metric::Clicks;
    case People:
        return Metric::People;
    case Bots:
        return Metric::Bots;
    case Scans:
        return Metric::Scans;
    case Uniques:
        return Metric::Uniques;
    case UniqueScanners:
        return Metric::UniqueScanners;
    default:
        return std::nullopt;
    }
}

void BreakdownModel::setReport(const state::ReportPtr& report)
{
    beginResetModel();
    m_report = report;
    m_rows.clear();
    if (report) {
        for (std::size_t i = 0; i < report->values.size(); ++i) {
            const state::ReportValue& value = report->values[i];
            Row row{value.value, words::reportValue(report->by, value.value),
                    value.link,  value.counts,
                    {},          isUnknown(report->by, value.value) ? Kind::Unknown : Kind::Value};
            if (report->compared)
                row.before = report->compared->values[i];
            // Misses and probes are hits and no clicks: they have their place among the classes.
            if (row.counts.clicks > 0 || (row.before && row.before->clicks > 0) ||
                report->by == QLatin1StringView("class"))
                m_rows.push_back(row);
        }
        if (const std::uint64_t left = report->valuesTotal - report->values.size(); left > 0)
            m_rows.push_back({{}, tr("%1 others").arg(words::count(left)), 0, report->others, {}, Kind::Others});
    }
    order();
    endResetModel();
}

void BreakdownModel::setMetric(Metric metric)
{
    if (metric == m_metric)
        return;
    beginResetModel();
    m_metric = metric;
    order();
    endResetModel();
}

void BreakdownModel::sort(int column, Qt::SortOrder order)
{
    beginResetModel();
    m_sortColumn = column;
    m_sortOrder = order;
    this->order();
    endResetModel();
}

void BreakdownModel::order()
{
    m_whole = m_report ? countOf(m_report->totals, m_metric).value_or(0) : 0;
    m_largest = 0;
    for (const Row& row : m_rows)
        if (row.kind != Kind::Others)
            m_largest = std::max(m_largest, countOf(row.counts, m_metric).value_or(0));
    std::stable_sort(m_rows.begin(), m_rows.end(), [this](const Row& a, const Row& b) {
        if ((a.kind == Kind::Others) != (b.kind == Kind::Others))
            return b.kind == Kind::Others;
        return m_sortOrder == Qt::AscendingOrder ? isBefore(a, b) : isBefore(b, a);
    });
}

double BreakdownModel::changeOf(const Row& row) const
{
    const auto now = countOf(row.counts, m_metric);
    const auto before = row.before ? countOf(*row.before, m_metric) : std::nullopt;
    if (!now || !before)
        return -std::numeric_limits<double>::infinity();
    if (*before == 0)
        return *now == 0 ? 0 : std::numeric_limits<double>::max();
    return static_cast<double>(*now) / static_cast<double>(*before) - 1;
}

bool BreakdownModel::isBefore(const Row& a, const Row& b) const
{
    if (m_sortColumn == Value)
        return QString::localeAwareCompare(a.name, b.name) < 0;
    if (m_sortColumn == Change)
        return changeOf(a) < changeOf(b);
    if (m_sortColumn == Hits)
        return a.counts.hits < b.counts.hits;
    const Metric metric = metricOf(m_sortColumn).value_or(m_metric);
    // Not kept is less than none.
    return countOf(a.counts, metric) < countOf(b.counts, metric);
}

int BreakdownModel::rowOf(const QString& value) const
{
    const auto it = std::find_if(m_rows.cbegin(), m_rows.cend(),
                                 [&](const Row& row) { return row.kind != Kind::Others && row.value == value; });
    return it == m_rows.cend() ? -1 : static_cast<int>(it - m_rows.cbegin());
}

int BreakdownModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int BreakdownModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(ColumnCount);
}

QString BreakdownModel::changeText(const Row& row) const
{
    const auto now = countOf(row.counts, m_metric);
    const auto before = row.before ? countOf(*row.before, m_metric) : std::nullopt;
    return now && before ? words::change(*now, *before) : notKept;
}

QString BreakdownModel::textOf(const Row& row, int column) const
{
    if (column == Value)
        return row.name;
    if (column == Hits)
        return words::count(row.counts.hits);
    if (column == Share) {
        const auto part = countOf(row.counts, m_metric);
        return part ? words::share(*part, m_whole) : notKept;
    }
    if (column == Change)
        return changeText(row);
    const auto counted = countOf(row.counts, *metricOf(column));
    return counted ? words::count(*counted) : notKept;
}

QString BreakdownModel::tipOf(const Row& row, int column) const
{
    const QString metric = words::metricName(m_metric);
    if (column == Value)
        return plainTooltip(row.kind == Kind::Value ? shownText(row.value.toStdString()) : row.name);
    if (column == Share && countOf(row.counts, m_metric))
        return tr("%1: %2 of %3").arg(metric, words::count(*countOf(row.counts, m_metric)), words::count(m_whole));
    if (column == Change && row.before && countOf(*row.before, m_metric))
        return tr("%1: %2 before").arg(metric, words::count(*countOf(*row.before, m_metric)));
    if (textOf(row, column) == notKept)
        return column == Change ? tr("Nothing to compare with") : tr("Not kept for this breakdown");
    return {};
}

QVariant BreakdownModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return textOf(row, index.column());
    case Qt::ToolTipRole:
        return tipOf(row, index.column());
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1: %2").arg(headerData(index.column(), Qt::Horizontal).toString(),
                                            textOf(row, index.column()));
    case Qt::TextAlignmentRole:
        return QVariant(index.column() == Value ? Qt::AlignLeft | Qt::AlignVCenter : Qt::AlignRight | Qt::AlignVCenter);
    case KeyRole:
        return row.value;
    case LinkRole:
        return static_cast<qulonglong>(row.link);
    case ShareRole:
        return m_largest == 0 || row.kind == Kind::Others
                   ? 0.0
                   : static_cast<double>(countOf(row.counts, m_metric).value_or(0)) / static_cast<double>(m_largest);
    case KindRole:
        return static_cast<int>(row.kind);
    case DirectionRole: {
        const double change = changeOf(row);
        return change > 0 ? 1 : change < 0 && change >= -1 ? -1 : 0;
    }
    case CountRole:
        if (index.column() == Hits)
            return static_cast<qulonglong>(row.counts.hits);
        if (const auto metric = metricOf(index.column()))
            if (const auto counted = countOf(row.counts, *metric))
                return static_cast<qulonglong>(*counted);
        return {};
    default:
        return {};
    }
}

QVariant BreakdownModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(section == Value ? Qt::AlignLeft | Qt::AlignVCenter : Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && section == Hits)
        return tr("All that reached a link: clicks, and probes, prefetches, misses and what was blocked");
    if (role == Qt::ToolTipRole && (section == Uniques || section == UniqueScanners))
        return tr("Sums of daily uniques; kept by link, placement and campaign");
    if (role != Qt::DisplayRole)
        return {};
    if (section == Value)
        return m_report ? words::breakdownName(m_report->by) : QString();
    if (section == Hits)
        return tr("Hits");
    if (section == Share)
        return tr("Share");
    if (section == Change)
        return tr("Change");
    return words::metricName(*metricOf(section));
}

} // namespace models

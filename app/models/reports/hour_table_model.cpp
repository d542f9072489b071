// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/reports/hour_table_model.h"

#include <QLocale>

#include <algorithm>

#include "app/models/reports/report_words.h"

namespace models {

using state::HoursReport;

HourTableModel::HourTableModel(QObject* parent) : QAbstractTableModel(parent) {}

void HourTableModel::setHours(const state::HoursPtr& hours)
{
    beginResetModel();
    m_hours = hours;
    measure();
    endResetModel();
}

void HourTableModel::setMetric(Metric metric)
{
    beginResetModel();
    m_metric = metric;
    measure();
    endResetModel();
}

void HourTableModel::measure()
{
    m_hottest = 0;
    for (int weekday = 1; weekday <= HoursReport::weekdays; ++weekday)
        for (int hour = 0; hour < HoursReport::hours; ++hour)
            m_hottest = std::max(m_hottest, meanAt(weekday, hour));
}

std::uint64_t HourTableModel::countAt(int weekday, int hour) const
{
    return m_hours ? countOf(m_hours->at(weekday, hour).counts, m_metric).value_or(0) : 0;
}

double HourTableModel::meanAt(int weekday, int hour) const
{
    const int times = m_hours ? m_hours->at(weekday, hour).times : 0;
    return times == 0 ? 0 : static_cast<double>(countAt(weekday, hour)) / times;
}

std::vector<HourTableModel::Best> HourTableModel::best(std::size_t most) const
{
    std::vector<Best> all;
    for (int weekday = 1; m_hours && weekday <= HoursReport::weekdays; ++weekday)
        for (int hour = 0; hour < HoursReport::hours; ++hour)
            if (const double mean = meanAt(weekday, hour); mean > 0)
                all.push_back({weekday, hour, countAt(weekday, hour), m_hours->at(weekday, hour).times, mean});
    std::stable_sort(all.begin(), all.end(), [](const Best& a, const Best& b) { return a.mean > b.mean; });
    all.resize(std::min(all.size(), most));
    return all;
}

QString HourTableModel::hourName(int weekday, int hour)
{
    const auto clock = [](int at) { return QTime(at % HoursReport::hours, 0).toString(QStringLiteral("HH:mm")); };
    return QStringLiteral("%1 %2\u2013%3").arg(words::weekday(weekday), clock(hour), clock(hour + 1));
}

int HourTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : HoursReport::weekdays;
}

int HourTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : HoursReport::hours;
}

QString HourTableModel::readingOf(int weekday, int hour) const
{
    const QString name = hourName(weekday, hour);
    const int times = m_hours ? m_hours->at(weekday, hour).times : 0;
    if (times == 0)
        return tr("%1: not in the range").arg(name);
    const QString counted = tr("%1: %2 %3, %4 on average")
                                .arg(name, words::count(countAt(weekday, hour)), words::metricName(m_metric).toLower(),
                                     QLocale().toString(meanAt(weekday, hour), 'f', 1));
    return times == 1 ? tr("%1 (once in the range)").arg(counted)
                      : tr("%1 (%2 times in the range)").arg(counted, words::count(static_cast<std::uint64_t>(times)));
}

QVariant HourTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const int weekday = index.row() + 1, hour = index.column();
    const bool inRange = m_hours && m_hours->at(weekday, hour).times > 0;
    switch (role) {
    case Qt::DisplayRole:
        return inRange ? QLocale().toString(meanAt(weekday, hour), 'f', meanAt(weekday, hour) < 10 ? 1 : 0) : QString();
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole:
        return readingOf(weekday, hour);
    case Qt::TextAlignmentRole:
        return QVariant(Qt::AlignCenter);
    case HeatRole:
        return !inRange ? -1.0 : m_hottest <= 0 ? 0.0 : meanAt(weekday, hour) / m_hottest;
    default:
        return {};
    }
}

QVariant HourTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role != Qt::DisplayRole || section < 0)
        return {};
    if (orientation == Qt::Vertical)
        return section < HoursReport::weekdays ? words::weekday(section + 1) : QString();
    // Every third hour is written: more do not fit, and nobody misses them.
    return section < HoursReport::hours && section % 3 == 0 ? QString::number(section) : QString();
}

} // namespace models

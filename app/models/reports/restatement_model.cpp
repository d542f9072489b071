// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/reports/restatement_model.h"

#include <QDateTime>
#include <QLocale>

#include "app/models/reports/report_words.h"
#include "app/models/table_cells.h"
#include "backend/protocol/words.h"

namespace models {

RestatementModel::RestatementModel(QObject* parent) : QAbstractTableModel(parent) {}

void RestatementModel::setRestatements(const state::RestatementsPtr& restatements, const QTimeZone& zone)
{
    beginResetModel();
    m_answer = restatements;
    m_zone = zone;
    endResetModel();
}

QString RestatementModel::summary() const
{
    if (!m_answer)
        return {};
    if (m_answer->items.empty())
        return tr("\u2713 Nothing was restated: all stands as it was first reported.");
    state::CountsChange sum;
    for (const state::Restatement& one : m_answer->items) {
        sum.hits += one.change.hits;
        sum.clicks += one.change.clicks;
        sum.humanClicks += one.change.humanClicks;
        sum.scans += one.change.scans;
    }
    const QString times = words::count(m_answer->items.size());
    const QString by = words::changed(sum);
    if (m_answer->cut)
        return tr("More than %1 restatements: the newest are below. The figures have them in them already.").arg(times);
    return by.isEmpty() ? tr("%1 restatements; in sum no count is another.").arg(times)
                        : tr("%1 restatements: %2. The figures have it in them already.").arg(times, by);
}

QString RestatementModel::reason(const state::Restatement& restatement)
{
    if (restatement.reason == QLatin1StringView("late"))
        return tr("late hits: they came after their hour had been reported");
    if (restatement.reason == QLatin1StringView("rebuild"))
        return restatement.before ? tr("rebuilt from the stored hits; %1 clicks were reported before")
                                        .arg(words::count(restatement.before->clicks))
                                  : tr("rebuilt from the stored hits");
    if (restatement.reason == QLatin1StringView("zone"))
        return tr("another reporting zone: days begin at other times, the hits are the same");
    return shownText(restatement.reason.toStdString());
}

QString RestatementModel::shortReason(const state::Restatement& restatement)
{
    return restatement.reason == QLatin1StringView("late")      ? tr("late hits")
           : restatement.reason == QLatin1StringView("rebuild") ? tr("rebuilt")
           : restatement.reason == QLatin1StringView("zone")    ? tr("other zone")
                                                                : shownText(restatement.reason.toStdString());
}

QString RestatementModel::timeText(std::int64_t ms) const
{
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(ms, m_zone), QStringLiteral("d MMM HH:mm"));
}

QString RestatementModel::rangeText(const state::Restatement& restatement) const
{
    const QDateTime from = QDateTime::fromMSecsSinceEpoch(restatement.fromMs, m_zone),
                    to = QDateTime::fromMSecsSinceEpoch(restatement.toMs, m_zone);
    const QString end = from.date() == to.date() ? to.toString(QStringLiteral("HH:mm")) : timeText(restatement.toMs);
    return QStringLiteral("%1\u2013%2").arg(timeText(restatement.fromMs), end);
}

int RestatementModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_answer ? 0 : static_cast<int>(m_answer->items.size());
}

int RestatementModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(ColumnCount);
}

QVariant RestatementModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const state::Restatement& one = m_answer->items[static_cast<std::size_t>(index.row())];
    if (role == Qt::TextAlignmentRole)
        return QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && index.column() == When)
        return plainTooltip(QString::fromStdString(protocol::rfc3339(protocol::UtcMs(one.notedAtMs))));
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    const auto text = [&]() -> QString {
        switch (index.column()) {
        case When:
            return timeText(one.notedAtMs);
        case Range:
            return rangeText(one);
        case Link:
            return one.several                                  ? tr("several links")
                   : one.domain.isEmpty() && one.slug.isEmpty() ? tr("no link")
                                                                : shownText(one.address().toStdString());
        case Change:
            return one.change == state::CountsChange() ? tr("no count") : words::changed(one.change);
        default:
            return role == Qt::ToolTipRole ? reason(one) : shortReason(one);
        }
    }();
    return role == Qt::ToolTipRole ? plainTooltip(text) : text;
}

QVariant RestatementModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const QString titles[] = {tr("Changed"), tr("Hours"), tr("Link"), tr("By how much"), tr("Why")};
    return titles[section];
}

} // namespace models

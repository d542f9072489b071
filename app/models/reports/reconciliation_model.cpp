// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/reports/reconciliation_model.h"

#include <algorithm>

#include "app/models/reports/report_words.h"
#include "app/models/table_cells.h"

namespace models {

namespace {

// What needs looking at comes first.
int urgency(const QString& word)
{
    static const QStringList order{QStringLiteral("differs"), QStringLiteral("to_come"), QStringLiteral("raw_gone"),
                                   QStringLiteral("equal")};
    const qsizetype place = order.indexOf(word);
    return static_cast<int>(place < 0 ? 0 : place);
}

// Which of the counts are not the same.
QString differences(const state::ReconciledRow& row)
{
    QStringList parts;
    const auto add = [&parts](const QString& name, std::uint64_t raw, std::uint64_t rolled) {
        if (raw != rolled)
            parts.append(ReconciliationModel::tr("%1: %2 stored, %3 rolled up")
                             .arg(name, words::count(raw), words::count(rolled)));
    };
    add(ReconciliationModel::tr("Hits"), row.raw.hits, row.rolled.hits);
    add(words::metricName(Metric::Clicks), row.raw.clicks, row.rolled.clicks);
    add(words::metricName(Metric::People), row.raw.humanClicks, row.rolled.humanClicks);
    add(words::metricName(Metric::Scans), row.raw.scans, row.rolled.scans);
    return parts.isEmpty() ? ReconciliationModel::tr("Counts differ") : parts.join(QStringLiteral("; "));
}

} // namespace

ReconciliationModel::ReconciliationModel(QObject* parent) : QAbstractTableModel(parent) {}

void ReconciliationModel::setReconciliation(const state::ReconciliationPtr& reconciliation)
{
    beginResetModel();
    m_answer = reconciliation;
    m_rows = reconciliation ? reconciliation->rows : std::vector<state::ReconciledRow>();
    std::stable_sort(m_rows.begin(), m_rows.end(), [](const auto& a, const auto& b) {
        const int first = urgency(a.state), second = urgency(b.state);
        return first != second ? first < second : a.raw.hits > b.raw.hits;
    });
    endResetModel();
}

QString ReconciliationModel::stateText(const QString& word)
{
    if (word == QLatin1StringView("equal"))
        return tr("\u2713 equal");
    if (word == QLatin1StringView("to_come"))
        return tr("\u2026 to come");
    if (word == QLatin1StringView("raw_gone"))
        return tr("\u2013 raw hits gone");
    return tr("\u2260 differs");
}

QString ReconciliationModel::reason(const state::ReconciledRow& row)
{
    const QString late =
        row.late == 0 ? QString() : tr(" %1 were stored late, after their redirect.").arg(words::count(row.late));
    if (row.state == QLatin1StringView("equal"))
        return tr("Every stored hit is in the rollups.") + late;
    if (row.state == QLatin1StringView("to_come"))
        return tr("%1 stored hits are newer than the watermark; the next rollup takes them in.")
                   .arg(words::count(row.toCome)) +
               late;
    if (row.state == QLatin1StringView("raw_gone"))
        return tr("The raw hits are past their retention and gone; the rollups keep their counts.");
    return tr("%1, and nothing known explains it: a rebuild makes the rollups again from what is stored.")
               .arg(differences(row)) +
           late;
}

QString ReconciliationModel::summary() const
{
    if (!m_answer)
        return {};
    const state::ReconciledRow& all = m_answer->totals;
    QString text = tr("%1: %2 hits are stored, %3 are rolled up, %4 still to come")
                       .arg(stateText(all.state), words::count(all.raw.hits), words::count(all.rolled.hits),
                            words::count(all.toCome));
    if (all.late > 0)
        text += tr(", %1 stored late").arg(words::count(all.late));
    const auto differing = std::count_if(m_rows.cbegin(), m_rows.cend(), [](const state::ReconciledRow& row) {
        return row.state == QLatin1StringView("differs");
    });
    if (differing == 1)
        return text + tr("; one link differs.");
    return differing == 0 ? text + QLatin1Char('.')
                          : text + tr("; %1 links differ.").arg(words::count(static_cast<std::uint64_t>(differing)));
}

int ReconciliationModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ReconciliationModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(ColumnCount);
}

QVariant ReconciliationModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const state::ReconciledRow& row = m_rows[static_cast<std::size_t>(index.row())];
    if (role == Qt::ToolTipRole)
        return plainTooltip(index.column() == Link ? shownText(row.address().toStdString()) : reason(row));
    if (role == WordRole)
        return row.state;
    if (role == Qt::TextAlignmentRole)
        return QVariant(index.column() == Link || index.column() == State ? Qt::AlignLeft | Qt::AlignVCenter
                                                                          : Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case Link:
        return row.domain.isEmpty() && row.slug.isEmpty() ? tr("no link") : shownText(row.address().toStdString());
    case Raw:
        return row.state == QLatin1StringView("raw_gone") ? QStringLiteral("\u2014") : words::count(row.raw.hits);
    case Rolled:
        return words::count(row.rolled.hits);
    case ToCome:
        return words::count(row.toCome);
    case Late:
        return words::count(row.late);
    default:
        return QStringLiteral("%1 \u00B7 %2").arg(stateText(row.state), reason(row));
    }
}

QVariant ReconciliationModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(section == Link || section == State ? Qt::AlignLeft | Qt::AlignVCenter
                                                            : Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const QString titles[] = {tr("Link"),    tr("Stored"), tr("Rolled up"),
                              tr("To come"), tr("Late"),   tr("How it stands")};
    return titles[section];
}

} // namespace models

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/reports/restatements_panel.h"

#include <QTableView>
#include <QVBoxLayout>

#include "app/pages/reports/row_table.h"
#include "app/widgets/theme/type.h"

namespace reports {

using models::RestatementModel;

namespace {
constexpr int narrowWidth = 700;
}

RestatementsPanel::RestatementsPanel(QWidget* parent)
    : QWidget(parent), m_summary(new widgets::Text({}, widgets::Look::Strong)),
      m_story(new widgets::Text({}, widgets::Look::Quiet)), m_table(rowTable(m_model, tr("What was restated")))
{
    layOutRows(*this, m_summary, m_table, m_story);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& row) {
        if (!row.isValid())
            return m_story->clear();
        QStringList parts;
        for (const int column : {RestatementModel::Range, RestatementModel::Link, RestatementModel::Change})
            parts << row.siblingAtColumn(column).data().toString();
        const auto& items = m_model.restatements()->items;
        parts << RestatementModel::reason(items[static_cast<std::size_t>(row.row())]);
        m_story->setText(parts.join(QStringLiteral(" \u00B7 ")));
    });
}

void RestatementsPanel::setRestatements(const state::RestatementsPtr& restatements, const QTimeZone& zone)
{
    m_model.setRestatements(restatements, zone);
    m_summary->setText(m_model.summary());
    m_story->clear();
    if (m_model.rowCount() > 0)
        m_table->selectRow(0);
}

QString RestatementsPanel::summary() const
{
    return m_summary->text();
}

QString RestatementsPanel::story() const
{
    return m_story->text();
}

void RestatementsPanel::resizeEvent(QResizeEvent*)
{
    const bool narrow = width() < narrowWidth; // the hours are told below
    m_table->setColumnHidden(RestatementModel::Range, narrow);
    const int narrowParts[] = {20, 0, 31, 32}, wideParts[] = {15, 24, 22, 26}; // of a hundred; the last has the rest
    for (int column = 0; column < RestatementModel::Why; ++column)
        if (const int part = (narrow ? narrowParts : wideParts)[column]; part > 0)
            m_table->setColumnWidth(column, width() * part / 100);
}

} // namespace reports

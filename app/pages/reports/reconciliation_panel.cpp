// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/reports/reconciliation_panel.h"

#include <QTableView>

#include "app/pages/reports/row_table.h"
#include "app/widgets/theme/type.h"

namespace reports {

using models::ReconciliationModel;

namespace {

constexpr int figureWidth = 72, linkWidthMin = 140, narrowWidth = 560;

} // namespace

ReconciliationPanel::ReconciliationPanel(QWidget* parent)
    : QWidget(parent), m_summary(new widgets::Text({}, widgets::Look::Strong)),
      m_reason(new widgets::Text({}, widgets::Look::Quiet)),
      m_table(rowTable(m_model, tr("Stored hits against rollups")))
{
    layOutRows(*this, m_summary, m_table, m_reason);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& row) {
        m_reason->setText(row.isValid() ? row.siblingAtColumn(ReconciliationModel::Link).data().toString() +
                                              QStringLiteral(": ") +
                                              row.siblingAtColumn(ReconciliationModel::State).data().toString()
                                        : QString());
    });
}

void ReconciliationPanel::setReconciliation(const state::ReconciliationPtr& reconciliation)
{
    m_model.setReconciliation(reconciliation);
    m_summary->setText(m_model.summary());
    m_reason->clear();
    if (m_model.rowCount() > 0)
        m_table->selectRow(0);
}

QString ReconciliationPanel::reason() const
{
    return m_reason->text();
}

QString ReconciliationPanel::summary() const
{
    return m_summary->text();
}

void ReconciliationPanel::resizeEvent(QResizeEvent*)
{
    const bool narrow = width() < narrowWidth;
    for (const int column : {ReconciliationModel::ToCome, ReconciliationModel::Late})
        m_table->setColumnHidden(column, narrow);
    for (int column = ReconciliationModel::Raw; column <= ReconciliationModel::Late; ++column)
        m_table->setColumnWidth(column, figureWidth);
    m_table->setColumnWidth(ReconciliationModel::Link, std::max(linkWidthMin, width() * 30 / 100));
}

} // namespace reports

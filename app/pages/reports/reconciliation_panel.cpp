// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/reports/reconciliation_panel.h"

#include <QHeaderView>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QVBoxLayout>

#include "app/widgets/theme/theme.h"
#include "app/widgets/theme/type.h"

namespace reports {

using models::ReconciliationModel;
using widgets::Theme;

namespace {

constexpr int figureWidth = 72, linkWidthMin = 140, narrowWidth = 560;

// The state's colour follows its words, and never stands for them.
class StandingDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const Theme& theme = widgets::themeOf(option.palette);
        painter->save();
        widgets::paintRowGround(*painter, option, theme);
        const QString word = index.data(ReconciliationModel::WordRole).toString();
        painter->setPen(index.column() != ReconciliationModel::State ? theme.text
                        : word == QLatin1StringView("equal")         ? theme.good
                        : word == QLatin1StringView("differs")       ? theme.alert
                                                                     : theme.quiet);
        const QRect rect = option.rect.adjusted(8, 0, -8, -1);
        painter->drawText(rect, index.data(Qt::TextAlignmentRole).toInt() | Qt::TextSingleLine,
                          option.fontMetrics.elidedText(index.data().toString(), Qt::ElideRight, rect.width()));
        painter->restore();
    }
};

} // namespace

ReconciliationPanel::ReconciliationPanel(QWidget* parent)
    : QWidget(parent), m_summary(new widgets::Text({}, widgets::Look::Strong)),
      m_reason(new widgets::Text({}, widgets::Look::Quiet)), m_table(new QTableView)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 8, 0, 0);
    m_summary->setWordWrap(true);
    m_summary->setContentsMargins(14, 0, 14, 4);
    column->addWidget(m_summary);
    column->addWidget(m_table, 1);
    m_reason->setWrapAnywhere();
    auto* below = new QVBoxLayout; // a text that wraps anywhere knows no margins of its own
    below->setContentsMargins(14, 4, 14, 8);
    below->addWidget(m_reason);
    column->addLayout(below);
    m_table->setModel(&m_model);
    m_table->setItemDelegate(new StandingDelegate(this));
    m_table->setAccessibleName(tr("Stored hits against rollups"));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setTabKeyNavigation(false);
    m_table->setWordWrap(false);
    m_table->setMouseTracking(true);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(25);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setFixedHeight(28);
    m_table->horizontalHeader()->setStretchLastSection(true);
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

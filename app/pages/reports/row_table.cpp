// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/reports/row_table.h"

#include <QHeaderView>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QVBoxLayout>

#include "app/models/reports/reconciliation_model.h"
#include "app/widgets/theme/theme.h"
#include "app/widgets/theme/type.h"

namespace reports {

using models::ReconciliationModel;
using widgets::Theme;

namespace {

// The state's colour follows its words, and never stands for them.
class RowDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const Theme& theme = widgets::themeOf(option.palette);
        painter->save();
        widgets::paintRowGround(*painter, option, theme);
        const QString word = index.data(ReconciliationModel::WordRole).toString();
        painter->setPen(word.isEmpty() || index.column() != ReconciliationModel::State ? theme.text
                        : word == QLatin1StringView("equal")                           ? theme.good
                        : word == QLatin1StringView("differs")                         ? theme.alert
                                                                                       : theme.quiet);
        const QRect rect = option.rect.adjusted(8, 0, -8, -1);
        painter->drawText(rect, index.data(Qt::TextAlignmentRole).toInt() | Qt::TextSingleLine,
                          option.fontMetrics.elidedText(index.data().toString(), Qt::ElideRight, rect.width()));
        painter->restore();
    }
};

} // namespace

QTableView* rowTable(QAbstractItemModel& model, const QString& name)
{
    auto* table = new QTableView;
    table->setModel(&model);
    table->setItemDelegate(new RowDelegate(table));
    table->setAccessibleName(name);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setShowGrid(false);
    table->setTabKeyNavigation(false);
    table->setWordWrap(false);
    table->setMouseTracking(true);
    table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(25);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setFixedHeight(28);
    table->horizontalHeader()->setStretchLastSection(true);
    return table;
}

void layOutRows(QWidget& panel, widgets::Text* summary, QTableView* table, widgets::Text* chosen)
{
    auto* column = new QVBoxLayout(&panel);
    column->setContentsMargins(0, 8, 0, 0);
    summary->setWordWrap(true);
    summary->setContentsMargins(14, 0, 14, 4);
    column->addWidget(summary);
    column->addWidget(table, 1);
    chosen->setWrapAnywhere();
    auto* below = new QVBoxLayout; // a text that wraps anywhere knows no margins of its own
    below->setContentsMargins(14, 4, 14, 8);
    below->addWidget(chosen);
    column->addLayout(below);
}

} // namespace reports

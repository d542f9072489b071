// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/report_parts/breakdown_view.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>

#include "app/widgets/theme/type.h"

namespace reports {

using models::BreakdownModel;
using widgets::Theme;

namespace {

constexpr int valueWidthMin = 150, figureWidth = 84, padding = 8;

bool isOthers(const QModelIndex& index)
{
    return index.data(BreakdownModel::KindRole).toInt() == static_cast<int>(BreakdownModel::Kind::Others);
}

QColor changeInk(const QModelIndex& index, const Theme& theme)
{
    // The sign says it; up is not good for every figure, so no colour judges it.
    return index.data(BreakdownModel::DirectionRole).toInt() == 0 ? theme.quiet : theme.text;
}

} // namespace

void BreakdownDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const Theme& theme = widgets::themeOf(option.palette);
    painter->save();
    widgets::paintRowGround(*painter, option, theme);
    const auto kind = static_cast<BreakdownModel::Kind>(index.data(BreakdownModel::KindRole).toInt());
    QFont font = option.font;
    QColor ink = theme.text;
    if (index.column() == BreakdownModel::Value) {
        const double share = index.data(BreakdownModel::ShareRole).toDouble();
        QColor bar = theme.*m_ink;
        bar.setAlpha(theme.dark ? 46 : 40);
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(bar);
        const QRectF room = QRectF(option.rect).adjusted(3, 2, -3, -3);
        if (share > 0)
            painter->drawRoundedRect(QRectF(room.topLeft(), QSizeF(std::max(2.0, room.width() * share), room.height())),
                                     3, 3);
        font.setItalic(kind == BreakdownModel::Kind::Unknown);
        if (kind != BreakdownModel::Kind::Value)
            ink = theme.quiet;
    } else if (index.column() == BreakdownModel::Change) {
        ink = changeInk(index, theme);
    } else if (index.column() == BreakdownModel::Share || kind == BreakdownModel::Kind::Others) {
        ink = theme.quiet;
    }
    painter->setFont(font);
    painter->setPen(ink);
    const QRect rect = option.rect.adjusted(padding, 0, -padding, -1);
    const QFontMetrics metrics(font);
    painter->drawText(rect, static_cast<int>(index.data(Qt::TextAlignmentRole).toInt() | Qt::TextSingleLine),
                      metrics.elidedText(index.data().toString(), Qt::ElideMiddle, rect.width()));
    painter->restore();
}

BreakdownView::BreakdownView(BreakdownModel& model, const QList<int>& columns, widgets::Ink ink, QWidget* parent)
    : QTableView(parent), m_columns(columns)
{
    setModel(&model);
    setItemDelegate(new BreakdownDelegate(ink, this));
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setShowGrid(false);
    setTabKeyNavigation(false);
    setWordWrap(false);
    setMouseTracking(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(25);
    QHeaderView* head = horizontalHeader();
    head->setHighlightSections(false);
    head->setFixedHeight(28);
    head->setSortIndicatorShown(true);
    head->setSectionsClickable(true);
    head->setSortIndicator(BreakdownModel::Share, Qt::DescendingOrder);
    connect(head, &QHeaderView::sortIndicatorChanged, &model, &BreakdownModel::sort);
    connect(this, &QTableView::clicked, this, [this](const QModelIndex& index) {
        if (index.column() == BreakdownModel::Value)
            pick(index);
    });
}

void BreakdownView::pick(const QModelIndex& index)
{
    if (index.isValid() && !isOthers(index))
        emit picked(index.data(BreakdownModel::KeyRole).toString(), index.data(BreakdownModel::LinkRole).toULongLong());
}

void BreakdownView::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        return pick(currentIndex());
    const int step = event->key() == Qt::Key_J ? 1 : event->key() == Qt::Key_K ? -1 : 0;
    if (step != 0 && model()->rowCount() > 0)
        return selectRow(std::clamp(currentIndex().row() + step, 0, model()->rowCount() - 1));
    QTableView::keyPressEvent(event);
}

void BreakdownView::mouseMoveEvent(QMouseEvent* event)
{
    const QModelIndex index = indexAt(event->pos());
    viewport()->setCursor(index.isValid() && index.column() == BreakdownModel::Value && !isOthers(index)
                              ? Qt::PointingHandCursor
                              : Qt::ArrowCursor);
    QTableView::mouseMoveEvent(event);
}

void BreakdownView::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    placeColumns();
}

void BreakdownView::placeColumns()
{
    int left = viewport()->width() - valueWidthMin;
    for (int column = 1; column < BreakdownModel::ColumnCount; ++column)
        setColumnHidden(column, true);
    for (const int column : std::as_const(m_columns)) {
        const int wanted = column == BreakdownModel::UniqueScanners ? figureWidth + 36 : figureWidth;
        if (left < wanted)
            break;
        left -= wanted;
        setColumnHidden(column, false);
        setColumnWidth(column, wanted);
    }
    setColumnWidth(BreakdownModel::Value, valueWidthMin + std::max(0, left));
}

} // namespace reports

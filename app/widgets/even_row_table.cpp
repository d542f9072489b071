// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/even_row_table.h"

#include <QAbstractButton>
#include <QHeaderView>
#include <QHoverEvent>
#include <QPainter>
#include <QScrollBar>
#include <QStringListModel>

#include <algorithm>
#include <limits>
#include <vector>

namespace widgets {

EvenRowTable::EvenRowTable(QWidget* parent) : QTableView(parent)
{
    setShowGrid(false);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollMode(ScrollPerPixel);
    verticalHeader()->hide();
    // The button where the two headers would meet: QTableView hides it when it places its headers, which it no longer
    // does.
    if (auto* corner = findChild<QAbstractButton*>(Qt::FindDirectChildrenOnly))
        corner->hide();
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
}

void EvenRowTable::setModel(QAbstractItemModel* model)
{
    if (this->model())
        disconnect(this->model(), nullptr, this, nullptr);
    QTableView::setModel(model);
    // A new header: the one that was there has gone through the model's rows just now, and would keep the room.
    auto* header = new QHeaderView(Qt::Vertical, this);
    header->setModel(new QStringListModel(header));
    header->hide();
    setVerticalHeader(header);
    if (!model)
        return;
    connect(model, &QAbstractItemModel::rowsInserted, this, [this] { rowsChanged(); });
    connect(model, &QAbstractItemModel::rowsRemoved, this, [this] { rowsChanged(); });
}

void EvenRowTable::setEvenHeight(int pixels)
{
    if (pixels == m_height || pixels < 1)
        return;
    // The row on top stays there.
    const int top = verticalOffset() / m_height;
    m_height = pixels;
    updateGeometries();
    verticalScrollBar()->setValue(top * m_height);
    viewport()->update();
}

int EvenRowTable::rows() const
{
    return model() ? std::min(model()->rowCount(rootIndex()), std::numeric_limits<int>::max() / m_height) : 0;
}

int EvenRowTable::rowAt(int y) const
{
    const int row = y + verticalOffset() < 0 ? -1 : (y + verticalOffset()) / m_height;
    return row < rows() ? row : -1;
}

QList<int> EvenRowTable::shownColumns() const
{
    QList<int> columns;
    for (int visual = 0; visual < horizontalHeader()->count(); ++visual)
        if (const int column = horizontalHeader()->logicalIndex(visual); !isColumnHidden(column))
            columns.append(column);
    return columns;
}

QModelIndex EvenRowTable::indexAt(const QPoint& position) const
{
    const int row = rowAt(position.y());
    const int column = columnAt(position.x());
    return row < 0 || column < 0 ? QModelIndex() : model()->index(row, column, rootIndex());
}

QRect EvenRowTable::visualRect(const QModelIndex& index) const
{
    if (!index.isValid() || index.row() >= rows() || isColumnHidden(index.column()))
        return {};
    return {columnViewportPosition(index.column()), index.row() * m_height - verticalOffset(),
            columnWidth(index.column()), m_height};
}

void EvenRowTable::scrollTo(const QModelIndex& index, ScrollHint hint)
{
    const QRect rect = visualRect(index);
    if (!rect.isValid())
        return;
    const QRect room = viewport()->rect();
    int dx = 0, dy = 0;
    if (rect.left() < 0 || rect.width() > room.width())
        dx = rect.left();
    else if (rect.right() > room.right())
        dx = rect.right() - room.right();
    const bool hidden = rect.top() < 0 || rect.bottom() > room.bottom();
    if (hint == PositionAtTop || (hint == EnsureVisible && rect.top() < 0))
        dy = rect.top();
    else if (hint == PositionAtBottom || (hint == EnsureVisible && hidden))
        dy = rect.bottom() - room.bottom();
    else if (hint == PositionAtCenter)
        dy = rect.center().y() - room.center().y();
    if (dx != 0)
        horizontalScrollBar()->setValue(horizontalScrollBar()->value() + (isRightToLeft() ? -dx : dx));
    if (dy != 0)
        verticalScrollBar()->setValue(verticalScrollBar()->value() + dy);
    update(index);
}

void EvenRowTable::reset()
{
    QTableView::reset();
    fitRange();
}

void EvenRowTable::rowsChanged()
{
    fitRange();
    viewport()->update();
}

int EvenRowTable::verticalOffset() const
{
    return verticalScrollBar()->value();
}

QModelIndex EvenRowTable::moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers)
{
    const QList<int> columns = shownColumns();
    if (rows() == 0 || columns.isEmpty())
        return {};
    const QModelIndex from = currentIndex();
    if (!from.isValid())
        return model()->index(0, columns.first(), rootIndex());
    const int page = std::max(1, viewport()->height() / m_height);
    const bool whole = modifiers & Qt::ControlModifier;
    const auto last = static_cast<int>(columns.size()) - 1;
    int row = from.row(), at = static_cast<int>(columns.indexOf(from.column()));
    switch (action) {
    case MoveUp:
    case MovePrevious:
        --row;
        break;
    case MoveDown:
    case MoveNext:
        ++row;
        break;
    case MovePageUp:
        row -= page;
        break;
    case MovePageDown:
        row += page;
        break;
    case MoveLeft:
        at += isRightToLeft() ? 1 : -1;
        break;
    case MoveRight:
        at += isRightToLeft() ? -1 : 1;
        break;
    case MoveHome:
        whole ? row = 0 : at = 0;
        break;
    case MoveEnd:
        whole ? row = rows() - 1 : at = last;
        break;
    }
    return model()->index(std::clamp(row, 0, rows() - 1), columns[std::clamp(at, 0, last)], rootIndex());
}

QRegion EvenRowTable::visualRegionForSelection(const QItemSelection& selection) const
{
    QRegion region;
    for (const QItemSelectionRange& range : selection)
        if (range.isValid())
            for (const int column : shownColumns())
                if (column >= range.left() && column <= range.right()) {
                    const QRect first = visualRect(model()->index(range.top(), column, rootIndex()));
                    const QRect last = visualRect(model()->index(range.bottom(), column, rootIndex()));
                    region += (first | last) & viewport()->rect();
                }
    return region;
}

void EvenRowTable::updateGeometries()
{
    if (m_placing) // the margins resize the viewport
        return;
    m_placing = true;
    QHeaderView* header = horizontalHeader();
    const int height = header->isHidden()
                           ? 0
                           : std::clamp(header->sizeHint().height(), header->minimumHeight(), header->maximumHeight());
    setViewportMargins(0, height, 0, 0);
    const QRect room = viewport()->geometry();
    header->setGeometry(room.left(), room.top() - height, room.width(), height);
    verticalScrollBar()->setSingleStep(m_height);
    verticalScrollBar()->setPageStep(room.height());
    fitRange();
    horizontalScrollBar()->setPageStep(room.width());
    horizontalScrollBar()->setRange(0, std::max(0, header->length() - room.width()));
    QAbstractItemView::updateGeometries();
    m_placing = false;
}

void EvenRowTable::fitRange()
{
    verticalScrollBar()->setRange(0, std::max(0, rows() * m_height - viewport()->height()));
}

bool EvenRowTable::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::HoverEnter || event->type() == QEvent::HoverMove)
        m_pointer = static_cast<QHoverEvent*>(event)->position().toPoint();
    else if (event->type() == QEvent::HoverLeave || event->type() == QEvent::Leave)
        m_pointer.reset();
    return QTableView::viewportEvent(event);
}

void EvenRowTable::paintEvent(QPaintEvent* event)
{
    struct Column {
        int index, x, width;
    };
    const QRect area = event->rect();
    QPainter painter(viewport());
    painter.fillRect(area, viewport()->palette().brush(viewport()->backgroundRole()));
    std::vector<Column> columns;
    for (const int column : shownColumns())
        if (const int x = columnViewportPosition(column), wide = columnWidth(column);
            x <= area.right() && x + wide > area.left())
            columns.push_back({column, x, wide});
    QStyleOptionViewItem option;
    initViewItemOption(&option);
    const QStyle::State plain = option.state & ~(QStyle::State_HasFocus | QStyle::State_Selected);
    const QModelIndex hovered = m_pointer ? indexAt(*m_pointer) : QModelIndex();
    const bool anySelected = selectionModel() && selectionModel()->hasSelection();
    const int end = std::min(rows(), (area.bottom() + verticalOffset()) / m_height + 1);
    for (int row = std::max(0, (area.top() + verticalOffset()) / m_height); row < end; ++row)
        for (const Column& column : columns) {
            const QModelIndex index = model()->index(row, column.index, rootIndex());
            option.rect = {column.x, row * m_height - verticalOffset(), column.width, m_height};
            option.state = plain;
            option.state.setFlag(QStyle::State_Selected, anySelected && selectionModel()->isSelected(index));
            option.state.setFlag(QStyle::State_MouseOver, index == hovered);
            itemDelegateForIndex(index)->paint(&painter, option, index);
        }
}

} // namespace widgets

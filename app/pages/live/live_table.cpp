// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/live/live_table.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QScrollBar>

#include <algorithm>

#include "app/pages/live/hit_delegate.h"
#include "app/widgets/theme/type.h"

namespace live {

namespace {
constexpr int rowPixels = 25;
constexpr int compactPixels = 20;
} // namespace

LiveTable::LiveTable(models::HitTableModel& model, QWidget* parent) : EvenRowTable(parent), m_model(model)
{
    setAccessibleName(tr("Live clicks, newest first"));
    setModel(&model);
    setItemDelegate(new HitDelegate(this));
    setWordWrap(false);
    setTextElideMode(Qt::ElideRight);
    setFrameShape(QFrame::NoFrame);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setTabKeyNavigation(false);
    setMouseTracking(true);
    setContextMenuPolicy(Qt::CustomContextMenu);
    setCompact(false);
    QHeaderView* header = horizontalHeader();
    header->setSectionResizeMode(QHeaderView::Fixed);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->setHighlightSections(false);
    header->setSectionsClickable(true);
    header->setMinimumSectionSize(30);
    header->setFixedHeight(30);
    header->setFont(widgets::sized(font(), widgets::labelPixels));
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(header, &QWidget::customContextMenuRequested, this,
            [this, header](const QPoint& at) { emit columnMenuRequested(header->mapToGlobal(at)); });
    connect(this, &QWidget::customContextMenuRequested, this, [this](const QPoint& at) {
        if (const QModelIndex index = indexAt(at); index.isValid())
            emit cellMenuRequested(index, viewport()->mapToGlobal(at));
    });
    connect(this, &QAbstractItemView::doubleClicked, this,
            [this](const QModelIndex& index) { emit inspectRequested(index.row()); });
    connect(verticalScrollBar(), &QAbstractSlider::valueChanged, this, [this](int value) {
        pinVisible();
        m_model.setHeld(models::HitTableModel::Scrolled, value > 0);
    });
}

void LiveTable::setCompact(bool compact)
{
    setEvenHeight(compact ? compactPixels : rowPixels);
}

void LiveTable::rowsChanged()
{
    m_arrived = true;
}

void LiveTable::dataChanged(const QModelIndex& topLeft, const QModelIndex& bottomRight, const QList<int>&)
{
    const auto [first, last] = visibleRows();
    m_arrived |= first >= 0 && topLeft.row() <= last && bottomRight.row() >= first;
}

void LiveTable::paintArrived()
{
    if (!m_arrived)
        return;
    m_arrived = false;
    EvenRowTable::rowsChanged();
    const auto [first, last] = visibleRows();
    if (first >= 0) // for assistive technology: the view itself is painted whole
        EvenRowTable::dataChanged(m_model.index(first, 0), m_model.index(last, m_model.columnCount() - 1));
}

bool LiveTable::viewportEvent(QEvent* event)
{
    switch (event->type()) {
    case QEvent::Wheel:
    case QEvent::MouseButtonPress:
    case QEvent::MouseButtonRelease:
    case QEvent::HoverMove:
    case QEvent::Resize:
        paintArrived(); // what the reader does is answered at once
        break;
    case QEvent::Paint:
        // Of something else, a part alone perhaps: the rows around it must not stay those of before.
        paintArrived();
        break;
    default:
        break;
    }
    return EvenRowTable::viewportEvent(event);
}

void LiveTable::scrollContentsBy(int dx, int dy)
{
    paintArrived();
    EvenRowTable::scrollContentsBy(dx, dy);
}

std::pair<int, int> LiveTable::visibleRows() const
{
    const int first = rowAt(0);
    const int last = rowAt(viewport()->height() - 1);
    return {first, last < 0 ? m_model.rowCount() - 1 : last};
}

void LiveTable::pinVisible()
{
    const auto [first, last] = visibleRows();
    if (first >= 0)
        m_model.pin(first, last);
}

void LiveTable::refreshTimes()
{
    const auto [first, last] = visibleRows();
    if (first >= 0)
        m_model.refreshTimes(first, last);
}

void LiveTable::placeColumns()
{
    const QList<ColumnLayout::Placed> placed = m_columns.place(viewport()->width());
    QHeaderView* header = horizontalHeader();
    for (int column = 0; column < models::HitTableWords::ColumnCount; ++column) {
        const auto it =
            std::find_if(placed.cbegin(), placed.cend(), [&](const auto& one) { return one.column == column; });
        const bool hidden = it == placed.cend();
        if (header->isSectionHidden(column) != hidden)
            header->setSectionHidden(column, hidden);
        if (!hidden && header->sectionSize(column) != it->width)
            header->resizeSection(column, it->width);
    }
}

void LiveTable::resizeEvent(QResizeEvent* event)
{
    EvenRowTable::resizeEvent(event);
    placeColumns();
}

void LiveTable::selectionChanged(const QItemSelection& selected, const QItemSelection& deselected)
{
    EvenRowTable::selectionChanged(selected, deselected);
    pinVisible();
    m_model.setHeld(models::HitTableModel::Selected, selectionModel()->hasSelection());
}

void LiveTable::follow()
{
    clearSelection();
    setCurrentIndex({});
    scrollToTop();
    m_model.setHeld(models::HitTableModel::Scrolled, false);
    m_model.setHeld(models::HitTableModel::Selected, false);
}

int LiveTable::currentRow() const
{
    const QModelIndexList rows = selectionModel()->selectedRows();
    return rows.isEmpty() ? -1 : rows.first().row();
}

void LiveTable::moveRow(int rows)
{
    const int count = m_model.rowCount();
    if (count == 0)
        return;
    const int from = currentRow() < 0 ? (rows > 0 ? -1 : 0) : currentRow();
    const QModelIndex target = m_model.index(std::clamp(from + rows, 0, count - 1), models::HitTableWords::Link);
    setCurrentIndex(target);
    scrollTo(target);
}

void LiveTable::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (currentRow() >= 0)
            emit inspectRequested(currentRow());
        return;
    case Qt::Key_Escape:
        follow();
        return;
    default:
        // Letters are shortcuts of the page, never a search through a million rows.
        if (event->text().isEmpty() || event->modifiers() & Qt::ControlModifier || event->key() == Qt::Key_Up ||
            event->key() == Qt::Key_Down || event->key() == Qt::Key_PageUp || event->key() == Qt::Key_PageDown)
            EvenRowTable::keyPressEvent(event);
        else
            event->ignore();
    }
}

} // namespace live

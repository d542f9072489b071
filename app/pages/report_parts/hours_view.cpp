// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/report_parts/hours_view.h"

#include <QHeaderView>
#include <QPainter>

#include <cmath>

#include "app/widgets/theme/type.h"

namespace reports {

using models::HourTableModel;
using widgets::Theme;

namespace {
constexpr int hourHeadHeight = 20, dayHeadWidth = 44, textFromWidth = 34;
} // namespace

void HoursDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const Theme& theme = widgets::themeOf(option.palette);
    const double heat = index.data(HourTableModel::HeatRole).toDouble();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QRectF cell = QRectF(option.rect).adjusted(1, 1, -1, -1);
    // Square root, as on the map: few stay visible beside many. An hour outside the range has no ground at all.
    const QColor ground = widgets::between(theme.grid, theme.*m_ink, heat <= 0 ? 0 : 0.12 + 0.88 * std::sqrt(heat));
    painter->setPen(heat < 0 ? QPen(theme.grid, 1, Qt::DotLine) : Qt::NoPen);
    painter->setBrush(heat < 0 ? Qt::NoBrush : QBrush(ground));
    painter->drawRoundedRect(cell, 2, 2);
    if (option.rect.width() >= textFromWidth && heat > 0) {
        painter->setFont(widgets::sized(option.font, widgets::labelPixels - 1));
        const bool onDark = widgets::contrastRatio(ground, Qt::white) > widgets::contrastRatio(ground, Qt::black);
        painter->setPen(onDark ? QColor(Qt::white) : QColor(Qt::black));
        painter->drawText(option.rect, Qt::AlignCenter, index.data().toString());
    }
    if (option.state & (QStyle::State_MouseOver | QStyle::State_HasFocus)) {
        painter->setPen(QPen(theme.text, 1.5));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(cell, 2, 2);
    }
    painter->restore();
}

namespace {

// The days and the hours, over as many sections as their text needs: a header of Qt's cuts it at each.
class PlainHead : public QHeaderView {
public:
    PlainHead(Qt::Orientation orientation, QWidget* parent) : QHeaderView(orientation, parent)
    {
        setMinimumSectionSize(4);
        setSectionResizeMode(Fixed);
        setSectionsClickable(false);
        setHighlightSections(false);
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(viewport());
        painter.setFont(widgets::sized(font(), widgets::labelPixels));
        painter.setPen(widgets::themeOf(palette()).quiet);
        for (int i = 0; i < count(); ++i) {
            const QString text = model()->headerData(i, orientation()).toString();
            const int at = sectionViewportPosition(i), size = sectionSize(i);
            if (orientation() == Qt::Horizontal)
                painter.drawText(QRect(at + 1, 0, 60, height()), Qt::AlignLeft | Qt::AlignVCenter, text);
            else
                painter.drawText(QRect(0, at, width() - 6, size), Qt::AlignRight | Qt::AlignVCenter, text);
        }
    }
};

} // namespace

HoursView::HoursView(HourTableModel& model, widgets::Ink ink, QWidget* parent) : QTableView(parent)
{
    setModel(&model);
    setItemDelegate(new HoursDelegate(ink, this));
    setAccessibleName(tr("Hours of the week"));
    setSelectionMode(NoSelection);
    setShowGrid(false);
    setTabKeyNavigation(false);
    setMouseTracking(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setHorizontalHeader(new PlainHead(Qt::Horizontal, this));
    setVerticalHeader(new PlainHead(Qt::Vertical, this));
    horizontalHeader()->setFixedHeight(hourHeadHeight);
    verticalHeader()->setFixedWidth(dayHeadWidth);
    connect(this, &QTableView::entered, this, &HoursView::tell);
    connect(selectionModel(), &QItemSelectionModel::currentChanged, this, &HoursView::tell);
}

void HoursView::tell(const QModelIndex& index)
{
    emit read(index.isValid() ? index.data(Qt::ToolTipRole).toString() : QString());
}

void HoursView::leaveEvent(QEvent* event)
{
    QTableView::leaveEvent(event);
    emit read({});
}

void HoursView::focusOutEvent(QFocusEvent* event)
{
    QTableView::focusOutEvent(event);
    emit read({});
}

void HoursView::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    // The pixels that do not divide go to the first ones, so that the table ends where its room does.
    const auto place = [](QHeaderView* head, int room, int count) {
        for (int i = 0; i < count; ++i)
            head->resizeSection(i, room / count + (i < room % count ? 1 : 0));
    };
    place(horizontalHeader(), viewport()->width(), model()->columnCount());
    place(verticalHeader(), viewport()->height(), model()->rowCount());
}

} // namespace reports

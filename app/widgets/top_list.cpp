// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/top_list.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

#include "app/widgets/theme/type.h"

namespace widgets {

TopList::TopList(const QString& title, Ink ink, QWidget* parent)
    : QWidget(parent), m_title(title), m_emptyText(QString(unknownMark)), m_ink(ink)
{
    setMouseTracking(true);
    setFocusPolicy(Qt::TabFocus);
    setAccessibleName(title);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
}

void TopList::setRows(const QList<TopRow>& rows)
{
    if (m_rows == rows)
        return;
    m_rows = rows;
    QStringList spoken;
    for (const TopRow& row : rows.first(std::min<qsizetype>(rows.size(), 5)))
        spoken << row.name + QLatin1Char(' ') + figure(row.count);
    setAccessibleDescription(spoken.join(QStringLiteral(", ")));
    update();
}

void TopList::setEmptyText(const QString& text)
{
    m_emptyText = text;
    update();
}

int TopList::visibleRows() const
{
    return std::min(static_cast<int>(m_rows.size()), (height() - titleHeight) / rowHeight);
}

int TopList::rowAt(const QPoint& position) const
{
    if (position.y() < titleHeight)
        return -1;
    const int row = (position.y() - titleHeight) / rowHeight;
    return row < visibleRows() ? row : -1;
}

void TopList::setCurrent(int row)
{
    if (row == m_current)
        return;
    m_current = row;
    setCursor(row >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    update();
}

void TopList::mouseMoveEvent(QMouseEvent* event)
{
    setCurrent(rowAt(event->pos()));
}

void TopList::leaveEvent(QEvent*)
{
    setCurrent(-1);
}

void TopList::mouseReleaseEvent(QMouseEvent* event)
{
    const int row = rowAt(event->pos());
    if (event->button() == Qt::LeftButton && row >= 0)
        emit picked(m_rows[row].key);
}

void TopList::keyPressEvent(QKeyEvent* event)
{
    const int last = visibleRows() - 1;
    if (event->key() == Qt::Key_Down)
        setCurrent(std::min(last, m_current + 1));
    else if (event->key() == Qt::Key_Up)
        setCurrent(std::max(0, m_current - 1));
    else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && m_current >= 0 && m_current <= last)
        emit picked(m_rows[m_current].key);
    else
        QWidget::keyPressEvent(event);
}

bool TopList::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int row = rowAt(help->pos());
        if (row >= 0)
            QToolTip::showText(help->globalPos(),
                               plainToolTip(m_rows[row].name + QStringLiteral("  ") + figure(m_rows[row].count)), this);
        else
            QToolTip::hideText();
        return true;
    }
    return QWidget::event(event);
}

void TopList::paintEvent(QPaintEvent*)
{
    const Theme& theme = themeOf(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(sized(font(), labelPixels));
    painter.setPen(theme.quiet);
    painter.drawText(QRect(0, 0, width(), titleHeight), Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(m_title, Qt::ElideRight, width()));
    if (m_rows.isEmpty()) {
        painter.drawText(QRect(0, titleHeight, width(), rowHeight), Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(m_emptyText, Qt::ElideRight, width()));
        return;
    }
    painter.setFont(font());
    const QFontMetrics metrics = painter.fontMetrics();
    QColor bar = theme.*m_ink;
    bar.setAlpha(theme.dark ? 46 : 40);
    const double most = static_cast<double>(std::max<quint64>(1, m_rows.first().count));
    double top = most;
    for (const TopRow& row : m_rows)
        top = std::max(top, static_cast<double>(row.count));
    for (int i = 0; i < visibleRows(); ++i) {
        const TopRow& row = m_rows[i];
        const QRect line(0, titleHeight + i * rowHeight, width(), rowHeight - 3);
        painter.setPen(Qt::NoPen);
        painter.setBrush(bar);
        painter.drawRoundedRect(QRectF(line.x(), line.y(),
                                       std::max(3.0, line.width() * static_cast<double>(row.count) / top),
                                       line.height()),
                                3, 3);
        if (i == m_current) {
            painter.setBrush(Qt::NoBrush);
            painter.setPen(theme.quiet);
            painter.drawRoundedRect(QRectF(line).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
        }
        const QString count = figure(row.count);
        const int countWidth = metrics.horizontalAdvance(count);
        painter.setPen(row.key.isEmpty() ? theme.quiet : theme.text);
        painter.drawText(line.adjusted(6, 0, -countWidth - 14, 0), Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(row.name,
                                            row.name.contains(QLatin1Char('/')) ? Qt::ElideMiddle : Qt::ElideRight,
                                            line.width() - countWidth - 20));
        painter.setPen(theme.text);
        painter.drawText(line.adjusted(0, 0, -6, 0), Qt::AlignRight | Qt::AlignVCenter, count);
    }
}

} // namespace widgets

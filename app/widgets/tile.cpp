// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/tile.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

#include "app/widgets/sparkline.h"
#include "app/widgets/theme/type.h"

namespace widgets {

namespace {
constexpr int margin = 14;
constexpr int sparklineWidth = 124;
} // namespace

Tile::Tile(const QString& label, QWidget* parent) : QWidget(parent), m_label(label)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(label);
    m_content.figure = notYetMark;
}

void Tile::setContent(const TileContent& content)
{
    if (m_content == content)
        return;
    m_content = content;
    setToolTip(plainToolTip(content.toolTip));
    setAccessibleName(m_label + QStringLiteral(": ") + content.figure);
    setAccessibleDescription(content.lead + content.note);
    update();
}

void Tile::setTrend(const QList<double>& values)
{
    if (!m_sparkline) {
        m_sparkline = new Sparkline(&Theme::link, this);
        m_sparkline->show();
        resizeEvent(nullptr);
    }
    m_sparkline->setValues(values);
}

void Tile::resizeEvent(QResizeEvent*)
{
    if (!m_sparkline)
        return;
    // The figure comes first: the line takes what is left, and goes where nothing is.
    const int room = std::min(sparklineWidth, width() - 2 * margin - 100);
    m_sparkline->setVisible(room >= 48);
    m_sparkline->setGeometry(width() - margin - room, 20, room, 36);
}

void Tile::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && rect().contains(event->pos()))
        emit pressed();
}

void Tile::paintEvent(QPaintEvent*)
{
    const Theme& theme = themeOf(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_content.alert ? theme.alert : theme.line, 1));
    painter.setBrush(theme.panel);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);

    const int inner = width() - 2 * margin;
    painter.setFont(sized(font(), labelPixels));
    painter.setPen(theme.quiet);
    painter.drawText(QRect(margin, 9, inner, 18), Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(m_label, Qt::ElideRight, inner));

    painter.setFont(sized(font(), figurePixels, QFont::DemiBold));
    painter.setPen(m_content.alert ? theme.alert : theme.text);
    painter.drawText(QRect(margin, 25, inner, 34), Qt::AlignLeft | Qt::AlignVCenter, m_content.figure);

    painter.setFont(sized(font(), labelPixels));
    const QFontMetrics metrics = painter.fontMetrics();
    const int leadWidth = std::min(inner, m_content.lead.isEmpty() ? 0 : metrics.horizontalAdvance(m_content.lead) + 2);
    painter.setPen(theme.*m_content.leadInk);
    painter.drawText(QRect(margin, 58, leadWidth, 18), Qt::AlignLeft | Qt::AlignVCenter,
                     metrics.elidedText(m_content.lead, Qt::ElideRight, leadWidth));
    painter.setPen(theme.quiet);
    painter.drawText(QRect(margin + leadWidth, 58, inner - leadWidth, 18), Qt::AlignLeft | Qt::AlignVCenter,
                     metrics.elidedText(m_content.note, Qt::ElideRight, inner - leadWidth));
}

} // namespace widgets

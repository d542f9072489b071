// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/sparkline.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace widgets {

Sparkline::Sparkline(Ink ink, QWidget* parent) : QWidget(parent), m_ink(ink)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void Sparkline::setValues(const QList<double>& values)
{
    if (m_values == values)
        return;
    m_values = values;
    update();
}

QList<double> thinned(const QList<double>& values, qsizetype count)
{
    if (count <= 0 || values.size() <= count)
        return values;
    QList<double> out;
    out.reserve(count);
    for (qsizetype i = 0; i < count; ++i) {
        const qsizetype from = i * values.size() / count;
        const qsizetype to = (i + 1) * values.size() / count;
        double sum = 0;
        for (qsizetype j = from; j < to; ++j)
            sum += values[j];
        out.append(sum / static_cast<double>(to - from));
    }
    return out;
}

void Sparkline::paintEvent(QPaintEvent*)
{
    // One point for every three pixels is all that a line this small can say.
    const QList<double> points = thinned(m_values, std::max(2, width() / 3));
    // Two or three points are no course of anything yet.
    if (points.size() < 4)
        return;
    const double top = std::max(*std::max_element(points.cbegin(), points.cend()), 1e-9);
    const QRectF area = QRectF(rect()).adjusted(1, 2, -1, -1);
    QPolygonF line;
    for (qsizetype i = 0; i < points.size(); ++i)
        line.append({area.left() + area.width() * static_cast<double>(i) / static_cast<double>(points.size() - 1),
                     area.bottom() - area.height() * points[i] / top});
    const QColor colour = themeOf(palette()).*m_ink;
    QColor fill = colour;
    fill.setAlpha(38);
    QPolygonF below = line;
    below << area.bottomRight() << area.bottomLeft();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    painter.drawPolygon(below);
    painter.setPen(QPen(colour, 1.5));
    painter.setBrush(Qt::NoBrush);
    painter.drawPolyline(line);
}

} // namespace widgets

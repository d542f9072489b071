// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/charts/chart_overlay.h"

#include <QDateTime>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <utility>

#include "app/widgets/charts/chart_view.h"
#include "app/widgets/theme/type.h"

namespace widgets {

namespace {

constexpr double dragPixels = 6; // less is an unsteady click
constexpr qint64 second = 1000, minute = 60 * second, hour = 60 * minute, day = 24 * hour;

// The smallest round step that leaves a label this much room.
qint64 labelStep(qint64 rangeMs, int labels)
{
    static constexpr qint64 steps[] = {5 * second, 10 * second, 15 * second, 30 * second, minute,
                                       2 * minute, 5 * minute,  10 * minute, 15 * minute, 30 * minute,
                                       hour,       2 * hour,    3 * hour,    6 * hour,    12 * hour,
                                       day,        2 * day,     7 * day,     14 * day,    30 * day};
    for (const qint64 step : steps)
        if (rangeMs / step <= std::max(1, labels))
            return step;
    return 91 * day;
}

} // namespace

ChartOverlay::ChartOverlay(TimeChart* chart) : QWidget(chart), m_chart(chart)
{
    setMouseTracking(true);
}

qint64 ChartOverlay::timeAt(double x) const
{
    const QRectF plot = m_chart->plot();
    const double share = std::clamp((x - plot.left()) / plot.width(), 0.0, 1.0);
    return m_chart->m_fromMs + static_cast<qint64>(share * static_cast<double>(m_chart->m_toMs - m_chart->m_fromMs));
}

void ChartOverlay::setPointer(double x)
{
    m_pointerX = x;
    update();
}

void ChartOverlay::mouseMoveEvent(QMouseEvent* event)
{
    const QRectF plot = m_chart->plot().adjusted(0, -12, 0, 0); // with the handles of the marks
    m_pointerX = m_pressedX >= 0                    ? std::clamp(event->position().x(), plot.left(), plot.right())
                 : plot.contains(event->position()) ? event->position().x()
                                                    : -1;
    const bool mark = m_pointerX >= 0 && !marksAt(m_pointerX).isEmpty();
    setCursor(mark                                       ? Qt::PointingHandCursor
              : m_chart->m_selectable && m_pointerX >= 0 ? Qt::CrossCursor
                                                         : Qt::ArrowCursor);
    update();
}

QList<qsizetype> ChartOverlay::marksAt(double x) const
{
    constexpr double reach = 6;
    QList<qsizetype> found;
    for (qsizetype i = 0; i < m_chart->m_marks.size(); ++i)
        if (const ChartMark& mark = m_chart->m_marks[i]; !mark.details.isEmpty() && mark.timeMs >= m_chart->m_fromMs &&
                                                         mark.timeMs <= m_chart->m_toMs &&
                                                         std::abs(m_chart->xOf(mark.timeMs) - x) <= reach)
            found.append(i);
    return found;
}

void ChartOverlay::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && m_chart->m_selectable && m_chart->plot().contains(event->position()) &&
        marksAt(event->position().x()).isEmpty())
        m_pressedX = event->position().x();
}

void ChartOverlay::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    const double from = std::exchange(m_pressedX, -1), to = event->position().x();
    const QList<qsizetype> marks = marksAt(to);
    update();
    if (from >= 0 && std::abs(to - from) >= dragPixels)
        emit m_chart->rangeSelected(timeAt(std::min(from, to)), timeAt(std::max(from, to)));
    else if (!marks.isEmpty() && m_chart->m_marks[marks.last()].key != 0)
        emit m_chart->markPicked(m_chart->m_marks[marks.last()].key);
    else if (from >= 0)
        emit m_chart->momentPicked(timeAt(to));
}

void ChartOverlay::leaveEvent(QEvent*)
{
    m_pointerX = -1;
    update();
}

void ChartOverlay::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(sized(font(), labelPixels - 1));
    m_chart->paintSeries(painter);
    paintSelection(painter);
    paintValues(painter);
    paintTimes(painter);
    paintMarks(painter);
    paintDirectLabels(painter);
    if (m_pointerX >= 0)
        paintReading(painter);
}

void ChartOverlay::paintValues(QPainter& painter) const
{
    const QRectF plot = m_chart->plot();
    painter.setPen(themeOf(palette()).quiet);
    // Every gridline has its value, unless they stand too close to be read.
    const int every = plot.height() < 90 ? 2 : 1;
    for (int i = 0; i <= 4; i += every) {
        const double value = m_chart->m_top * i / 4;
        const QString text = value >= 10'000
                                 ? tr("%1 k", "thousands").arg(figure(value / 1000, value >= 100'000 ? 0 : 1))
                                 : figure(value, value == std::floor(value) ? 0 : 1);
        painter.drawText(QRectF(0, m_chart->yOf(value) - 9, plot.left() - 8, 18), Qt::AlignRight | Qt::AlignVCenter,
                         text);
    }
}

void ChartOverlay::paintTimes(QPainter& painter) const
{
    const QRectF plot = m_chart->plot();
    const qint64 range = m_chart->m_toMs - m_chart->m_fromMs;
    if (range < second || m_chart->m_fromMs <= 0)
        return;
    const qint64 step = std::max(labelStep(range, static_cast<int>(plot.width() / 62)), m_chart->m_byDay ? day : 0);
    painter.setPen(themeOf(palette()).quiet);
    const QTimeZone& zone = m_chart->zone();
    if (step >= day) {
        // Days begin when their zone says, also where the clocks change.
        const QDate first = QDateTime::fromMSecsSinceEpoch(m_chart->m_fromMs, zone).date();
        for (QDate date = first; date.startOfDay(zone).toMSecsSinceEpoch() <= m_chart->m_toMs;
             date = date.addDays(step / day))
            if (const qint64 at = date.startOfDay(zone).toMSecsSinceEpoch();
                at >= m_chart->m_fromMs && (!m_chart->m_byDay || at < m_chart->m_toMs))
                paintTime(painter, at, step);
        return;
    }
    // Steps count from local midnight, so that hours stand where people expect them.
    const qint64 offset = QDateTime::fromMSecsSinceEpoch(m_chart->m_fromMs, zone).offsetFromUtc() * second;
    for (qint64 at = ((m_chart->m_fromMs + offset + step - 1) / step) * step - offset; at <= m_chart->m_toMs;
         at += step)
        paintTime(painter, at, step);
}

void ChartOverlay::paintTime(QPainter& painter, qint64 timeMs, qint64 stepMs) const
{
    const QRectF plot = m_chart->plot();
    const QString text = m_chart->timeText(timeMs, stepMs);
    const double half = painter.fontMetrics().horizontalAdvance(text) / 2.0 + 2;
    const double x =
        std::clamp(m_chart->xOf(m_chart->m_byDay ? timeMs + day / 2 : timeMs), plot.left() - 20 + half, width() - half);
    painter.drawText(QRectF(x - half, plot.bottom() + 4, 2 * half, 16), Qt::AlignCenter, text);
}

void ChartOverlay::paintSelection(QPainter& painter) const
{
    if (m_pressedX < 0 || std::abs(m_pointerX - m_pressedX) < dragPixels)
        return;
    const QRectF plot = m_chart->plot();
    QColor ground = themeOf(palette()).selection;
    ground.setAlpha(150);
    painter.fillRect(QRectF(QPointF(std::min(m_pressedX, m_pointerX), plot.top()),
                            QPointF(std::max(m_pressedX, m_pointerX), plot.bottom())),
                     ground);
}

void ChartOverlay::paintMarks(QPainter& painter) const
{
    const QRectF plot = m_chart->plot();
    const Theme& theme = themeOf(palette());
    double taken = -1; // up to where labels stand
    for (const ChartMark& mark : m_chart->m_marks) {
        if (mark.timeMs < m_chart->m_fromMs || mark.timeMs > m_chart->m_toMs)
            continue;
        const double x = m_chart->xOf(mark.timeMs);
        const bool handle = !mark.details.isEmpty();
        painter.setPen(QPen(handle ? theme.text : theme.quiet, 1, Qt::DashLine));
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
        const QFontMetrics metrics = painter.fontMetrics();
        const double textWidth = metrics.horizontalAdvance(mark.label) + 8;
        const bool left = x - textWidth - 6 > plot.left();
        const QRectF box(left ? x - textWidth - 6 : x + 6, plot.top() - 12, textWidth, 17);
        painter.setPen(Qt::NoPen);
        if (handle) {
            painter.setBrush(theme.text);
            painter.drawEllipse(QPointF(x, plot.top() - 4), 3.5, 5.5);
        }
        if (mark.label.isEmpty() || box.left() < taken)
            continue; // one label over another reads as neither; the handle tells it
        taken = box.right();
        QColor ground = theme.panel;
        ground.setAlpha(220);
        painter.setBrush(ground);
        painter.drawRoundedRect(box, 3, 3);
        painter.setPen(theme.quiet);
        painter.drawText(box, Qt::AlignCenter, mark.label);
    }
}

void ChartOverlay::paintDirectLabels(QPainter& painter) const
{
    const QRectF plot = m_chart->plot();
    const Theme& theme = themeOf(palette());
    // From top to bottom, each at its line unless that would cover the one above.
    QList<TimeChart::DirectLabel> labels = m_chart->m_labels;
    std::sort(labels.begin(), labels.end(), [](const auto& a, const auto& b) { return a.value > b.value; });
    constexpr double height = 16;
    double free = plot.top();
    for (qsizetype i = 0; i < labels.size(); ++i) {
        const double below = static_cast<double>(labels.size() - i) * height;
        double y = std::max(free, m_chart->yOf(labels[i].value) - height - 2);
        y = std::min(y, std::max(free, plot.bottom() - below));
        const double textWidth = painter.fontMetrics().horizontalAdvance(labels[i].text) + 8;
        const QRectF box(plot.right() - textWidth, y, textWidth, height);
        QColor ground = theme.panel;
        ground.setAlpha(200);
        painter.setPen(Qt::NoPen);
        painter.setBrush(ground);
        painter.drawRoundedRect(box, 3, 3);
        painter.setPen(theme.*labels[i].ink);
        painter.drawText(box, Qt::AlignCenter, labels[i].text);
        free = y + height;
    }
}

void ChartOverlay::paintReading(QPainter& painter) const
{
    constexpr qsizetype linesMax = 12; // of marks; more do not fit, and are counted
    if (const QList<qsizetype> marks = marksAt(m_pointerX); !marks.isEmpty()) {
        QStringList lines;
        for (const qsizetype mark : marks)
            lines += m_chart->m_marks[mark].details;
        if (lines.size() > linesMax)
            lines = lines.first(linesMax) + QStringList{tr("and %1 more").arg(lines.size() - linesMax)};
        return paintBox(painter, m_chart->xOf(m_chart->m_marks[marks.first()].timeMs), lines);
    }
    const qint64 pointed = timeAt(m_pointerX);
    const QStringList lines = m_chart->reading(pointed);
    if (!lines.isEmpty())
        paintBox(painter, m_chart->xOf(m_chart->snapped(pointed)), lines);
}

void ChartOverlay::paintBox(QPainter& painter, double x, const QStringList& lines) const
{
    const QRectF plot = m_chart->plot();
    const Theme& theme = themeOf(palette());
    painter.setPen(QPen(theme.quiet, 1));
    painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
    double textWidth = 0;
    for (const QString& line : lines)
        textWidth = std::max<double>(textWidth, painter.fontMetrics().horizontalAdvance(line));
    textWidth = std::min<double>(textWidth, width() - 30);
    const QSizeF size(textWidth + 18, static_cast<double>(lines.size()) * 17 + 10);
    const double left = x + 10 + size.width() < width() ? x + 10 : std::max(2.0, x - 10 - size.width());
    const QRectF box(QPointF(left, plot.top() + 4), size);
    painter.setPen(QPen(theme.line, 1));
    painter.setBrush(theme.field);
    painter.drawRoundedRect(box, 5, 5);
    for (qsizetype i = 0; i < lines.size(); ++i) {
        painter.setPen(i == 0 ? theme.quiet : theme.text);
        painter.drawText(QRectF(box.left() + 9, box.top() + 5 + static_cast<double>(i) * 17, textWidth + 2, 17),
                         Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(lines[i], Qt::ElideRight, static_cast<int>(textWidth) + 2));
    }
}

} // namespace widgets

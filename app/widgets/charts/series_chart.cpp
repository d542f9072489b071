// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/charts/series_chart.h"

#include <QDateTime>
#include <QKeyEvent>
#include <QLocale>
#include <QPainter>

#include <algorithm>
#include <cmath>

#include "app/widgets/theme/type.h"

namespace widgets {

namespace {

constexpr double paleShare = 0.4;
constexpr double areaShare = 0.15;
constexpr qint64 dayMs = 86'400'000;

QColor pale(const Theme& theme, Ink ink)
{
    return between(theme.panel, theme.*ink, paleShare);
}

// The lines of a polyline cut into dashes, as long along it whatever turns it takes.
QList<QLineF> dashed(const QList<QLineF>& lines)
{
    constexpr double dash = 6, gap = 3.5;
    QList<QLineF> dashes;
    double at = 0; // in the pattern
    for (const QLineF& line : lines) {
        const double length = line.length();
        for (double from = 0; from < length;) {
            const double rest = std::max(0.01, (at < dash ? dash : dash + gap) - at); // never none: it would not end
            const double to = std::min(length, from + rest);
            if (at < dash)
                dashes.append({line.pointAt(from / length), line.pointAt(to / length)});
            at = std::fmod(at + to - from, dash + gap);
            from = to;
        }
    }
    return dashes;
}

// The axis has four steps: of few events each shall be a whole number.
double wholeTop(double top)
{
    for (const double whole : {4.0, 8.0, 12.0, 16.0, 20.0, 24.0, 40.0, 60.0, 80.0, 100.0})
        if (top <= whole)
            return whole;
    return top;
}

} // namespace

SeriesChart::SeriesChart(QWidget* parent) : TimeChart(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Clicks over time"));
}

void SeriesChart::setSeries(const QList<ChartBucket>& buckets, const QList<ChartSeries>& series, qint64 completeToMs,
                            const QString& edgeText)
{
    m_buckets = buckets;
    m_series = series.first(std::min(series.size(), seriesMax));
    for (ChartSeries& one : m_series)
        one.values.resize(m_buckets.size(), std::nan(""));
    setByDay(!buckets.isEmpty() && buckets.first().endMs - buckets.first().startMs > dayMs / 2);
    m_completeToMs = completeToMs;
    m_edgeText = edgeText;
    m_read = -1;
    showReading(std::nullopt);
    measure();
    showMarks();
}

void SeriesChart::setShape(Shape shape)
{
    m_shape = shape;
    measure();
    refreshOverlay();
}

void SeriesChart::setMoments(const QList<ChartMark>& moments)
{
    m_moments = moments;
    showMarks();
}

void SeriesChart::showMarks()
{
    QList<ChartMark> marks = m_moments;
    if (!m_buckets.isEmpty() && m_completeToMs > m_buckets.first().startMs && m_completeToMs < m_buckets.last().endMs)
        marks.append({m_completeToMs, m_edgeText});
    // From left to right, so that a label gives way to the one before it and not to one far off.
    std::sort(marks.begin(), marks.end(), [](const auto& a, const auto& b) { return a.timeMs < b.timeMs; });
    setMarks(marks);
    refreshOverlay();
}

void SeriesChart::measure()
{
    if (m_buckets.isEmpty())
        return setDirectLabels({});
    double top = 0;
    QList<DirectLabel> labels;
    for (qsizetype i = 0; i < m_buckets.size(); ++i) {
        double sum = 0;
        for (const ChartSeries& series : std::as_const(m_series)) {
            const double value = std::isnan(series.values[i]) ? 0 : series.values[i];
            top = std::max(top, value);
            if (m_shape == Shape::Stacked && !series.compared)
                top = std::max(top, sum += value);
        }
    }
    double below = 0;
    for (const ChartSeries& series : std::as_const(m_series)) {
        const auto last = std::find_if(series.values.crbegin(), series.values.crend(),
                                       [](double value) { return !std::isnan(value); });
        const double value = last == series.values.crend() ? 0 : *last;
        const bool stacked = m_shape == Shape::Stacked && !series.compared;
        labels.append(
            {series.name, series.ink == &Theme::bot ? &Theme::quiet : series.ink, stacked ? below + value : value});
        if (stacked)
            below += value;
    }
    setDirectLabels(labels);
    setRange(m_buckets.first().startMs, m_buckets.last().endMs, wholeTop(top * 1.05));
}

double SeriesChart::middleOf(qsizetype bucket) const
{
    return (xOf(m_buckets[bucket].startMs) + xOf(m_buckets[bucket].endMs)) / 2;
}

void SeriesChart::paintSeries(QPainter& painter) const
{
    if (m_buckets.isEmpty())
        return;
    painter.save();
    if (m_shape == Shape::Stacked)
        paintStacked(painter);
    if (m_shape == Shape::Area && !m_series.isEmpty())
        paintArea(painter, m_series.first());
    for (qsizetype i = m_series.size() - 1; i >= 0; --i) // the first is the one looked for: on top
        if (m_shape != Shape::Stacked || m_series[i].compared)
            paintLine(painter, m_series[i]);
    painter.restore();
}

void SeriesChart::paintLine(QPainter& painter, const ChartSeries& series) const
{
    if (static_cast<double>(m_buckets.size()) > plot().width())
        return paintColumns(painter, series);
    const Theme& theme = themeOf(palette());
    QList<QLineF> whole, filling;
    bool broken = true;
    QPointF last;
    for (qsizetype i = 0; i < m_buckets.size(); ++i) {
        if (std::isnan(series.values[i])) {
            broken = true;
            continue;
        }
        const QPointF to(middleOf(i), yOf(series.values[i]));
        const QPointF dot(to.x() - 0.1, to.y()); // one alone is a dot
        (m_buckets[i].partial ? filling : whole).append({broken ? dot : last, to});
        last = to;
        broken = false;
    }
    const double wide = series.compared ? 1.2 : 1.8;
    // Line by line, and never as one path: a stroke round the turns of a whole year takes ten times as long. The square
    // caps close the turns.
    painter.setPen(QPen(theme.*series.ink, wide, Qt::SolidLine, series.compared ? Qt::FlatCap : Qt::SquareCap));
    painter.drawLines(series.compared ? dashed(whole) : whole);
    painter.setPen(QPen(pale(theme, series.ink), wide, Qt::SolidLine, Qt::FlatCap));
    painter.drawLines(dashed(filling));
}

void SeriesChart::paintColumns(QPainter& painter, const ChartSeries& series) const
{
    const Theme& theme = themeOf(palette());
    painter.setRenderHint(QPainter::Antialiasing, false);
    double before = std::nan("");
    for (qsizetype i = 0; i < m_buckets.size();) {
        const double x = std::floor(middleOf(i));
        const bool partial = m_buckets[i].partial;
        // From where the column before ended, so that the line holds together.
        double low = before, high = before;
        for (; i < m_buckets.size() && middleOf(i) < x + 1; ++i) {
            low = std::fmin(low, series.values[i]);
            high = std::fmax(high, series.values[i]);
            before = series.values[i];
        }
        if (!std::isnan(low))
            painter.fillRect(QRectF(QPointF(x, yOf(high)), QPointF(x + 1, std::max(yOf(low), yOf(high) + 1.5))),
                             partial || series.compared ? pale(theme, series.ink) : theme.*series.ink);
    }
    painter.setRenderHint(QPainter::Antialiasing);
}

void SeriesChart::paintArea(QPainter& painter, const ChartSeries& series) const
{
    const auto heightOf = [&](qsizetype i) { return yOf(std::isnan(series.values[i]) ? 0 : series.values[i]); };
    // Not see-through: that costs five times as much.
    const QColor ground = between(themeOf(palette()).panel, themeOf(palette()).*series.ink, areaShare);
    painter.setRenderHint(QPainter::Antialiasing, false);
    const double last = middleOf(m_buckets.size() - 1), bottom = yOf(0);
    qsizetype right = 0; // the first bucket to the right of the column
    // Column by column; their edge is under the line, and one path takes as long as everything else.
    for (double x = std::floor(middleOf(0)); x <= last; ++x) {
        while (right < m_buckets.size() - 1 && middleOf(right) < x + 0.5)
            ++right;
        const qsizetype left = std::max<qsizetype>(0, right - 1);
        const double wide = middleOf(right) - middleOf(left);
        const double share = wide > 0 ? std::clamp((x + 0.5 - middleOf(left)) / wide, 0.0, 1.0) : 1;
        const double y = heightOf(left) + (heightOf(right) - heightOf(left)) * share;
        painter.fillRect(QRectF(x, y, 1, bottom - y), ground);
    }
    painter.setRenderHint(QPainter::Antialiasing);
}

void SeriesChart::paintStacked(QPainter& painter) const
{
    const Theme& theme = themeOf(palette());
    painter.setRenderHint(QPainter::Antialiasing, m_buckets.size() < 200);
    const double shown = std::max(1.0, plot().width());
    // More buckets than pixels: each column shows its highest.
    const auto group = std::max<qsizetype>(1, static_cast<qsizetype>(static_cast<double>(m_buckets.size()) / shown));
    const auto sumAt = [this](qsizetype i) {
        double sum = 0;
        for (const ChartSeries& series : m_series)
            sum += series.compared || std::isnan(series.values[i]) ? 0 : series.values[i];
        return sum;
    };
    for (qsizetype i = 0; i < m_buckets.size(); i += group) {
        const qsizetype end = std::min(i + group, m_buckets.size());
        qsizetype highest = i;
        for (qsizetype j = i + 1; j < end; ++j)
            if (sumAt(j) > sumAt(highest))
                highest = j;
        const double left = xOf(m_buckets[i].startMs), wide = xOf(m_buckets[end - 1].endMs) - left;
        const double gap = wide > 3 ? wide * 0.11 : 0;
        double below = 0;
        for (const ChartSeries& series : m_series) {
            if (series.compared || std::isnan(series.values[highest]))
                continue;
            const double above = below + series.values[highest];
            const QColor colour = m_buckets[highest].partial ? pale(theme, series.ink) : theme.*series.ink;
            painter.fillRect(QRectF(QPointF(left + gap, yOf(above)), QPointF(left + wide - gap, yOf(below))), colour);
            below = above;
        }
    }
    painter.setRenderHint(QPainter::Antialiasing);
}

qsizetype SeriesChart::bucketAt(qint64 timeMs) const
{
    const auto after = std::upper_bound(m_buckets.cbegin(), m_buckets.cend(), timeMs,
                                        [](qint64 time, const ChartBucket& bucket) { return time < bucket.startMs; });
    if (after == m_buckets.cbegin() || timeMs > std::prev(after)->endMs)
        return -1;
    return std::prev(after) - m_buckets.cbegin();
}

qint64 SeriesChart::snapped(qint64 timeMs) const
{
    const qsizetype i = bucketAt(timeMs);
    return i < 0 ? timeMs : (m_buckets[i].startMs + m_buckets[i].endMs) / 2;
}

QString SeriesChart::spanText(const ChartBucket& bucket, const QTimeZone& zone)
{
    const QDateTime start = QDateTime::fromMSecsSinceEpoch(bucket.startMs, zone);
    const QDateTime end = QDateTime::fromMSecsSinceEpoch(bucket.endMs, zone);
    const QString day = QLocale().toString(start.date(), QStringLiteral("ddd d MMM"));
    if (bucket.endMs - bucket.startMs > dayMs / 2)
        return day;
    return QStringLiteral("%1 %2\u2013%3")
        .arg(day, start.toString(QStringLiteral("HH:mm")), end.toString(QStringLiteral("HH:mm")));
}

QStringList SeriesChart::reading(qint64 timeMs) const
{
    const qsizetype i = bucketAt(timeMs);
    if (i < 0)
        return {};
    QStringList lines{spanText(m_buckets[i], zone())};
    for (const ChartSeries& series : m_series) {
        const QString value = std::isnan(series.values[i]) ? QString(unknownMark) : figure(series.values[i], 0);
        QString line = tr("%1 %2", "name and value").arg(series.name, value);
        if (series.compared && i < series.times.size()) {
            const ChartBucket then{series.times[i], series.times[i] + m_buckets[i].endMs - m_buckets[i].startMs};
            line += QStringLiteral(" \u00B7 ") + spanText(then, zone());
        }
        lines.append(line);
    }
    if (m_buckets[i].partial)
        lines.append(tr("still filling"));
    return lines;
}

void SeriesChart::read(qsizetype bucket)
{
    m_read = std::clamp<qsizetype>(bucket, 0, m_buckets.size() - 1);
    const qint64 middle = (m_buckets[m_read].startMs + m_buckets[m_read].endMs) / 2;
    showReading(middle);
    setAccessibleDescription(reading(middle).join(QStringLiteral(", ")));
}

void SeriesChart::keyPressEvent(QKeyEvent* event)
{
    const int step = event->key() == Qt::Key_Right ? 1 : event->key() == Qt::Key_Left ? -1 : 0;
    if (m_buckets.isEmpty())
        return TimeChart::keyPressEvent(event);
    if (step != 0)
        read(m_read < 0 ? m_buckets.size() - 1 : m_read + step);
    else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && m_read >= 0)
        emit momentPicked((m_buckets[m_read].startMs + m_buckets[m_read].endMs) / 2);
    else
        TimeChart::keyPressEvent(event);
}

void SeriesChart::focusOutEvent(QFocusEvent* event)
{
    m_read = -1;
    showReading(std::nullopt);
    TimeChart::focusOutEvent(event);
}

} // namespace widgets

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/charts/velocity_chart.h"

#include <QAreaSeries>
#include <QChart>
#include <QDateTime>
#include <QLineSeries>
#include <QValueAxis>

#include <algorithm>

#include "app/widgets/theme/type.h"

namespace widgets {

namespace {

// Neighbours merged until there is at most one point for two pixels.
QList<VelocityPoint> merged(const QList<VelocityPoint>& points, int pixels)
{
    const qsizetype group = std::max<qsizetype>(1, (points.size() * 2 + std::max(1, pixels) - 1) / std::max(1, pixels));
    if (group == 1)
        return points;
    QList<VelocityPoint> out;
    for (qsizetype i = 0; i < points.size(); i += group) {
        const qsizetype count = std::min(group, points.size() - i);
        VelocityPoint sum{points[i].startMs, 0, 0, 0};
        for (qsizetype j = i; j < i + count; ++j) {
            sum.people += points[j].people / static_cast<double>(count);
            sum.bots += points[j].bots / static_cast<double>(count);
            sum.scans += points[j].scans / static_cast<double>(count);
        }
        out.append(sum);
    }
    return out;
}

// Where the chart begins: a step before the first event, so that a launch of a minute ago does not hide in the last
// pixel of half an hour of nothing; but never less than a few minutes.
qint64 startOf(const QList<VelocityPoint>& points, qint64 stepMs)
{
    constexpr qint64 shortestMs = 2 * 60'000;
    const auto something = [](const VelocityPoint& point) { return point.people + point.bots + point.scans > 0; };
    const auto first = std::find_if(points.cbegin(), points.cend(), something);
    const qint64 whole = points.first().startMs;
    if (first == points.cend())
        return whole;
    return std::max(whole, std::min(first->startMs - stepMs, points.last().startMs - shortestMs));
}

} // namespace

VelocityChart::VelocityChart(QWidget* parent)
    : TimeChart(parent), m_people(new QLineSeries), m_scans(new QLineSeries), m_bots(new QLineSeries)
{
    auto* time = new QValueAxis(chart());
    time->setVisible(false);
    time->setRange(0, 1);
    chart()->addAxis(time, Qt::AlignBottom);
    auto* upper = new QLineSeries(this);
    m_area = new QAreaSeries(upper);
    for (QXYSeries* series :
         {static_cast<QXYSeries*>(m_bots), static_cast<QXYSeries*>(m_people), static_cast<QXYSeries*>(m_scans)})
        chart()->addSeries(series);
    chart()->addSeries(m_area);
    for (QAbstractSeries* series : chart()->series()) {
        series->attachAxis(time);
        series->attachAxis(valueAxis());
    }
    setAccessibleName(tr("Clicks per minute"));
}

void VelocityChart::setPoints(const QList<VelocityPoint>& points, qint64 stepMs, qint64 coveredFromMs)
{
    if (points.isEmpty() || stepMs <= 0)
        return;
    m_stepMs = stepMs;
    const double perMinute = 60'000.0 / static_cast<double>(stepMs);
    m_points.clear();
    for (const VelocityPoint& point : points.first(points.size() - 1))
        if (point.startMs >= coveredFromMs)
            m_points.append({point.startMs, point.people * perMinute, point.bots * perMinute, point.scans * perMinute});

    const qint64 to = points.last().startMs;
    const qint64 from = startOf(points, stepMs);
    m_points.removeIf([from](const VelocityPoint& point) { return point.startMs < from; });
    double top = 0;
    QList<QPointF> people, bots, scans;
    for (const VelocityPoint& point : merged(m_points, static_cast<int>(plot().width()))) {
        const double x = static_cast<double>(point.startMs + stepMs / 2 - from) /
                         static_cast<double>(std::max<qint64>(1, to - from));
        people.append({x, point.people});
        bots.append({x, point.bots});
        scans.append({x, point.scans});
        top = std::max({top, point.people, point.bots, point.scans});
    }
    setRange(from, to, top * 1.05);
    m_people->replace(people);
    m_area->upperSeries()->replace(people);
    m_bots->replace(bots);
    m_scans->replace(scans);

    QList<DirectLabel> labels;
    if (!people.isEmpty())
        labels = {{tr("people"), &Theme::link, people.last().y()},
                  {tr("QR scans"), &Theme::qr, scans.last().y()},
                  {tr("bots"), &Theme::quiet, bots.last().y()}};
    setDirectLabels(labels);
    refreshOverlay();
}

void VelocityChart::setMoments(const QList<ChartMark>& marks)
{
    setMarks(marks);
    refreshOverlay();
}

const VelocityPoint* VelocityChart::pointAt(qint64 timeMs) const
{
    const auto after = std::upper_bound(m_points.cbegin(), m_points.cend(), timeMs,
                                        [](qint64 time, const VelocityPoint& point) { return time < point.startMs; });
    return after == m_points.cbegin() ? nullptr : &*std::prev(after);
}

qint64 VelocityChart::snapped(qint64 timeMs) const
{
    const VelocityPoint* point = pointAt(timeMs);
    return point ? point->startMs + m_stepMs / 2 : timeMs;
}

QStringList VelocityChart::reading(qint64 timeMs) const
{
    const VelocityPoint* point = pointAt(timeMs);
    if (!point)
        return {};
    const QDateTime start = QDateTime::fromMSecsSinceEpoch(point->startMs);
    return {start.toString(QStringLiteral("HH:mm:ss")) + tr(" · per minute"),
            tr("people %1").arg(figure(point->people, 0)), tr("QR scans %1").arg(figure(point->scans, 0)),
            tr("bots %1").arg(figure(point->bots, 0))};
}

void VelocityChart::colourSeries(const Theme& theme)
{
    m_people->setPen(QPen(theme.link, 1.6));
    m_scans->setPen(QPen(theme.qr, 1.4));
    m_bots->setPen(QPen(theme.bot, 1.2));
    m_area->setPen(Qt::NoPen);
    m_area->setBrush(theme.linkFill);
}

} // namespace widgets

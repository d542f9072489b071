// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/charts/rollup_chart.h"

#include <QBarSet>
#include <QChart>
#include <QDateTime>
#include <QLocale>
#include <QStackedBarSeries>
#include <QValueAxis>

#include <algorithm>

#include "app/widgets/theme/type.h"

namespace widgets {

RollupChart::RollupChart(QWidget* parent) : TimeChart(parent)
{
    auto* bars = new QValueAxis(chart());
    bars->setVisible(false);
    chart()->addAxis(bars, Qt::AlignBottom);
    setAccessibleName(tr("Clicks by time, from the rollups"));
}

void RollupChart::setBars(const QList<RollupBar>& bars, qint64 bucketMs, qint64 completeToMs, const QString& edgeText)
{
    const bool same = m_bars == bars && m_bucketMs == bucketMs && m_completeToMs == completeToMs;
    m_bars = bars;
    m_bucketMs = std::max<qint64>(1, bucketMs);
    m_completeToMs = completeToMs;
    m_edgeText = edgeText;
    if (!same)
        rebuild();
    showMarks();
}

void RollupChart::setMoments(const QList<ChartMark>& moments)
{
    m_moments = moments;
    showMarks();
}

void RollupChart::showMarks()
{
    setMarks(QList<ChartMark>{{m_completeToMs, m_edgeText}} + m_moments);
    refreshOverlay();
}

void RollupChart::rebuild()
{
    quint64 top = 0;
    QList<double> people, bots, palePeople, paleBots;
    for (const RollupBar& bar : std::as_const(m_bars)) {
        const bool pale = isPartial(bar);
        people.append(pale ? 0.0 : static_cast<double>(bar.people));
        bots.append(pale ? 0.0 : static_cast<double>(bar.bots));
        palePeople.append(pale ? static_cast<double>(bar.people) : 0.0);
        paleBots.append(pale ? static_cast<double>(bar.bots) : 0.0);
        top = std::max(top, bar.people + bar.bots);
    }
    if (m_series) {
        chart()->removeSeries(m_series);
        delete m_series;
        m_series = nullptr;
    }
    if (m_bars.isEmpty())
        return;
    setRange(m_bars.first().startMs, m_bars.last().startMs + m_bucketMs, static_cast<double>(top) * 1.05);
    m_series = new QStackedBarSeries;
    m_series->setBarWidth(0.78);
    for (const QList<double>* values : {&people, &bots, &palePeople, &paleBots}) {
        auto* set = new QBarSet(QString());
        set->append(*values);
        m_series->append(set);
    }
    colourSeries(themeOf(palette()));
    chart()->addSeries(m_series);
    auto* axis = qobject_cast<QValueAxis*>(chart()->axes(Qt::Horizontal).constFirst());
    axis->setRange(-0.5, static_cast<double>(m_bars.size()) - 0.5);
    m_series->attachAxis(axis);
    m_series->attachAxis(valueAxis());
}

const RollupBar* RollupChart::barAt(qint64 timeMs) const
{
    const auto it = std::find_if(m_bars.cbegin(), m_bars.cend(), [&](const RollupBar& bar) {
        return timeMs >= bar.startMs && timeMs < bar.startMs + m_bucketMs;
    });
    return it == m_bars.cend() ? nullptr : &*it;
}

qint64 RollupChart::snapped(qint64 timeMs) const
{
    const RollupBar* bar = barAt(timeMs);
    return bar ? bar->startMs + m_bucketMs / 2 : timeMs;
}

QStringList RollupChart::reading(qint64 timeMs) const
{
    const RollupBar* bar = barAt(timeMs);
    if (!bar)
        return {};
    const QDateTime start = QDateTime::fromMSecsSinceEpoch(bar->startMs);
    const QDateTime end = start.addMSecs(m_bucketMs);
    QStringList lines{QLocale().toString(start.date(), QStringLiteral("d MMM ")) +
                          start.toString(QStringLiteral("HH:mm")) + QStringLiteral("\u2013") +
                          end.toString(QStringLiteral("HH:mm")),
                      tr("people %1").arg(figure(bar->people)),
                      tr("bots %1 (%2)").arg(figure(bar->bots), percent(bar->bots, bar->people + bar->bots))};
    if (isPartial(*bar))
        lines.append(tr("still filling"));
    return lines;
}

void RollupChart::colourSeries(const Theme& theme)
{
    if (!m_series)
        return;
    const QColor colours[] = {theme.link, theme.bot, between(theme.panel, theme.link, 0.35),
                              between(theme.panel, theme.bot, 0.4)};
    const QList<QBarSet*> sets = m_series->barSets();
    for (qsizetype i = 0; i < sets.size(); ++i) {
        sets[i]->setPen(Qt::NoPen);
        sets[i]->setBrush(colours[i]);
    }
}

} // namespace widgets

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/live/tile_row.h"

#include <QDateTime>
#include <QGridLayout>

#include <algorithm>

#include "app/pages/live/live_words.h"
#include "app/widgets/theme/type.h"
#include "app/widgets/tile.h"
#include "backend/protocol/words.h"

namespace live {

using widgets::figure;
using widgets::percent;
using widgets::Theme;

namespace {
constexpr int oneRowWidth = 1408; // the window's 1440 less the page's margins
// Below this many misses, or below one in a hundred hits, a miss is a typing error and not an alert.
constexpr quint64 missesAlert = 10;
// A window that began less than this late is whole.
constexpr qint64 coveredSlackMs = 2000;
} // namespace

QString windowText(const protocol::WindowAggregate& window)
{
    if (window.coveredFrom.value > window.from.value + coveredSlackMs)
        return Words::tr("since %1")
            .arg(QDateTime::fromMSecsSinceEpoch(window.coveredFrom.value).toString(QStringLiteral("HH:mm")));
    return Words::window(window.windowSeconds);
}

TileRow::TileRow(QWidget* parent) : QWidget(parent), m_grid(new QGridLayout(this))
{
    const QString labels[] = {tr("Clicks per minute"), tr("Human clicks"), tr("QR scans"), tr("Bots"), tr("Misses"),
                              tr("Visitors")};
    static constexpr const char* filters[] = {"", "human", "scan", "bot", "miss", "human"};
    for (int i = 0; i < FigureCount; ++i) {
        auto* tile = new widgets::Tile(labels[i], this);
        m_tiles[static_cast<std::size_t>(i)] = tile;
        connect(tile, &widgets::Tile::pressed, this,
                [this, text = QLatin1String(filters[i])] { emit filterRequested(text); });
    }
    m_grid->setContentsMargins(16, 10, 16, 10);
    m_grid->setSpacing(10);
    layOut(6);
}

void TileRow::layOut(int columns)
{
    m_columns = columns;
    for (int i = 0; i < FigureCount; ++i)
        m_grid->addWidget(m_tiles[static_cast<std::size_t>(i)], i / columns, i % columns);
    for (int i = 0; i < FigureCount; ++i)
        m_grid->setColumnStretch(i, i < columns ? 1 : 0);
}

void TileRow::resizeEvent(QResizeEvent*)
{
    const int columns = width() < oneRowWidth ? 3 : 6;
    if (columns != m_columns)
        layOut(columns);
}

void TileRow::setWindow(const protocol::WindowAggregate& window)
{
    showVelocity(window);
    showCounts(window);
    showMisses(window);
}

void TileRow::showVelocity(const protocol::WindowAggregate& window)
{
    widgets::TileContent content;
    const double rate = window.clicksPerMinute;
    content.figure = figure(rate, rate > 0 && rate < 10 ? 1 : 0);
    content.lead = Words::trend(window.trend);
    content.leadInk = window.trend == protocol::Trend::Accelerating ? &Theme::good
                      : window.trend == protocol::Trend::Fading     ? &Theme::qr
                                                                    : &Theme::quiet;
    // From the window's first click on, as the line beside it: the silence before a launch is not its usual rate.
    const auto first = std::find_if(window.velocity.begin(), window.velocity.end(), [&](const auto& bucket) {
        return bucket.start >= window.coveredFrom && bucket.clicks > 0;
    });
    const double minutes = first == window.velocity.end() ? 0
                                                          : static_cast<double>(window.to.value - first->start.value) /
                                                                static_cast<double>(protocol::msPerMinute);
    if (minutes >= 1)
        content.note = tr(" · %1 on average").arg(figure(static_cast<double>(window.clicks) / minutes, 0));
    content.toolTip = tr("Clicks of people and bots in the last full minute; the average is over the window (%1), "
                         "from its first click on.")
                          .arg(windowText(window));
    tile(Velocity)->setContent(content);
    QList<double> trend;
    for (auto bucket = first; bucket != window.velocity.end(); ++bucket)
        trend.append(bucket->clicks);
    if (!trend.isEmpty())
        trend.removeLast(); // still filling
    tile(Velocity)->setTrend(trend);
}

void TileRow::showCounts(const protocol::WindowAggregate& window)
{
    const QString when = windowText(window);
    widgets::TileContent people;
    people.figure = figure(window.humanClicks);
    people.note =
        window.clicks == 0
            ? when
            : tr("%1 · %2 of %3 clicks").arg(when, percent(window.humanClicks, window.clicks), figure(window.clicks));
    tile(People)->setContent(people);

    widgets::TileContent scans;
    scans.figure = figure(window.scans);
    QStringList places;
    for (const protocol::NamedCount& row : window.topPlacements)
        if (places.size() < 2)
            places.append((row.name.empty() ? tr("no placement") : Words::safe(row.name, 40)) + QLatin1Char(' ') +
                          percent(row.count, window.scans));
    scans.note = places.isEmpty() ? when : places.join(QStringLiteral(" · "));
    tile(Scans)->setContent(scans);

    widgets::TileContent bots;
    bots.figure = percent(window.bots, window.clicks);
    QStringList kinds;
    for (const protocol::NamedCount& row : window.topBots)
        if (const auto category = protocol::botCategoryFrom(row.name); category && kinds.size() < 2)
            kinds.append(Words::botCategory(*category) + QLatin1Char(' ') + figure(row.count));
    bots.note = kinds.isEmpty() ? tr("%1 of %2 clicks").arg(figure(window.bots), figure(window.clicks))
                                : kinds.join(QStringLiteral(" · "));
    bots.toolTip = tr("%1 of %2 clicks in %3").arg(figure(window.bots), figure(window.clicks), when);
    tile(Bots)->setContent(bots);

    widgets::TileContent visitors;
    visitors.figure = figure(window.visitors);
    visitors.note =
        window.visitors == 0
            ? when
            : tr("%1 · %2 clicks each")
                  .arg(when, figure(static_cast<double>(window.humanClicks) / static_cast<double>(window.visitors), 1));
    visitors.toolTip = tr("Distinct visitors among human clicks, by a key that changes every day. Those who asked not "
                          "to be told apart are not in it.");
    tile(Visitors)->setContent(visitors);
}

void TileRow::showMisses(const protocol::WindowAggregate& window)
{
    widgets::TileContent misses;
    misses.figure = figure(window.misses);
    misses.alert = window.misses >= missesAlert && window.misses * 100 >= window.hits;
    if (window.topMisses.empty())
        misses.note =
            window.misses == 0 ? tr("%1 · every address was known").arg(windowText(window)) : windowText(window);
    else
        misses.note =
            tr("%1: %2").arg(Words::safe(window.topMisses.front().name, 80), figure(window.topMisses.front().count));
    misses.toolTip = tr("Requests that found no link (%1). A click shows them.").arg(windowText(window));
    tile(Misses)->setContent(misses);
}

} // namespace live

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/report_parts/total_tiles.h"

#include <QHBoxLayout>

#include "app/models/reports/report_words.h"
#include "app/pages/report_parts/report_sentences.h"
#include "app/widgets/theme/type.h"
#include "app/widgets/tile.h"

namespace reports {

using models::Metric;
using widgets::TileContent;

namespace {

// "▲ +38 %" and what it is against.
void tellChange(TileContent& content, std::uint64_t now, std::uint64_t before, const QString& against)
{
    if (before == 0) {
        content.note = TotalTiles::tr("none in %1").arg(against);
        content.toolTip = TotalTiles::tr("%1 now, none in %2").arg(models::words::count(now), against);
        return;
    }
    const QString change = models::words::change(now, before);
    const QString arrow = now > before   ? QStringLiteral("\u25B2 ")
                          : now < before ? QStringLiteral("\u25BC ")
                                         : QString();
    content.lead = arrow + change;
    content.leadInk = now == before ? &widgets::Theme::quiet : &widgets::Theme::text;
    content.note = TotalTiles::tr("on %1").arg(models::words::count(before));
    content.toolTip =
        TotalTiles::tr("%1 now, %2 in %3").arg(models::words::count(now), models::words::count(before), against);
}

TileContent contentOf(const TotalTiles::Total& total, const state::Report& report)
{
    TileContent content;
    const auto now = models::countOf(report.totals, total.metric);
    const auto before = report.compared ? models::countOf(report.compared->totals, total.metric) : std::nullopt;
    if (!now) {
        content.figure = widgets::unknownMark;
        content.note = TotalTiles::tr("not kept for these filters");
        return content;
    }
    if (total.shareOf) {
        const auto whole = models::countOf(report.totals, *total.shareOf).value_or(0);
        content.figure = models::words::share(*now, whole);
        content.note = TotalTiles::tr("%1 of %2").arg(models::words::count(*now), models::words::count(whole));
        content.toolTip = content.note;
        return content;
    }
    content.figure = models::words::count(*now);
    if (before)
        tellChange(content, *now, *before, Sentences::comparison(report));
    else if (total.metric == Metric::Uniques || total.metric == Metric::UniqueScanners)
        content.note = TotalTiles::tr("sums of daily uniques");
    else
        content.note = Sentences::range(report.fromMs, report.toMs, models::zoneNamed(report.zone));
    return content;
}

} // namespace

TotalTiles::TotalTiles(const QList<Total>& totals, QWidget* parent) : QWidget(parent), m_totals(totals)
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(16, 0, 16, 8);
    row->setSpacing(8);
    for (const Total& total : totals) {
        m_tiles.append(
            new widgets::Tile(total.label.isEmpty() ? models::words::metricName(total.metric) : total.label));
        row->addWidget(m_tiles.last(), 1);
    }
}

void TotalTiles::setReport(const state::Report& report)
{
    for (qsizetype i = 0; i < m_totals.size(); ++i)
        m_tiles[i]->setContent(contentOf(m_totals[i], report));
}

} // namespace reports

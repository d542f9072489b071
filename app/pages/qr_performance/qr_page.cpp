// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/qr_performance/qr_page.h"

#include <QHBoxLayout>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>

#include "app/models/reports/report_tables.h"
#include "app/models/reports/report_words.h"
#include "app/models/table_cells.h"
#include "app/pages/report_parts/breakdown_view.h"
#include "app/pages/report_parts/hours_view.h"
#include "app/pages/report_parts/range_bar.h"
#include "app/pages/report_parts/total_tiles.h"
#include "app/widgets/card.h"
#include "app/widgets/map/world_map.h"
#include "app/widgets/theme/type.h"
#include "app/widgets/top_list.h"

namespace qr_performance {

using models::BreakdownModel;
using models::Metric;
using reports::Sentences;
using widgets::Card;
using widgets::PanelState;
using widgets::PanelStatus;
using widgets::Theme;
using widgets::TopList;

namespace {

// The API gives the most clicked values first; those with the most scans are among as many as it gives at all.
constexpr int valuesAsked = 1000;

QString dimensionOf(int slot)
{
    const char* words[] = {"placement", "country", "region", "city", "device"};
    return QString::fromLatin1(words[slot]);
}

QList<widgets::TopRow> rowsOf(const state::Report& report)
{
    QList<widgets::TopRow> rows;
    for (const state::ReportValue& value : report.values)
        if (value.counts.scans > 0)
            rows.append({value.value,
                         QStringLiteral("%1 \u00B7 %2")
                             .arg(models::words::reportValue(report.by, value.value),
                                  models::words::share(value.counts.scans, report.totals.scans)),
                         value.counts.scans});
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.count > b.count; });
    return rows;
}

// The report without what was never scanned: a placement of links that nobody printed is no code's.
state::ReportPtr scannedOf(const state::Report& report)
{
    auto scanned = std::make_shared<state::Report>(report);
    scanned->values.clear();
    if (scanned->compared)
        scanned->compared->values.clear();
    for (std::size_t i = 0; i < report.values.size(); ++i) {
        const bool before = report.compared && report.compared->values[i].scans > 0;
        if (report.values[i].counts.scans == 0 && !before)
            continue;
        scanned->values.push_back(report.values[i]);
        if (scanned->compared)
            scanned->compared->values.push_back(report.compared->values[i]);
    }
    if (report.others.scans == 0)
        scanned->valuesTotal = scanned->values.size();
    else
        scanned->valuesTotal -= report.values.size() - scanned->values.size();
    return scanned;
}

} // namespace

QrPage::QrPage(QWidget* parent) : ReportPage(parent)
{
    m_placements.setMetric(Metric::Scans);
    m_hourModel.setMetric(Metric::Scans);
    build();
    wire();
    showStatus();
}

void QrPage::build()
{
    m_tiles = new reports::TotalTiles({{Metric::Scans, {}, {}},
                                       {Metric::UniqueScanners, {}, {}},
                                       {Metric::Scans, Metric::Clicks, tr("Scans among clicks")},
                                       {Metric::Clicks, {}, tr("All clicks")}});
    m_freshness = new widgets::Text({}, widgets::Look::Quiet);
    m_freshness->setElided();
    m_freshness->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_freshness->setContentsMargins(16, 8, 16, 8);
    m_table = new reports::BreakdownView(
        m_placements,
        {BreakdownModel::Share, BreakdownModel::Scans, BreakdownModel::UniqueScanners, BreakdownModel::Change},
        &Theme::qr);
    m_table->setAccessibleName(tr("Placements"));
    m_tableCard = new Card(tr("Placements"), m_table);
    m_hours = new reports::HoursView(m_hourModel, &Theme::qr);
    auto* hoursBox = new QWidget;
    auto* hoursColumn = new QVBoxLayout(hoursBox);
    hoursColumn->setContentsMargins(8, 8, 12, 10);
    hoursColumn->addWidget(m_hours);
    m_hoursCard = new Card(tr("Hours of the week"), hoursBox);
    m_hoursCard->setSubtitle(tr("scans, the mean of each hour"));

    const auto split = [](Qt::Orientation orientation, QWidget* first, QWidget* second, const QList<int>& sizes) {
        auto* splitter = new QSplitter(orientation);
        splitter->setHandleWidth(8);
        splitter->setChildrenCollapsible(false);
        splitter->addWidget(first);
        splitter->addWidget(second);
        splitter->setStretchFactor(0, sizes[0]);
        splitter->setStretchFactor(1, sizes[1]);
        splitter->setSizes(sizes);
        return splitter;
    };
    QSplitter* left = split(Qt::Vertical, m_tableCard, m_hoursCard, {550, 450});
    QSplitter* right = split(Qt::Vertical, buildMap(), buildLists(), {600, 400});
    QSplitter* panels = split(Qt::Horizontal, left, right, {430, 570});
    panels->setContentsMargins(16, 0, 16, 10);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(bar());
    column->addWidget(m_freshness);
    column->addWidget(m_tiles);
    column->addWidget(panels, 1);
}

QWidget* QrPage::buildMap()
{
    m_map = new widgets::WorldMap;
    m_legend = new widgets::RampLegend;
    m_unknown = new widgets::Text({}, widgets::Look::Quiet);
    m_mapCard = new Card(tr("Where codes are scanned"), m_map);
    m_mapCard->addHeaderWidget(m_legend);
    m_mapCard->addHeaderWidget(m_unknown);
    return m_mapCard;
}

QWidget* QrPage::buildLists()
{
    auto* box = new QWidget;
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(14, 4, 14, 8);
    row->setSpacing(18);
    const QString titles[] = {{}, tr("Countries"), tr("Regions"), tr("Cities"), tr("Devices")};
    for (int slot = Countries; slot < SlotCount; ++slot) {
        m_lists[slot] = new TopList(titles[slot], &Theme::qr);
        row->addWidget(m_lists[slot], 1);
    }
    m_listsCard = new Card(tr("Places and devices"), box);
    return m_listsCard;
}

void QrPage::wire()
{
    connect(bar(), &reports::RangeBar::changed, this, [this] { ask(); });
    connect(m_table, &reports::BreakdownView::picked, this,
            [this](const QString& value) { emit valuePicked(dimensionOf(Placements), value); });
    connect(m_map, &widgets::WorldMap::countryPicked, this,
            [this](const QString& code) { emit valuePicked(dimensionOf(Countries), code); });
    for (int slot = Countries; slot < SlotCount; ++slot)
        connect(m_lists[slot], &TopList::picked, this,
                [this, slot](const QString& value) { emit valuePicked(dimensionOf(slot), value); });
    connect(m_hours, &reports::HoursView::read, this, [this](const QString& words) {
        m_hoursCard->setSubtitle(words.isEmpty() ? tr("scans, the mean of each hour") : words);
    });
    for (Card* card : {m_tableCard, m_mapCard, m_listsCard, m_hoursCard})
        connect(card->stack(), &widgets::StatusStack::actionRequested, this, [this, card] {
            if (const auto& status = card->stack()->status(); status && status->state == PanelState::Filtered)
                bar()->clear();
            ask();
        });
}

QList<state::TableOffer> QrPage::tableOffers() const
{
    QList<state::TableOffer> offers;
    for (int slot = 0; slot < SlotCount; ++slot)
        if (const state::ReportPtr report = m_reports.value(slot))
            offers.append({tr("QR: by %1").arg(models::words::breakdownName(report->by)),
                           QStringLiteral("scans-by-") + report->by,
                           [report](bool) { return models::breakdownTable(*report); }});
    if (const state::HoursPtr hours = m_hourModel.hours())
        offers.append({tr("QR: hours of the week"), QStringLiteral("scans-by-hour"),
                       [hours](bool) { return models::hoursTable(*hours); }});
    return offers;
}

QList<widgets::PictureOffer> QrPage::pictureOffers() const
{
    if (!m_reports.contains(Countries))
        return {};
    return {{tr("QR: map of scans"), QStringLiteral("scans-map"), m_map},
            {tr("QR: hours of the week"), QStringLiteral("scans-hours"), m_hours}};
}

void QrPage::setPlan(const QString& plan)
{
    m_plan = plan;
    showStatus();
}

void QrPage::ask()
{
    state::ReportQuery query = bar()->query(nowMs());
    emit hoursWanted(query);
    query.granularity = protocol::Granularity::Day; // of these only the totals are read
    query.limit = valuesAsked;
    for (int slot = 0; slot < SlotCount; ++slot) {
        query.by = dimensionOf(slot);
        if (slot != Placements)
            query.compare.clear();
        emit reportWanted(slot, query);
    }
}

void QrPage::setReport(int slot, const state::ReportPtr& report)
{
    m_problems.remove(slot);
    m_reports.insert(slot, report);
    if (slot == SlotCount - 1)
        noteAnswer();
    if (slot == Placements)
        showPlacements(report);
    else
        m_lists[slot]->setRows(rowsOf(*report));
    if (slot == Countries)
        showCountries(*report);
    showStatus();
}

void QrPage::showPlacements(const state::ReportPtr& report)
{
    bar()->setZone(models::zoneNamed(report->zone));
    m_tiles->setReport(*report);
    m_placements.setReport(scannedOf(*report));
    m_freshness->setText(freshnessOf(*report));
    const QString against = Sentences::comparison(*report);
    const QString range = Sentences::range(report->fromMs, report->toMs, models::zoneNamed(report->zone));
    m_tableCard->setSubtitle(against.isEmpty() ? range : tr("%1 · change against %2").arg(range, against));
}

void QrPage::showCountries(const state::Report& report)
{
    QHash<QString, quint64> counts;
    quint64 largest = 0, unknown = 0;
    for (const state::ReportValue& value : report.values) {
        if (value.value.isEmpty())
            unknown += value.counts.scans;
        else if (value.counts.scans > 0)
            counts.insert(models::shownText(value.value.left(8).toStdString()), value.counts.scans);
        if (!value.value.isEmpty())
            largest = std::max<quint64>(largest, value.counts.scans);
    }
    m_map->setCounts(counts);
    m_legend->setLargest(largest);
    m_legend->setVisible(largest > 0);
    m_unknown->setText(tr("Unknown %1").arg(widgets::percent(unknown, report.totals.scans)));
    m_mapCard->setSubtitle(tr("%1 scans by country").arg(models::words::count(report.totals.scans)));
}

void QrPage::setHours(const state::HoursPtr& hours)
{
    m_problems.remove(hoursSlot);
    m_hourModel.setHours(hours);
    showStatus();
}

void QrPage::setFailed(int slot, const state::Problem& problem)
{
    m_problems.insert(slot, problem);
    showStatus();
}

reports::PanelFacts QrPage::factsOf(int slot) const
{
    reports::PanelFacts facts;
    facts.problem = m_problems.value(slot);
    facts.connection = connection();
    const reports::RangeBar::Choices choices = bar()->choices();
    facts.narrowed = !choices.links.isEmpty() || !choices.campaigns.isEmpty() || !choices.domains.isEmpty() ||
                     !choices.tags.isEmpty();
    facts.hasContent = slot == hoursSlot ? m_hourModel.hours() != nullptr : m_reports.contains(slot);
    const state::ReportPtr placements = m_reports.value(Placements);
    facts.isEmpty = placements && placements->totals.scans == 0;
    return facts;
}

void QrPage::showStatus()
{
    const auto of = [this](int slot) {
        auto status = panelStatus(factsOf(slot));
        // In the words of this page: there may be clicks enough.
        if (status && status->state == PanelState::Waiting && factsOf(slot).hasContent)
            status = PanelStatus{PanelState::Waiting,
                                 tr("No QR scan in this range"),
                                 tr("A code counts as scanned when its address ends in ?qr= and the placement: make "
                                    "codes on the Links page."),
                                 {},
                                 {}};
        return status;
    };
    m_tableCard->stack()->setStatus(of(Placements));
    m_hoursCard->stack()->setStatus(of(hoursSlot));
    m_listsCard->stack()->setStatus(of(Countries));
    if (!m_map->problem().isEmpty())
        m_mapCard->stack()->setStatus(
            PanelStatus{PanelState::Failed,
                        tr("The map cannot be drawn."),
                        tr("Qt Location and its “itemsoverlay” plugin are needed. %1").arg(m_map->problem()),
                        {},
                        {}});
    else if (m_plan == QLatin1StringView("starter"))
        m_mapCard->stack()->setStatus(PanelStatus{PanelState::NotInPlan,
                                                  tr("Not in this plan"),
                                                  tr("The QR heatmap is part of the professional plan."),
                                                  {},
                                                  {}});
    else
        m_mapCard->stack()->setStatus(of(Countries));
}

void QrPage::resizeEvent(QResizeEvent* event)
{
    ReportPage::resizeEvent(event);
    // Where room is short, the cities tell less than the others.
    m_lists[Cities]->setVisible(width() >= 1400);
}

} // namespace qr_performance

// SPDX-License-Identifier: GPL-3.0-or-later
// The page's panels, and what joins them.
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "app/models/reports/report_tables.h"
#include "app/models/reports/report_words.h"
#include "app/pages/report_parts/breakdown_view.h"
#include "app/pages/report_parts/hours_view.h"
#include "app/pages/report_parts/total_tiles.h"
#include "app/pages/reports/crumb_bar.h"
#include "app/pages/reports/plan_panel.h"
#include "app/pages/reports/reconciliation_panel.h"
#include "app/pages/reports/reports_page.h"
#include "app/pages/reports/restatements_panel.h"
#include "app/widgets/card.h"
#include "app/widgets/choice_button.h"
#include "app/widgets/segmented_control.h"

namespace reports {

using models::BreakdownModel;
using models::Metric;
using widgets::Card;
using widgets::ChoiceButton;
using widgets::Theme;

namespace {

constexpr Metric metricsOffered[] = {Metric::Clicks, Metric::People, Metric::Scans, Metric::Bots, Metric::Uniques};

ChoiceButton* metricChoice()
{
    auto* button = new ChoiceButton(ChoiceButton::Mode::One, ReportsPage::tr("Shares of"), ReportsPage::tr("Clicks"));
    button->setProperty("look", QStringLiteral("flat"));
    QList<widgets::Choice> choices;
    for (const Metric metric : metricsOffered)
        choices.append({QString::number(static_cast<int>(metric)), models::words::metricName(metric)});
    button->offer(choices);
    button->setValues({choices.first().value});
    return button;
}

QSplitter* splitter(Qt::Orientation orientation, const QList<QWidget*>& panels, const QList<int>& sizes)
{
    auto* split = new QSplitter(orientation);
    split->setHandleWidth(8);
    split->setChildrenCollapsible(false);
    for (qsizetype i = 0; i < panels.size(); ++i) {
        split->addWidget(panels[i]);
        split->setStretchFactor(static_cast<int>(i), sizes[i]);
    }
    split->setSizes(sizes);
    return split;
}

} // namespace

void ReportsPage::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_crumbs = new CrumbBar;
    m_tiles = new TotalTiles({{Metric::Clicks, {}, {}},
                              {Metric::People, {}, {}},
                              {Metric::Scans, {}, {}},
                              {Metric::Bots, Metric::Clicks, tr("Bots")},
                              {Metric::Uniques, {}, {}},
                              {Metric::UniqueScanners, {}, {}}});
    m_chart = new ChartPanel;
    m_chartCard = new Card(tr("Clicks over time"), m_chart);
    m_chart->addHeaderTo(m_chartCard);
    QSplitter* left = splitter(Qt::Vertical, {m_chartCard, buildTable()}, {450, 550});
    QSplitter* right = splitter(Qt::Vertical, {buildHours(), buildSide()}, {450, 550});
    auto* panels = splitter(Qt::Horizontal, {left, right}, {580, 420});
    panels->setContentsMargins(16, 0, 16, 10);
    column->addWidget(bar());
    column->addWidget(m_crumbs);
    column->addWidget(m_tiles);
    column->addWidget(panels, 1);
}

QWidget* ReportsPage::buildTable()
{
    m_table = new BreakdownView(m_breakdown,
                                {BreakdownModel::Share, BreakdownModel::Clicks, BreakdownModel::Change,
                                 BreakdownModel::People, BreakdownModel::Scans, BreakdownModel::Bots,
                                 BreakdownModel::Uniques, BreakdownModel::UniqueScanners, BreakdownModel::Hits},
                                &Theme::link);
    m_table->setAccessibleName(tr("Breakdown"));
    m_tableCard = new Card(tr("Breakdown"), m_table);
    m_by = new ChoiceButton(ChoiceButton::Mode::One, tr("Break down by"), tr("Break down by"));
    m_by->setValues({QStringLiteral("link")});
    m_metric = metricChoice();
    m_tableCard->addHeaderWidget(m_metric);
    m_tableCard->addHeaderWidget(m_by);
    return m_tableCard;
}

QWidget* ReportsPage::buildHours()
{
    m_hours = new HoursView(m_hourModel, &Theme::link);
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(8, 8, 12, 10);
    column->addWidget(m_hours);
    m_hoursCard = new Card(tr("Hours of the week"), box);
    m_hoursCard->setSubtitle(tr("people, the mean of each hour"));
    return m_hoursCard;
}

QWidget* ReportsPage::buildSide()
{
    m_plan = new PlanPanel;
    m_reconciliation = new ReconciliationPanel;
    m_restatements = new RestatementsPanel;
    m_side = new QStackedWidget;
    m_side->addWidget(m_plan);
    m_side->addWidget(m_reconciliation);
    m_side->addWidget(m_restatements);
    m_sideCard = new Card(tr("Planning"), m_side);
    m_sideSwitch = new widgets::SegmentedControl(tr("Panel"), {tr("Planning"), tr("Reconciliation"), tr("Restated")});
    m_sideCard->addHeaderWidget(m_sideSwitch);
    return m_sideCard;
}

void ReportsPage::showSide(Side side)
{
    m_side->setCurrentIndex(side);
    m_sideSwitch->setCurrent(side);
    m_sideCard->setTitle(side == Plan ? tr("Planning") : side == Reconcile ? tr("Reconciliation") : tr("Restated"));
    m_sideCard->setSubtitle(side == Plan        ? tr("what brought people, for the next launch")
                            : side == Reconcile ? tr("stored hits against rollups, link by link")
                                                : tr("since it was reported"));
    askSide();
    showStatus();
}

QList<state::TableOffer> ReportsPage::tableOffers() const
{
    QList<state::TableOffer> offers;
    if (m_report) {
        offers.append({tr("Report: by %1").arg(models::words::breakdownName(m_report->by)),
                       QStringLiteral("report-by-") + m_report->by,
                       [report = m_report](bool) { return models::breakdownTable(*report); }});
        offers.append({tr("Report: clicks over time"), QStringLiteral("report-over-time"),
                       [report = m_report](bool) { return models::seriesTable(*report); }});
    }
    if (const state::HoursPtr hours = m_hourModel.hours())
        offers.append({tr("Report: hours of the week"), QStringLiteral("report-hours"),
                       [hours](bool) { return models::hoursTable(*hours); }});
    if (const state::ReconciliationPtr answer = m_reconciliation->model().reconciliation())
        offers.append({tr("Reconciliation"), QStringLiteral("reconciliation"),
                       [answer](bool) { return models::reconciliationTable(*answer); }});
    if (const state::RestatementsPtr answer = m_restatements->model().restatements())
        offers.append({tr("Restated figures"), QStringLiteral("restated"),
                       [answer](bool) { return models::restatementsTable(*answer); }});
    return offers;
}

QList<widgets::PictureOffer> ReportsPage::pictureOffers() const
{
    if (!m_report)
        return {};
    return {{tr("Report: clicks over time"), QStringLiteral("report-over-time"), m_chart->chart()},
            {tr("Report: hours of the week"), QStringLiteral("report-hours"), m_hours}};
}

void ReportsPage::wire()
{
    connect(bar(), &RangeBar::changed, this, [this] { ask(); });
    connect(m_crumbs, &CrumbBar::stepChosen, this, &ReportsPage::goBack);
    connect(m_crumbs, &CrumbBar::restatedChosen, this, [this] { showSide(Restated); });
    connect(m_chart, &ChartPanel::questionChanged, this, [this] { ask(); });
    connect(m_chart, &ChartPanel::viewChanged, this, [this] { showStatus(); });
    connect(m_chart, &ChartPanel::rangePicked, this, &ReportsPage::pickRange);
    connect(m_chart->chart(), &widgets::SeriesChart::markPicked, this, &ReportsPage::editRequested);
    connect(m_by, &ChoiceButton::chosen, this, [this] { ask(); });
    connect(m_metric, &ChoiceButton::chosen, this,
            [this](const QStringList& values) { m_breakdown.setMetric(static_cast<Metric>(values.value(0).toInt())); });
    connect(m_table, &BreakdownView::picked, this, [this](const QString& value, quint64 link) {
        narrowTo(m_breakdown.report() ? m_breakdown.report()->by : QString(), value, link);
    });
    connect(m_hours, &HoursView::read, this, [this](const QString& words) {
        m_hoursCard->setSubtitle(words.isEmpty() ? tr("people, the mean of each hour") : words);
    });
    connect(m_sideSwitch, &widgets::SegmentedControl::chosen, this,
            [this](int side) { showSide(static_cast<Side>(side)); });
    connect(m_plan, &PlanPanel::valuePicked, this,
            [this](const QString& dimension, const QString& value) { narrowTo(dimension, value); });
    connect(m_plan, &PlanPanel::campaignPicked, this, &ReportsPage::compareWith);
    for (Card* card : {m_chartCard, m_tableCard, m_hoursCard, m_sideCard})
        connect(card->stack(), &widgets::StatusStack::actionRequested, this, [this, card] {
            const auto& status = card->stack()->status();
            if (status && status->state == widgets::PanelState::Filtered)
                clearFilters();
            else
                ask();
        });
    m_sideCard->setSubtitle(tr("what brought people, for the next launch"));
}

} // namespace reports

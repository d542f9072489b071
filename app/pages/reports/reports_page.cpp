// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/reports/reports_page.h"

#include <QAction>
#include <QStackedWidget>

#include "app/models/reports/report_words.h"
#include "app/pages/report_parts/total_tiles.h"
#include "app/pages/reports/crumb_bar.h"
#include "app/pages/reports/plan_panel.h"
#include "app/pages/reports/reconciliation_panel.h"
#include "app/pages/reports/restatements_panel.h"
#include "app/widgets/card.h"
#include "app/widgets/choice_button.h"

namespace reports {

namespace {

constexpr int valuesShown = 200;
constexpr int partValues = 20;
constexpr std::size_t bestShown = 12;

} // namespace

ReportsPage::ReportsPage(QWidget* parent) : ReportPage(parent)
{
    build();
    wire();
    addCommands();
    offerBreakdowns();
    showSteps();
    showStatus();
}

state::ReportQuery ReportsPage::question() const
{
    state::ReportQuery query = bar()->query(nowMs());
    query.whereDimension = m_whereDimension;
    query.whereValue = m_whereValue;
    return query;
}

void ReportsPage::ask()
{
    askMain();
    askSide();
}

void ReportsPage::refresh()
{
    askMain();
    if (m_side->currentIndex() != Reconcile) // stored hits are counted one by one: not unasked
        askSide();
}

void ReportsPage::askMain()
{
    state::ReportQuery query = question();
    emit hoursWanted(query);
    query.granularity = m_chart->granularity();
    query.by = m_by->values().value(0);
    query.limit = valuesShown;
    query.split = m_chart->view() == ChartPanel::ByValue;
    emit reportWanted(Main, query);
}

void ReportsPage::askSide()
{
    state::ReportQuery query = question();
    if (m_side->currentIndex() == Reconcile)
        return emit reconciliationWanted(query);
    if (m_side->currentIndex() == Restated)
        return emit restatementsWanted(query);
    query.compare.clear();
    query.granularity = protocol::Granularity::Day; // of these only the totals are read
    query.limit = partValues;
    for (int part = 0; part < PlanPanel::PartCount; ++part) {
        query.by = PlanPanel::dimensionOf(static_cast<PlanPanel::Part>(part));
        if (!query.isNarrowed() || query.whereDimension == query.by)
            emit reportWanted(FirstPart + part, query);
    }
    showHint();
}

void ReportsPage::showHint()
{
    m_plan->setHint(m_whereDimension.isEmpty()
                        ? QString()
                        : tr("Within “%1” only links and hours can be told: rollups hold one dimension of a link. The "
                             "lists below are of everything, as last read.")
                              .arg(Sentences::narrowing(m_whereDimension, m_whereValue)));
}

void ReportsPage::setReport(int slot, const state::ReportPtr& report)
{
    m_problems.remove(slot);
    if (slot != Main) {
        m_plan->setReport(static_cast<PlanPanel::Part>(slot - FirstPart), report);
        return showStatus();
    }
    noteAnswer();
    if (alignCampaigns(*report))
        return;
    m_report = report;
    bar()->setZone(models::zoneNamed(report->zone));
    m_tiles->setReport(*report);
    m_breakdown.setReport(report);
    m_chart->setReport(report);
    m_crumbs->setFreshness(freshnessOf(*report));
    m_crumbs->setRestated(Sentences::restated(*report), Sentences::restatedMore(*report));
    const QString range = Sentences::range(report->fromMs, report->toMs, models::zoneNamed(report->zone));
    const QString against = Sentences::comparison(*report);
    m_chartCard->setSubtitle(against.isEmpty() || m_chart->view() == ChartPanel::ByValue ? range
                             : report->compared->totals.hits == 0 ? tr("%1 · nothing in %2").arg(range, against)
                                                                  : tr("%1 · before: %2").arg(range, against));
    m_tableCard->setSubtitle(
        report->valuesTotal > report->values.size()
            ? tr("%1 of %2 values")
                  .arg(models::words::count(report->values.size()), models::words::count(report->valuesTotal))
            : range);
    showSteps();
    showStatus();
    state::ReportQuery edits = report->query;
    edits.fromMs = report->fromMs;
    edits.toMs = report->toMs;
    emit editsWanted(edits);
}

void ReportsPage::setHours(const state::HoursPtr& hours)
{
    m_problems.remove(hoursSlot);
    m_hourModel.setHours(hours);
    m_plan->setBest(m_hourModel.best(bestShown));
    showStatus();
}

void ReportsPage::setReconciliation(const state::ReconciliationPtr& reconciliation)
{
    m_problems.remove(reconciliationSlot);
    m_reconciliation->setReconciliation(reconciliation);
    showStatus();
}

void ReportsPage::setRestatements(const state::RestatementsPtr& restatements)
{
    m_problems.remove(restatementsSlot);
    m_restatements->setRestatements(restatements, m_report ? models::zoneNamed(m_report->zone) : QTimeZone::utc());
    showStatus();
}

void ReportsPage::setFailed(int slot, const state::Problem& problem)
{
    m_problems.insert(slot, problem);
    // Figures of another question would be taken for the answer to this one.
    if (slot == Main && problem.status >= 400 && problem.status < 500) {
        m_report.reset();
        m_breakdown.setReport(nullptr);
        m_crumbs->setRestated({}, {});
    } else if (slot == restatementsSlot && problem.status >= 400 && problem.status < 500) {
        m_restatements->setRestatements(nullptr, QTimeZone::utc());
    } else if (slot == reconciliationSlot && problem.status >= 400 && problem.status < 500) {
        m_reconciliation->setReconciliation(nullptr);
    }
    showStatus();
}

void ReportsPage::setMoments(const QList<widgets::ChartMark>& moments)
{
    m_chart->setMoments(moments);
}

// Campaigns are only alike from the first click of each: the range then begins with this one's.
bool ReportsPage::alignCampaigns(const state::Report& report)
{
    const bool campaigns = report.query.compare.startsWith(QLatin1StringView("campaign:"));
    if (!campaigns || report.query.campaigns.size() != 1 || !report.firstMs || *report.firstMs <= report.fromMs)
        return false;
    take(tr("From the first click"));
    bar()->setRange(*report.firstMs, report.toMs);
    showSteps();
    ask();
    return true;
}

bool ReportsPage::isFiltered() const
{
    const RangeBar::Choices choices = bar()->choices();
    return !m_whereDimension.isEmpty() || !choices.links.isEmpty() || !choices.campaigns.isEmpty() ||
           !choices.domains.isEmpty() || !choices.tags.isEmpty();
}

PanelFacts ReportsPage::factsOf(int slot) const
{
    PanelFacts facts;
    facts.problem = m_problems.value(slot);
    facts.connection = connection();
    facts.narrowed = isFiltered();
    facts.hasContent = slot == Main                 ? m_report != nullptr
                       : slot == hoursSlot          ? m_hourModel.hours() != nullptr
                       : slot == reconciliationSlot ? m_reconciliation->model().reconciliation() != nullptr
                       : slot == restatementsSlot   ? m_restatements->model().restatements() != nullptr
                                                    : m_hourModel.hours() != nullptr;
    facts.isEmpty = (slot == Main || slot == hoursSlot) && m_report && m_report->totals.hits == 0;
    return facts;
}

void ReportsPage::showStatus()
{
    const auto status = panelStatus(factsOf(Main));
    m_tableCard->stack()->setStatus(status);
    if (!status && !m_chart->missing().isEmpty())
        m_chartCard->stack()->setStatus(
            widgets::PanelStatus{widgets::PanelState::Waiting, m_chart->missing(), {}, {}, {}});
    else
        m_chartCard->stack()->setStatus(status);
    m_hoursCard->stack()->setStatus(panelStatus(factsOf(hoursSlot)));
    const int side = m_side->currentIndex();
    m_sideCard->stack()->setStatus(panelStatus(factsOf(side == Reconcile  ? int(reconciliationSlot)
                                                       : side == Restated ? int(restatementsSlot)
                                                                          : int(hoursSlot))));
}

void ReportsPage::take(const QString& name)
{
    m_steps.append({name, bar()->choices(), m_by->values().value(0), m_whereDimension, m_whereValue});
}

void ReportsPage::goBack(int step)
{
    if (step < 0 || step >= m_steps.size())
        return;
    const Step before = m_steps[step];
    m_steps.resize(step);
    bar()->setChoices(before.bar);
    m_whereDimension = before.whereDimension;
    m_whereValue = before.whereValue;
    offerBreakdowns();
    m_by->setValues({before.by});
    showSteps();
    ask();
}

void ReportsPage::narrowTo(const QString& dimension, const QString& value, quint64 link)
{
    take(Sentences::narrowing(dimension, value));
    if (dimension == QLatin1StringView("link")) {
        if (link == 0 || value.isEmpty()) {
            m_steps.removeLast();
            return; // hits without a link are no link's
        }
        bar()->setLinks({value});
        // One link among links says nothing: its countries do.
        if (m_whereDimension.isEmpty())
            m_by->setValues({QStringLiteral("country")});
    } else {
        m_whereDimension = dimension;
        m_whereValue = value;
        offerBreakdowns();
        m_by->setValues({QStringLiteral("link")});
    }
    showSteps();
    ask();
}

void ReportsPage::pickRange(qint64 fromMs, qint64 toMs)
{
    take(Sentences::range(fromMs, toMs, m_report ? models::zoneNamed(m_report->zone) : QTimeZone::utc()));
    bar()->setRange(fromMs, toMs);
    m_chart->setGranularity(std::nullopt);
    showSteps();
    ask();
}

void ReportsPage::compareWith(const QString& campaign)
{
    if (campaign.isEmpty())
        return;
    bar()->setCompare(QStringLiteral("campaign:") + campaign);
    ask();
}

void ReportsPage::breakDownBy(const QString& by)
{
    m_by->setValues({by});
    ask();
}

void ReportsPage::offerBreakdowns()
{
    QList<widgets::Choice> choices;
    for (const models::words::Named& named : models::words::breakdowns())
        // Within one value rollups know links, and the value itself.
        if (m_whereDimension.isEmpty() || named.word == m_whereDimension || named.word == QLatin1StringView("link"))
            choices.append({named.word, named.name});
    m_by->offer(choices);
    m_by->setToolTip(m_whereDimension.isEmpty() ? QString()
                                                : tr("Rollups hold one dimension of a link: within one value, only "
                                                     "links can be told apart"));
}

void ReportsPage::showSteps()
{
    QStringList names{tr("All clicks")};
    for (const Step& step : std::as_const(m_steps))
        names.append(step.name);
    m_crumbs->setSteps(names);
}

void ReportsPage::clearFilters()
{
    m_steps.clear();
    m_whereDimension.clear();
    m_whereValue.clear();
    bar()->clear();
    offerBreakdowns();
    showSteps();
    ask();
}

void ReportsPage::addCommands()
{
    const auto add = [this](const QString& text, const QKeySequence& keys, const std::function<void()>& act) {
        auto* action = new QAction(text, this);
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        connect(action, &QAction::triggered, this, act);
        addAction(action);
        m_commands.append(action);
    };
    add(tr("Reports: back a step"), Qt::ALT | Qt::Key_Left, [this] { goBack(static_cast<int>(m_steps.size()) - 1); });
    add(tr("Reports: read again"), Qt::CTRL | Qt::Key_R, [this] { ask(); });
    add(tr("Reports: everything, without filters"), {}, [this] { clearFilters(); });
    add(tr("Reports: planning"), {}, [this] { showSide(Plan); });
    add(tr("Reports: reconciliation"), {}, [this] { showSide(Reconcile); });
    add(tr("Reports: what was restated"), {}, [this] { showSide(Restated); });
}

} // namespace reports

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/models/reports/breakdown_model.h"
#include "app/models/reports/hour_table_model.h"
#include "app/pages/report_parts/range_bar.h"
#include "app/pages/report_parts/report_page.h"
#include "app/pages/reports/chart_panel.h"
#include "app/state/table_source.h"
#include "app/widgets/picture_offer.h"

class QStackedWidget;

namespace widgets {
class Card;
class ChoiceButton;
class SegmentedControl;
} // namespace widgets

namespace reports {

class BreakdownView;
class CrumbBar;
class HoursView;
class PlanPanel;
class ReconciliationPanel;
class RestatementsPanel;
class TotalTiles;

// The Reports page: totals, clicks over time, a breakdown, the hours of the week, planning and reconciliation, all of
// one range and filter. A value picked anywhere narrows everything; the crumbs lead back.
class ReportsPage : public ReportPage {
    Q_OBJECT

public:
    enum Slot { Main = 0, FirstPart = 1 }; // the plan's parts follow
    enum Side { Plan, Reconcile, Restated };

    explicit ReportsPage(QWidget* parent = nullptr);

    void setReport(int slot, const state::ReportPtr& report) override;
    void setHours(const state::HoursPtr& hours) override;
    void setReconciliation(const state::ReconciliationPtr& reconciliation) override;
    void setRestatements(const state::RestatementsPtr& restatements) override;
    void setFailed(int slot, const state::Problem& problem) override;
    // What was changed when, for the chart; a mark's key is the link it leads to.
    void setMoments(const QList<widgets::ChartMark>& moments);

    // The word of a dimension, or "link".
    void breakDownBy(const QString& by);
    void narrowTo(const QString& dimension, const QString& value, quint64 link = 0);
    void goBack(int step); // 0 = everything
    void showSide(Side side);

    ChartPanel* chart() const { return m_chart; }
    TotalTiles* tiles() const { return m_tiles; }
    CrumbBar* crumbs() const { return m_crumbs; }
    BreakdownView* table() const { return m_table; }
    HoursView* hours() const { return m_hours; }
    PlanPanel* plan() const { return m_plan; }
    ReconciliationPanel* reconciliation() const { return m_reconciliation; }
    RestatementsPanel* restatements() const { return m_restatements; }
    models::BreakdownModel& breakdown() { return m_breakdown; }
    widgets::Card* chartCard() const { return m_chartCard; }
    widgets::Card* tableCard() const { return m_tableCard; }
    QList<QAction*> commands() const { return m_commands; }
    QList<state::TableOffer> tableOffers() const;
    QList<widgets::PictureOffer> pictureOffers() const;

signals:
    void editRequested(quint64 link);
    // What was edited in the report's range is wanted, for the chart.
    void editsWanted(const state::ReportQuery& query);

protected:
    void ask() override;
    void refresh() override;
    void showStatus() override;
    bool isLacking() const override { return !m_report || !m_hourModel.hours(); }

private:
    // What was chosen before a step was taken, and what the step was.
    struct Step {
        QString name;
        RangeBar::Choices bar;
        QString by, whereDimension, whereValue;
    };

    void build();
    QWidget* buildTable();
    QWidget* buildHours();
    QWidget* buildSide();
    void wire();
    void addCommands();
    void take(const QString& name);
    void pickRange(qint64 fromMs, qint64 toMs);
    void compareWith(const QString& campaign);
    bool alignCampaigns(const state::Report& report);
    void offerBreakdowns();
    void showSteps();
    void showHint();
    void askSide();
    void askMain();
    state::ReportQuery question() const;
    bool isFiltered() const;
    PanelFacts factsOf(int slot) const;
    void clearFilters();

    models::BreakdownModel m_breakdown;
    models::HourTableModel m_hourModel;
    TotalTiles* m_tiles;
    CrumbBar* m_crumbs;
    ChartPanel* m_chart;
    BreakdownView* m_table;
    HoursView* m_hours;
    PlanPanel* m_plan;
    ReconciliationPanel* m_reconciliation;
    RestatementsPanel* m_restatements;
    QStackedWidget* m_side;
    widgets::Card *m_chartCard, *m_tableCard, *m_hoursCard, *m_sideCard;
    widgets::ChoiceButton *m_by, *m_metric;
    widgets::SegmentedControl* m_sideSwitch;
    QString m_whereDimension, m_whereValue;
    QList<Step> m_steps;
    QHash<int, state::Problem> m_problems; // of the newest question of a slot
    state::ReportPtr m_report;
    QList<QAction*> m_commands;
};

} // namespace reports

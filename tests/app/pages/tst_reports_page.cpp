// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

#include "app/pages/report_parts/breakdown_view.h"
#include "app/pages/report_parts/hours_view.h"
#include "app/pages/report_parts/total_tiles.h"
#include "app/pages/reports/crumb_bar.h"
#include "app/pages/reports/plan_panel.h"
#include "app/pages/reports/reconciliation_panel.h"
#include "app/pages/reports/reports_page.h"
#include "app/pages/reports/restatements_panel.h"
#include "app/widgets/card.h"
#include "app/widgets/theme/appearance.h"
#include "app/widgets/tile.h"
#include "app/widgets/top_list.h"
#include "tests/app/pages/report_samples.h"

using models::BreakdownModel;
using reports::ReportsPage;
using widgets::PanelState;

class ReportsPageTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup() { m_page.reset(); }
    void asksOnceItIsShown();
    void totalsStandBesideWhatTheyAreComparedWith();
    void aRowNarrowsEverythingAndTheCrumbsLeadBack();
    void withinOneValueOnlyLinksCanBeTold();
    void aLinkIsFilteredAndToldByCountry();
    void aDragOverTheChartNarrowsTheRange();
    void theKeyboardReadsTheChart();
    void theKeyboardReadsTheHours();
    void theFirstFiveValuesHaveASeriesEach();
    void uniquesNeedDays();
    void campaignsBeginWithTheirFirstClick();
    void planningTellsHoursChannelsAndFormats();
    void reconciliationSaysEqualOrWhyNot();
    void whatWasRestatedIsToldAndListed();
    void everyPanelSaysWhyItIsEmpty();
    void aRefusedQuestionLeavesNoOldFigures();
    void offlineShowsWhatWasKnown();
    void anArchiveThatOpensLateIsAsked();
    void theWindowNeverGrowsForWhatIsChosen();
    void opensAYearQuickly();

private:
    void answer(int slot, const state::ReportQuery& query);
    void connectNow();
    state::ReportQuery lastMain() const;

    std::unique_ptr<widgets::Appearance> m_appearance;
    std::unique_ptr<ReportsPage> m_page;
    QList<state::ReportQuery> m_main, m_hours, m_reconciled;
    QList<int> m_parts;
    bool m_answering = true;
};

void ReportsPageTest::initTestCase()
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    m_appearance = std::make_unique<widgets::Appearance>(*qApp);
    m_appearance->setScheme(widgets::Scheme::Dark);
}

void ReportsPageTest::init()
{
    m_main.clear();
    m_hours.clear();
    m_reconciled.clear();
    m_parts.clear();
    m_answering = true;
    m_page = std::make_unique<ReportsPage>();
    m_page->setClock([] { return samples::nowMs; });
    connect(m_page.get(), &ReportsPage::reportWanted, this, &ReportsPageTest::answer, Qt::QueuedConnection);
    connect(
        m_page.get(), &ReportsPage::hoursWanted, this,
        [this](const state::ReportQuery& query) {
            m_hours.append(query);
            if (m_answering)
                m_page->setHours(samples::hoursFor(query));
        },
        Qt::QueuedConnection);
    connect(
        m_page.get(), &ReportsPage::reconciliationWanted, this,
        [this](const state::ReportQuery& query) {
            m_reconciled.append(query);
            if (m_answering)
                m_page->setReconciliation(samples::reconciliation());
        },
        Qt::QueuedConnection);
    connectNow();
    m_page->resize(1280, 756);
}

void ReportsPageTest::connectNow()
{
    state::ConnectionStatus status;
    status.phase = state::Phase::Live;
    m_page->setConnection(status);
}

void ReportsPageTest::answer(int slot, const state::ReportQuery& query)
{
    if (slot == ReportsPage::Main)
        m_main.append(query);
    else
        m_parts.append(slot);
    if (m_answering)
        m_page->setReport(slot, samples::reportFor(query));
}

state::ReportQuery ReportsPageTest::lastMain() const
{
    return m_main.isEmpty() ? state::ReportQuery() : m_main.last();
}

void ReportsPageTest::asksOnceItIsShown()
{
    QCoreApplication::processEvents();
    QVERIFY(m_main.isEmpty());
    m_page->show();
    QTRY_COMPARE(m_main.size(), 1);
    QCOMPARE(lastMain().by, QStringLiteral("link"));
    QCOMPARE(lastMain().compare, QStringLiteral("previous"));
    QCOMPARE(lastMain().fromMs, samples::nowMs / samples::dayMs * samples::dayMs - 6 * samples::dayMs);
    QCOMPARE(lastMain().toMs, samples::nowMs);
    m_page->bar()->setPreset(reports::RangeBar::LastDay);
    emit m_page->bar()->changed();
    QTRY_COMPARE(m_main.size(), 2);
    QCOMPARE(lastMain().fromMs, samples::nowMs - samples::dayMs);
}

void ReportsPageTest::totalsStandBesideWhatTheyAreComparedWith()
{
    m_page->show();
    QTRY_VERIFY(m_page->breakdown().rowCount() > 0);
    const widgets::TileContent clicks = m_page->tiles()->tile(0)->content();
    QVERIFY2(clicks.lead.contains(QStringLiteral("+33 %")), qPrintable(clicks.lead));
    QVERIFY2(clicks.note.startsWith(QStringLiteral("on ")), qPrintable(clicks.note)); // no rate without its count
    QVERIFY(m_page->tiles()->tile(3)->content().figure.contains(QLatin1Char('%')));
    QVERIFY(m_page->tiles()->tile(3)->content().note.contains(QStringLiteral(" of ")));
    const QString fresh = m_page->crumbs()->freshness();
    for (const char* said : {"Rolled up to", "412 to come", "sums of daily uniques", "times in UTC"})
        QVERIFY2(fresh.contains(QLatin1StringView(said)), qPrintable(fresh));
}

void ReportsPageTest::aRowNarrowsEverythingAndTheCrumbsLeadBack()
{
    m_page->show();
    m_page->breakDownBy(QStringLiteral("country"));
    QTRY_COMPARE(m_page->breakdown().rowOf(QStringLiteral("DE")), 0);
    QTest::mouseClick(m_page->table()->viewport(), Qt::LeftButton, {},
                      m_page->table()->visualRect(m_page->breakdown().index(0, 0)).center());
    QTRY_COMPARE(lastMain().whereDimension, QStringLiteral("country"));
    QCOMPARE(lastMain().whereValue, QStringLiteral("DE"));
    QCOMPARE(lastMain().by, QStringLiteral("link"));
    QCOMPARE(m_hours.last().whereValue, QStringLiteral("DE"));
    QCOMPARE(m_page->crumbs()->steps(),
             (QStringList{QStringLiteral("All clicks"), QStringLiteral("Country: Germany")}));
    const auto buttons = m_page->crumbs()->findChildren<QPushButton*>();
    const auto back = std::find_if(buttons.cbegin(), buttons.cend(),
                                   [](const QPushButton* one) { return one->text() == QStringLiteral("All clicks"); });
    QVERIFY(back != buttons.cend());
    (*back)->click();
    QTRY_VERIFY(lastMain().whereDimension.isEmpty());
    QCOMPARE(lastMain().by, QStringLiteral("country"));
    QCOMPARE(m_page->crumbs()->steps().size(), 1);
}

void ReportsPageTest::withinOneValueOnlyLinksCanBeTold()
{
    m_page->show();
    QTRY_VERIFY(!m_parts.isEmpty());
    m_page->narrowTo(QStringLiteral("channel"), QStringLiteral("direct"));
    m_parts.clear();
    QTRY_COMPARE(lastMain().whereValue, QStringLiteral("direct"));
    QTRY_COMPARE(m_parts, QList<int>{int(ReportsPage::FirstPart) + int(reports::PlanPanel::Channels)});
    const auto texts = m_page->plan()->findChildren<QLabel*>();
    QVERIFY(std::any_of(texts.cbegin(), texts.cend(), [](const QLabel* label) {
        return label->isVisible() && label->text().contains(QStringLiteral("one dimension"));
    }));
}

void ReportsPageTest::aLinkIsFilteredAndToldByCountry()
{
    m_page->show();
    QTRY_VERIFY(m_page->breakdown().rowCount() > 0);
    QTest::keyClick(m_page->table(), Qt::Key_J);
    QTest::keyClick(m_page->table(), Qt::Key_J);
    QCOMPARE(m_page->table()->currentIndex().row(), 1);
    QTest::keyClick(m_page->table(), Qt::Key_K);
    QTest::keyClick(m_page->table(), Qt::Key_Return);
    QTRY_COMPARE(lastMain().links, QStringList{QStringLiteral("go.acme.example/spring")});
    QVERIFY(lastMain().whereDimension.isEmpty());
    QCOMPARE(lastMain().by, QStringLiteral("country"));
}

void ReportsPageTest::aDragOverTheChartNarrowsTheRange()
{
    m_page->show();
    QTRY_VERIFY(m_page->breakdown().rowCount() > 0);
    widgets::SeriesChart* chart = m_page->chart()->chart();
    QWidget* overlay = chart->findChild<QWidget*>({}, Qt::FindDirectChildrenOnly);
    for (QWidget* child : chart->findChildren<QWidget*>(Qt::FindDirectChildrenOnly))
        if (child->hasMouseTracking())
            overlay = child;
    QCoreApplication::processEvents();
    const int middle = overlay->height() / 2;
    QTest::mousePress(overlay, Qt::LeftButton, {}, QPoint(overlay->width() / 3, middle));
    QTest::mouseMove(overlay, QPoint(overlay->width() / 2, middle));
    QTest::mouseRelease(overlay, Qt::LeftButton, {}, QPoint(overlay->width() / 2, middle));
    QTRY_COMPARE(m_main.size(), 2);
    QCOMPARE(lastMain().fromMs % samples::dayMs, 0); // whole buckets
    QVERIFY(lastMain().fromMs > m_main.first().fromMs);
    QVERIFY(lastMain().toMs < m_main.first().toMs);
    QCOMPARE(m_page->bar()->preset(), reports::RangeBar::Own);
    m_page->goBack(0);
    QTRY_COMPARE(lastMain().fromMs, m_main.first().fromMs);
    QCOMPARE(m_page->bar()->preset(), reports::RangeBar::Week);
}

void ReportsPageTest::theKeyboardReadsTheChart()
{
    m_page->show();
    QTRY_VERIFY(!m_page->chart()->chart()->buckets().isEmpty());
    widgets::SeriesChart* chart = m_page->chart()->chart();
    QTest::keyClick(chart, Qt::Key_Left);
    QVERIFY(chart->accessibleDescription().contains(QStringLiteral("People")));
    QVERIFY(chart->accessibleDescription().contains(QStringLiteral("still filling")));
    QVERIFY(chart->accessibleDescription().contains(QStringLiteral("before"))); // all series in one reading
    QTest::keyClick(chart, Qt::Key_Left);
    QVERIFY(!chart->accessibleDescription().contains(QStringLiteral("still filling")));
    QTest::keyClick(chart, Qt::Key_Return);
    QTRY_COMPARE(lastMain().toMs - lastMain().fromMs, samples::dayMs);
}

void ReportsPageTest::theKeyboardReadsTheHours()
{
    m_page->show();
    QTRY_VERIFY(!m_hours.isEmpty());
    QCoreApplication::processEvents();
    QSignalSpy read(m_page->hours(), &reports::HoursView::read);
    m_page->hours()->setCurrentIndex(m_page->hours()->model()->index(0, 14));
    QTest::keyClick(m_page->hours(), Qt::Key_Down);
    QVERIFY(read.size() >= 2);
    const QString words = read.last()[0].toString();
    QVERIFY2(words.contains(QStringLiteral("Tue 14:00")) && words.contains(QStringLiteral("on average")),
             qPrintable(words));
}

void ReportsPageTest::theFirstFiveValuesHaveASeriesEach()
{
    m_page->show();
    m_page->breakDownBy(QStringLiteral("country"));
    m_page->chart()->setView(reports::ChartPanel::ByValue);
    emit m_page->chart()->questionChanged();
    QTRY_VERIFY(lastMain().split);
    QTRY_COMPARE(m_page->chart()->chart()->series().size(), 5);
    QCOMPARE(m_page->chart()->chart()->series()[0].name, QStringLiteral("Germany"));
}

void ReportsPageTest::uniquesNeedDays()
{
    m_page->show();
    m_page->chart()->setView(reports::ChartPanel::Uniques);
    QTRY_VERIFY(m_page->breakdown().rowCount() > 0);
    QVERIFY(m_page->chart()->missing().isEmpty());
    m_page->chart()->setGranularity(protocol::Granularity::Hour);
    emit m_page->chart()->questionChanged();
    QTRY_VERIFY(!m_page->chart()->missing().isEmpty());
    QVERIFY(m_page->chartCard()->stack()->status()->title.contains(QStringLiteral("by day")));
}

void ReportsPageTest::campaignsBeginWithTheirFirstClick()
{
    m_page->show();
    QTRY_COMPARE(m_main.size(), 1);
    m_answering = false;
    reports::RangeBar::Choices choices = m_page->bar()->choices();
    choices.campaigns = {QStringLiteral("spring-2026")};
    choices.compare = QStringLiteral("campaign:winter-2025");
    m_page->bar()->setChoices(choices);
    emit m_page->bar()->changed();
    QTRY_COMPARE(m_main.size(), 2);
    auto report = samples::reportFor(lastMain());
    report->firstMs = report->fromMs + 2 * samples::dayMs;
    m_page->setReport(ReportsPage::Main, report);
    QTRY_COMPARE(m_main.size(), 3);
    QCOMPARE(lastMain().fromMs, *report->firstMs);
    QVERIFY(m_page->crumbs()->steps().last().contains(QStringLiteral("first click")));
    report = samples::reportFor(lastMain());
    m_page->setReport(ReportsPage::Main, report); // from its first click now: shown, not asked again
    QCoreApplication::processEvents();
    QCOMPARE(m_main.size(), 3);
}

void ReportsPageTest::planningTellsHoursChannelsAndFormats()
{
    m_page->show();
    QTRY_COMPARE(m_parts.size(), 4);
    QTRY_VERIFY(!m_page->plan()->hours()->rows().isEmpty());
    QVERIFY(m_page->plan()->hours()->rows().first().name.contains(QStringLiteral("\u00D7"))); // how often measured
    QCOMPARE(m_page->plan()->list(reports::PlanPanel::Channels)->rows().first().name,
             QStringLiteral("newsletter / email"));
    QCOMPARE(m_page->plan()->list(reports::PlanPanel::Touch)->rows().size(), 2);
    emit m_page->plan()->list(reports::PlanPanel::Campaigns)->picked(QStringLiteral("winter-2025"));
    QTRY_COMPARE(lastMain().compare, QStringLiteral("campaign:winter-2025"));
}

void ReportsPageTest::reconciliationSaysEqualOrWhyNot()
{
    m_page->show();
    m_page->showSide(ReportsPage::Reconcile);
    QTRY_COMPARE(m_reconciled.size(), 1);
    models::ReconciliationModel& model = m_page->reconciliation()->model();
    QTRY_COMPARE(model.rowCount(), 4);
    QCOMPARE(model.index(0, 0).data(models::ReconciliationModel::WordRole).toString(), QStringLiteral("differs"));
    for (int row = 0; row < model.rowCount(); ++row) {
        const QString text = model.index(row, models::ReconciliationModel::State).data().toString();
        QVERIFY2(text.contains(QStringLiteral(" \u00B7 ")) && text.endsWith(QLatin1Char('.')), qPrintable(text));
    }
    const QString summary = m_page->reconciliation()->summary();
    for (const char* said : {"13,280", "12,862", "412", "6 stored late", "one link differs"})
        QVERIFY2(summary.contains(QLatin1StringView(said)), qPrintable(summary));
    const QString reason = m_page->reconciliation()->reason();
    for (const char* said : {"go.acme.example/demo: ", "differs", "Hits: 950 stored, 944 rolled up", "rebuild"})
        QVERIFY2(reason.contains(QLatin1StringView(said)), qPrintable(reason));
}

void ReportsPageTest::whatWasRestatedIsToldAndListed()
{
    QSignalSpy asked(m_page.get(), &ReportsPage::restatementsWanted);
    m_page->show();
    QTRY_VERIFY(!m_main.isEmpty());
    QTRY_VERIFY(!m_page->crumbs()->freshness().isEmpty());
    QVERIFY(!m_page->crumbs()->restated()->isVisible()); // nothing was
    auto report = samples::reportFor(lastMain());
    report->restated = state::Restated{3, 1, 0, samples::nowMs - 5 * 60'000, state::CountsChange{14, 12, -9, 0}};
    m_page->setReport(ReportsPage::Main, report);
    QVERIFY(m_page->crumbs()->restated()->isVisible());
    const QString line = m_page->crumbs()->restated()->text();
    QVERIFY2(line.endsWith(QStringLiteral("restated: +12 clicks, \u22129 people, last at 14:00")), qPrintable(line));
    m_page->crumbs()->restated()->click();
    QCOMPARE(asked.size(), 1);
    QCOMPARE(asked[0][0].value<state::ReportQuery>().links, lastMain().links);
    m_page->setRestatements(samples::restatements());
    models::RestatementModel& model = m_page->restatements()->model();
    const auto text = [&model](int row, int column) { return model.index(row, column).data().toString(); };
    QCOMPARE(model.rowCount(), 4);
    QCOMPARE(text(0, models::RestatementModel::Change), QStringLiteral("+12 clicks, +9 people, +3 scans"));
    QCOMPARE(text(1, models::RestatementModel::Change), QStringLiteral("+2 hits"));
    QCOMPARE(text(0, models::RestatementModel::Why), QStringLiteral("late hits"));
    QCOMPARE(text(2, models::RestatementModel::Why), QStringLiteral("rebuilt"));
    QVERIFY(models::RestatementModel::reason(model.restatements()->items[2])
                .contains(QStringLiteral("950 clicks were reported before")));
    QCOMPARE(text(3, models::RestatementModel::Link), QStringLiteral("several links"));
    QVERIFY(m_page->restatements()->summary().startsWith(QStringLiteral("4 restatements: +8 clicks")));
    QVERIFY(m_page->restatements()->story().contains(QStringLiteral("go.acme.example/spring")));
    const auto offers = m_page->tableOffers();
    const auto offer = std::find_if(offers.cbegin(), offers.cend(), [](const state::TableOffer& one) {
        return one.fileName == QStringLiteral("restated");
    });
    QVERIFY(offer != offers.cend());
    const auto table = offer->make(false);
    std::vector<std::string> cells;
    QVERIFY(table->readRow(2, cells));
    QCOMPARE(cells.size(), table->columns().size());
    QCOMPARE(cells[8], std::string("-4"));
    QCOMPARE(cells.back(), std::string("950"));
    for (const auto scheme : {widgets::Scheme::Light, widgets::Scheme::Dark}) {
        m_appearance->setScheme(scheme);
        QVERIFY(
            m_page->grab().save(QDir(QCoreApplication::applicationDirPath())
                                    .filePath(scheme == widgets::Scheme::Dark ? QStringLiteral("restated_dark.png")
                                                                              : QStringLiteral("restated_light.png"))));
    }
}

void ReportsPageTest::everyPanelSaysWhyItIsEmpty()
{
    m_answering = false;
    m_page->show();
    QTRY_COMPARE(m_main.size(), 1);
    QCOMPARE(m_page->chartCard()->stack()->status()->state, PanelState::Waiting);
    state::Problem problem;
    problem.code = QStringLiteral("unreachable");
    m_page->setFailed(ReportsPage::Main, problem);
    QCOMPARE(m_page->tableCard()->stack()->status()->state, PanelState::Failed);
    QVERIFY(!m_page->tableCard()->stack()->status()->text.isEmpty()); // what to do
    auto empty = std::make_shared<state::Report>();
    empty->fromMs = samples::nowMs;
    empty->toMs = samples::nowMs + samples::dayMs;
    m_page->setReport(ReportsPage::Main, empty);
    QCOMPARE(m_page->tableCard()->stack()->status()->state, PanelState::Waiting);
    m_page->narrowTo(QStringLiteral("country"), QStringLiteral("AQ"));
    m_page->setReport(ReportsPage::Main, empty);
    QCOMPARE(m_page->tableCard()->stack()->status()->state, PanelState::Filtered);
    emit m_page->tableCard()->stack()->actionRequested();
    QTRY_VERIFY(lastMain().whereDimension.isEmpty());
}

void ReportsPageTest::aRefusedQuestionLeavesNoOldFigures()
{
    m_page->show();
    QTRY_VERIFY(m_page->breakdown().rowCount() > 0);
    state::Problem problem{422, QStringLiteral("granularity_gone"), {}, QStringLiteral("granularity"), 14};
    m_page->setFailed(ReportsPage::Main, problem);
    QCOMPARE(m_page->breakdown().rowCount(), 0);
    QVERIFY(m_page->tableCard()->stack()->status()->text.contains(QStringLiteral("14 days")));
}

void ReportsPageTest::offlineShowsWhatWasKnown()
{
    m_page->show();
    QTRY_VERIFY(m_page->breakdown().rowCount() > 0);
    state::ConnectionStatus status;
    status.phase = state::Phase::Offline;
    status.sinceMs = samples::nowMs;
    m_page->setConnection(status);
    QCOMPARE(m_page->tableCard()->stack()->status()->state, PanelState::Offline);
    QVERIFY(m_page->breakdown().rowCount() > 0);
    // A week is what the archive has, whatever is asked.
    QVERIFY(!m_page->crumbs()->freshness().contains(QStringLiteral("known here")));
    state::ReportQuery month = lastMain();
    auto week = samples::reportFor(month);
    week->query.fromMs -= 23 * samples::dayMs;
    m_page->setReport(ReportsPage::Main, week);
    QVERIFY2(m_page->crumbs()->freshness().contains(QStringLiteral("only 25 Feb \u2013 3 Mar is known here")),
             qPrintable(m_page->crumbs()->freshness()));
    const qsizetype asked = m_main.size();
    connectNow();
    QTRY_VERIFY(m_main.size() > asked);
}

void ReportsPageTest::anArchiveThatOpensLateIsAsked()
{
    m_answering = false;
    state::ConnectionStatus status;
    status.phase = state::Phase::Disconnected;
    m_page->setConnection(status);
    m_page->show();
    QTRY_COMPARE(m_main.size(), 1);
    state::Problem problem;
    problem.code = QStringLiteral("unreachable");
    m_page->setFailed(ReportsPage::Main, problem);
    m_answering = true;
    status.sinceMs = samples::nowMs; // told by the archive
    m_page->setConnection(status);
    QTRY_COMPARE(m_main.size(), 2);
    QTRY_COMPARE(m_page->tableCard()->stack()->status()->state, PanelState::Offline);
    m_page->setConnection(status);
    status.sinceMs += 1000; // another try that failed: nothing is lacking
    m_page->setConnection(status);
    QCoreApplication::processEvents();
    QCOMPARE(m_main.size(), 2);
}

void ReportsPageTest::theWindowNeverGrowsForWhatIsChosen()
{
    m_page->show();
    QTRY_COMPARE(m_main.size(), 1);
    const QString endless = QString(250, QLatin1Char('x'));
    reports::RangeBar::Choices choices = m_page->bar()->choices();
    choices.links = choices.campaigns = choices.domains = choices.tags = {endless};
    choices.compare = QStringLiteral("campaign:") + endless;
    choices.preset = reports::RangeBar::Own;
    choices.fromMs = samples::nowMs - samples::dayMs;
    choices.toMs = samples::nowMs;
    m_page->bar()->setChoices(choices);
    for (int i = 0; i < 3; ++i)
        m_page->narrowTo(QStringLiteral("referrer"), endless);
    QTRY_COMPARE(m_page->crumbs()->steps().size(), 4);
    QCoreApplication::processEvents();
    QVERIFY2(m_page->minimumSizeHint().width() <= 1280, qPrintable(QString::number(m_page->minimumSizeHint().width())));
}

void ReportsPageTest::opensAYearQuickly()
{
    // A thousand links over a year of days, from the answer's arrival to the painted page.
    m_answering = false;
    m_page->resize(1920, 1036);
    m_page->show();
    QTRY_COMPARE(m_main.size(), 1);
    state::ReportQuery query = lastMain();
    query.fromMs = query.toMs - 365 * samples::dayMs;
    auto report = samples::reportFor(query);
    while (report->values.size() < 1000)
        report->values.push_back({QStringLiteral("go.acme.example/%1").arg(report->values.size()),
                                  report->values.size(),
                                  samples::counts(1000 - report->values.size(), true),
                                  {}});
    report->compared->values.resize(1000);
    report->valuesTotal = 1000;
    QElapsedTimer timer;
    timer.start();
    m_page->setReport(ReportsPage::Main, report);
    m_page->grab();
    qInfo("a year of 1,000 links: %lld ms from the answer to the painted page", timer.elapsed());
    QCOMPARE(m_page->breakdown().rowCount(), 1000);
    QVERIFY(timer.elapsed() < 2000); // of a busy machine; the goal is 200 ms
}

QTEST_MAIN(ReportsPageTest)
#include "tst_reports_page.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
// The Reports and QR pages against the real backend: clicks are rolled up, and the pages show them.
#include <QApplication>

#include "app/models/reports/reconciliation_model.h"
#include "app/models/reports/report_words.h"
#include "app/pages/qr_performance/qr_page.h"
#include "app/pages/report_parts/range_bar.h"
#include "app/pages/report_parts/total_tiles.h"
#include "app/pages/reports/crumb_bar.h"
#include "app/pages/reports/plan_panel.h"
#include "app/pages/reports/reconciliation_panel.h"
#include "app/pages/reports/reports_page.h"
#include "app/widgets/card.h"
#include "app/widgets/map/world_map.h"
#include "app/widgets/tile.h"
#include "app/widgets/top_list.h"
#include "tests/system/console_on_backend.h"

using models::BreakdownModel;
using reports::ReportsPage;

namespace {

constexpr int peopleSpring = 12, scansSpring = 5, botsSpring = 3, peopleSale = 4;

// A console on a backend with two links and clicks of people, scanners and bots on them, all rolled up.
class Clicked : public ConsoleOnBackend {
public:
    explicit Clicked(widgets::Appearance& appearance) : ConsoleOnBackend(appearance)
    {
        backend.command({"link", "add", "https://acme.example/spring", "--slug", "spring"});
        backend.command({"link", "add", "https://acme.example/sale", "--slug", "sale"});
    }
    bool begin()
    {
        if (!start())
            return false;
        for (int i = 0; i < peopleSpring; ++i)
            visit("/spring", i);
        for (int i = 0; i < scansSpring; ++i)
            visit(i < 4 ? "/spring?qr=poster-a" : "/spring?qr=booth", 100 + i);
        for (int i = 0; i < botsSpring; ++i)
            backend.click("/spring", "User-Agent: curl/8.5.0\r\n");
        for (int i = 0; i < peopleSale; ++i)
            visit("/sale", 200 + i);
        const quint64 all = peopleSpring + scansSpring + botsSpring + peopleSale;
        return QTest::qWaitFor([&] { return state.watermark() && state.watermark()->seq.value >= all; });
    }
    // Each a person of its own.
    void visit(const QByteArray& path, int person) const
    {
        backend.click(path, "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n"
                            "Accept-Language: de\r\nX-Forwarded-For: 81.2.69." +
                                QByteArray::number(person % 250 + 1) + "\r\n");
    }
    ReportsPage& reports() const { return window->reportsPage(); }
    qr_performance::QrPage& qr() const { return window->qrPage(); }
    QString figure(int tile) const { return reports().tiles()->tile(tile)->content().figure; }
    QString cell(const QString& value, int column) const
    {
        return reports().breakdown().index(reports().breakdown().rowOf(value), column).data().toString();
    }
};

} // namespace

class ConsoleReportsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void clicksAreRolledUpAndShown();
    void aRowNarrowsEverything();
    void everyDimensionIsAnswered();
    void valuesAndTimesAreComparedOnTheChart();
    void storedHitsAreReconciled();
    void codesHaveTheirPage();
    void whatIsRefusedSaysWhatToDo();

private:
    std::unique_ptr<widgets::Appearance> m_appearance;
};

void ConsoleReportsTest::initTestCase()
{
    widgets::chooseGraphics(true);
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    m_appearance = std::make_unique<widgets::Appearance>(*qApp);
    m_appearance->setScheme(widgets::Scheme::Dark);
}

void ConsoleReportsTest::clicksAreRolledUpAndShown()
{
    Clicked console(*m_appearance);
    QVERIFY2(console.begin(), qPrintable(console.backend.error()));
    console.window->showPage(shell::MainWindow::Reports);
    QTRY_COMPARE(console.figure(0), QStringLiteral("24"));
    QCOMPARE(console.figure(1), QString::number(peopleSpring + scansSpring + peopleSale));
    QCOMPARE(console.figure(2), QString::number(scansSpring));
    QCOMPARE(console.figure(3), QStringLiteral("12.5 %"));
    QCOMPARE(console.figure(4), QString::number(peopleSpring + scansSpring + peopleSale)); // each came once
    QCOMPARE(console.figure(5), QString::number(scansSpring));
    QCOMPARE(console.cell(QStringLiteral("localhost/spring"), BreakdownModel::Clicks), QStringLiteral("20"));
    QCOMPARE(console.cell(QStringLiteral("localhost/sale"), BreakdownModel::People), QStringLiteral("4"));
    QVERIFY2(console.reports().crumbs()->freshness().contains(QStringLiteral("nothing to come")),
             qPrintable(console.reports().crumbs()->freshness()));
    QTRY_VERIFY(!console.reports().plan()->hours()->rows().isEmpty());
    QTRY_COMPARE(console.reports().plan()->list(reports::PlanPanel::Placements)->rows().size(), 2);
    // One more, and the page has it without being asked.
    console.visit("/sale", 240);
    QTRY_COMPARE_WITH_TIMEOUT(console.figure(0), QStringLiteral("25"), 15'000);
    console.picture(QStringLiteral("reports"));
}

void ConsoleReportsTest::aRowNarrowsEverything()
{
    Clicked console(*m_appearance);
    QVERIFY2(console.begin(), qPrintable(console.backend.error()));
    console.window->showPage(shell::MainWindow::Reports);
    QTRY_COMPARE(console.figure(0), QStringLiteral("24"));
    console.reports().breakDownBy(QStringLiteral("placement"));
    QTRY_COMPARE(console.cell(QStringLiteral("poster-a"), BreakdownModel::Scans), QStringLiteral("4"));
    QCOMPARE(console.cell(QStringLiteral("poster-a"), BreakdownModel::UniqueScanners), QStringLiteral("4"));
    console.reports().narrowTo(QStringLiteral("placement"), QStringLiteral("poster-a"));
    QTRY_COMPARE(console.figure(0), QStringLiteral("4"));
    QTRY_COMPARE(console.cell(QStringLiteral("localhost/spring"), BreakdownModel::Clicks), QStringLiteral("4"));
    QCOMPARE(console.reports().breakdown().rowOf(QStringLiteral("localhost/sale")), -1);
    console.reports().goBack(0);
    QTRY_COMPARE(console.figure(0), QStringLiteral("24"));
    console.reports().narrowTo(QStringLiteral("link"), QStringLiteral("localhost/sale"), 2);
    QTRY_COMPARE(console.figure(0), QStringLiteral("4"));
    // By minute the range of an hour around now holds them too.
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    console.reports().bar()->setRange(now - 30 * 60'000, now + 60'000);
    emit console.reports().bar()->changed();
    QTRY_VERIFY(console.reports().breakdown().report() &&
                console.reports().breakdown().report()->granularity == protocol::Granularity::Minute);
    QCOMPARE(console.figure(0), QStringLiteral("4"));
}

void ConsoleReportsTest::everyDimensionIsAnswered()
{
    Clicked console(*m_appearance);
    QVERIFY2(console.begin(), qPrintable(console.backend.error()));
    console.window->showPage(shell::MainWindow::Reports);
    QTRY_COMPARE(console.figure(0), QStringLiteral("24"));
    for (const models::words::Named& named : models::words::breakdowns()) {
        console.reports().breakDownBy(named.word);
        QTRY_VERIFY2(console.reports().breakdown().report() && console.reports().breakdown().report()->by == named.word,
                     qPrintable(named.word));
        std::uint64_t clicks = console.reports().breakdown().report()->others.clicks;
        for (const state::ReportValue& value : console.reports().breakdown().report()->values)
            clicks += value.counts.clicks;
        QVERIFY2(clicks == 24, qPrintable(QStringLiteral("%1: %2").arg(named.word).arg(clicks)));
    }
}

void ConsoleReportsTest::valuesAndTimesAreComparedOnTheChart()
{
    Clicked console(*m_appearance);
    for (const char* slug : {"spring", "sale"})
        console.backend.command({"link", "add", "https://acme.example/x", "--slug", QStringLiteral("c-%1").arg(slug),
                                 "--campaign", QLatin1StringView(slug)});
    QVERIFY2(console.begin(), qPrintable(console.backend.error()));
    console.visit("/c-spring", 20);
    console.visit("/c-sale", 21);
    console.visit("/c-sale", 22);
    QTRY_COMPARE(console.state.watermark()->seq.value, 27U);
    console.window->showPage(shell::MainWindow::Reports);
    reports::ReportsPage& page = console.reports();
    page.breakDownBy(QStringLiteral("placement"));
    page.chart()->setView(reports::ChartPanel::ByValue);
    emit page.chart()->questionChanged();
    QTRY_COMPARE(page.chart()->chart()->series().size(), 3); // poster-a, booth, and none
    page.chart()->setView(reports::ChartPanel::PeopleAndBots);
    page.bar()->setCompare(QStringLiteral("weekdays"));
    emit page.bar()->changed();
    QTRY_VERIFY(page.breakdown().report()->query.compare == QLatin1StringView("weekdays"));
    QVERIFY(page.breakdown().report()->compared);
    // Campaign against campaign, each from its own first click.
    reports::RangeBar::Choices choices = page.bar()->choices();
    choices.campaigns = {QStringLiteral("spring")};
    choices.compare = QStringLiteral("campaign:sale");
    page.bar()->setChoices(choices);
    emit page.bar()->changed();
    QTRY_VERIFY(page.crumbs()->steps().last().contains(QStringLiteral("first click")));
    QTRY_COMPARE(console.figure(0), QStringLiteral("1"));
    const state::ReportPtr report = page.breakdown().report();
    QVERIFY(report->compared);
    QCOMPARE(report->compared->totals.clicks, 2U);
    QCOMPARE(page.chart()->chart()->series().last().values.value(0), 2.0); // the first bucket of both
}

void ConsoleReportsTest::storedHitsAreReconciled()
{
    Clicked console(*m_appearance);
    QVERIFY2(console.begin(), qPrintable(console.backend.error()));
    console.window->showPage(shell::MainWindow::Reports);
    console.reports().showSide(ReportsPage::Reconcile);
    models::ReconciliationModel& model = console.reports().reconciliation()->model();
    QTRY_COMPARE(model.rowCount(), 2);
    for (int row = 0; row < 2; ++row)
        QCOMPARE(
            model.index(row, models::ReconciliationModel::State).data(models::ReconciliationModel::WordRole).toString(),
            QStringLiteral("equal"));
    QVERIFY2(
        console.reports().reconciliation()->summary().contains(QStringLiteral("24 hits are stored, 24 are rolled up")),
        qPrintable(console.reports().reconciliation()->summary()));
    console.reports().narrowTo(QStringLiteral("link"), QStringLiteral("localhost/sale"), 2);
    QTRY_COMPARE(model.rowCount(), 1);
    console.picture(QStringLiteral("reconciliation"));
}

void ConsoleReportsTest::codesHaveTheirPage()
{
    Clicked console(*m_appearance);
    QVERIFY2(console.begin(), qPrintable(console.backend.error()));
    console.window->showPage(shell::MainWindow::Qr);
    QTRY_COMPARE(console.qr().tiles()->tile(0)->content().figure, QString::number(scansSpring));
    QCOMPARE(console.qr().tiles()->tile(1)->content().figure, QString::number(scansSpring));
    BreakdownModel& placements = console.qr().placements();
    QCOMPARE(placements.rowCount(), 2);
    QCOMPARE(placements.index(0, BreakdownModel::Value).data().toString(), QStringLiteral("poster-a"));
    QCOMPARE(placements.index(0, BreakdownModel::Share).data().toString(), QStringLiteral("80.0 %"));
    QTRY_VERIFY(!console.qr().list(qr_performance::QrPage::Devices)->rows().isEmpty());
    QTRY_VERIFY(!console.qr().mapCard()->stack()->status());
    console.picture(QStringLiteral("qr-performance"));
    // One placement, looked at more closely where everything is.
    emit console.qr().valuePicked(QStringLiteral("placement"), QStringLiteral("poster-a"));
    QCOMPARE(console.window->shownPage(), shell::MainWindow::Reports);
    QTRY_COMPARE(console.figure(2), QStringLiteral("4"));
    // All of it can be exported.
    QStringList names;
    for (const state::TableOffer& offer : console.window->offers().tables)
        names.append(offer.fileName);
    for (const char* name : {"scans-by-placement", "scans-by-hour", "report-by-link", "report-over-time"})
        QVERIFY2(names.contains(QLatin1StringView(name)), qPrintable(names.join(QLatin1Char(' '))));
}

void ConsoleReportsTest::whatIsRefusedSaysWhatToDo()
{
    Clicked console(*m_appearance);
    QVERIFY2(console.begin(), qPrintable(console.backend.error()));
    console.window->showPage(shell::MainWindow::Reports);
    QTRY_COMPARE(console.figure(0), QStringLiteral("24"));
    const auto status = [&] { return console.reports().tableCard()->stack()->status(); };
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    console.reports().bar()->setRange(now - 400 * protocol::msPerDay, now);
    emit console.reports().bar()->changed();
    QTRY_VERIFY(status() && status()->state == widgets::PanelState::Failed);
    QVERIFY2(status()->text.contains(QStringLiteral("366 days")), qPrintable(status()->title + status()->text));
    console.reports().bar()->setPreset(reports::RangeBar::Month);
    console.reports().chart()->setGranularity(protocol::Granularity::Minute);
    emit console.reports().bar()->changed();
    QTRY_VERIFY2(status() && status()->text.contains(QStringLiteral("14 days")),
                 qPrintable(status() ? status()->title + status()->text : QStringLiteral("no status")));
    console.reports().chart()->setGranularity(std::nullopt);
    emit console.reports().bar()->changed();
    QTRY_VERIFY(!status());
    console.reports().bar()->setLinks({QStringLiteral("localhost/nowhere")});
    emit console.reports().bar()->changed();
    QTRY_VERIFY(status() && status()->title.contains(QStringLiteral("does not exist")));
}

QTEST_MAIN(ConsoleReportsTest)
#include "tst_console_reports.moc"

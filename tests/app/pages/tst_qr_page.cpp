// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QSignalSpy>
#include <QTest>

#include "app/pages/qr_performance/qr_page.h"
#include "app/pages/report_parts/range_bar.h"
#include "app/pages/report_parts/total_tiles.h"
#include "app/widgets/card.h"
#include "app/widgets/map/world_map.h"
#include "app/widgets/theme/appearance.h"
#include "app/widgets/theme/type.h"
#include "app/widgets/tile.h"
#include "app/widgets/top_list.h"
#include "tests/app/pages/report_samples.h"

using qr_performance::QrPage;
using widgets::PanelState;

class QrPageTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup() { m_page.reset(); }
    void everyPartIsAsked();
    void scansAndScannersAreTotalled();
    void whatWasNeverScannedIsNoPlacement();
    void theMapShowsCountriesAndTellsTheUnknown();
    void listsAreOrderedByScans();
    void aRangeWithoutScansSaysHowTheyAreMade();
    void aPlanWithoutTheMapSaysSo();
    void failuresSayWhatToDo();
    void whatIsPickedIsToldWithItsDimension();

private:
    std::unique_ptr<widgets::Appearance> m_appearance;
    std::unique_ptr<QrPage> m_page;
    QHash<int, state::ReportQuery> m_asked;
};

void QrPageTest::initTestCase()
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    widgets::chooseGraphics(true);
    m_appearance = std::make_unique<widgets::Appearance>(*qApp);
    m_appearance->setScheme(widgets::Scheme::Dark);
}

void QrPageTest::init()
{
    m_asked.clear();
    m_page = std::make_unique<QrPage>();
    m_page->setClock([] { return samples::nowMs; });
    connect(m_page.get(), &QrPage::reportWanted, this,
            [this](int slot, const state::ReportQuery& query) { m_asked.insert(slot, query); });
    connect(m_page.get(), &QrPage::hoursWanted, this,
            [this](const state::ReportQuery& query) { m_page->setHours(samples::hoursFor(query)); });
    state::ConnectionStatus status;
    status.phase = state::Phase::Live;
    m_page->setConnection(status);
    m_page->resize(1600, 900);
    m_page->show();
    QTRY_COMPARE(m_asked.size(), static_cast<qsizetype>(QrPage::SlotCount));
}

void QrPageTest::everyPartIsAsked()
{
    QStringList dimensions;
    for (int slot = 0; slot < QrPage::SlotCount; ++slot)
        dimensions.append(m_asked[slot].by);
    QCOMPARE(dimensions.join(QLatin1Char(' ')), QStringLiteral("placement country region city device"));
    QCOMPARE(m_asked[QrPage::Placements].compare, QStringLiteral("previous"));
    m_asked.clear();
    m_page->bar()->setLinks({QStringLiteral("go.acme.example/spring")});
    emit m_page->bar()->changed();
    QCOMPARE(m_asked[QrPage::Cities].links, QStringList{QStringLiteral("go.acme.example/spring")});
}

void QrPageTest::scansAndScannersAreTotalled()
{
    const auto report = samples::reportFor(m_asked[QrPage::Placements]);
    m_page->setReport(QrPage::Placements, report);
    QVERIFY(m_page->tiles()->tile(0)->content().note.startsWith(QStringLiteral("on ")));
    QCOMPARE(m_page->tiles()->tile(2)->content().figure, QStringLiteral("30.0 %"));
    QVERIFY(m_page->tiles()->tile(2)->content().note.contains(QStringLiteral(" of "))); // with its count
    QCOMPARE(m_page->placements().index(0, models::BreakdownModel::Value).data().toString(),
             QStringLiteral("poster-a"));
    QVERIFY(m_page->placements().index(0, models::BreakdownModel::UniqueScanners).data().toString() !=
            QStringLiteral("\u2014"));
}

void QrPageTest::whatWasNeverScannedIsNoPlacement()
{
    auto report = samples::reportFor(m_asked[QrPage::Placements]);
    report->values[1].counts.scans = 0;
    report->compared->values[1].scans = 0;
    report->values[2].counts.scans = 0; // but it was scanned before: its fall is news
    m_page->setReport(QrPage::Placements, report);
    QCOMPARE(m_page->placements().rowOf(QStringLiteral("poster-b")), -1);
    const int fallen = m_page->placements().rowOf(QStringLiteral("newsletter-top"));
    QVERIFY(fallen >= 0);
    QCOMPARE(m_page->placements().index(fallen, models::BreakdownModel::Change).data().toString(),
             QStringLiteral("\u2212100 %"));
}

void QrPageTest::theMapShowsCountriesAndTellsTheUnknown()
{
    m_page->setReport(QrPage::Countries, samples::reportFor(m_asked[QrPage::Countries]));
    QVERIFY(!m_page->mapCard()->stack()->status());
    const auto texts = m_page->mapCard()->findChildren<widgets::Text*>();
    QVERIFY(std::any_of(texts.cbegin(), texts.cend(), [](const widgets::Text* text) {
        return text->text().startsWith(QStringLiteral("Unknown ")) && text->text().contains(QLatin1Char('%'));
    }));
}

void QrPageTest::listsAreOrderedByScans()
{
    auto report = samples::reportFor(m_asked[QrPage::Devices]);
    report->values[2].counts.scans = 1'000'000; // few clicks more, but most of them scans
    m_page->setReport(QrPage::Devices, report);
    QVERIFY(m_page->list(QrPage::Devices)->rows().first().name.startsWith(QStringLiteral("Tablet")));
}

void QrPageTest::aRangeWithoutScansSaysHowTheyAreMade()
{
    auto report = samples::reportFor(m_asked[QrPage::Placements]);
    report->totals.scans = 0;
    m_page->setReport(QrPage::Placements, report);
    m_page->setReport(QrPage::Countries, report);
    const auto status = m_page->mapCard()->stack()->status();
    QVERIFY(status && status->state == PanelState::Waiting);
    QVERIFY(status->text.contains(QStringLiteral("?qr=")));
}

void QrPageTest::aPlanWithoutTheMapSaysSo()
{
    m_page->setPlan(QStringLiteral("starter"));
    QCOMPARE(m_page->mapCard()->stack()->status()->state, PanelState::NotInPlan);
}

void QrPageTest::failuresSayWhatToDo()
{
    state::Problem problem;
    problem.code = QStringLiteral("http_404");
    m_page->setFailed(QrPage::Countries, problem);
    const auto status = m_page->mapCard()->stack()->status();
    QCOMPARE(status->state, PanelState::Failed);
    QVERIFY(status->text.contains(QStringLiteral("update")));
}

void QrPageTest::whatIsPickedIsToldWithItsDimension()
{
    QSignalSpy picked(m_page.get(), &QrPage::valuePicked);
    emit m_page->list(QrPage::Cities)->picked(QStringLiteral("DE/Bavaria/Munich"));
    emit m_page->map()->countryPicked(QStringLiteral("FR"));
    QCOMPARE(picked.size(), 2);
    QCOMPARE(picked[0], (QVariantList{QStringLiteral("city"), QStringLiteral("DE/Bavaria/Munich")}));
    QCOMPARE(picked[1], (QVariantList{QStringLiteral("country"), QStringLiteral("FR")}));
}

QTEST_MAIN(QrPageTest)
#include "tst_qr_page.moc"

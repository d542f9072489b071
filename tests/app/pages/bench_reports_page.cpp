// SPDX-License-Identifier: GPL-3.0-or-later
// What the Reports page costs: opened on a year of a thousand links, and refreshed four times a second.
#include <QApplication>
#include <QElapsedTimer>
#include <QTest>

#include <algorithm>

#include "app/pages/reports/reports_page.h"
#include "app/widgets/theme/appearance.h"
#include "tests/app/pages/report_samples.h"

class ReportsPageBench : public QObject {
    Q_OBJECT

private slots:
    void opensAndRefreshes_data();
    void opensAndRefreshes();
};

void ReportsPageBench::opensAndRefreshes_data()
{
    QTest::addColumn<int>("days");
    QTest::addColumn<bool>("byHour");
    QTest::newRow("a week by hour") << 7 << true;
    QTest::newRow("a year by day") << 365 << false;
    QTest::newRow("a year by hour") << 365 << true;
}

void ReportsPageBench::opensAndRefreshes()
{
    QFETCH(int, days);
    QFETCH(bool, byHour);
    widgets::Appearance appearance(*qApp);
    reports::ReportsPage page;
    page.resize(1920, 1036);
    page.show();
    QVERIFY(QTest::qWaitForWindowExposed(&page));
    state::ReportQuery query;
    query.toMs = samples::nowMs;
    query.fromMs = query.toMs - days * samples::dayMs;
    query.by = QStringLiteral("link");
    query.compare = QStringLiteral("previous");
    query.granularity = byHour ? protocol::Granularity::Hour : protocol::Granularity::Day;
    auto report = samples::reportFor(query);
    while (report->values.size() < 1000)
        report->values.push_back({QStringLiteral("go.acme.example/%1").arg(report->values.size()),
                                  report->values.size(),
                                  samples::counts(1000 - report->values.size(), true),
                                  {}});
    report->compared->values.resize(report->values.size());
    constexpr int refreshes = 20, perSecond = 4;
    QList<double> pages, charts; // ms
    for (int i = 0; i <= refreshes; ++i) {
        report->totals.clicks += 1; // an answer like the last one would not be painted
        const auto answer = std::make_shared<state::Report>(*report);
        QElapsedTimer timer;
        timer.start();
        page.setReport(reports::ReportsPage::Main, answer);
        page.grab();
        pages.append(static_cast<double>(timer.nsecsElapsed()) / 1e6);
        timer.restart();
        page.chart()->setReport(answer);
        page.chart()->chart()->grab();
        charts.append(static_cast<double>(timer.nsecsElapsed()) / 1e6);
    }
    const double first = pages.takeFirst();
    std::sort(pages.begin(), pages.end());
    std::sort(charts.begin(), charts.end());
    const double median = charts[refreshes / 2];
    qInfo(
        "%s: page opened in %.1f ms, refreshed in %.1f ms; chart updated in %.1f ms, %.1f %% of a core at %d a second",
        QTest::currentDataTag(), first, pages[refreshes / 2], median, median * perSecond / 10, perSecond);
    QVERIFY(median > 0);
}

QTEST_MAIN(ReportsPageBench)
#include "bench_reports_page.moc"

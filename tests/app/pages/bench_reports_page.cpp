// SPDX-License-Identifier: GPL-3.0-or-later
// What the Reports page costs: opened on a year of a thousand links, and refreshed four times a second. In CPU time of
// this process, so that a busy machine does not show in it.
#include <QApplication>
#include <QTest>

#include <algorithm>
#include <ctime>

#include "app/pages/reports/reports_page.h"
#include "app/widgets/map/world_map.h"
#include "app/widgets/theme/appearance.h"
#include "tests/app/pages/report_samples.h"

namespace {

using protocol::Granularity;
using reports::ChartPanel;
using widgets::SeriesChart;

double cpuMs()
{
    return static_cast<double>(std::clock()) * 1000 / CLOCKS_PER_SEC;
}

double medianOf(QList<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

} // namespace

class ReportsPageBench : public QObject {
    Q_OBJECT

private slots:
    void opensAndRefreshes_data();
    void opensAndRefreshes();
    void aMapOfEveryCountryKeepsUp();
};

void ReportsPageBench::opensAndRefreshes_data()
{
    QTest::addColumn<int>("days");
    QTest::addColumn<Granularity>("granularity");
    QTest::addColumn<ChartPanel::View>("view");
    QTest::addColumn<SeriesChart::Shape>("shape");
    const auto row = [](const char* name, int days, Granularity granularity, ChartPanel::View view,
                        SeriesChart::Shape shape) { QTest::newRow(name) << days << granularity << view << shape; };
    using enum SeriesChart::Shape;
    row("a week by hour, stacked", 7, Granularity::Hour, ChartPanel::PeopleAndBots, Stacked);
    row("a year by day, stacked", 365, Granularity::Day, ChartPanel::PeopleAndBots, Stacked);
    row("a year by day, lines", 365, Granularity::Day, ChartPanel::PeopleAndBots, Line);
    row("a year by day, uniques", 365, Granularity::Day, ChartPanel::Uniques, Area);
    row("a year by day, five lines", 365, Granularity::Day, ChartPanel::ByValue, Line);
    row("a year by day, five stacked", 365, Granularity::Day, ChartPanel::ByValue, Stacked);
    row("a year by hour, stacked", 365, Granularity::Hour, ChartPanel::PeopleAndBots, Stacked);
    row("a year by hour, five lines", 365, Granularity::Hour, ChartPanel::ByValue, Line);
}

void ReportsPageBench::opensAndRefreshes()
{
    QFETCH(int, days);
    QFETCH(Granularity, granularity);
    QFETCH(ChartPanel::View, view);
    QFETCH(SeriesChart::Shape, shape);
    widgets::Appearance appearance(*qApp);
    reports::ReportsPage page;
    page.resize(1920, 1036);
    page.show();
    QVERIFY(QTest::qWaitForWindowExposed(&page));
    page.chart()->setView(view);
    page.chart()->chart()->setShape(shape);
    state::ReportQuery query;
    query.toMs = samples::nowMs;
    query.fromMs = query.toMs - days * samples::dayMs;
    query.by = QStringLiteral("link");
    query.compare = QStringLiteral("previous");
    query.split = view == ChartPanel::ByValue;
    query.granularity = granularity;
    auto report = samples::reportFor(query);
    while (report->values.size() < 1000)
        report->values.push_back({QStringLiteral("go.acme.example/%1").arg(report->values.size()),
                                  report->values.size(),
                                  samples::counts(1000 - report->values.size(), true),
                                  {}});
    if (query.split)
        report->values[4].series = report->values[3].series;
    report->compared->values.resize(report->values.size());
    constexpr int refreshes = 20, perSecond = 4;
    QList<double> pages, charts;
    for (int i = 0; i <= refreshes; ++i) {
        report->totals.clicks += 1; // an answer like the last one would not be painted
        const auto answer = std::make_shared<state::Report>(*report);
        double start = cpuMs();
        page.setReport(reports::ReportsPage::Main, answer);
        page.grab();
        pages.append(cpuMs() - start);
        start = cpuMs();
        page.chart()->setReport(answer);
        page.chart()->chart()->setShape(shape);
        page.chart()->chart()->grab();
        charts.append(cpuMs() - start);
    }
    const double first = pages.takeFirst(), chart = medianOf(charts);
    qInfo("%s: page opened in %.1f ms, refreshed in %.1f ms; chart updated in %.1f ms, %.1f %% of a core at %d a "
          "second (CPU time)",
          QTest::currentDataTag(), first, medianOf(pages), chart, chart * perSecond / 10, perSecond);
    QVERIFY(chart > 0);
}

void ReportsPageBench::aMapOfEveryCountryKeepsUp()
{
    widgets::Appearance appearance(*qApp);
    widgets::WorldMap map;
    map.resize(1200, 700);
    map.show();
    QVERIFY(QTest::qWaitForWindowExposed(&map));
    QTRY_VERIFY(map.rect().contains(map.positionOf(10, 50).toPoint()));
    QHash<QString, quint64> counts;
    for (char first = 'A'; first <= 'Z'; ++first)
        for (char second = 'A'; second <= 'Z'; ++second)
            counts[QString(QChar::fromLatin1(first)) + QChar::fromLatin1(second)] = quint64(first) * quint64(second);
    constexpr int refreshes = 20, perSecond = 4;
    QList<double> updates;
    QImage before;
    for (int i = 0; i < refreshes; ++i) {
        for (quint64& count : counts)
            count += static_cast<quint64>(i) * 100;
        counts[QStringLiteral("CN")] = counts[QStringLiteral("BR")] = i % 2 == 0 ? 0 : 1'000'000; // seen from afar
        const double start = cpuMs();
        map.setCounts(counts);
        QImage picture;
        QTRY_VERIFY((picture = map.grab().toImage()) != before); // grabs until it is there, all of them counted
        updates.append(cpuMs() - start);
        before = picture;
    }
    const double update = medianOf(updates);
    qInfo("map updated in %.1f ms, %.1f %% of a core at %d a second (CPU time)", update, update * perSecond / 10,
          perSecond);
    QVERIFY(update > 0);
}

QTEST_MAIN(ReportsPageBench)
#include "bench_reports_page.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemModelTester>
#include <QDateTime>
#include <QtTest>

#include "app/models/reports/breakdown_model.h"
#include "app/models/reports/hour_table_model.h"
#include "app/models/reports/report_tables.h"
#include "app/models/reports/report_words.h"

using models::BreakdownModel;
using models::HourTableModel;
using models::Metric;
using models::ReportSeries;
using protocol::Granularity;

namespace {

std::int64_t utc(const char* text)
{
    return QDateTime::fromString(QString::fromLatin1(text), Qt::ISODate).toMSecsSinceEpoch();
}

state::Counts counts(std::uint64_t clicks, std::uint64_t people = 0, std::uint64_t scans = 0)
{
    return {clicks, clicks, people, scans, {}, {}};
}

state::Report reportOf(const char* from, const char* to, Granularity granularity, const char* zone)
{
    state::Report report;
    report.fromMs = utc(from);
    report.toMs = utc(to);
    report.granularity = granularity;
    report.zone = QString::fromLatin1(zone);
    report.freshness.watermark.time = protocol::UtcMs(utc("2030-01-01T00:00:00Z"));
    return report;
}

std::shared_ptr<state::Report> countries()
{
    auto report = std::make_shared<state::Report>();
    report->by = QStringLiteral("country");
    report->totals = counts(200, 100, 50);
    report->values = {{QStringLiteral("DE"), 0, counts(100, 60, 10), {}},
                      {QStringLiteral("FR"), 0, counts(60, 10, 40), {}},
                      {QString(), 0, counts(30, 20, 0), {}}};
    report->valuesTotal = 12;
    report->others = counts(10, 10, 0);
    state::ComparedReport compared;
    compared.values = {counts(80), counts(0), counts(60)};
    report->compared = compared;
    return report;
}

} // namespace

class TestReportModels : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }
    void bucketsWithoutHitsAreZeros();
    void aDayHasTwentyThreeOrTwentyFiveHours();
    void whatIsNotRolledUpIsPartial();
    void anIdleNightIsComplete();
    void theComparedStandsBucketByBucket();
    void pointsOutsideTheRangeAreDropped();
    void anUnknownZoneIsUtc();
    void hugeRangesAreBounded();
    void aBreakdownHasSharesAndOthersLast();
    void everyColumnSorts();
    void whatWasNeverClickedIsAmongTheClassesAlone();
    void unknownAndNothingAreTwoThings();
    void hostileValuesAreMadeVisible();
    void anHoursFigureIsItsMean();
    void changesAreToldInPercent();
    void tablesCarryTheirFacts();
};

void TestReportModels::bucketsWithoutHitsAreZeros()
{
    state::Report report = reportOf("2026-03-01T10:00:00Z", "2026-03-01T14:00:00Z", Granularity::Hour, "UTC");
    report.series = {{utc("2026-03-01T11:00:00Z"), counts(7), false}};
    const ReportSeries series(report);
    QCOMPARE(series.buckets().size(), 4U);
    QCOMPARE(series.buckets()[0].counts.clicks, 0U);
    QCOMPARE(series.buckets()[1].counts.clicks, 7U);
    QVERIFY(!series.buckets()[0].counts.uniques); // kept by day alone
    QVERIFY(!series.buckets()[3].partial);
}

void TestReportModels::aDayHasTwentyThreeOrTwentyFiveHours()
{
    // Berlin: clocks go forward on 29 March 2026 and back on 25 October 2026.
    state::Report spring = reportOf("2026-03-27T23:00:00Z", "2026-03-30T22:00:00Z", Granularity::Day, "Europe/Berlin");
    spring.series = {{utc("2026-03-28T23:00:00Z"), counts(1), false}, {utc("2026-03-29T22:00:00Z"), counts(2), false}};
    const ReportSeries forward(spring);
    QCOMPARE(forward.buckets().size(), 3U);
    QCOMPARE(forward.buckets()[1].endMs - forward.buckets()[1].startMs, 23 * protocol::msPerHour);
    QCOMPARE(forward.buckets()[1].counts.clicks, 1U);
    QCOMPARE(forward.buckets()[2].counts.clicks, 2U);
    QCOMPARE(forward.buckets()[0].counts.uniques, std::optional<std::uint64_t>(0)); // a day without hits had none
    const ReportSeries back(
        reportOf("2026-10-24T22:00:00Z", "2026-10-26T23:00:00Z", Granularity::Day, "Europe/Berlin"));
    QCOMPARE(back.buckets().size(), 2U);
    QCOMPARE(back.buckets()[0].endMs - back.buckets()[0].startMs, 25 * protocol::msPerHour);
    QCOMPARE(back.buckets()[1].endMs, utc("2026-10-26T23:00:00Z"));
}

void TestReportModels::whatIsNotRolledUpIsPartial()
{
    state::Report report = reportOf("2026-03-01T10:00:00Z", "2026-03-01T14:00:00Z", Granularity::Hour, "UTC");
    report.freshness.watermark.time = protocol::UtcMs(utc("2026-03-01T12:30:00Z"));
    report.freshness.toCome = 3;
    const ReportSeries series(report);
    QVERIFY(!series.buckets()[1].partial);
    QVERIFY(series.buckets()[2].partial);
    QCOMPARE(series.completeToMs(), utc("2026-03-01T12:30:00Z"));
}

void TestReportModels::anIdleNightIsComplete()
{
    state::Report report = reportOf("2026-03-01T10:00:00Z", "2026-03-01T14:00:00Z", Granularity::Hour, "UTC");
    report.freshness.watermark.time = protocol::UtcMs(utc("2026-03-01T10:30:00Z")); // the last hit there was
    report.freshness.watermark.rolledAt = protocol::UtcMs(utc("2026-03-01T13:30:00Z"));
    const ReportSeries series(report);
    QVERIFY(!series.buckets()[2].partial);
    QVERIFY(series.buckets()[3].partial);
}

void TestReportModels::theComparedStandsBucketByBucket()
{
    state::Report report = reportOf("2026-03-02T00:00:00Z", "2026-03-02T04:00:00Z", Granularity::Hour, "UTC");
    report.compared.emplace();
    report.compared->fromMs = utc("2026-02-20T00:00:00Z");
    report.compared->toMs = utc("2026-02-20T03:00:00Z"); // an hour short
    report.compared->series = {{utc("2026-02-20T01:00:00Z"), counts(9), false}};
    const ReportSeries series(report);
    QCOMPARE(series.compared().size(), 4U);
    QCOMPARE(series.compared()[1]->counts.clicks, 9U);
    QCOMPARE(series.compared()[0]->counts.clicks, 0U);
    QVERIFY(!series.compared()[3]);
}

void TestReportModels::pointsOutsideTheRangeAreDropped()
{
    state::Report report = reportOf("2026-03-01T10:00:00Z", "2026-03-01T12:00:00Z", Granularity::Hour, "UTC");
    report.series = {{utc("2026-03-01T09:59:00Z"), counts(1), false}, {utc("2026-03-01T12:00:00Z"), counts(1), false}};
    const ReportSeries series(report);
    QCOMPARE(series.buckets().size(), 2U);
    for (const models::SeriesBucket& bucket : series.buckets())
        QCOMPARE(bucket.counts.clicks, 0U);
}

void TestReportModels::anUnknownZoneIsUtc()
{
    const ReportSeries series(reportOf("2026-03-01T00:00:00Z", "2026-03-03T00:00:00Z", Granularity::Day, "Moon/Base"));
    QCOMPARE(series.buckets().size(), 2U);
    QCOMPARE(series.zone(), QTimeZone::utc());
}

void TestReportModels::hugeRangesAreBounded()
{
    const ReportSeries series(reportOf("2000-01-01T00:00:00Z", "2026-01-01T00:00:00Z", Granularity::Minute, "UTC"));
    QCOMPARE(series.buckets().size(), ReportSeries::bucketsMax);
}

void TestReportModels::aBreakdownHasSharesAndOthersLast()
{
    BreakdownModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setReport(countries());
    QCOMPARE(model.rowCount(), 4);
    QCOMPARE(model.index(0, BreakdownModel::Share).data().toString(), QStringLiteral("50.0 %"));
    QCOMPARE(model.index(0, 0).data(BreakdownModel::ShareRole).toDouble(), 1.0);
    QCOMPARE(model.index(1, 0).data(BreakdownModel::ShareRole).toDouble(), 0.6);
    QCOMPARE(model.index(3, 0).data().toString(), QStringLiteral("9 others"));
    QCOMPARE(model.index(3, BreakdownModel::Clicks).data().toString(), QStringLiteral("10"));
    QCOMPARE(model.index(0, BreakdownModel::Change).data().toString(), QStringLiteral("+25 %"));
    QCOMPARE(model.index(1, BreakdownModel::Change).data().toString(), QStringLiteral("new"));
    QCOMPARE(model.index(2, BreakdownModel::Change).data(BreakdownModel::DirectionRole).toInt(), -1);
    model.setMetric(Metric::Scans);
    QCOMPARE(model.index(0, 0).data(BreakdownModel::KeyRole).toString(), QStringLiteral("FR"));
    QCOMPARE(model.index(0, BreakdownModel::Share).data().toString(), QStringLiteral("80.0 %"));
    model.setReport(nullptr);
    QCOMPARE(model.rowCount(), 0);
}

void TestReportModels::everyColumnSorts()
{
    BreakdownModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setReport(countries());
    for (int column = 0; column < BreakdownModel::ColumnCount; ++column)
        for (const Qt::SortOrder order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
            model.sort(column, order);
            QCOMPARE(model.index(3, 0).data(BreakdownModel::KindRole).toInt(),
                     static_cast<int>(BreakdownModel::Kind::Others));
        }
    model.sort(BreakdownModel::Bots, Qt::DescendingOrder);
    QCOMPARE(model.index(0, 0).data(BreakdownModel::KeyRole).toString(), QStringLiteral("FR"));
    model.sort(BreakdownModel::People, Qt::AscendingOrder);
    QCOMPARE(model.index(0, 0).data(BreakdownModel::KeyRole).toString(), QStringLiteral("FR"));
    QCOMPARE(model.rowOf(QStringLiteral("DE")), 2);
    QCOMPARE(model.rowOf(QStringLiteral("IT")), -1);
}

void TestReportModels::whatWasNeverClickedIsAmongTheClassesAlone()
{
    auto report = countries();
    report->by = QStringLiteral("link");
    report->values.push_back({QString(), 0, {40, 0, 0, 0, {}, {}}, {}});
    report->compared->values.push_back(counts(0));
    report->valuesTotal = report->values.size();
    BreakdownModel model;
    model.setReport(report);
    QCOMPARE(model.rowCount(), 3); // misses are no link's clicks, nor others
    report->by = QStringLiteral("class");
    report->values.back().value = QStringLiteral("miss");
    model.setReport(report);
    const int miss = model.rowOf(QStringLiteral("miss"));
    QVERIFY(miss >= 0);
    QCOMPARE(model.index(miss, BreakdownModel::Hits).data().toString(), QStringLiteral("40"));
}

void TestReportModels::unknownAndNothingAreTwoThings()
{
    BreakdownModel model;
    model.setReport(countries());
    const int unknown = model.rowOf(QString());
    QCOMPARE(model.index(unknown, 0).data().toString(), QStringLiteral("Unknown"));
    QCOMPARE(model.index(unknown, 0).data(BreakdownModel::KindRole).toInt(),
             static_cast<int>(BreakdownModel::Kind::Unknown));
    QCOMPARE(model.index(0, BreakdownModel::Uniques).data().toString(), QStringLiteral("\u2014"));
    QVERIFY(!model.index(0, BreakdownModel::Uniques).data(BreakdownModel::CountRole).isValid());
    auto placements = countries();
    placements->by = QStringLiteral("placement");
    model.setReport(placements);
    const int none = model.rowOf(QString());
    QCOMPARE(model.index(none, 0).data().toString(), QStringLiteral("no placement"));
    QCOMPARE(model.index(none, 0).data(BreakdownModel::KindRole).toInt(),
             static_cast<int>(BreakdownModel::Kind::Value));
}

void TestReportModels::hostileValuesAreMadeVisible()
{
    auto report = countries();
    report->by = QStringLiteral("referrer");
    report->values[0].value = QStringLiteral("<b>\u202Eevil\n</b>");
    BreakdownModel model;
    model.setReport(report);
    const QString shown = model.index(0, 0).data().toString();
    QVERIFY(!shown.contains(QChar(0x202E)) && !shown.contains(QLatin1Char('\n')));
    QVERIFY(!model.index(0, 0).data(Qt::ToolTipRole).toString().contains(QLatin1StringView("<b>")));
    QCOMPARE(model.index(0, 0).data(BreakdownModel::KeyRole).toString(), report->values[0].value);
    QCOMPARE(models::words::reportValue(QStringLiteral("city"), QStringLiteral("DE/Bavaria/Munich")),
             QStringLiteral("Munich, Bavaria, DE"));
    QCOMPARE(models::words::reportValue(QStringLiteral("city"), QStringLiteral("//")),
             models::words::reportValue(QStringLiteral("city"), QString()));
}

void TestReportModels::anHoursFigureIsItsMean()
{
    auto hours = std::make_shared<state::HoursReport>();
    hours->cells[14] = {5, counts(100, 40)};       // Monday 14:00
    hours->cells[24 + 9] = {1, counts(50, 12)};    // Tuesday 9:00: once in the range, and fuller
    hours->cells[6 * 24 + 23] = {4, counts(0, 0)}; // Sunday's last
    HourTableModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(model.index(0, 14).data(HourTableModel::HeatRole).toDouble(), -1.0);
    model.setHours(hours);
    QCOMPARE(model.index(1, 9).data(HourTableModel::HeatRole).toDouble(), 1.0);
    QCOMPARE(model.index(0, 14).data().toString(), QStringLiteral("8.0"));
    QCOMPARE(model.index(6, 23).data(HourTableModel::HeatRole).toDouble(), 0.0);
    QCOMPARE(model.index(6, 22).data(HourTableModel::HeatRole).toDouble(), -1.0); // not in the range
    const auto best = model.best(5);
    QCOMPARE(best.size(), 2U);
    QCOMPARE(best[0].weekday, 2);
    QCOMPARE(HourTableModel::hourName(7, 23), QStringLiteral("Sun 23:00\u201300:00"));
    const QString reading = model.index(0, 14).data(Qt::ToolTipRole).toString();
    QVERIFY2(reading.contains(QStringLiteral("40")) && reading.contains(QStringLiteral("8.0")), qPrintable(reading));
    model.setMetric(Metric::Clicks);
    QCOMPARE(model.index(0, 14).data().toString(), QStringLiteral("20"));
}

void TestReportModels::changesAreToldInPercent()
{
    using models::words::change;
    QCOMPARE(change(138, 100), QStringLiteral("+38 %"));
    QCOMPARE(change(95, 100), QStringLiteral("\u22125.0 %"));
    QCOMPARE(change(100, 100), QStringLiteral("\u00B10 %"));
    QCOMPARE(change(5, 0), QStringLiteral("new"));
    QCOMPARE(change(0, 0), QStringLiteral("\u00B10 %"));
}

void TestReportModels::tablesCarryTheirFacts()
{
    auto report = countries();
    report->query.whereDimension = QStringLiteral("touch");
    report->query.whereValue = QStringLiteral("qr");
    report->freshness.toCome = 7;
    const auto table = models::breakdownTable(*report);
    QCOMPARE(table->rowCount(), 3U);
    std::vector<std::string> cells;
    QVERIFY(table->readRow(1, cells));
    QCOMPARE(cells.size(), table->columns().size());
    QCOMPARE(cells[0], std::string("FR"));
    QCOMPARE(cells[6], std::string()); // uniques that are not kept are empty, not zero
    QCOMPARE(cells.back(), std::string("0"));
    QCOMPARE(table->facts()[QStringLiteral("to_come")].toInt(), 7);
    QCOMPARE(table->facts()[QStringLiteral("filter")][QStringLiteral("where")].toString(), QStringLiteral("touch:qr"));
    state::Report hours = reportOf("2026-03-01T10:00:00Z", "2026-03-01T14:00:00Z", Granularity::Hour, "UTC");
    const auto series = models::seriesTable(hours);
    QCOMPARE(series->rowCount(), 4U);
    QVERIFY(series->readRow(0, cells));
    QCOMPARE(cells.size(), series->columns().size());
    QCOMPARE(models::hoursTable(state::HoursReport())->rowCount(), 168U);
    QCOMPARE(models::reconciliationTable({})->rowCount(), 0U);
    // Values beyond the cap stand under a control character: no file holds it, and people read a word.
    report->values[0].value = QStringLiteral("\u001a");
    QVERIFY(models::breakdownTable(*report)->readRow(0, cells));
    QCOMPARE(cells[0], std::string("(other)"));
    QCOMPARE(models::words::reportValue(QStringLiteral("referrer"), QStringLiteral("\u001a")),
             QStringLiteral("further values"));
}

QTEST_GUILESS_MAIN(TestReportModels)
#include "tst_report_models.moc"

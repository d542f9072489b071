// SPDX-License-Identifier: GPL-3.0-or-later
// The rollups asked over the API: what is sent, and what is made of the answers, broken ones among them.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include <random>

#include "app/connection/api_reader.h"
#include "app/connection/report_json.h"
#include "tests/app/connection/console_under_test.h"
#include "tests/app/connection/fake_backend.h"

using connection::Connection;
using connection::ReportForm;

namespace {

constexpr auto reportJson =
    R"({"from":"2026-03-01T00:00:00.000Z","to":"2026-03-03T00:00:00.000Z","zone":"Europe/Berlin","granularity":"day",
        "by":"country","where":null,
        "totals":{"hits":12,"clicks":10,"human_clicks":7,"scans":3,"uniques":5,"unique_scanners":2},
        "series":[{"at":"2026-03-01T00:00:00.000Z","hits":5,"clicks":4,"human_clicks":3,"scans":1,"uniques":2,"unique_scanners":1},
                  {"at":"2026-03-02T00:00:00.000Z","hits":7,"clicks":6,"human_clicks":4,"scans":2,"uniques":null,
                   "unique_scanners":null,"partial":true}],
        "values":[{"value":"DE","hits":8,"clicks":7,"human_clicks":5,"scans":3,"uniques":null,"unique_scanners":null,
                   "series":[{"at":"2026-03-02T00:00:00.000Z","clicks":6}]},
                  {"value":"","hits":2,"clicks":2,"human_clicks":1,"scans":0}],
        "values_total":9,"others":{"hits":2,"clicks":1,"human_clicks":1,"scans":0},
        "compared":{"from":"2026-02-27T00:00:00.000Z","to":"2026-03-01T00:00:00.000Z","totals":{"clicks":5,"human_clicks":5},
                    "series":[{"at":"2026-02-28T00:00:00.000Z","clicks":5}],"values":[{"clicks":4}]},
        "freshness":{"watermark":{"seq":90,"lastSeq":97,"time":"2026-03-02T12:00:00.000Z","intervalSeconds":60},"to_come":7},
        "uniques":{"kind":"daily_sum","estimated":true,"error":0.016},"kept":{"minutes_days":14,"days":400}})";

state::ReportPtr reportOf(const QByteArray& json)
{
    return connection::reportFrom(json, {});
}

} // namespace

class TestReportCalls : public QObject {
    Q_OBJECT

private slots:
    void aQuestionNamesOnlyWhatItAsks();
    void everyTextIsEncoded();
    void aReportIsRead();
    void brokenReportsAreNoReports_data();
    void brokenReportsAreNoReports();
    void aSeriesOutOfOrderLosesWhatCannotBe();
    void aPartIsNeverMoreThanTheWhole();
    void listsAreBounded();
    void hoursThatNoWeekHasAreLeftOut();
    void aReconciliationIsRead();
    void whatWasRestatedIsRead();
    void marksOfEditsAreReadAndBounded();
    void mutationsAreSurvived();
    void answersComeWithTheirQuestion();
};

void TestReportCalls::aQuestionNamesOnlyWhatItAsks()
{
    state::ReportQuery query;
    QVERIFY(connection::parametersOf(query, ReportForm::Report).isEmpty());
    query.fromMs = 1'772'323'200'000;
    query.granularity = protocol::Granularity::Hour;
    query.by = QStringLiteral("country");
    query.split = true;
    query.whereDimension = QStringLiteral("touch"); // the value is unknown
    QCOMPARE(connection::parametersOf(query, ReportForm::Report).toString(),
             QStringLiteral("from=2026-03-01T00%3A00%3A00.000Z&where=touch%3A&granularity=hour&by=country&split=1"));
    QCOMPARE(connection::parametersOf(query, ReportForm::Hours).toString(),
             QStringLiteral("from=2026-03-01T00%3A00%3A00.000Z&where=touch%3A"));
    QCOMPARE(connection::parametersOf(query, ReportForm::Reconciliation).toString(),
             QStringLiteral("from=2026-03-01T00%3A00%3A00.000Z&per_link=1"));
    QCOMPARE(connection::parametersOf(query, ReportForm::Restatements).toString(),
             QStringLiteral("from=2026-03-01T00%3A00%3A00.000Z&limit=1000"));
    QCOMPARE(connection::parametersOf(query, ReportForm::EditMarks).toString(),
             QStringLiteral("from=2026-03-01T00%3A00%3A00.000Z&limit=200"));
}

void TestReportCalls::everyTextIsEncoded()
{
    state::ReportQuery query;
    query.campaigns = {QStringLiteral("a+b&c=d"), QStringLiteral("100 %")};
    query.compare = QStringLiteral("campaign:x#y");
    QCOMPARE(connection::parametersOf(query, ReportForm::Report).toString(QUrl::FullyEncoded),
             QStringLiteral("campaign=a%2Bb%26c%3Dd%2C100%20%25&compare=campaign%3Ax%23y"));
}

void TestReportCalls::aReportIsRead()
{
    const state::ReportPtr report = reportOf(reportJson);
    QVERIFY(report);
    QCOMPARE(report->granularity, protocol::Granularity::Day);
    QCOMPARE(report->zone, QStringLiteral("Europe/Berlin"));
    QCOMPARE(report->totals.bots(), 3U);
    QCOMPARE(*report->totals.uniqueScanners, 2U);
    QCOMPARE(report->series.size(), 2U);
    QVERIFY(!report->series[0].partial && report->series[1].partial);
    QVERIFY(!report->series[1].counts.uniques); // not kept is not zero
    QCOMPARE(report->values[0].series.size(), 1U);
    QVERIFY(report->values[1].value.isEmpty());
    QCOMPARE(report->valuesTotal, 9U);
    QCOMPARE(report->others.clicks, 1U);
    QCOMPARE(report->compared->totals.clicks, 5U);
    QCOMPARE(report->compared->values.size(), 2U); // as many as there are values, told or not
    QCOMPARE(report->compared->values[0].clicks, 4U);
    QCOMPARE(report->freshness.toCome, 7U);
    QCOMPARE(report->freshness.watermark.seq.value, 90U);
    QVERIFY(report->uniquesEstimated);
    QCOMPARE(report->uniquesError, 0.016);
    QCOMPARE(report->keptMinutesDays, 14);
}

void TestReportCalls::brokenReportsAreNoReports_data()
{
    QTest::addColumn<QByteArray>("json");
    for (const char* json :
         {"", "null", "[]", "{", "{}", R"({"from":1,"to":2})", R"({"totals":{},"granularity":"day"})",
          R"({"from":"2026-03-01T00:00:00.000Z","to":"2026-02-01T00:00:00.000Z","granularity":"day","totals":{}})",
          R"({"from":"2026-03-01T00:00:00.000Z","to":"2026-03-02T00:00:00.000Z","granularity":"week","totals":{}})",
          R"({"from":"2026-03-01T00:00:00.000Z","to":"2026-03-02T00:00:00.000Z","granularity":"day","totals":[]})"})
        QTest::newRow(*json ? json : "(empty)") << QByteArray(json);
}

void TestReportCalls::brokenReportsAreNoReports()
{
    QFETCH(QByteArray, json);
    QVERIFY(!reportOf(json));
    QVERIFY(!connection::hoursFrom(json));
    if (!json.contains("totals\":{}"))
        QVERIFY(!connection::reconciliationFrom(json));
}

void TestReportCalls::aSeriesOutOfOrderLosesWhatCannotBe()
{
    QByteArray json = reportJson;
    json.replace("{\"at\":\"2026-03-02T00:00:00.000Z\",\"hits\":7", "{\"at\":\"2026-02-02T00:00:00.000Z\",\"hits\":7");
    const state::ReportPtr report = reportOf(json);
    QVERIFY(report);
    QCOMPARE(report->series.size(), 1U);
}

void TestReportCalls::aPartIsNeverMoreThanTheWhole()
{
    QByteArray json = reportJson;
    json.replace("\"clicks\":10,\"human_clicks\":7,\"scans\":3", "\"clicks\":10,\"human_clicks\":70,\"scans\":-3");
    const state::ReportPtr report = reportOf(json);
    QCOMPARE(report->totals.humanClicks, 10U);
    QCOMPARE(report->totals.bots(), 0U);
    QCOMPARE(report->totals.scans, 0U);
}

void TestReportCalls::listsAreBounded()
{
    QJsonObject object = QJsonDocument::fromJson(reportJson).object();
    QJsonArray series, values;
    for (qint64 i = 1; i <= connection::reportPointsMax + 10; ++i)
        series.append(QJsonObject{{QStringLiteral("at"), i * 1000}});
    for (qint64 i = 0; i < connection::reportValuesMax + 10; ++i)
        values.append(QJsonObject{{QStringLiteral("value"), QString(9000, QLatin1Char('x'))},
                                  {QStringLiteral("series"), QJsonArray{QJsonObject{{QStringLiteral("at"), 1}}}}});
    object[QStringLiteral("series")] = series;
    object[QStringLiteral("values")] = values;
    const state::ReportPtr report = reportOf(QJsonDocument(object).toJson());
    QCOMPARE(static_cast<qsizetype>(report->series.size()), connection::reportPointsMax);
    QCOMPARE(static_cast<qsizetype>(report->values.size()), connection::reportValuesMax);
    QCOMPARE(report->values[0].value.size(), connection::textCharsMax);
    QCOMPARE(report->values[4].series.size(), 1U);
    QCOMPARE(report->values[5].series.size(), 0U);
}

void TestReportCalls::hoursThatNoWeekHasAreLeftOut()
{
    const auto hours = connection::hoursFrom(
        R"({"from":"2026-03-01T00:00:00.000Z","to":"2026-03-08T00:00:00.000Z","zone":"UTC","cells":[
            {"weekday":1,"hour":0,"times":1,"clicks":4},{"weekday":7,"hour":23,"times":2,"clicks":9},
            {"weekday":0,"hour":3,"clicks":1},{"weekday":8,"hour":3,"clicks":1},{"weekday":2,"hour":24,"clicks":1},
            {"weekday":2,"hour":-1,"clicks":1},{"weekday":2,"clicks":1},7]})");
    QVERIFY(hours);
    QCOMPARE(hours->at(1, 0).counts.clicks, 4U);
    QCOMPARE(hours->at(7, 23).times, 2);
    std::uint64_t clicks = 0;
    for (const state::HourCell& cell : hours->cells)
        clicks += cell.counts.clicks;
    QCOMPARE(clicks, 13U);
}

void TestReportCalls::aReconciliationIsRead()
{
    const auto answer = connection::reconciliationFrom(
        R"({"from":"2026-03-01T00:00:00.000Z","to":"2026-03-08T00:00:00.000Z",
            "rows":[{"link":3,"domain":"d","slug":"s","raw":{"hits":9},"rolled":{"hits":7},"to_come":2,"late":1,
                     "state":"to_come","why":"after_watermark"}],
            "totals":{"raw":{"hits":9},"rolled":{"hits":7},"to_come":2,"state":"to_come"}})");
    QVERIFY(answer);
    QCOMPARE(answer->rows.at(0).address(), QStringLiteral("d/s"));
    QCOMPARE(answer->rows.at(0).late, 1U);
    QCOMPARE(answer->totals.raw.hits, 9U);
    QCOMPARE(answer->totals.state, QStringLiteral("to_come"));
}

void TestReportCalls::whatWasRestatedIsRead()
{
    QVERIFY(!reportOf(reportJson)->restated);
    QByteArray json = reportJson;
    json.replace("\"freshness\"", R"("restated":{"count":3,"several":1,"beyond":9,"last":"2026-03-02T13:05:00.000Z",
                                     "change":{"hits":3,"clicks":-2,"human_clicks":1,"scans":1e300}},"freshness")");
    const std::optional<state::Restated> restated = reportOf(json)->restated;
    QVERIFY(restated);
    QCOMPARE(restated->count, 3U);
    QCOMPARE(restated->several, 1U);
    QCOMPARE(restated->beyond, 3U); // no more than there are
    QCOMPARE(restated->lastMs, 1'772'456'700'000);
    QCOMPARE(*restated->change, (state::CountsChange{3, -2, 1, 0}));
    json.replace("{\"hits\":3,\"clicks\":-2", "null,\"x\":{\"clicks\":-2");
    QVERIFY(!reportOf(json)->restated->change);

    const auto list = connection::restatementsFrom(
        R"({"from":"2026-03-01T00:00:00.000Z","to":"2026-03-08T00:00:00.000Z","next":"16","items":[
            {"id":17,"noted_at":"2026-03-02T08:01:00.000Z","reason":"late","from":"2026-03-01T10:00:00.000Z",
             "to":"2026-03-01T12:00:00.000Z","link":12,"domain":"localhost","slug":"spring","several":false,
             "change":{"hits":3,"clicks":3,"human_clicks":2,"scans":1},"before":null},
            {"id":16,"reason":"rebuild","several":true,"change":{"hits":-7},"before":{"hits":9,"clicks":8}}]})");
    QVERIFY(list && list->cut);
    QCOMPARE(list->items.size(), 2U);
    QCOMPARE(list->items[0].address(), QStringLiteral("localhost/spring"));
    QVERIFY(!list->items[0].before);
    QCOMPARE(list->items[1].change.hits, -7);
    QCOMPARE(list->items[1].before->clicks, 8U);
    for (const char* broken : {"", "{}", R"({"items":[]})", R"({"from":1,"to":2,"items":7})"})
        QVERIFY2(!connection::restatementsFrom(broken), broken);
}

void TestReportCalls::marksOfEditsAreReadAndBounded()
{
    const QByteArray mark = R"({"from":"2026-03-01T10:00:00.000Z","to":"2026-03-01T12:00:00.000Z","count":7,
                                "edit":{"id":3,"link":12,"what":"link.destination","actor":"maria"}})";
    const auto read = connection::editMarksFrom("{\"total\":9,\"marks\":[" + mark + R"(,
        {"from":"2026-03-02T10:00:00.000Z","to":"2026-03-01T12:00:00.000Z","count":2},
        {"from":"2026-03-02T10:00:00.000Z","to":"2026-03-02T12:00:00.000Z","count":0},7]})");
    QVERIFY(read);
    QCOMPARE(read->total, 9U);
    QCOMPARE(read->marks.size(), 1U); // no stretch ends before it begins, none is of nothing
    QCOMPARE(read->marks[0].count, 7U);
    QCOMPARE(read->marks[0].newest.link.value, 12U);
    const auto many = connection::editMarksFrom("{\"marks\":[" + (mark + ',').repeated(5000) + mark + "]}");
    QCOMPARE(static_cast<qsizetype>(many->marks.size()), connection::editMarksMax);
    QVERIFY(!connection::editMarksFrom("{}"));
}

void TestReportCalls::mutationsAreSurvived()
{
    std::mt19937 random(7);
    const QByteArray whole = reportJson;
    int read = 0;
    for (int i = 0; i < 3000; ++i) {
        QByteArray json = whole;
        for (int changes = 0; changes < 3; ++changes)
            json[static_cast<qsizetype>(random() % static_cast<unsigned>(json.size()))] =
                static_cast<char>(32 + random() % 95);
        const state::ReportPtr report = reportOf(json);
        if (!report)
            continue;
        ++read;
        QVERIFY(report->totals.humanClicks <= report->totals.clicks);
        QVERIFY(!report->compared || report->compared->values.size() == report->values.size());
    }
    QVERIFY(read > 0);
}

void TestReportCalls::answersComeWithTheirQuestion()
{
    FakeBackend backend;
    FakeBackend::HttpAnswer answer;
    backend.http = [&answer](const FakeBackend::HttpRequest& request) {
        return request.path.startsWith("/v1/reports") ? answer : FakeBackend::HttpAnswer{0, {}, {}, {}};
    };
    ConsoleUnderTest console;
    console.connection->connectTo(backend.url(), QStringLiteral("secret"));
    QTRY_COMPARE(console.phase(), state::Phase::Live);
    SignalsArrived arrived(console.connection, &Connection::reportArrived);
    SignalsArrived failed(console.connection, &Connection::failed);
    state::ReportQuery query;
    query.by = QStringLiteral("country");
    answer = {200, reportJson, {}, "application/json"};
    const quint64 first = console.connection->getReport(query);
    QTRY_COMPARE(arrived.size(), 1);
    QCOMPARE(arrived[0][0].toULongLong(), first);
    QCOMPARE(arrived[0][1].value<state::ReportPtr>()->query, query);
    answer = {400, R"({"type":"/problems/range-too-long","field":"from","limit":366})", {}, "application/problem+json"};
    console.connection->getReport(query);
    QTRY_COMPARE(failed.size(), 1);
    const auto problem = failed[0][1].value<state::Problem>();
    QCOMPARE(problem.code, QStringLiteral("range_too_long"));
    QCOMPARE(problem.limit, 366);
    answer = {200, "{\"cells\":7}", {}, "application/json"};
    console.connection->getHours(query);
    console.connection->getReconciliation(query);
    QTRY_COMPARE(failed.size(), 3);
}

QTEST_GUILESS_MAIN(TestReportCalls)
#include "tst_report_calls.moc"

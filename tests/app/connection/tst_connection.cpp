// SPDX-License-Identifier: GPL-3.0-or-later
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include "app/connection/retry_delay.h"
#include "tests/app/connection/console_under_test.h"
#include "tests/app/connection/fake_backend.h"

using connection::Connection;
using protocol::HitSeq;
using state::OfflineReason;
using state::Phase;

class TestConnection : public QObject {
    Q_OBJECT

private slots:
    void handsOnWhatTheStreamSends();
    void asksForTheRecentPastFirst();
    void resumesWithoutLossOrDoubles();
    void comesBackAfterTheBackendDid();
    void startsOverWithAnotherDataFolder();
    void startsOverWhenAskedTo();
    void fetchesWhatWasDropped();
    void fetchesWhatTheBackendNoLongerKeeps();
    void fetchesLongGapsPageByPage();
    void fetchesUnderTheFilterInForce();
    void changesTheFilterForward();
    void grantsCreditForWhatWasApplied();
    void measuresTheOtherClock();
    void endsWhenAskedTo();
    void readsRollupsLinksAndDiagnoses();
    void sendsEdits();
    void answersEveryRequest();
    void waitsLongerEachTime();
};

void TestConnection::handsOnWhatTheStreamSends()
{
    FakeBackend backend;
    ConsoleUnderTest console;
    console.connection->connectTo(backend.url(), QStringLiteral(" secret\n"));
    QTRY_COMPARE(console.phase(), Phase::Live);
    QCOMPARE(backend.authorizations.at(0), std::string("Bearer secret"));
    QCOMPARE(console.state.hello()->dataId, std::string("data-1"));
    backend.store(120);
    backend.sendStored(0);
    backend.send(protocol::Window{});
    backend.send(protocol::Watermark{HitSeq(7), {}, HitSeq(120), {}, 60});
    QTRY_VERIFY(console.holdsExactly(1, 120));
    QCOMPARE(console.state.counters().received, 120U);
    QCOMPARE(console.state.counters().frames, 3U);
    QCOMPARE(console.state.counters().violations, 0U);
    QTRY_VERIFY(console.state.window());
    QTRY_VERIFY(console.state.watermark());
    QCOMPARE(console.state.notYetRolledUp(), 113U);
    QVERIFY(console.statuses.size() >= 3); // connecting, authenticating, live
}

void TestConnection::asksForTheRecentPastFirst()
{
    FakeBackend backend;
    backend.store(300);
    connection::Options options = ConsoleUnderTest::fastOptions();
    options.historyHits = 100;
    ConsoleUnderTest console(options);
    console.connection->connectTo(backend.url(), QStringLiteral("secret"));
    QTRY_VERIFY(console.holdsExactly(201, 300));
    QTRY_COMPARE(console.phase(), Phase::Live);
    QCOMPARE(backend.subscribes.at(0).cursor->value, 200U);
}

void TestConnection::resumesWithoutLossOrDoubles()
{
    FakeBackend backend;
    ConsoleUnderTest console;
    console.connection->connectTo(backend.url(), QStringLiteral("secret"));
    QTRY_COMPARE(console.phase(), Phase::Live);
    for (int round = 1; round <= 10; ++round) {
        const std::uint64_t before = backend.lastSeq();
        backend.store(30);
        backend.sendStored(before);
        if (round % 2 == 0) // else it breaks while frames may be on their way
            QTRY_COMPARE(console.state.counters().cursor.value, backend.lastSeq());
        backend.breakLine();
        backend.store(25); // nobody sends these
        QTRY_COMPARE(backend.connections, round + 1);
        QTRY_COMPARE(console.phase(), Phase::Live);
        QTRY_VERIFY(console.holdsExactly(1, backend.lastSeq()));
    }
    QCOMPARE(console.state.counters().doubles, 0U);
    QCOMPARE(console.state.counters().violations, 0U);
    QCOMPARE(console.state.counters().gapsFailed, 0U);
    QCOMPARE(console.state.counters().missingSequences, 0U);
}

void TestConnection::comesBackAfterTheBackendDid()
{
    FakeBackend backend;
    ConsoleUnderTest console;
    const QUrl url = backend.url();
    console.connection->connectTo(url, QStringLiteral("secret"));
    QTRY_COMPARE(console.phase(), Phase::Live);
    backend.close();
    QTRY_COMPARE(console.phase(), Phase::Offline);
    QCOMPARE(console.reason(), OfflineReason::Unreachable);
    QVERIFY(console.state.connection().retryAtMs > 0);
    QTRY_VERIFY(console.state.connection().attempt >= 3);
    backend.listenAgain();
    QCOMPARE(backend.url(), url);
    QTRY_COMPARE(console.phase(), Phase::Live);
    QTRY_COMPARE(console.state.connection().reason, OfflineReason::None);
}

void TestConnection::startsOverWithAnotherDataFolder()
{
    FakeBackend backend;
    ConsoleUnderTest console;
    backend.store(40);
    console.connection->connectTo(backend.url(), QStringLiteral("secret"));
    QTRY_VERIFY(console.holdsExactly(1, 40));
    backend.dataId = "data-2";
    backend.stored.clear();
    backend.store(10);
    backend.breakLine();
    QTRY_VERIFY(console.holdsExactly(1, 10));
    QVERIFY(console.state.connection().startedOver);
    QCOMPARE(console.state.counters().doubles, 0U);
    QCOMPARE(console.state.counters().received, 10U);
}

void TestConnection::startsOverWhenAskedTo()
{
    FakeBackend backend;
    connection::Options options = ConsoleUnderTest::fastOptions();
    options.historyHits = 5;
    ConsoleUnderTest console(options);
    backend.store(10);
    console.connection->connectTo(backend.url(), QStringLiteral("secret"));
    QTRY_VERIFY(console.holdsExactly(6, 10));
    backend.store(20);
    console.connection->startOver();
    QTRY_VERIFY(console.holdsExactly(26, 30));
}

void TestConnection::fetchesWhatWasDropped()
{
    FakeBackend backend;
    ConsoleUnderTest console;
    console.connection->connectTo(backend.url(), QStringLiteral("secret"));
    QTRY_COMPARE(console.phase(), Phase::Live);
    backend.store(100);
    protocol::Frame notice;
    notice.first = HitSeq(1);
    notice.last = HitSeq(60);
    notice.dropped = 58;
    notice.hits = {backend.stored[3], backend.stored[40]};
    backend.send(notice);
    backend.sendStored(60);
    QTRY_VERIFY(console.holdsExactly(1, 100));
    QTRY_COMPARE(console.state.counters().gapsFetched, 1U);
    QCOMPARE(console.state.counters().dropped, 58U);
    QCOMPARE(console.state.counters().fetched, 58U);
    QCOMPARE(console.state.counters().doubles, 0U);
    QCOMPARE(console.state.counters().missingSequences, 0U);
}

void TestConnection::fetchesWhatTheBackendNoLongerKeeps()
{
    FakeBackend backend;
    ConsoleUnderTest console;
    backend.store(10);
    console.connection->connectTo(backend.url(), QStringLiteral("secret"));
    QTRY_VERIFY(console.holdsExactly(1, 10));
    backend.breakLine();
    backend.store(190);
    backend.resumeFromAtLeast = 150;
    QTRY_VERIFY(console.holdsExactly(1, 200));
    QTRY_COMPARE(console.state.counters().gapsFetched, 1U);
    QCOMPARE(console.state.gaps().at(0).first, 11U);
    QCOMPARE(console.state.gaps().at(0).last, 150U);
}

void TestConnection::fetchesLongGapsPageByPage()
{
    FakeBackend backend;
    ConsoleUnderTest console;
    console.connection->connectTo(backend.url(), QStringLiteral("secret"));
    QTRY_COMPARE(console.phase(), Phase::Live);
    backend.store(10'000);
    protocol::Frame late; // as if 9,990 sequences had never been spoken of
    late.first = HitSeq(9991);
    late.last = HitSeq(10'000);
    late.hits.assign(backend.stored.end() - 10, backend.stored.end());
    backend.send(late);
    QTRY_VERIFY(console.holdsExactly(1, 10'000));
    QCOMPARE(backend.requestsFor("/v1/hits"), 3);
    QTRY_COMPARE(console.state.counters().gapsFetched, 1U);
}

void TestConnection::fetchesUnderTheFilterInForce()
{
    FakeBackend backend;
    ConsoleUnderTest console;
    protocol::StreamFilter filter;
    filter.links = {"go.acme.example/a b+c&d"};
    console.connection->setStreamFilter(filter);
    console.connection->connectTo(backend.url(), QStringLiteral("secret"));
    QTRY_COMPARE(console.phase(), Phase::Live);
    QCOMPARE(console.state.streamFilter(), filter);
    backend.store(5);
    protocol::Frame notice;
    notice.first = HitSeq(1);
    notice.last = HitSeq(5);
    notice.dropped = 1;
    backend.send(notice);
    QTRY_COMPARE(backend.requestsFor("/v1/hits"), 1);
    const auto request = std::find_if(backend.requests.begin(), backend.requests.end(),
                                      [](const auto& r) { return r.path == "/v1/hits"; });
    const QString text = request->query.queryItemValue(QStringLiteral("filter"), QUrl::FullyDecoded);
    QVERIFY2(text.contains(QStringLiteral("a b+c&d")), qPrintable(text));
}

void TestConnection::changesTheFilterForward()
{
    FakeBackend backend;
    ConsoleUnderTest console;
    backend.store(3);
    console.connection->connectTo(backend.url(), QStringLiteral("secret"));
    QTRY_VERIFY(console.holdsExactly(1, 3));
    protocol::StreamFilter filter;
    for (const char* country : {"DE", "US", "FR", "GB", "IN"}) { // as fast as somebody types
        filter.countries = {country};
        console.connection->setStreamFilter(filter);
    }
    QTRY_COMPARE(console.state.streamFilter(), filter);
    QVERIFY(backend.subscribes.size() <= 3);
    QVERIFY(!backend.subscribes.back().cursor);
    QCOMPARE(console.state.filterFrom().value, 3U);
    QVERIFY(console.holdsExactly(1, 3)); // what came before stays
}

void TestConnection::grantsCreditForWhatWasApplied()
{
    FakeBackend backend;
    backend.creditFrames = 8;
    backend.framesHits = 1;
    ConsoleUnderTest console;
    console.connection->connectTo(backend.url(), QStringLiteral("secret"));
    QTRY_COMPARE(console.phase(), Phase::Live);
    backend.store(8);
    backend.sendStored(0);
    QTRY_COMPARE(backend.credits, 8);
    // A console that does not keep up grants nothing.
    QObject::disconnect(&console.state, &state::LiveState::applied, nullptr, nullptr);
    backend.store(8);
    backend.sendStored(8);
    QTRY_VERIFY(console.holdsExactly(1, 16));
    QCOMPARE(backend.credits, 8);
}

void TestConnection::measuresTheOtherClock()
{
    FakeBackend backend;
    ConsoleUnderTest console;
    console.connection->connectTo(backend.url(), QStringLiteral("secret"));
    QTRY_VERIFY(console.state.counters().skewMs);
    QVERIFY(qAbs(*console.state.counters().skewMs - 5000) < 2500);
    QVERIFY(*console.state.counters().roundTripMs < 5000);
}

void TestConnection::endsWhenAskedTo()
{
    FakeBackend backend;
    ConsoleUnderTest console;
    console.connection->connectTo(backend.url(), QStringLiteral("secret"));
    QTRY_COMPARE(console.phase(), Phase::Live);
    console.connection->disconnectFromServer();
    QTRY_COMPARE(console.phase(), Phase::Disconnected);
    QTRY_VERIFY(!backend.socket() || backend.socket()->state() == QAbstractSocket::UnconnectedState);
    QCOMPARE(backend.connections, 1);
}

void TestConnection::readsRollupsLinksAndDiagnoses()
{
    FakeBackend backend;
    backend.http = [](const FakeBackend::HttpRequest& request) -> FakeBackend::HttpAnswer {
        if (request.path == "/v1/rollups")
            return {
                200,
                R"({"rows":[{"bucket":"2026-03-01T12:00:00.000Z","clicks":5,"human_clicks":4,"uniques":null}],"watermark":{"seq":9}})"};
        if (request.path == "/v1/links" && !request.query.hasQueryItem(QStringLiteral("cursor")))
            return {200, R"({"items":[{"id":1,"domain":"a","slug":"b","version":3}],"next":"1"})"};
        if (request.path == "/v1/links")
            return {200, R"({"items":[{"id":2,"domain":"a","slug":"c"}],"next":null})"};
        if (request.path == "/v1/diagnosis")
            return {200,
                    R"({"cause":"domain_ready","checks":[{"code":"domain_ready","result":"fail","state":"pending"}]})"};
        return {0};
    };
    ConsoleUnderTest console;
    SignalsArrived rollups(console.connection, &Connection::rollupsArrived);
    SignalsArrived links(console.connection, &Connection::linksArrived);
    SignalsArrived diagnoses(console.connection, &Connection::diagnosisArrived);
    console.connection->connectTo(backend.url(), QStringLiteral("secret"));
    connection::RollupQuery query;
    query.link = QStringLiteral("a/b+c");
    const quint64 request = console.connection->getRollups(query);
    console.connection->getLinks();
    console.connection->getDiagnosis();
    QTRY_COMPARE(rollups.size(), 1);
    QCOMPARE(rollups[0][0].toULongLong(), request);
    const auto answer = rollups[0][1].value<connection::Rollups>();
    QCOMPARE(answer.rows.at(0).humanClicks, 4U);
    QCOMPARE(answer.watermark.seq.value, 9U);
    QCOMPARE(answer.query.link, query.link);
    QTRY_COMPARE(links.size(), 1);
    QCOMPARE(links[0][1].value<connection::Links>().items.size(), 2U);
    QTRY_COMPARE(diagnoses.size(), 1);
    QCOMPARE(diagnoses[0][1].value<connection::Diagnosis>().cause, QStringLiteral("domain_ready"));
}

void TestConnection::sendsEdits()
{
    FakeBackend backend;
    QByteArray body;
    QByteArray head;
    backend.http = [&](const FakeBackend::HttpRequest& request) -> FakeBackend::HttpAnswer {
        if (request.method != "PATCH")
            return {0};
        body = request.body;
        head = request.head;
        if (request.path == "/v1/links/7")
            return {200, R"({"id":7,"version":4,"domain":"a","slug":"b","state":"paused"})"};
        return {409,
                R"({"type":"/problems/version-conflict","title":"changed meanwhile","status":409,"field":"version"})"};
    };
    ConsoleUnderTest console;
    SignalsArrived edited(console.connection, &Connection::linkEdited);
    SignalsArrived failed(console.connection, &Connection::failed);
    console.connection->connectTo(backend.url(), QStringLiteral("secret"));
    state::LinkDraft edit;
    edit.link.id = 7;
    edit.expectedVersion = 3;
    edit.link.state = QStringLiteral("paused");
    edit.fields = {QStringLiteral("state")};
    console.connection->saveLink(edit);
    QTRY_COMPARE(edited.size(), 1);
    QCOMPARE(edited[0][1].value<connection::Link>().version, 4U);
    QCOMPARE(QJsonDocument::fromJson(body).object(), (QJsonObject{{"state", "paused"}}));
    QVERIFY(head.contains("If-Match: \"3\"") || head.contains("if-match: \"3\""));
    edit.link.id = 8;
    console.connection->saveLink(edit);
    QTRY_COMPARE(failed.size(), 1);
    const auto problem = failed[0][1].value<connection::Problem>();
    QCOMPARE(problem.code, QStringLiteral("version_conflict"));
    QCOMPARE(problem.field, QStringLiteral("version"));
}

void TestConnection::answersEveryRequest()
{
    FakeBackend backend;
    backend.http = [](const FakeBackend::HttpRequest& request) -> FakeBackend::HttpAnswer {
        if (request.path == "/v1/links")
            return {200, QByteArray(20'000'000, ' ')};
        if (request.path == "/v1/rollups")
            return {200, "<html>"};
        if (request.path == "/v1/diagnosis")
            return {302, "", "Location: http://127.0.0.1:1/\r\n"};
        return {0};
    };
    ConsoleUnderTest console;
    SignalsArrived failed(console.connection, &Connection::failed);
    console.connection->getLinks(); // before there is an address
    QTRY_COMPARE(failed.size(), 1);
    console.connection->connectTo(backend.url(), QStringLiteral("secret"));
    QHash<quint64, QString> expected{{console.connection->getLinks(), QStringLiteral("too_large")},
                                     {console.connection->getRollups({}), QStringLiteral("not_json")},
                                     {console.connection->getDiagnosis(), QStringLiteral("redirected")}};
    QTRY_COMPARE(failed.size(), 4);
    for (int i = 1; i < 4; ++i)
        QCOMPARE(failed[i][1].value<connection::Problem>().code, expected[failed[i][0].toULongLong()]);
}

void TestConnection::waitsLongerEachTime()
{
    using connection::retryDelayMs;
    QCOMPARE(retryDelayMs(1, 1000, 30'000, 0.5), 1000);
    QCOMPARE(retryDelayMs(2, 1000, 30'000, 0.5), 2000);
    QCOMPARE(retryDelayMs(5, 1000, 30'000, 0.5), 16'000);
    QCOMPARE(retryDelayMs(1'000'000, 1000, 30'000, 0.5), 30'000);
    QCOMPARE(retryDelayMs(1, 1000, 30'000, 0.0), 800);
    QCOMPARE(retryDelayMs(6, 1000, 30'000, 1.0), 36'000);
}

QTEST_GUILESS_MAIN(TestConnection)
#include "tst_connection.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
// The HTTP side of the API: limits, hostile input, load, health, and that what is described is what there is.
#include "tests/backend/api/api_fixture.h"

#include <QSemaphore>
#include <QSet>
#include <QTcpSocket>

#include "backend/api/controllers/controllers.h"
#include "backend/protocol/limits.h"

namespace {

// Sends bytes as they are and reads until the backend closes or `enough` is in the answer.
QByteArray exchange(quint16 port, const QByteArray& bytes, const QByteArray& enough = {}, int piece = 0)
{
    QTcpSocket socket;
    socket.connectToHost("127.0.0.1", port);
    if (!socket.waitForConnected(5000))
        return "no connection";
    for (qsizetype at = 0; at < bytes.size(); at += piece > 0 ? piece : bytes.size()) {
        socket.write(bytes.mid(at, piece > 0 ? piece : bytes.size()));
        socket.flush();
    }
    QByteArray answer;
    while (socket.state() == QAbstractSocket::ConnectedState && (enough.isEmpty() || !answer.contains(enough))) {
        if (!socket.waitForReadyRead(5000))
            break;
        answer += socket.readAll();
    }
    return answer + socket.readAll();
}

} // namespace

class ApiEdgeTest : public QObject {
    Q_OBJECT

private slots:
    void everyRouteIsDescribedAndEveryDescriptionIsARoute()
    {
        ApiFixture api;
        const Answer document = api.send("GET", "/openapi.json", {});
        QCOMPARE(document.status, 200);
        QSet<QString> described;
        const QJsonObject paths = document.json["paths"].toObject();
        for (auto path = paths.begin(); path != paths.end(); ++path)
            for (const QString& method : path->toObject().keys())
                described.insert(method.toUpper() + " " + path.key());
        api::Router router;
        api::Surroundings around{{}, {}, api.snapshot, *api.pipeline, api.clock, api.generation, {}, nullptr};
        api::addAllRoutes(router, around);
        QSet<QString> routed;
        for (const api::Route& route : router.routes()) {
            routed.insert(QString::fromStdString(route.method + " " + route.pattern));
            static constexpr const char* roles[] = {"", "viewer", "operator", "admin"};
            const QJsonObject operation =
                paths[QString::fromStdString(route.pattern)][QString::fromStdString(route.method).toLower()].toObject();
            QCOMPARE(operation["x-role"].toString(), QString(roles[static_cast<int>(route.access)]));
        }
        QCOMPARE(described, routed);
        QCOMPARE(api.send("GET", "/asyncapi.json", {}).json["asyncapi"].toString(), "3.0.0");
    }

    void methodsAndPathsAreAnsweredProperly()
    {
        ApiFixture api;
        QCOMPARE(api.get("/v1/nothing").status, 404);
        const Answer wrong = api.send("DELETE", "/v1/links", api.admin);
        QCOMPARE(wrong.status, 405);
        QCOMPARE(wrong.allow, "GET, HEAD, POST");
        const Answer head = api.send("HEAD", "/v1/session", api.admin);
        QCOMPARE(head.status, 200);
        QVERIFY(head.body.isEmpty());
        QCOMPARE(api.send("OPTIONS", "/v1/links", api.admin).status, 405);
        QCOMPARE(ApiFixture::finish(api.begin("POST", "/v1/links", api.admin, "{\"a\":")).problem(), "malformed-json");
        QCOMPARE(ApiFixture::finish(api.begin("POST", "/v1/links", api.admin, "[1]")).problem(), "not-an-object");
    }

    void overEveryLimitThereIsAClearAnswer_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<QByteArray>("status");
        const QByteArray host = "Host: x\r\n";
        QTest::newRow("body") << "POST /v1/links HTTP/1.1\r\n" + host + "Content-Length: " +
                                     QByteArray::number(qulonglong(protocol::limits::apiBodyBytes + 1)) + "\r\n\r\n"
                              << QByteArray("413");
        QTest::newRow("chunked body") << "POST /v1/links HTTP/1.1\r\n" + host +
                                             "Transfer-Encoding: chunked\r\n\r\n110000\r\n" +
                                             QByteArray(0x110000, 'x') + "\r\n0\r\n\r\n"
                                      << QByteArray("413");
        QTest::newRow("header") << "GET /health/live HTTP/1.1\r\n" + host + "X: " + QByteArray(20'000, 'x') + "\r\n\r\n"
                                << QByteArray("431");
        QTest::newRow("target") << "GET /" + QByteArray(20'000, 'x') + " HTTP/1.1\r\n" + host + "\r\n"
                                << QByteArray("431");
        QTest::newRow("no host") << QByteArray("GET /health/live HTTP/1.1\r\n\r\n") << QByteArray("400");
        QTest::newRow("two hosts") << "GET /health/live HTTP/1.1\r\n" + host + host + "\r\n" << QByteArray("400");
        QTest::newRow("no http") << QByteArray("\x16\x03\x01\x02\r\n\r\n", 8) << QByteArray("400");
        QTest::newRow("bad length") << "POST / HTTP/1.1\r\n" + host + "Content-Length: -5\r\n\r\n" << QByteArray("400");
        QTest::newRow("bad escape") << "GET /v1/hits?a=%zz HTTP/1.1\r\n" + host + "\r\n" << QByteArray("400");
    }

    void overEveryLimitThereIsAClearAnswer()
    {
        QFETCH(QByteArray, request);
        QFETCH(QByteArray, status);
        ApiFixture api;
        const QByteArray answer = exchange(api.server->port(), request);
        QVERIFY2(answer.startsWith("HTTP/1.1 " + status), answer.left(200).constData());
        QVERIFY(answer.contains("application/problem+json"));
        QCOMPARE(api.get("/health/live").status, 200);
    }

    void requestsSplitAtEveryByteAndPipelinedAreAnswered()
    {
        ApiFixture api;
        const QByteArray one = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";
        const QByteArray last = "GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        QCOMPARE(exchange(api.server->port(), one + one + last).count("HTTP/1.1 200"), 3);
        QCOMPARE(exchange(api.server->port(), one + last, {}, 1).count("HTTP/1.1 200"), 2);
    }

    void slowQueriesNeverBlockTheOthersAndAreBounded()
    {
        QSemaphore entered, leave;
        api::Seams seams;
        seams.txtRecords = [&](const std::string&) {
            entered.release();
            leave.tryAcquire(1, 20'000); // a failed test must not hang
            return std::vector<std::string>{};
        };
        api::Options options;
        options.queryWorkers = 1;
        options.queriesWaiting = 2;
        ApiFixture api(seams, options);
        const QString path = QStringLiteral("/v1/domains/%1/verify")
                                 .arg(api.post("/v1/domains", {{"host", "a.acme.com"}}).json["id"].toInt());
        QNetworkReply* slow = api.begin("POST", path, api.admin);
        QTRY_VERIFY(entered.available() > 0);
        QNetworkReply* waiting = api.begin("GET", "/v1/stats", api.admin);
        // What needs no query is answered at once, and the third query is refused instead of piling up.
        QCOMPARE(api.get("/v1/session").status, 200);
        QTRY_COMPARE(api.get("/v1/stats").problem(), "too-many-queries");
        leave.release(5);
        QCOMPARE(ApiFixture::finish(slow).problem(), "txt-record-missing");
        QCOMPARE(ApiFixture::finish(waiting).status, 200);
    }

    void healthAndMetricsNeedNoToken()
    {
        std::string missing;
        api::Seams seams;
        seams.notReady = [&] { return missing; };
        seams.metrics.push_back({"clickroom_test_total", "A test", true, [] { return 3.0; }, {{"kind", "a"}}});
        seams.metrics.push_back({"clickroom_test_total", "A test", true, [] { return 4.0; }, {{"kind", "b"}}});
        ApiFixture api(seams);
        QCOMPARE(api.send("GET", "/health/live", {}).status, 200);
        QCOMPARE(api.send("GET", "/health/ready", {}).status, 200);
        missing = "stopping";
        QCOMPARE(api.send("GET", "/health/ready", {}).status, 503);
        const Answer metrics = api.send("GET", "/metrics", {});
        QVERIFY(metrics.type.startsWith("text/plain"));
        QVERIFY(metrics.body.contains("clickroom_test_total{kind=\"a\"} 3"));
        QVERIFY(metrics.body.contains("clickroom_test_total{kind=\"b\"} 4"));
        QCOMPARE(metrics.body.count("# TYPE clickroom_test_total counter"), 1);
        QVERIFY(metrics.body.contains("clickroom_hits_stored_total"));
    }

    void connectionsAndTimesAreLimited()
    {
        api::HttpLimits limits;
        limits.connections = 2;
        limits.idleMs = 300;
        limits.answerMs = 200;
        // Never answers "/never"; the deadline does.
        std::vector<std::function<void(api::Response)>> kept;
        api::HttpServer server(limits, nullptr,
                               [&kept](const api::Request& request, std::function<void(api::Response)> respond) {
                                   if (request.path == "/never")
                                       return kept.push_back(std::move(respond));
                                   respond({});
                               });
        server.listen("127.0.0.1", 0);
        runtime::ThreadOwner threads;
        threads.start("http", [&server] { server.run(); });

        const QByteArray never = exchange(server.port(), "GET /never HTTP/1.1\r\nHost: x\r\n\r\n", "answer-timeout");
        QVERIFY2(never.startsWith("HTTP/1.1 503") && never.contains("answer-timeout"), never.constData());
        QTRY_COMPARE(server.counters().connections.load(), 0u);

        // Two that say half a request hold their places until their time is over; the third is told so at once.
        QTcpSocket first, second;
        for (QTcpSocket* slow : {&first, &second}) {
            slow->connectToHost("127.0.0.1", server.port());
            QVERIFY(slow->waitForConnected(5000));
            slow->write("GET / HT");
            slow->flush();
        }
        QTRY_COMPARE(server.counters().accepted.load(), 3u);
        const QByteArray third = exchange(server.port(), "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        QVERIFY2(third.startsWith("HTTP/1.1 503"), third.constData());
        QTRY_COMPARE(first.state(), QAbstractSocket::UnconnectedState);
        QTRY_COMPARE(second.state(), QAbstractSocket::UnconnectedState);
        QTRY_VERIFY(exchange(server.port(), "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                        .startsWith("HTTP/1.1 200"));
        QCOMPARE(server.counters().turnedAway.load(), 1u);
        server.stop(1000);
        threads.join();
        // An answer that comes when everything has gone does nothing.
        for (const auto& respond : kept)
            respond({});
    }

    void stoppingAnswersWhatIsOpen()
    {
        QSemaphore entered, leave;
        api::Seams seams;
        seams.txtRecords = [&](const std::string&) {
            entered.release();
            leave.tryAcquire(1, 20'000); // a failed test must not hang
            return std::vector<std::string>{};
        };
        ApiFixture api(seams);
        const QString path = QStringLiteral("/v1/domains/%1/verify")
                                 .arg(api.post("/v1/domains", {{"host", "a.acme.com"}}).json["id"].toInt());
        QNetworkReply* open = api.begin("POST", path, api.admin);
        QTRY_VERIFY(entered.available() > 0);
        api.server->stop();
        leave.release();
        QCOMPARE(ApiFixture::finish(open).status, 409);
    }
};

QTEST_GUILESS_MAIN(ApiEdgeTest)
#include "tst_api_edge.moc"

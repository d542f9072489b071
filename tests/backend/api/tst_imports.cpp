// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTcpSocket>

#include "tests/backend/api/api_fixture.h"

class tst_Imports : public QObject {
    Q_OBJECT

    static QByteArray file(int rows)
    {
        QByteArray csv("domain,slug,destination,tags,campaign\n");
        for (int i = 0; i < rows; ++i)
            csv += "localhost,s" + QByteArray::number(i) + ",https://a.example/" + QByteArray::number(i) + ",x,c\n";
        return csv;
    }
    static Answer import(ApiFixture& api, const QByteArray& body, const QString& query = {}, QByteArray token = {})
    {
        return ApiFixture::finish(api.begin("POST", "/v1/imports?" + query, token.isEmpty() ? api.admin : token, body));
    }

private slots:
    void dryRunThenForReal()
    {
        ApiFixture api;
        const QByteArray csv = "Link,Title,Destination URL\nhttps://go.test/a,A,https://a.example/\n"
                               "https://localhost/b,B,https://b.example/\nhttps://localhost/c,C,javascript:1\n";
        for (const bool dry : {true, false}) {
            const Answer answer = import(api, csv, dry ? "format=bitly&dryRun=1" : "");
            QCOMPARE(answer.status, 200);
            QCOMPARE(answer.json["format"].toString(), QStringLiteral("bitly"));
            QCOMPARE(answer.json["dryRun"].toBool(), dry);
            QCOMPARE(answer.json["rows"].toInt(), 3);
            QCOMPARE(answer.json["made"].toInt(), 2);
            QCOMPARE(answer.json["failed"].toInt(), 1);
            QCOMPARE(answer.json["domains"].toArray(), QJsonArray{"go.test"});
            const QJsonObject said = answer.json["results"].toArray().first().toObject();
            QCOMPARE(said["row"].toInt(), 4);
            QCOMPARE(said["slug"].toString(), QStringLiteral("c"));
            QCOMPARE(said["problem"].toObject()["code"].toString(), QStringLiteral("destination_scheme"));
            QCOMPARE(api.get("/v1/links").json["items"].toArray().size(), dry ? 0 : 2);
        }
        const Answer again = import(api, csv);
        QCOMPARE(again.json["made"].toInt(), 0);
        QCOMPARE(again.json["skipped"].toInt(), 2);
        QCOMPARE(again.json["results"].toArray().first().toObject()["skipped"].toString(), QStringLiteral("exists"));
        // One entry for the whole import beside those of its links.
        const QJsonArray edits = api.get("/v1/edits").json["items"].toArray();
        QVERIFY(std::any_of(edits.begin(), edits.end(),
                            [](const QJsonValue& e) { return e["what"].toString() == "links.imported"; }));
    }

    void brokenFilesLeaveTheCatalogueAsItWas()
    {
        ApiFixture api;
        const Answer open = import(api, file(2) + "localhost,\"x,https://a.example/\n");
        QCOMPARE(open.status, 422);
        QCOMPARE(open.problem(), QStringLiteral("unterminated-quote"));
        QCOMPARE(open.json["row"].toInt(), 4);
        QCOMPARE(import(api, "a,b\n1,2\n").problem(), QStringLiteral("missing-column"));
        QCOMPARE(import(api, {}).problem(), QStringLiteral("empty"));
        QCOMPARE(import(api, file(1), "format=tinyurl").problem(), QStringLiteral("unknown-word"));
        QCOMPARE(import(api, file(1), "domain=-x-").problem(), QStringLiteral("host-label"));
        QCOMPARE(import(api, file(2) + "localhost,x,nonsense\n", "strict=1").json["made"].toInt(), 0);
        QCOMPARE(api.get("/v1/links").json["items"].toArray().size(), 0);
    }

    void rolesAreKept()
    {
        ApiFixture api;
        const QByteArray csv = "domain,slug,destination\nunknown.example,a,https://a.example/\n";
        QCOMPARE(import(api, csv, {}, api.makeToken("viewer")).status, 403);
        const QByteArray operatorToken = api.makeToken("operator");
        const Answer refused = import(api, csv, {}, operatorToken);
        QCOMPARE(refused.json["results"].toArray().first().toObject()["problem"].toObject()["code"].toString(),
                 QStringLiteral("unknown_domain"));
        QCOMPARE(import(api, csv, "domain=localhost", operatorToken).json["made"].toInt(), 1);
    }

    void onlyImportsMayBeLarge()
    {
        ApiFixture api;
        QByteArray large = file(60'000);
        QVERIFY(large.size() > 2 * 1024 * 1024);
        QCOMPARE(import(api, large, "dryRun=1").json["made"].toInt(), 60'000);
        // Elsewhere, and from those who may not, the limit is as it was, and told before the body is read.
        for (const auto& [path, token] : {std::pair{QStringLiteral("/v1/links"), api.admin},
                                          std::pair{QStringLiteral("/v1/imports"), api.makeToken("viewer")},
                                          std::pair{QStringLiteral("/v1/imports"), QByteArray("nobody")}}) {
            QTcpSocket socket;
            socket.connectToHost("127.0.0.1", api.server->port());
            QVERIFY(socket.waitForConnected());
            socket.write("POST " + path.toUtf8() + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token +
                         "\r\nContent-Length: 2000000\r\n\r\n");
            QVERIFY(socket.waitForReadyRead());
            QVERIFY2(socket.readAll().startsWith("HTTP/1.1 413"), qPrintable(path));
        }
        QTcpSocket socket;
        socket.connectToHost("127.0.0.1", api.server->port());
        socket.write("POST /v1/imports HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + api.admin +
                     "\r\nContent-Length: 33554433\r\n\r\n");
        QVERIFY(socket.waitForReadyRead());
        QVERIFY(socket.readAll().startsWith("HTTP/1.1 413"));
    }

    void fewLargeBodiesAtATime()
    {
        ApiFixture api;
        std::vector<std::unique_ptr<QTcpSocket>> open;
        const QByteArray head = "POST /v1/imports HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + api.admin +
                                "\r\nContent-Length: 2000000\r\n\r\n";
        for (int i = 0; i < 2; ++i) {
            open.push_back(std::make_unique<QTcpSocket>());
            open.back()->connectToHost("127.0.0.1", api.server->port());
            open.back()->write(head + "domain,");
            QVERIFY(open.back()->waitForBytesWritten());
        }
        const auto status = [&] {
            QTcpSocket socket;
            socket.connectToHost("127.0.0.1", api.server->port());
            socket.write(head);
            return socket.waitForReadyRead(200) ? socket.readAll().mid(9, 3) : QByteArray("none");
        };
        QTRY_COMPARE(status(), QByteArray("503"));
        // Small files still go through, and a place that was given up is free again.
        QCOMPARE(import(api, file(1), "dryRun=1").status, 200);
        open.clear();
        QTRY_COMPARE(import(api, file(60'000), "dryRun=1").status, 200);
    }
};

QTEST_GUILESS_MAIN(tst_Imports)
#include "tst_imports.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTcpSocket>
#include <QTest>

#include "tests/backend/stream/stream_fixture.h"

using namespace protocol;
using fixture::Client;
using fixture::Server;

class TstStreamHandshake : public QObject {
    Q_OBJECT

private:
    // Opens and waits for the end; the bye, if there was one.
    static Bye byeOf(Client& client, const QUrl& url, const char* token, const QStringList& subprotocols = {})
    {
        client.open(url, token, subprotocols);
        const bool ended = QTest::qWaitFor(
            [&] { return client.count<Bye>() > 0 && client.socket.state() == QAbstractSocket::UnconnectedState; });
        return ended ? client.last<Bye>() : Bye{ByeReason{}, "nothing came", 0};
    }

private slots:
    void helloSaysWhereTheConsoleIs()
    {
        Server server;
        server.facts = {HitSeq{5}, HitSeq{17}, 0, 0};
        server.stream.start();
        Client client;
        client.open(server.url());
        QTRY_COMPARE(client.count<Hello>(), 1);
        const Hello hello = client.last<Hello>();
        QCOMPARE(hello.dataId, std::string("data-1"));
        QCOMPARE(hello.workspace, std::string("default"));
        QCOMPARE(hello.plan, std::string("professional"));
        QCOMPARE(hello.firstSeq, HitSeq{5});
        QCOMPARE(hello.lastSeq, HitSeq{17});
        QCOMPARE(hello.time, UtcMs{fixture::noon});
        QVERIFY(hello.creditFrames > 0);
        QCOMPARE(server.stream.counters().sessions, std::uint64_t(1));
        client.socket.close();
        QTRY_COMPARE(server.stream.counters().sessions, std::uint64_t(0));
    }

    void tokensAreChecked()
    {
        Server server;
        server.stream.start();
        for (const char* token : {static_cast<const char*>(nullptr), "", "three", "onE"}) {
            Client client;
            QCOMPARE(byeOf(client, server.url(), token), (Bye{ByeReason::Unauthorized, "authorization", 0}));
            QCOMPARE(client.socket.closeCode(), QWebSocketProtocol::CloseCodePolicyViolated);
            QCOMPARE(client.count<Hello>(), 0);
        }
        Client longToken;
        QCOMPARE(byeOf(longToken, server.url(), std::string(4000, 'x').c_str()).reason, ByeReason::Unauthorized);
        QTRY_COMPARE(server.stream.counters().refused, std::uint64_t(5));
    }

    void foreignOriginsAreRefusedBeforeTheUpgrade()
    {
        stream::Options options;
        options.allowedOrigins = {"https://console.example"};
        Server server(options);
        server.stream.start();
        Client foreign(Encoding::Json, QStringLiteral("https://evil.example"));
        foreign.open(server.url());
        QTRY_COMPARE(foreign.socket.state(), QAbstractSocket::UnconnectedState);
        QVERIFY2(foreign.socket.errorString().contains(QStringLiteral("403")),
                 qPrintable(foreign.socket.errorString()));
        QVERIFY(foreign.messages.empty());
        Client friendly(Encoding::Json, QStringLiteral("https://console.example"));
        friendly.open(server.url());
        QTRY_COMPARE(friendly.count<Hello>(), 1);
    }

    void pathAndSubprotocolMustBeOurs()
    {
        Server server;
        server.stream.start();
        Client path;
        QCOMPARE(byeOf(path, server.url("/v2/stream"), "one"), (Bye{ByeReason::BadMessage, "path", 0}));
        Client subprotocol;
        QCOMPARE(byeOf(subprotocol, server.url(), "one", {QStringLiteral("mqtt")}),
                 (Bye{ByeReason::BadMessage, "subprotocol", 0}));
        Client both;
        both.open(server.url(), "one", {QStringLiteral("mqtt"), QStringLiteral("clickroom.v1.json")});
        QTRY_COMPARE(both.count<Hello>(), 1);
        QCOMPARE(both.socket.subprotocol(), QStringLiteral("clickroom.v1.json"));
    }

    void sessionsAreBounded()
    {
        stream::Options options;
        options.sessionsMax = 3;
        options.sessionsPerWorkspaceMax = 2;
        Server server(options);
        server.stream.start();
        Client a, b, c, d, e;
        a.open(server.url());
        b.open(server.url(), "uno");
        QTRY_COMPARE(server.stream.counters().sessions, std::uint64_t(2));
        QCOMPARE(byeOf(c, server.url(), "one"), (Bye{ByeReason::TooManySessions, "workspace", 2}));
        d.open(server.url(), "two");
        QTRY_COMPARE(d.count<Hello>(), 1);
        QCOMPARE(byeOf(e, server.url(), "two"), (Bye{ByeReason::TooManySessions, "sessions", 3}));
    }

    void connectionsThatSayNothingAreCutOff()
    {
        stream::Options options;
        options.handshakeTimeoutMs = 50;
        Server server(options);
        server.stream.start();
        QTcpSocket silent, rubbish;
        silent.connectToHost(QStringLiteral("127.0.0.1"), server.stream.port());
        rubbish.connectToHost(QStringLiteral("127.0.0.1"), server.stream.port());
        QVERIFY(silent.waitForConnected() && rubbish.waitForConnected());
        rubbish.write("\x16\x03\x01 not a handshake\r\n\r\n");
        QTRY_COMPARE(silent.state(), QAbstractSocket::UnconnectedState);
        QTRY_COMPARE(rubbish.state(), QAbstractSocket::UnconnectedState);
        Client client;
        client.open(server.url());
        QTRY_COMPARE(client.count<Hello>(), 1);
        QVERIFY(QTest::qWaitFor([&] { return client.count<SessionStatus>() > 0; })); // well beyond the time-out
        QCOMPARE(client.socket.state(), QAbstractSocket::ConnectedState);
    }

    void anAddressInUseIsAClearError()
    {
        Server server;
        server.stream.start();
        stream::Options options;
        options.port = server.stream.port();
        fixture::TestClock clock;
        stream::StreamServer second(options, server.seams(), clock);
        try {
            second.start();
            QFAIL("it started");
        } catch (const std::runtime_error& error) {
            QVERIFY(QString::fromUtf8(error.what()).contains(QStringLiteral("127.0.0.1:%1").arg(options.port)));
        }
    }

    void stoppingSaysBye()
    {
        Server server;
        server.stream.start();
        Client client;
        client.open(server.url());
        QTRY_COMPARE(client.count<Hello>(), 1);
        server.stream.stop();
        QTRY_COMPARE(client.last<Bye>().reason, ByeReason::ShuttingDown);
        QTRY_COMPARE(client.socket.closeCode(), QWebSocketProtocol::CloseCodeGoingAway);
    }
};

QTEST_GUILESS_MAIN(TstStreamHandshake)
#include "tst_stream_handshake.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include <QElapsedTimer>
#include <QtTest>
#include <sys/resource.h>
#include <thread>

#include "tests/backend/redirect/redirect_fixture.h"

namespace {

redirect::Options withLimits(const std::function<void(redirect::Limits&)>& change)
{
    redirect::Options options;
    change(options.limits);
    return options;
}

} // namespace

class TestRedirectLimits : public QObject {
    Q_OBJECT

private slots:
    void overlongRequestsGetTheirStatusAndTheConnectionEnds_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("status");
        QTest::newRow("URL") << QByteArray("GET /" + QByteArray(64 * 1024, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n")
                             << 414;
        QTest::newRow("one header") << QByteArray("GET / HTTP/1.1\r\nHost: h\r\nUser-Agent: " +
                                                  QByteArray(64 * 1024, 'a') + "\r\n\r\n")
                                    << 431;
        QTest::newRow("many headers") << QByteArray("GET / HTTP/1.1\r\nHost: h\r\n" +
                                                    QByteArray("A: b\r\n").repeated(20'000))
                                      << 431;
        QTest::newRow("malformed") << QByteArray("GET / HTTP/1.1\r\nHost: h\r\nbroken\r\n\r\n") << 400;
        QTest::newRow("TLS") << QByteArray("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) << 400;
        QTest::newRow("smuggling")
            << QByteArray(
                   "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
            << 400;
    }

    void overlongRequestsGetTheirStatusAndTheConnectionEnds()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, status);
        RunningEdge edge;
        RawClient client = edge.connect();
        client.send(bytes.toStdString());
        const auto response = client.receive();
        QVERIFY(response);
        QCOMPARE(response->status, status);
        QCOMPARE(response->header("Connection"), "close");
        QCOMPARE(response->header("Cache-Control"), "private, no-store");
        QVERIFY(client.closedByPeer());
        QVERIFY(edge.hits().empty());
        QCOMPARE(edge.server->counters().refused.load(), 1U);
    }

    void endlessSenderIsCutOff()
    {
        RunningEdge edge;
        RawClient client = edge.connect();
        client.send("GET / HTTP/1.1\r\nHost: h\r\n");
        const std::string line = "A: " + std::string(1000, 'a') + "\r\n";
        QElapsedTimer timer;
        timer.start();
        while (client.send(line) && timer.elapsed() < 20'000) {
        }
        QVERIFY(timer.elapsed() < 20'000);
    }

    void unfinishedRequestIsAnswered408()
    {
        RunningEdge edge(withLimits([](auto& limits) { limits.headerTimeMs = 100; }));
        RawClient client = edge.connect();
        client.send("GET /sale HTTP/1.1\r\nHost: go.ex");
        const auto response = client.receive();
        QVERIFY(response);
        QCOMPARE(response->status, 408);
        QVERIFY(client.closedByPeer());
        QCOMPARE(edge.server->counters().timedOut.load(), 1U);
    }

    void idleConnectionIsClosedWithoutAWord()
    {
        RunningEdge edge(withLimits([](auto& limits) { limits.idleTimeMs = 100; }));
        RawClient never = edge.connect();
        RawClient once = edge.connect();
        once.send(get("/sale"));
        QVERIFY(once.receive());
        QVERIFY(never.closedByPeer());
        QVERIFY(once.closedByPeer());
        QTRY_COMPARE(edge.server->counters().connections.load(), 0U);
    }

    void waitingForTheReleaseIsNotIdling()
    {
        RunningEdge edge(withLimits([](auto& limits) { limits.idleTimeMs = limits.headerTimeMs = 50; }));
        edge.held = true;
        RawClient client = edge.connect();
        client.send(get("/sale"));
        QVERIFY(!client.receive(false, 300));
        edge.held = false;
        QVERIFY(client.receive());
    }

    void slowSendersDoNotDelayOthers()
    {
        RunningEdge edge(withLimits([](auto& limits) { limits.headerTimeMs = 2500; }));
        std::vector<RawClient> slow;
        for (int i = 0; i < 500; ++i) {
            slow.push_back(edge.connect());
            QVERIFY(slow.back().connected());
        }
        const std::string request = get("/sale");
        std::size_t sent = 0;
        std::vector<qint64> took;
        QElapsedTimer all;
        all.start();
        QElapsedTimer sinceByte;
        sinceByte.start();
        RawClient normal = edge.connect();
        while (all.elapsed() < 4000 && edge.server->counters().timedOut.load() < 500) {
            if (sent == 0 || sinceByte.elapsed() >= 1000) {
                for (RawClient& client : slow)
                    client.send(request.substr(sent % request.size(), 1));
                ++sent;
                sinceByte.restart();
            }
            QElapsedTimer one;
            one.start();
            QVERIFY(normal.send(request));
            const auto response = normal.receive();
            QVERIFY(response && response->status == 302);
            took.push_back(one.nsecsElapsed() / 1000);
        }
        std::sort(took.begin(), took.end());
        qInfo("%zu normal requests beside 500 slow ones: p50 %lld µs, p99 %lld µs", took.size(), took[took.size() / 2],
              took[took.size() * 99 / 100]);
        QVERIFY(took[took.size() * 99 / 100] < 200'000);
        for (RawClient& client : slow) {
            const auto response = client.receive();
            QVERIFY(response);
            QCOMPARE(response->status, 408);
        }
        QCOMPARE(edge.server->counters().timedOut.load(), 500U);
        QCOMPARE(edge.hits().size(), took.size());
    }

    void connectionsOverTheTotalAreTurnedAway()
    {
        RunningEdge edge(withLimits([](auto& limits) { limits.connections = 5; }));
        std::vector<RawClient> held;
        for (int i = 0; i < 5; ++i) {
            held.push_back(edge.connect());
            held.back().send(get("/health/live"));
            QVERIFY(held.back().receive());
        }
        RawClient over = edge.connect();
        over.send(get("/sale"));
        const auto response = over.receive();
        QVERIFY(response);
        QCOMPARE(response->status, 503);
        QCOMPARE(response->header("Retry-After"), "1");
        QVERIFY(over.closedByPeer());
        QCOMPARE(edge.server->counters().turnedAway.load(), 1U);
        held.clear();
        QTRY_COMPARE(edge.server->counters().connections.load(), 0U);
        QCOMPARE(edge.ask(get("/sale"))->status, 302);
    }

    void floodOfOneAddressIsTurnedAwayUnlessTrusted()
    {
        for (const bool trusted : {false, true}) {
            auto options = withLimits([](auto& limits) { limits.connectionsPerAddress = 10; });
            options.trustLoopback = trusted;
            RunningEdge edge(options);
            std::vector<RawClient> clients;
            int served = 0;
            for (int i = 0; i < 40; ++i) {
                clients.push_back(edge.connect());
                clients.back().send(get("/health/live"));
                const auto response = clients.back().receive();
                QVERIFY(response);
                served += response->status == 200 ? 1 : 0;
            }
            QCOMPARE(served, trusted ? 40 : 10);
            clients.clear();
            QTRY_COMPARE(edge.server->counters().connections.load(), 0U);
            QCOMPARE(edge.ask(get("/health/live"))->status, 200);
        }
    }

    void readerThatNeverReadsHoldsBoundedMemoryAndIsClosed()
    {
        RunningEdge edge(withLimits([](auto& limits) { limits.idleTimeMs = 300; }));
        RawClient client = edge.connect();
        const std::string batch = get("/sale?" + std::string(4000, 'q'));
        QElapsedTimer timer;
        timer.start();
        // Never reads: the edge stops reading too, then gives up.
        std::size_t sent = 0;
        while (timer.elapsed() < 20'000 && client.send(batch))
            ++sent;
        QVERIFY(timer.elapsed() < 20'000);
        QTRY_COMPARE(edge.server->counters().connections.load(), 0U);
        QVERIFY(sent > 64);
    }

    // A socket is told of once: what a read leaves behind, or just does not, must not be forgotten.
    void readsThatJustFillTheBufferLeaveNothingBehind()
    {
        RunningEdge edge;
        RawClient client = edge.connect();
        constexpr std::size_t buffer = 16 * 1024;
        const std::string tail = " HTTP/1.1\r\nHost: go.example\r\n\r\n";
        for (const std::size_t bytes : {buffer - 1, buffer, buffer + 1, 2 * buffer, 4 * buffer + 7}) {
            std::string all;
            const std::size_t requests = bytes / 4096 + 1, each = bytes / requests;
            for (std::size_t at = 0; at < requests; ++at) {
                const std::size_t length = at + 1 < requests ? each : bytes - all.size();
                const std::string head = "GET /sale?";
                all += head + std::string(length - head.size() - tail.size(), 'q') + tail;
            }
            QCOMPARE(all.size(), bytes);
            QVERIFY(client.send(all));
            for (std::size_t at = 0; at < requests; ++at)
                QCOMPARE(client.receive().value_or(Response{}).status, 302);
            QVERIFY(!client.hasInput());
        }
    }

    void readerThatFallsBehindGetsEveryAnswerInOrder()
    {
        RunningEdge edge;
        RawClient client = edge.connect();
        constexpr int requests = 4'000;
        const std::string padding(3'000, 'q');
        std::jthread sender([&] {
            for (int at = 0; at < requests; ++at)
                if (!client.send(get("/sale?n=" + std::to_string(at) + "&q=" + padding)))
                    return;
        });
        // Nobody reads until the edge has stopped reading, too.
        std::uint64_t seen = 0;
        QElapsedTimer still;
        still.start();
        const auto hasStopped = [&] {
            if (const std::uint64_t now = edge.server->counters().requests.load(); now != seen) {
                seen = now;
                still.restart();
            }
            return still.elapsed() > 100;
        };
        QTRY_VERIFY(hasStopped());
        QVERIFY(seen > 0 && seen < requests);
        for (int at = 0; at < requests; ++at) {
            const auto response = client.receive();
            QVERIFY2(response, std::to_string(at).c_str());
            QVERIFY(
                response->header("Location").starts_with("https://shop.example/p?x=1&n=" + std::to_string(at) + "&"));
        }
    }

    void lackOfDescriptorsOnlyDelays()
    {
        RunningEdge edge;
        RawClient before = edge.connect();
        before.send(get("/sale"));
        QVERIFY(before.receive());
        rlimit old{};
        ::getrlimit(RLIMIT_NOFILE, &old);
        const int next = ::dup(0);
        ::close(next);
        // Room for the client's own socket and none for the accepted one.
        const rlimit tight{static_cast<rlim_t>(next) + 1, old.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &tight);
        RawClient waiting = edge.connect();
        waiting.send(get("/sale"));
        const auto failures = [&] { return edge.server->counters().acceptFailures.load(); };
        QTRY_VERIFY(failures() >= 2);
        before.send(get("/sale"));
        const bool servedMeanwhile = before.receive().has_value();
        ::setrlimit(RLIMIT_NOFILE, &old);
        QVERIFY(servedMeanwhile);
        QVERIFY(waiting.receive());
        QVERIFY(failures() < 200);
    }

    void randomBytesNeverBreakTheEdge()
    {
        RunningEdge edge;
        unsigned state = 12345;
        const auto random = [&] { return (state = state * 1664525 + 1013904223) >> 16; };
        const std::string sample = get("/sale?a=1", "User-Agent: x\r\nForwarded: for=1.1.1.1\r\n");
        for (int i = 0; i < 300; ++i) {
            std::string bytes = sample + sample;
            for (unsigned change = 0; change < 1 + random() % 6; ++change)
                bytes[random() % bytes.size()] = static_cast<char>(random());
            RawClient client = edge.connect();
            client.send(bytes);
            client.endSending();
            while (client.receive(false, 2000)) {
            }
        }
        QCOMPARE(edge.ask(get("/sale"))->status, 302);
        QTRY_COMPARE(edge.server->counters().connections.load(), 0U);
        const auto& counters = edge.server->counters();
        QVERIFY(counters.refused > 0);
        QTRY_COMPARE(edge.hits().size() + counters.reserved + counters.refused + counters.queueFull,
                     counters.requests.load());
    }
};

QTEST_GUILESS_MAIN(TestRedirectLimits)
#include "tst_redirect_limits.moc"

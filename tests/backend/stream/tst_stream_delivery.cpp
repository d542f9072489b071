// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <random>
#include <thread>

#include "backend/protocol/limits.h"
#include "tests/backend/stream/stream_fixture.h"

using namespace protocol;
using fixture::Client;
using fixture::hits;
using fixture::range;
using fixture::Server;

class TstStreamDelivery : public QObject {
    Q_OBJECT

private:
    static bool subscribed(Client& client, const Server& server, const char* token = "one", StreamFilter filter = {},
                           std::optional<std::uint64_t> cursor = {})
    {
        // Far above what a loaded machine and a sanitizer need: the answers queue behind what all others are sent.
        constexpr int patienceMs = 30'000;
        client.open(server.url(), token);
        if (!QTest::qWaitFor([&] { return client.count<Hello>() == 1; }, patienceMs))
            return false;
        client.subscribe(std::move(filter), cursor);
        return QTest::qWaitFor([&] { return client.count<Subscribed>() == 1; }, patienceMs);
    }

private slots:
    void bothEncodingsSideBySide()
    {
        Server server;
        server.stream.start();
        Client cbor, json(Encoding::Json);
        QVERIFY(subscribed(cbor, server) && subscribed(json, server));
        for (std::uint64_t first = 1; first <= 901; first += 100)
            server.stream.publishHits(hits(first, first + 99));
        QTRY_COMPARE(cbor.sequences(), range(1, 1000));
        QTRY_COMPARE(json.sequences(), range(1, 1000));
        QCOMPARE(cbor.problems, QStringList());
        QCOMPARE(json.problems, QStringList());
        Hit sent = fixture::hit(1);
        sent.workspace = {}; // does not travel
        QCOMPARE(cbor.all<Frame>().at(0).hits.at(0), sent);
        QCOMPARE(json.all<Frame>().at(0).hits.at(0), sent);
    }

    void workspacesAndFiltersAreApart()
    {
        Server server;
        server.stream.start();
        Client one, two, germans;
        StreamFilter filter;
        filter.countries = {"de"};
        QVERIFY(subscribed(one, server) && subscribed(two, server, "two") &&
                subscribed(germans, server, "uno", filter));
        server.stream.publishHits(hits(1, 10, 1));
        server.stream.publishHits(hits(11, 20, 2));
        server.stream.publishHits(hits(21, 30, 1));
        std::vector<std::uint64_t> ours = range(1, 10);
        for (const std::uint64_t seq : range(21, 30))
            ours.push_back(seq);
        QTRY_COMPARE(one.sequences(), ours);
        QTRY_COMPARE(two.sequences(), range(11, 20));
        QTRY_COMPARE(germans.sequences(), (std::vector<std::uint64_t>{3, 6, 9, 21, 24, 27, 30}));
        // Filtered sequences are no gap: frames without hits tell how far the stream has come.
        QTRY_COMPARE(two.covered(), HitSeq{30});
        QCOMPARE(one.problems + two.problems + germans.problems, QStringList());
        QCOMPARE(one.dropped() + two.dropped() + germans.dropped(), std::uint64_t(0));
    }

    void onlyNewHitsWithoutACursor()
    {
        Server server;
        server.stream.preload(hits(1, 50));
        server.facts = {HitSeq{1}, HitSeq{50}, 0, 0};
        server.stream.start();
        Client client;
        QVERIFY(subscribed(client, server));
        QCOMPARE(client.last<Subscribed>(), (Subscribed{1, HitSeq{50}}));
        server.stream.publishHits(hits(51, 60));
        QTRY_COMPARE(client.sequences(), range(51, 60));
        QTRY_COMPARE(client.last<Window>().aggregate.hits,
                     std::uint64_t(60)); // the window covers what came before, too
        QCOMPARE(client.last<Window>().aggregate.coveredFrom, client.last<Window>().aggregate.from);
    }

    void aCursorIsResumedFromTheRing()
    {
        Server server;
        server.stream.preload(hits(1, 20'000));
        server.facts = {HitSeq{1}, HitSeq{20'000}, 0, 0};
        server.stream.start();
        Client client;
        QVERIFY(subscribed(client, server, "one", {}, 7));
        QCOMPARE(client.last<Subscribed>().from, HitSeq{7});
        server.stream.publishHits(hits(20'001, 20'100));
        QTRY_COMPARE(client.sequences(), range(8, 20'100));
        QCOMPARE(client.problems, QStringList());
        QVERIFY(client.all<Frame>().front().resumed);
        QVERIFY(!client.all<Frame>().back().resumed);
    }

    void anOldCursorIsToldFromWhere()
    {
        stream::Options options;
        options.replayHitsMax = 1000;
        Server server(options);
        for (std::uint64_t first = 1; first <= 4901; first += 100)
            server.stream.preload(hits(first, first + 99));
        server.facts = {HitSeq{1}, HitSeq{5000}, 0, 0};
        server.stream.start();
        Client client;
        QVERIFY(subscribed(client, server, "one", {}, 3));
        QCOMPARE(client.last<Subscribed>().from, HitSeq{4250}); // three quarters of the ring
        QTRY_COMPARE(client.sequences(), range(4251, 5000));
        QCOMPARE(client.problems, QStringList());
    }

    void aCursorBeyondTheEndIsAnsweredWithAnEarlierOne()
    {
        Server server;
        server.stream.preload(hits(1, 10));
        server.facts = {HitSeq{1}, HitSeq{12}, 0, 0}; // two more are stored and not here yet
        server.stream.start();
        Client foreign, ahead;
        QVERIFY(subscribed(foreign, server, "one", {}, 999));
        QCOMPARE(foreign.last<Subscribed>().from, HitSeq{10});
        QVERIFY(subscribed(ahead, server, "one", {}, 12));
        QCOMPARE(ahead.last<Subscribed>().from, HitSeq{12});
        server.stream.publishHits(hits(11, 12));
        server.stream.publishHits(hits(13, 15));
        QTRY_COMPARE(ahead.sequences(), range(13, 15)); // nothing that the console fetched already
        QTRY_COMPARE(foreign.sequences(), range(11, 15));
        QCOMPARE(ahead.problems + foreign.problems, QStringList());
    }

    // Subscriptions at any moment, with cursors anywhere, while hits are published from another thread.
    void noLossAndNoDoublesAtTheSeam()
    {
        constexpr std::uint64_t total = 30'000;
        Server server;
        server.stream.start();
        std::atomic<std::uint64_t> published{0};
        std::atomic<bool> go{false};
        const auto letGo = [&go] {
            go = true;
            go.notify_one();
        };
        std::thread publisher([&] {
            std::mt19937 random(11);
            for (std::uint64_t next = 1; next <= total;) {
                const std::uint64_t last = std::min<std::uint64_t>(total, next + random() % 40);
                server.stream.publishHits(hits(next, last));
                published = last;
                next = last + 1;
                if (published > total / 3)
                    go.wait(false); // asleep: the other thread needs the processor to get there
                if (next % 7 == 0)
                    std::this_thread::yield();
            }
        });
        std::mt19937 random(12);
        std::vector<std::unique_ptr<Client>> clients;
        std::vector<StreamFilter> filters(12);
        bool good = true;
        for (std::size_t i = 0; i < 12 && good; ++i) {
            if (i % 3 == 1)
                filters[i].countries = {"DE"};
            clients.push_back(std::make_unique<Client>(i % 2 == 0 ? Encoding::Cbor : Encoding::Json));
            const std::uint64_t known = published;
            std::optional<std::uint64_t> cursor;
            if (random() % 4 != 0)
                cursor = known == 0 ? 0 : random() % known;
            good = subscribed(*clients[i], server, "one", filters[i], cursor);
            if (i == 6)
                letGo();
        }
        letGo();
        publisher.join();
        QVERIFY(good);
        for (std::size_t i = 0; i < clients.size(); ++i) {
            const std::uint64_t from = clients[i]->all<Subscribed>().front().from.value;
            std::vector<std::uint64_t> expected;
            for (const std::uint64_t seq : range(from + 1, total))
                if (filters[i].matches(viewOf(fixture::hit(seq))))
                    expected.push_back(seq);
            QTRY_COMPARE_WITH_TIMEOUT(clients[i]->covered(), HitSeq{total}, 20'000);
            QCOMPARE(clients[i]->problems, QStringList());
            QVERIFY(clients[i]->sequences() == expected);
            QCOMPARE(clients[i]->dropped(), std::uint64_t(0));
        }
    }

    void aConsoleWithoutCreditIsToldWhatItMissed()
    {
        stream::Options options;
        options.replayHitsMax = 4000;
        options.backlogHitsMax = 1000;
        Server server(options);
        server.stream.start();
        Client slow, quick;
        slow.creditAtOnce = false;
        StreamFilter filter;
        filter.countries = {"DE"};
        QVERIFY(subscribed(slow, server, "one", filter) && subscribed(quick, server, "uno", filter));
        std::uint64_t next = 1;
        const auto publish = [&](std::uint64_t count) {
            server.stream.publishHits(hits(next, next + count - 1));
            next += count;
        };
        // Until the credit is used up, and then far more than may wait.
        while (slow.count<Frame>() < limits::creditFramesMax) {
            publish(3);
            QVERIFY(QTest::qWaitFor([&] { return quick.sequences().size() == (next - 1) / 3; }));
        }
        for (int i = 0; i < 100; ++i)
            publish(90);
        const std::uint64_t matching = (next - 1) / 3;
        QTRY_COMPARE(quick.sequences().size(), std::size_t(matching));
        QCOMPARE(slow.count<Frame>(), limits::creditFramesMax);
        QTRY_VERIFY(slow.last<SessionStatus>().droppedHits > 0);
        slow.send(Credit{64});
        QTRY_COMPARE(slow.covered(), HitSeq{next - 1});
        QCOMPARE(slow.problems, QStringList());
        QVERIFY(slow.dropped() > 0);
        QCOMPARE(slow.sequences().size() + slow.dropped(), std::size_t(matching));
        // The notice names its range and carries no hits; what it says is exact.
        for (const Frame& frame : slow.all<Frame>()) {
            if (frame.dropped == 0)
                continue;
            QVERIFY(frame.hits.empty());
            QCOMPARE(frame.dropped, frame.last.value / 3 - (frame.first.value - 1) / 3);
        }
        QTRY_COMPARE(slow.last<SessionStatus>().sentHits + slow.last<SessionStatus>().droppedHits, matching);
        QCOMPARE(server.stream.counters().hitsDropped, slow.dropped());
        QCOMPARE(quick.dropped(), std::uint64_t(0));
        // And it goes on in step.
        slow.creditAtOnce = true;
        publish(30);
        QTRY_COMPARE(slow.covered(), HitSeq{next - 1});
    }

    void aShortStallLosesNothing()
    {
        Server server;
        server.stream.start();
        Client client;
        client.creditAtOnce = false;
        QVERIFY(subscribed(client, server));
        std::uint64_t next = 1;
        while (client.count<Frame>() < limits::creditFramesMax) {
            server.stream.publishHits(hits(next, next));
            QVERIFY(QTest::qWaitFor([&] { return client.covered() == HitSeq{next}; }));
            ++next;
        }
        server.stream.publishHits(hits(next, next + 9999));
        client.creditAtOnce = true;
        client.send(Credit{1});
        QTRY_COMPARE(client.covered(), HitSeq{next + 9999});
        QCOMPARE(client.sequences(), range(1, next + 9999));
        QCOMPARE(client.dropped(), std::uint64_t(0));
    }

    void aLineThatTakesNoBytesIsToldToo()
    {
        stream::Options options;
        options.replayHitsMax = 4000;
        options.backlogHitsMax = 1000;
        options.sessionBytesMax = 200'000;
        Server server(options);
        server.stream.start();
        Client client;
        QVERIFY(subscribed(client, server));
        // Long hits, published in one go: the socket cannot have sent them in between.
        std::uint64_t next = 1;
        for (int i = 0; i < 60; ++i, next += 100) {
            HitBatch batch = hits(next, next + 99)->hits();
            for (Hit& hit : batch)
                hit.destination = std::string(4000, 'd');
            server.stream.publishHits(fixture::packed(batch));
        }
        QTRY_COMPARE(client.covered(), HitSeq{next - 1});
        QCOMPARE(client.problems, QStringList());
        QCOMPARE(client.sequences().size() + client.dropped(), std::size_t(next - 1));
    }

    void aChangedFilterLooksForwardOnly()
    {
        Server server;
        server.stream.start();
        Client client;
        QVERIFY(subscribed(client, server));
        server.stream.publishHits(hits(1, 30));
        QTRY_COMPARE(client.covered(), HitSeq{30});
        StreamFilter filter;
        filter.countries = {"DE"};
        client.subscribe(filter);
        QTRY_COMPARE(client.last<Subscribed>(), (Subscribed{2, HitSeq{30}}));
        server.stream.publishHits(hits(31, 60));
        QTRY_COMPARE(client.covered(), HitSeq{60});
        std::vector<std::uint64_t> expected = range(1, 30);
        for (std::uint64_t seq = 33; seq <= 60; seq += 3)
            expected.push_back(seq);
        QCOMPARE(client.sequences(), expected);
        QCOMPARE(client.problems, QStringList());
        QTRY_COMPARE(client.last<Window>().aggregate.hits,
                     std::uint64_t(20)); // over the whole window, before the change as well
    }

    void whatTheServerItselfMissedIsAGapForAll()
    {
        stream::Options options;
        options.queueHitsMax = 100;
        Server server(options);
        server.stream.start();
        Client one, two(Encoding::Json);
        QVERIFY(subscribed(one, server) && subscribed(two, server, "two"));
        server.stream.publishHits(hits(1, 10));
        QTRY_COMPARE(one.covered(), HitSeq{10});
        // Without the event loop in between, the queue runs over.
        for (std::uint64_t first = 11; first <= 991; first += 10)
            server.stream.publishHits(hits(first, first + 9));
        QTRY_COMPARE(one.covered(), HitSeq{1000});
        QTRY_COMPARE(two.covered(), HitSeq{1000});
        QVERIFY(one.dropped() > 0);
        QCOMPARE(one.sequences().size() + one.dropped(), std::size_t(1000));
        QCOMPARE(one.problems + two.problems, QStringList());
        server.stream.publishHits(hits(1001, 1005));
        QTRY_COMPARE(one.covered(), HitSeq{1005});
    }

    void aTokenRevokedLater()
    {
        stream::Options options;
        options.tokenCheckMs = 100;
        Server server(options);
        server.stream.start();
        Client client;
        QVERIFY(subscribed(client, server, "uno"));
        server.revoked = "uno";
        QTRY_COMPARE_WITH_TIMEOUT(client.last<Bye>().reason, ByeReason::TokenRevoked, 20'000);
    }
};

QTEST_GUILESS_MAIN(TstStreamDelivery)
#include "tst_stream_delivery.moc"

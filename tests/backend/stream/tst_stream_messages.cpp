// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "backend/protocol/limits.h"
#include "tests/backend/stream/stream_fixture.h"

using namespace protocol;
using fixture::Client;
using fixture::Server;

Q_DECLARE_METATYPE(protocol::Bye)

namespace {

QByteArray repeated(const char* piece, int times)
{
    return QByteArray(piece).repeated(times);
}

} // namespace

class TstStreamMessages : public QObject {
    Q_OBJECT

private slots:
    // Every wrong kind of message ends that session with a bye, and no other.
    void wrongMessagesEndTheSession_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<Bye>("bye");
        const auto row = [](const char* name, const QByteArray& json, ByeReason reason, const char* field,
                            std::int64_t limit) { QTest::newRow(name) << json << Bye{reason, field, limit}; };
        row("empty", "", ByeReason::BadMessage, "message", 0);
        row("not json", "hello", ByeReason::BadMessage, "message", 0);
        row("no type", "{}", ByeReason::BadMessage, "type", 0);
        row("deep", "{\"type\":\"ping\",\"x\":" + repeated("[", 60'000), ByeReason::BadMessage, "message",
            limits::jsonDepth);
        row("a frame", "{\"type\":\"frame\",\"first\":1,\"last\":2,\"hits\":[]}", ByeReason::BadMessage, "type", 0);
        row("a hello", "{\"type\":\"hello\"}", ByeReason::BadMessage, "type", 0);
        row("wrong value", "{\"type\":\"credit\",\"frames\":\"many\"}", ByeReason::BadMessage, "frames", 0);
        row("no credit", "{\"type\":\"credit\",\"frames\":0}", ByeReason::BadMessage, "frames",
            limits::creditFramesMax);
        row("debt", "{\"type\":\"credit\",\"frames\":-1}", ByeReason::BadMessage, "frames", limits::creditFramesMax);
        row("usury", "{\"type\":\"credit\",\"frames\":65}", ByeReason::BadMessage, "frames", limits::creditFramesMax);
        row("unknown word", "{\"type\":\"subscribe\",\"filter\":{\"classes\":[\"clack\"]}}", ByeReason::BadFilter,
            "filter.classes", 0);
        row("long value", "{\"type\":\"subscribe\",\"filter\":{\"links\":[\"" + repeated("x", 513) + "\"]}}",
            ByeReason::BadFilter, "filter.links", 512);
        row("many values",
            "{\"type\":\"subscribe\",\"filter\":{\"links\":[\"a\"" + repeated(",\"a\"", 200) + "],\"domains\":[\"a\"" +
                repeated(",\"a\"", 200) + "]}}",
            ByeReason::BadFilter, "filter", 256);
        row("short window", "{\"type\":\"subscribe\",\"windowSeconds\":59}", ByeReason::BadMessage, "windowSeconds",
            60);
        row("long window", "{\"type\":\"subscribe\",\"windowSeconds\":86401}", ByeReason::BadMessage, "windowSeconds",
            86400);
        row("negative cursor", "{\"type\":\"subscribe\",\"cursor\":-5}", ByeReason::BadMessage, "cursor", 0);
        row("cursor of text", "{\"type\":\"subscribe\",\"cursor\":\"5\"}", ByeReason::BadMessage, "cursor", 0);
        row("too large", "{\"type\":\"ping\",\"x\":\"" + repeated("x", 65'536) + "\"}", ByeReason::TooLarge, "message",
            limits::clientMessageBytes);
    }

    void wrongMessagesEndTheSession()
    {
        QFETCH(QByteArray, json);
        QFETCH(Bye, bye);
        Server server;
        server.stream.start();
        Client wrong(Encoding::Json), other;
        wrong.open(server.url());
        other.open(server.url());
        QTRY_VERIFY(wrong.count<Hello>() == 1 && other.count<Hello>() == 1);
        wrong.socket.sendTextMessage(QString::fromUtf8(json));
        QTRY_COMPARE(wrong.count<Bye>(), 1);
        QCOMPARE(std::string(word(wrong.last<Bye>().reason)), std::string(word(bye.reason)));
        QCOMPARE(wrong.last<Bye>().field, bye.field);
        QCOMPARE(wrong.last<Bye>().limit, bye.limit);
        QTRY_COMPARE(wrong.socket.state(), QAbstractSocket::UnconnectedState);
        other.subscribe();
        QTRY_COMPARE(other.count<Subscribed>(), 1);
    }

    void hugeMessagesAreCutOff()
    {
        Server server;
        server.stream.start();
        Client client;
        client.open(server.url());
        QTRY_COMPARE(client.count<Hello>(), 1);
        client.socket.sendBinaryMessage(QByteArray(10'000'000, 'x'));
        QTRY_COMPARE(client.socket.state(), QAbstractSocket::UnconnectedState);
        QTRY_COMPARE(server.stream.counters().sessions, std::uint64_t(0));
    }

    void theOtherEncodingIsRefused()
    {
        Server server;
        server.stream.start();
        Client client;
        client.open(server.url());
        QTRY_COMPARE(client.count<Hello>(), 1);
        client.socket.sendTextMessage(QStringLiteral("{\"type\":\"ping\"}"));
        QTRY_COMPARE(client.last<Bye>(), (Bye{ByeReason::BadMessage, "encoding", 0}));
    }

    void unknownKindsAndFieldsAreSkipped()
    {
        Server server;
        server.stream.start();
        Client client(Encoding::Json);
        client.open(server.url());
        QTRY_COMPARE(client.count<Hello>(), 1);
        client.socket.sendTextMessage(QStringLiteral("{\"type\":\"dance\",\"steps\":[1,2,3]}"));
        client.socket.sendTextMessage(QStringLiteral("{\"mood\":\"good\",\"type\":\"ping\",\"echo\":77}"));
        QTRY_COMPARE(client.last<SessionStatus>().echo, std::int64_t(77));
        QCOMPARE(client.count<Bye>(), 0);
    }

    void tooManySubscriptionsAreRefused()
    {
        Server server;
        server.stream.start();
        Client client;
        client.open(server.url());
        QTRY_COMPARE(client.count<Hello>(), 1);
        for (int i = 0; i < 21; ++i)
            client.subscribe();
        QTRY_COMPARE(client.last<Bye>(), (Bye{ByeReason::BadMessage, "subscribe", 20}));
        QCOMPARE(client.count<Subscribed>(), 20);
    }

    void aFloodOfMessagesIsRefused()
    {
        Server server;
        server.stream.start();
        Client client;
        client.open(server.url());
        QTRY_COMPARE(client.count<Hello>(), 1);
        for (int i = 0; i < 5000; ++i)
            client.send(Ping{i + 1});
        QTRY_COMPARE(client.last<Bye>(), (Bye{ByeReason::BadMessage, "messages", 1000}));
    }

    void viewsOfTheWindowAreBounded()
    {
        stream::Options options;
        options.windowViewsMax = 2;
        Server server(options);
        server.stream.start();
        Client a, b, c;
        for (Client* client : {&a, &b, &c})
            client->open(server.url());
        QTRY_COMPARE(server.stream.counters().sessions, std::uint64_t(3));
        a.subscribe({}, {}, 60);
        b.subscribe({}, {}, 120);
        QTRY_VERIFY(a.count<Subscribed>() == 1 && b.count<Subscribed>() == 1);
        c.subscribe({}, {}, 180);
        QTRY_COMPARE(c.last<Bye>(), (Bye{ByeReason::TooManySessions, "filter", 2}));
        b.subscribe({}, {}, 180); // gives one up for another
        QTRY_COMPARE(b.count<Subscribed>(), 2);
    }

    // Made one at a time, with a pause after each: everybody gets theirs, round after round, also when one leaves
    // between.
    void windowsOfManyFiltersAreMadeInTurns()
    {
        stream::Options options;
        options.windowSliceMs = 0;
        Server server(options);
        server.stream.start();
        std::vector<std::unique_ptr<Client>> clients;
        for (int i = 0; i < 6; ++i) {
            clients.push_back(std::make_unique<Client>());
            clients.back()->open(server.url());
            QTRY_COMPARE(clients.back()->count<Hello>(), 1);
            Subscribe subscribe;
            subscribe.filter.links = {"localhost/" + std::string(i < 3 ? "launch" : "other"),
                                      "localhost/" + std::to_string(i)};
            clients.back()->send(subscribe);
            QTRY_COMPARE(clients.back()->count<Subscribed>(), 1);
        }
        server.stream.publishHits(fixture::hits(1, 9));
        const auto allHaveMore = [&](int windows) {
            return std::ranges::all_of(clients,
                                       [&](const auto& client) { return client->template count<Window>() >= windows; });
        };
        QTRY_VERIFY(allHaveMore(3));
        QTRY_COMPARE(clients[1]->last<Window>().aggregate.clicks, std::uint64_t(9));
        QCOMPARE(clients[5]->last<Window>().aggregate.clicks, std::uint64_t(0));
        clients.erase(clients.begin());
        clients.erase(clients.begin() + 3);
        const int before = clients.back()->count<Window>();
        QTRY_VERIFY(allHaveMore(before + 3));
    }

    void statusWatermarkEditAndWindowArrive()
    {
        Server server;
        server.facts.late = 3;
        server.facts.lost = 1;
        server.stream.start();
        Client client, second;
        client.open(server.url());
        second.open(server.url(), "two");
        QTRY_VERIFY(client.count<Hello>() == 1 && second.count<Hello>() == 1);
        client.subscribe();
        second.subscribe();
        QTRY_VERIFY(client.count<Subscribed>() == 1 && second.count<Subscribed>() == 1);
        HitBatch batch = fixture::hits(1, 9)->hits();
        for (Hit& hit : batch)
            hit.touch = TouchType::Qr;
        server.stream.publishHits(fixture::packed(batch));
        const Watermark watermark{HitSeq{4}, UtcMs{fixture::noon}, HitSeq{9}, UtcMs{fixture::noon}, 60};
        server.stream.publishWatermark(watermark);
        const Edit edit{1,  UtcMs{fixture::noon}, "link.created", "localhost/launch", "ops", LinkId{3}, 1,
                        {}, WorkspaceId{1}};
        server.stream.publishEdit(edit);
        QTRY_COMPARE(client.last<Watermark>(), watermark);
        QTRY_COMPARE(client.last<Edit>().subject, edit.subject);
        QTRY_COMPARE(client.last<Window>().aggregate.clicks, std::uint64_t(9));
        const WindowAggregate window = client.last<Window>().aggregate;
        QCOMPARE(window.windowSeconds, limits::windowSecondsDefault);
        QCOMPARE(window.topLinks, (std::vector<NamedCount>{{"localhost/launch", 9}}));
        QCOMPARE(window.qrCountries, (std::vector<NamedCount>{{"FR", 6}, {"DE", 3}}));
        QTRY_COMPARE(client.last<SessionStatus>().sentHits, std::uint64_t(9));
        QCOMPARE(client.last<SessionStatus>().lateHits, std::uint64_t(3));
        QCOMPARE(client.last<SessionStatus>().lostHits, std::uint64_t(1));
        // The other workspace sees the watermark, and nothing else of this one.
        QTRY_COMPARE(second.last<Watermark>(), watermark);
        QTRY_VERIFY(second.count<Window>() > 0 && second.count<SessionStatus>() > 0);
        QCOMPARE(second.last<Window>().aggregate.hits, std::uint64_t(0));
        QCOMPARE(second.count<Edit>(), 0);
        QVERIFY(second.sequences().empty());
        Client late; // is told the last watermark at once
        late.open(server.url());
        QTRY_COMPARE(late.last<Watermark>(), watermark);
    }

    void silentConsolesAreGivenUp()
    {
        stream::Options options;
        options.pingIntervalMs = 100;
        options.silenceMaxMs = 300'000;
        Server server(options);
        server.stream.start();
        Client client;
        client.open(server.url());
        QTRY_VERIFY(client.count<SessionStatus>() >= 2); // pinged, and its answer taken
        QCOMPARE(client.count<Bye>(), 0);

        stream::Options strict;
        strict.pingIntervalMs = 1'000'000;
        strict.silenceMaxMs = 500;
        Server second(strict);
        second.stream.start();
        Client idle;
        idle.open(second.url());
        QTRY_COMPARE(idle.last<Bye>().reason, ByeReason::Idle);
        QTRY_COMPARE(second.stream.counters().sessions, std::uint64_t(0));
    }
};

QTEST_GUILESS_MAIN(TstStreamMessages)
#include "tst_stream_messages.moc"

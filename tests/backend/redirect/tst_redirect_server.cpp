// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "backend/enrich/agent_catalogue.h"
#include "backend/enrich/geo_database.h"
#include "backend/enrich/visitor_salts.h"
#include "tests/backend/redirect/redirect_fixture.h"

using protocol::HitClass;
using protocol::HitReason;

namespace {

redirect::RedirectServer::EnricherFactory realEnrichers()
{
    std::shared_ptr<const enrich::GeoDatabase> geo = enrich::GeoDatabase::open({}).database;
    auto agents = std::make_shared<const enrich::AgentCatalogue>();
    auto salts = std::make_shared<enrich::VisitorSalts>("");
    return [=] { return std::make_unique<enrich::Enricher>(geo, agents, salts); };
}

constexpr std::string_view phone =
    "User-Agent: Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.4 Mobile/15E148 Safari/604.1\r\n";

} // namespace

class TestRedirectServer : public QObject {
    Q_OBJECT

private slots:
    void redirectCarriesItsHeaders()
    {
        RunningEdge edge;
        const auto response = edge.ask(get("/sale?a=1&qr=poster-a"));
        QVERIFY(response);
        QCOMPARE(response->status, 302);
        QCOMPARE(response->header("Location"), "https://shop.example/p?x=1&a=1");
        QCOMPARE(response->header("Content-Length"), "0");
        QCOMPARE(response->header("Cache-Control"), "private, no-store");
        QCOMPARE(response->header("X-Robots-Tag"), "noindex");
        QCOMPARE(response->header("Referrer-Policy"), "strict-origin-when-cross-origin");
        QCOMPARE(response->header("X-Content-Type-Options"), "nosniff");
        QVERIFY(response->header("Date").ends_with(" GMT"));
        QCOMPARE(response->header("Connection"), "");
        const auto hits = edge.hits();
        QCOMPARE(hits.size(), 1U);
        QVERIFY(hits[0].isScan());
        QCOMPARE(hits[0].placement, "poster-a");
        QCOMPARE(hits[0].link, protocol::LinkId(1));
        QCOMPARE(hits[0].workspace, protocol::WorkspaceId(1));
        QCOMPARE(hits[0].domain, "go.example");
        QCOMPARE(hits[0].slug, "sale");
        QCOMPARE(hits[0].campaign, "summer");
        QCOMPARE(hits[0].destination, "https://shop.example/p?x=1");
        QCOMPARE(hits[0].status, 302);
    }

    void everyRequestIsAHitInItsClass_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("hitClass");
        QTest::addColumn<int>("reason");
        const auto row = [](const char* name, const std::string& request, int status, HitClass hitClass,
                            HitReason reason) {
            QTest::newRow(name) << QByteArray::fromStdString(request) << status << static_cast<int>(hitClass)
                                << static_cast<int>(reason);
        };
        row("click", get("/sale"), 302, HitClass::Click, HitReason::None);
        row("absolute form", get("http://go.example/sale"), 302, HitClass::Click, HitReason::None);
        row("probe", "HEAD /sale HTTP/1.1\r\nHost: go.example\r\n\r\n", 302, HitClass::Probe, HitReason::Head);
        row("prefetch", get("/sale", "Sec-Purpose: prefetch\r\n"), 302, HitClass::Prefetch, HitReason::PrefetchHeader);
        row("unknown slug", get("/none"), 404, HitClass::Miss, HitReason::UnknownSlug);
        row("root", get("/"), 404, HitClass::Miss, HitReason::UnknownSlug);
        row("paused", get("/off"), 404, HitClass::Miss, HitReason::LinkPaused);
        row("unknown host", get("/sale", "", "www.go.example"), 404, HitClass::Miss, HitReason::UnknownHost);
        row("pending host", get("/sale", "", "pending.example"), 404, HitClass::Miss, HitReason::DomainNotReady);
    }

    void everyRequestIsAHitInItsClass()
    {
        QFETCH(QByteArray, request);
        QFETCH(int, status);
        QFETCH(int, hitClass);
        QFETCH(int, reason);
        RunningEdge edge;
        const auto response = edge.ask(request.toStdString(), request.startsWith("HEAD"));
        QVERIFY(response);
        QCOMPARE(response->status, status);
        const auto hits = edge.hits();
        QCOMPARE(hits.size(), 1U);
        QCOMPARE(static_cast<int>(hits[0].hitClass), hitClass);
        QCOMPARE(static_cast<int>(hits[0].reason), reason);
        QCOMPARE(static_cast<int>(hits[0].status), status);
        QCOMPARE(edge.server->counters().requests.load(), 1U);
        QCOMPARE(edge.server->counters().refused.load(), 0U);
    }

    void answerWaitsForItsRelease()
    {
        RunningEdge edge;
        edge.held = true;
        RawClient client = edge.connect();
        client.send(get("/sale"));
        QTRY_COMPARE(edge.server->counters().requests.load(), 1U);
        QVERIFY(!client.receive(false, 100));
        edge.held = false;
        const auto response = client.receive();
        QVERIFY(response && response->status == 302);
    }

    void fiftyMixedRequestsInOneWriteAreAnsweredInOrder()
    {
        redirect::Options options;
        options.limits.pipelined = 8;
        RunningEdge edge(options);
        RawClient client = edge.connect();
        std::string all;
        for (int i = 0; i < 50; ++i) {
            const std::string mark = std::to_string(i);
            if (i % 5 == 0)
                all += get("/sale?mark=" + mark);
            else if (i % 5 == 1)
                all += get("/health/live");
            else if (i % 5 == 2)
                all += get("/none" + mark);
            else if (i % 5 == 3)
                all += "HEAD /sale?mark=" + mark + " HTTP/1.1\r\nHost: go.example\r\n\r\n";
            else
                all += "DELETE /sale HTTP/1.1\r\nHost: go.example\r\n\r\n";
        }
        QVERIFY(client.send(all));
        for (int i = 0; i < 50; ++i) {
            const auto response = client.receive(i % 5 == 3);
            QVERIFY2(response, std::to_string(i).c_str());
            const int expected[] = {302, 200, 404, 302, 405};
            QCOMPARE(response->status, expected[i % 5]);
            if (i % 5 == 0 || i % 5 == 3)
                QCOMPARE(response->header("Location"), "https://shop.example/p?x=1&mark=" + std::to_string(i));
            if (i % 5 == 4)
                QCOMPARE(response->header("Allow"), "GET, HEAD");
        }
        QCOMPARE(edge.hits().size(), 30U);
        client.send(get("/sale"));
        QVERIFY(client.receive());
    }

    void requestSplitAtEveryByteIsAnswered()
    {
        RunningEdge edge;
        RawClient client = edge.connect();
        const std::string request = get("/sale?a=1", "User-Agent: x\r\n");
        for (std::size_t cut = 1; cut < request.size(); ++cut) {
            QVERIFY(client.send(request.substr(0, cut)));
            // The first part has been read once the loop has answered somebody who came later.
            QVERIFY(edge.ask(get("/health/live")));
            QVERIFY(client.send(request.substr(cut)));
            const auto response = client.receive();
            QVERIFY2(response && response->status == 302, std::to_string(cut).c_str());
        }
        for (const char byte : request)
            QVERIFY(client.send({&byte, 1}));
        QVERIFY(client.receive());
        QCOMPARE(edge.hits().size(), request.size());
    }

    void oldClientsAreAnsweredAsTheyExpect()
    {
        RunningEdge edge;
        RawClient once = edge.connect();
        once.send("GET /sale HTTP/1.0\r\nHost: go.example\r\n\r\n");
        auto response = once.receive();
        QVERIFY(response && response->status == 302);
        QCOMPARE(response->header("Connection"), "close");
        QVERIFY(once.closedByPeer());
        RawClient kept = edge.connect();
        for (int i = 0; i < 2; ++i) {
            kept.send("GET /sale HTTP/1.0\r\nHost: go.example\r\nConnection: keep-alive\r\n\r\n");
            response = kept.receive();
            QVERIFY(response && response->header("Connection") == "keep-alive");
        }
    }

    void bodyOfAGetIsNeverTakenForARequest()
    {
        RunningEdge edge;
        RawClient client = edge.connect();
        client.send(get("/sale", "Content-Length: 52\r\n") + get("/smuggled"));
        const auto response = client.receive();
        QVERIFY(response && response->status == 302);
        QCOMPARE(response->header("Connection"), "close");
        QVERIFY(client.closedByPeer());
        QCOMPARE(edge.hits().size(), 1U);
    }

    void otherMethodsAreRefusedWithAllow()
    {
        RunningEdge edge;
        for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "CONNECT", "PROPFIND", "get"}) {
            const auto response = edge.ask(std::string(method) + " /sale HTTP/1.1\r\nHost: go.example\r\n\r\n");
            QVERIFY(response);
            QCOMPARE(response->status, 405);
            QCOMPARE(response->header("Allow"), "GET, HEAD");
        }
        QVERIFY(edge.hits().empty());
    }

    void reservedPathsAreAnsweredWithoutAHit()
    {
        RunningEdge edge;
        QCOMPARE(edge.ask(get("/robots.txt"))->body, "User-agent: *\nDisallow: /\n");
        QCOMPARE(edge.ask(get("/favicon.ico"))->status, 404);
        QCOMPARE(edge.ask(get("/.well-known/security.txt"))->status, 404);
        QCOMPARE(edge.ask(get("/.well-known/gpc.json"))->body, "{\"gpc\":true}\n");
        QCOMPARE(edge.ask(get("/health/live", "", "anything"))->status, 200);
        QCOMPARE(edge.ask(get("/health/ready"))->status, 200);
        edge.ready = false;
        QCOMPARE(edge.ask(get("/health/ready"))->status, 503);
        const auto head = edge.ask("HEAD /robots.txt HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", true);
        QCOMPARE(head->header("Content-Length"), "26");
        QVERIFY(edge.hits().empty());
        QCOMPARE(edge.server->counters().reserved.load(), 8U);
    }

    void verifiedHostIsReportedWhenReached()
    {
        RunningEdge edge;
        QCOMPARE(edge.ask(get("/sale", "", "pending.example"))->status, 404);
        QCOMPARE(edge.hostReached.load(), 0U);
        QCOMPARE(edge.ask(get("/sale", "", "VERIFIED.example:80"))->status, 404);
        QCOMPARE(edge.hostReached.load(), 2U);
    }

    void fullQueueRefusesInsteadOfLosing()
    {
        RunningEdge edge({}, {}, 1);
        edge.queue.close(); // as full as can be: nothing gets in
        const auto response = edge.ask(get("/sale"));
        QVERIFY(response);
        QCOMPARE(response->status, 503);
        QCOMPARE(response->header("Retry-After"), "1");
        QCOMPARE(response->header("Location"), "");
        QCOMPARE(edge.server->counters().queueFull.load(), 1U);
        QVERIFY(edge.hits().empty());
    }

    void editsShowWithTheNextRequest()
    {
        RunningEdge edge;
        RawClient client = edge.connect();
        client.send(get("/new"));
        QCOMPARE(client.receive()->status, 404);
        links::Link link;
        link.id = protocol::LinkId(9);
        link.domain = protocol::DomainId(1);
        link.slug = "new";
        link.destination = "https://new.example/";
        edge.snapshots.publish(edge.snapshots.current()->withLink(link));
        client.send(get("/new"));
        QCOMPARE(client.receive()->header("Location"), "https://new.example/");
    }

    void hitsAreEnrichedByTheVisitorsAddressAndAgent()
    {
        RunningEdge edge({}, realEnrichers());
        const std::string headers =
            std::string(phone) + "Accept-Language: de-AT,en;q=0.5\r\nReferer: https://News.example/a?b\r\n";
        edge.ask(get("/sale", headers + "X-Forwarded-For: 6.6.6.6, 203.0.113.7\r\n"));
        edge.ask(get("/sale", headers + "X-Forwarded-For: 203.0.113.7\r\n"));
        edge.ask(get("/sale", headers + "X-Forwarded-For: 203.0.113.8\r\n"));
        edge.ask(get("/sale", headers + "X-Forwarded-For: 203.0.113.7\r\nSec-GPC: 1\r\n"));
        edge.ask(get("/sale"));
        const auto hits = edge.hits();
        QCOMPARE(hits.size(), 5U);
        QVERIFY(hits[0].device == protocol::DeviceType::Mobile);
        QCOMPARE(hits[0].referrer, "news.example");
        QCOMPARE(hits[0].language, "de");
        QVERIFY(!hits[0].isBot());
        QVERIFY(hits[0].visitor && hits[0].visitor == hits[1].visitor);
        QVERIFY(hits[2].visitor && hits[2].visitor != hits[1].visitor);
        QVERIFY(!hits[3].visitor);
        QVERIFY(hits[4].isBot());
    }

    void hostileHeadersNeitherCrashNorPassThrough_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::newRow("invalid UTF-8") << QByteArray("Mozilla \xff\xfe\xc0\x80");
        QTest::newRow("bidi") << QByteArray("Mozilla \xe2\x80\xae\xe2\x81\xa6 evil");
        QTest::newRow("C1 controls") << QByteArray("https://\xc2\x9b\xc2\x85.example/");
        QTest::newRow("markup") << QByteArray("<img src=x onerror=alert(1)>\"'=cmd|");
        QTest::newRow("long") << QByteArray(15'000, 'M');
        QTest::newRow("formula") << QByteArray("https://=cmd|' /C calc'!A0/");
    }

    void hostileHeadersNeitherCrashNorPassThrough()
    {
        QFETCH(QByteArray, value);
        RunningEdge edge({}, realEnrichers());
        const std::string text = value.toStdString();
        for (const char* name : {"User-Agent", "Referer", "Accept-Language", "Sec-CH-UA", "Sec-CH-UA-Platform",
                                 "X-Forwarded-For", "Forwarded", "Sec-Purpose"}) {
            const auto response = edge.ask(get("/sale", std::string(name) + ": " + text + "\r\n"));
            QVERIFY2(response && response->status == 302, name);
        }
        for (const auto& hit : edge.hits()) {
            for (const std::string* field : {&hit.referrer, &hit.language, &hit.os, &hit.browser, &hit.botReason}) {
                QVERIFY(field->size() <= 253);
                QVERIFY(field->find("\xe2\x80\xae") == std::string::npos);
                QCOMPARE(QString::fromStdString(*field).toStdString(), *field); // valid UTF-8
            }
        }
    }

    void clientThatEndsItsHalfIsStillAnswered()
    {
        RunningEdge edge;
        RawClient client = edge.connect();
        client.send(get("/sale"));
        client.endSending();
        const auto response = client.receive();
        QVERIFY(response && response->status == 302);
        QVERIFY(client.closedByPeer());
    }

    void clientThatLeavesBeforeItsAnswerHurtsNobody()
    {
        RunningEdge edge;
        edge.held = true;
        for (int i = 0; i < 20; ++i) {
            RawClient client = edge.connect();
            client.send(get("/sale"));
        }
        QTRY_COMPARE(edge.server->counters().requests.load(), 20U);
        edge.held = false;
        QVERIFY(edge.ask(get("/sale")));
        QCOMPARE(edge.hits().size(), 21U);
        QTRY_COMPARE(edge.server->counters().connections.load(), 0U);
    }

    void stopAnswersWhatWasAskedAndEndsTheRest()
    {
        RunningEdge edge;
        RawClient idle = edge.connect();
        idle.send(get("/health/live"));
        QVERIFY(idle.receive());
        edge.held = true;
        std::vector<RawClient> clients;
        for (int i = 0; i < 10; ++i) {
            clients.push_back(edge.connect());
            clients.back().send(get("/sale"));
        }
        QTRY_COMPARE(edge.server->counters().requests.load(), 11U);
        edge.server->stop(5000);
        QVERIFY(idle.closedByPeer());
        edge.held = false;
        for (RawClient& client : clients) {
            const auto response = client.receive();
            QVERIFY(response && response->status == 302);
            QVERIFY(client.closedByPeer());
        }
        edge.stop();
        QCOMPARE(edge.hits().size(), 10U);
    }

    void stopDoesNotWaitForEverForLostTickets()
    {
        RunningEdge edge;
        edge.held = true;
        RawClient client = edge.connect();
        client.send(get("/sale"));
        QTRY_COMPARE(edge.server->counters().requests.load(), 1U);
        edge.stop(50);
        QVERIFY(client.closedByPeer());
    }

    void takenPortIsNamedInTheError()
    {
        RunningEdge edge;
        redirect::Options options;
        options.port = edge.server->port();
        redirect::RedirectServer second(options, edge.snapshots, edge.queue, edge.clock, {});
        try {
            second.start();
            QFAIL("two servers on one port");
        } catch (const std::system_error& error) {
            QVERIFY(std::string(error.what()).find("127.0.0.1:" + std::to_string(options.port)) != std::string::npos);
        }
    }
};

QTEST_GUILESS_MAIN(TestRedirectServer)
#include "tst_redirect_server.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <set>

#include "backend/enrich/agent_catalogue.h"
#include "backend/enrich/geo_database.h"
#include "backend/enrich/visitor_salts.h"
#include "tests/backend/redirect/redirect_fixture.h"

using protocol::HitClass;
using protocol::HitReason;
using Kind = links::ConditionKind;

namespace {

redirect::RedirectServer::EnricherFactory enrichers()
{
    const std::string resources = std::string(CLICKROOM_SOURCE_DIR) + "/resources";
    std::shared_ptr<const enrich::GeoDatabase> geo =
        enrich::GeoDatabase::open({resources + "/geo/country.mmdb"}).database;
    auto agents = std::make_shared<const enrich::AgentCatalogue>();
    auto salts = std::make_shared<enrich::VisitorSalts>("");
    return [=] { return std::make_unique<enrich::Enricher>(geo, agents, salts); };
}

constexpr std::string_view phone =
    "User-Agent: Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.4 Mobile/15E148 Safari/604.1\r\n";

links::Rule rule(const char* id, std::vector<links::Condition> conditions)
{
    links::Rule made;
    made.id = id;
    made.version = 4;
    made.conditions = std::move(conditions);
    made.variants = {{"", "https://" + made.id + ".example/", 1}};
    return made;
}

void publish(RunningEdge& edge, links::Link link)
{
    link.id = protocol::LinkId(9);
    link.domain = protocol::DomainId(1);
    link.slug = "ruled";
    link.destination = "https://shop.example/";
    edge.snapshots.publish(edge.snapshots.current()->withLink(link));
}

std::string from(const char* address)
{
    return "X-Forwarded-For: " + std::string(address) + "\r\n";
}

} // namespace

class TestRedirectRules : public QObject {
    Q_OBJECT

private slots:
    void visitorsAreSentByWhatIsKnownOfThem()
    {
        RunningEdge edge({}, enrichers());
        links::Link link;
        link.rules = {rule("r1", {{Kind::Country, false, {"US"}}}), rule("r2", {{Kind::Os, false, {"iOS"}}}),
                      rule("r3", {{Kind::Address, false, {"2001:db8::/32"}}}),
                      rule("r4", {{Kind::Language, false, {"fr"}}, {Kind::Referrer, false, {"news.example"}}})};
        publish(edge, link);
        const auto where = [&](std::string_view headers) {
            return edge.ask(get("/ruled", headers))->header("Location");
        };
        QCOMPARE(where(from("8.8.8.8")), "https://r1.example/");
        QCOMPARE(where(phone), "https://r2.example/");
        QCOMPARE(where(from("2001:db8::5")), "https://r3.example/");
        QCOMPARE(where("Accept-Language: fr-CH\r\nReferer: https://www.news.example/a\r\n"), "https://r4.example/");
        QCOMPARE(where(""), "https://shop.example/");
        const auto hits = edge.hits();
        QCOMPARE(hits.size(), 5U);
        QCOMPARE(hits[1].rule, "r2");
        QCOMPARE(hits[1].ruleVersion, 4U);
        QCOMPARE(hits[1].passedOver, "r1:country");
        QCOMPARE(hits[1].destination, "https://r2.example/");
        QCOMPARE(hits[4].passedOver, "r1:country r2:os r3:address r4:language");
        QCOMPARE(hits[4].rule, "");
    }

    // A changed rule takes hold with the next request of an open connection.
    void anEditTakesHoldAtOnce()
    {
        RunningEdge edge({}, enrichers());
        links::Link link;
        link.rules = {rule("r1", {})};
        publish(edge, link);
        RawClient client = edge.connect();
        client.send(get("/ruled"));
        QCOMPARE(client.receive()->header("Location"), "https://r1.example/");
        link.rules = {rule("r2", {})};
        publish(edge, link);
        client.send(get("/ruled"));
        QCOMPARE(client.receive()->header("Location"), "https://r2.example/");
    }

    void splitsAreStickyAlsoWhereNoVisitorIsStored_data()
    {
        QTest::addColumn<bool>("strict");
        QTest::addColumn<bool>("control");
        QTest::newRow("standard") << false << false;
        QTest::newRow("strict") << true << false;
        QTest::newRow("Sec-GPC") << false << true;
    }

    void splitsAreStickyAlsoWhereNoVisitorIsStored()
    {
        QFETCH(bool, strict);
        QFETCH(bool, control);
        RunningEdge edge({}, enrichers());
        links::Workspace workspace = *edge.snapshots.current()->workspace("default");
        workspace.privacy = strict ? links::PrivacyMode::Strict : links::PrivacyMode::Standard;
        edge.snapshots.publish(edge.snapshots.current()->withWorkspace(workspace));
        links::Link link;
        link.rules = {rule("r1", {})};
        link.rules[0].variants = {{"a", "https://a.example/", 1}, {"b", "https://b.example/", 1}};
        publish(edge, link);
        std::set<std::string> seen;
        for (int visitor = 1; visitor <= 24; ++visitor) {
            const std::string headers = from(("198.51.100." + std::to_string(visitor)).c_str()) + std::string(phone) +
                                        (control ? "Sec-GPC: 1\r\n" : "");
            const std::string first = edge.ask(get("/ruled", headers))->header("Location");
            QCOMPARE(edge.ask(get("/ruled?x=1", headers))->header("Location"), first + "?x=1");
            seen.insert(first);
        }
        QCOMPARE(seen.size(), 2U);
        for (const protocol::Hit& hit : edge.hits()) {
            QCOMPARE(static_cast<bool>(hit.visitor), !strict && !control);
            QVERIFY(hit.variant == "a" || hit.variant == "b");
        }
    }

    void aLimitIsExactOverAllLoops()
    {
        redirect::Options options;
        options.loops = 3;
        RunningEdge edge(options, enrichers());
        links::Link link;
        link.clickLimit = 100;
        link.fallback = "https://over.example/";
        publish(edge, link);
        // What is no click takes nothing.
        QCOMPARE(edge.ask("HEAD /ruled HTTP/1.1\r\nHost: go.example\r\n\r\n", true)->status, 302);
        QCOMPARE(edge.ask(get("/ruled", "Sec-Purpose: prefetch\r\n"))->status, 302);
        std::atomic<int> through{0}, over{0};
        {
            runtime::ThreadOwner visitors;
            for (int i = 0; i < 6; ++i)
                visitors.start("visitor", [&] {
                    RawClient client = edge.connect();
                    for (int n = 0; n < 30; ++n) {
                        client.send(get("/ruled"));
                        const auto response = client.receive();
                        through += response && response->header("Location") == "https://shop.example/" ? 1 : 0;
                        over += response && response->header("Location") == "https://over.example/" ? 1 : 0;
                    }
                });
            visitors.join();
        }
        QCOMPARE(through.load(), 100);
        QCOMPARE(over.load(), 80);
        QCOMPARE(edge.snapshots.current()->link(protocol::LinkId(9))->clicks->taken(), 100U);
        int clicks = 0, misses = 0;
        for (const protocol::Hit& hit : edge.hits()) {
            clicks += hit.isClick() ? 1 : 0;
            misses += hit.hitClass == HitClass::Miss && hit.reason == HitReason::ClickLimit ? 1 : 0;
        }
        QVERIFY(clicks == 100 && misses == 80);
    }

    void aClickThatCannotBeRecordedIsGivenBack()
    {
        RunningEdge edge({}, enrichers(), 1);
        links::Link link;
        link.clickLimit = 1000;
        publish(edge, link);
        edge.held = true;
        // The queue holds one; the consumer takes what it can get, so some are answered 503.
        RawClient client = edge.connect();
        std::string all;
        for (int i = 0; i < 60; ++i)
            all += get("/ruled");
        client.send(all);
        edge.held = false;
        std::uint64_t through = 0, refused = 0;
        for (int i = 0; i < 60; ++i) {
            const auto response = client.receive();
            QVERIFY(response);
            through += response->status == 302 ? 1 : 0;
            refused += response->status == 503 ? 1 : 0;
        }
        QCOMPARE(through + refused, 60U);
        QVERIFY(refused > 0);
        QCOMPARE(edge.snapshots.current()->link(protocol::LinkId(9))->clicks->taken(), through);
    }

    void aPasswordStandsBeforeTheRules()
    {
        RunningEdge edge({}, enrichers());
        links::Link link;
        link.rules = {rule("r1", {})};
        link.passwordHash = "$argon2id$…";
        publish(edge, link);
        const auto response = edge.ask(get("/ruled"));
        QVERIFY(response && response->header("Location").empty());
        QVERIFY(edge.hits()[0].hitClass == HitClass::Blocked && edge.hits()[0].reason == HitReason::PasswordNotPassed);
    }
};

QTEST_GUILESS_MAIN(TestRedirectRules)
#include "tst_redirect_rules.moc"

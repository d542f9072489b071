// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "backend/enrich/agent_catalogue.h"
#include "backend/enrich/enricher.h"
#include "backend/enrich/geo_database.h"
#include "backend/enrich/visitor_salts.h"
#include "backend/protocol/limits.h"
#include "backend/protocol/words.h"

using namespace enrich;

namespace {

constexpr std::string_view phone =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Mobile/15E148 Safari/604.1";

protocol::Hit freshHit()
{
    protocol::Hit hit;
    hit.workspace = protocol::WorkspaceId(1);
    hit.time = protocol::UtcMs(20'000 * protocol::msPerDay);
    return hit;
}

RequestFacts factsOf(std::string_view agent)
{
    RequestFacts facts;
    facts.client = IpAddress::v4(0x08080808);
    facts.userAgent = agent;
    facts.referer = "https://News.Example.com/article?id=7";
    facts.acceptLanguage = "de-AT,de;q=0.9";
    facts.accept = "text/html";
    return facts;
}

} // namespace

class TestEnricher : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        const std::string resources = std::string(CLICKROOM_SOURCE_DIR) + "/resources";
        m_geo = GeoDatabase::open({resources + "/geo/country.mmdb"}).database;
        m_agents = AgentCatalogue::load(resources + "/bots/crawler-user-agents.json").catalogue;
    }

    void everyFieldIsFilled()
    {
        Enricher enricher = fresh();
        protocol::Hit hit = freshHit();
        enricher.enrich(factsOf(phone), hit);
        QCOMPARE(hit.country, std::string("US"));
        QCOMPARE(hit.device, protocol::DeviceType::Mobile);
        QCOMPARE(hit.os, std::string("iOS"));
        QCOMPARE(hit.browser, std::string("Safari"));
        QCOMPARE(hit.language, std::string("de"));
        QCOMPARE(hit.referrer, std::string("news.example.com"));
        QCOMPARE(hit.botCategory, protocol::BotCategory::Human);
        QVERIFY(enricher.visitorKey(factsOf(phone), hit.workspace, hit.time));
    }

    void earlierContentsOfTheHitAreReplaced()
    {
        Enricher enricher = fresh();
        protocol::Hit hit = freshHit();
        enricher.enrich(factsOf(phone), hit);
        RequestFacts facts;
        facts.client = IpAddress::v4(0x7f000001);
        facts.userAgent = "curl/8.0";
        enricher.enrich(facts, hit);
        QCOMPARE(hit.country + hit.region + hit.city + hit.os + hit.browser + hit.language + hit.referrer,
                 std::string());
        QCOMPARE(hit.botCategory, protocol::BotCategory::HttpClient);
    }

    void privacyControlLeavesNoVisitor()
    {
        Enricher enricher = fresh();
        const protocol::Hit hit = freshHit();
        RequestFacts facts = factsOf(phone);
        const protocol::VisitorKey key = enricher.visitorKey(facts, hit.workspace, hit.time);
        QVERIFY(key);
        facts.globalPrivacyControl = true;
        QVERIFY(!enricher.visitorKey(facts, hit.workspace, hit.time));
        QCOMPARE(enricher.splitKey(facts, hit.workspace, hit.time), key);
        facts.globalPrivacyControl = false;
        QCOMPARE(enricher.visitorKey(facts, hit.workspace, hit.time), key);
    }

    void rememberedAgentsAnswerTheSame()
    {
        Enricher enricher = fresh();
        Enricher other = fresh();
        for (int round = 0; round < 3; ++round) {
            // More agents than are remembered, so that some are judged anew and some are not.
            for (int i = 0; i < 5000; ++i) {
                const std::string agent =
                    i % 3 == 0 ? "bot" + std::to_string(i) : std::string(phone) + std::to_string(i);
                protocol::Hit hit = freshHit();
                enricher.enrich(factsOf(agent), hit);
                QCOMPARE(hit.isBot(), i % 3 == 0);
            }
        }
        // Hints belong to what is remembered.
        RequestFacts facts = factsOf(
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36");
        protocol::Hit hit = freshHit();
        enricher.enrich(facts, hit);
        QCOMPARE(hit.device, protocol::DeviceType::Tablet);
        facts.secChUaMobile = "?1";
        enricher.enrich(facts, hit);
        QCOMPARE(hit.device, protocol::DeviceType::Mobile);
        // So does the pair of weak signals.
        facts.acceptLanguage = {};
        facts.accept = "*/*";
        enricher.enrich(facts, hit);
        QCOMPARE(hit.botCategory, protocol::BotCategory::HttpClient);
    }

    void hostileHeadersNeverBreakAHit()
    {
        Enricher enricher = fresh();
        const std::string long64(64 * 1024, 'A');
        const std::string control("\x01\x02\r\n\x1b[2J\x7f\0x", 11);
        const std::string bidi = "\xe2\x80\xae\xe2\x81\xa6 rtl \xe2\x80\xa8";
        const std::string invalid = "\xff\xfe\xc0\x80\xed\xa0\x80";
        for (const std::string& text :
             {long64, control, bidi, invalid, "http://" + long64, "http://" + bidi, "http://" + invalid + "/"}) {
            RequestFacts facts;
            facts.userAgent = facts.referer = facts.acceptLanguage = facts.accept = text;
            facts.secChUa = facts.secChUaMobile = facts.secChUaPlatform = text;
            protocol::Hit hit = freshHit();
            enricher.enrich(facts, hit);
            for (const std::string* field : {&hit.os, &hit.browser, &hit.botReason, &hit.language, &hit.referrer,
                                             &hit.country, &hit.region, &hit.city}) {
                QVERIFY(field->size() <= protocol::limits::referrerBytes);
                QCOMPARE(*field, protocol::visibleText(*field, 1024));
            }
        }
    }

    void nothingAtAllIsFineToo()
    {
        Enricher enricher(nullptr, nullptr, nullptr);
        protocol::Hit hit = freshHit();
        enricher.enrich({}, hit);
        QVERIFY(!enricher.visitorKey({}, hit.workspace, hit.time));
        QCOMPARE(hit.country, std::string());
    }

private:
    Enricher fresh() { return Enricher(m_geo, m_agents, std::make_shared<VisitorSalts>("")); }

    std::shared_ptr<const GeoDatabase> m_geo;
    std::shared_ptr<const AgentCatalogue> m_agents;
};

QTEST_GUILESS_MAIN(TestEnricher)
#include "tst_enricher.moc"

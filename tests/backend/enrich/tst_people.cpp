// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "backend/enrich/agent_catalogue.h"
#include "backend/enrich/device_scan.h"
#include "backend/protocol/words.h"
#include "tests/backend/enrich/people.h"

using namespace enrich;
using protocol::DeviceType;

class TestPeople : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        const auto loaded =
            AgentCatalogue::load(std::string(CLICKROOM_SOURCE_DIR) + "/resources/bots/crawler-user-agents.json");
        QCOMPARE(loaded.problem, std::string());
        m_catalogue = loaded.catalogue;
    }

    void agentsOfPeopleAreUnderstood_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < std::size(people); ++i)
            QTest::newRow(people[i].name) << static_cast<int>(i);
    }

    void agentsOfPeopleAreUnderstood()
    {
        QFETCH(int, index);
        const Person& person = people[index];
        RequestFacts facts;
        facts.userAgent = person.agent;
        facts.acceptLanguage = "en-GB,en;q=0.9";
        facts.accept = "text/html,*/*;q=0.8";
        const Agent agent = m_catalogue->judge(facts);
        QCOMPARE(agent.botReason, std::string());
        QCOMPARE(agent.bot, protocol::BotCategory::Human);
        QCOMPARE(std::string(protocol::word(agent.device)), std::string(person.device));
        QCOMPARE(agent.os, std::string(person.os));
        QCOMPARE(agent.browser, std::string(person.browser));
    }

    void clientHintsGoBeforeTheAgent()
    {
        // What Chrome freezes in the agent ("Linux; Android 10; K"), the hints still tell.
        AgentHeaders headers;
        headers.userAgent =
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";
        QCOMPARE(scanDevice(headers).type, DeviceType::Tablet);
        headers.secChUaMobile = "?1";
        QCOMPARE(scanDevice(headers).type, DeviceType::Mobile);
        headers.userAgent =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";
        headers.secChUaMobile = "?0";
        headers.secChUaPlatform = "\"Windows\"";
        headers.secChUa = R"("Brave";v="131", "Chromium";v="131", "Not_A Brand";v="24")";
        const Device device = scanDevice(headers);
        QCOMPARE(device.type, DeviceType::Desktop);
        QCOMPARE(device.os, std::string("Windows"));
        QCOMPARE(device.browser, std::string("Brave"));
        headers.secChUaPlatform = "\"Android\"";
        QCOMPARE(scanDevice(headers).type, DeviceType::Tablet);
        headers.secChUaPlatform = "\"Chrome OS\"";
        QCOMPARE(scanDevice(headers).os, std::string("Chrome OS"));
    }

    void hintsOfAnyKindAreBounded()
    {
        const std::string big(64 * 1024, '"');
        const std::string bytes("\xff\x00?1\x1b\"", 6);
        for (const std::string& text : {big, bytes, std::string("?"), std::string("\"")}) {
            const Device device = scanDevice({text, text, text, text});
            QCOMPARE(device.type, DeviceType::Other);
            QVERIFY(device.os.empty() && device.browser.empty());
        }
    }

private:
    std::shared_ptr<const AgentCatalogue> m_catalogue;
};

QTEST_GUILESS_MAIN(TestPeople)
#include "tst_people.moc"

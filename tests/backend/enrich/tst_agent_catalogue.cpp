// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include "backend/enrich/agent_catalogue.h"

using namespace enrich;
using protocol::BotCategory;

namespace {

const std::string listFile = std::string(CLICKROOM_SOURCE_DIR) + "/resources/bots/crawler-user-agents.json";

QStringList examples()
{
    QFile file(QString::fromStdString(listFile));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QStringList out;
    const QJsonArray entries = QJsonDocument::fromJson(file.readAll()).array();
    for (const QJsonValue& entry : entries) {
        for (const QJsonValue& instance : entry["instances"].toArray())
            out.append(instance.toString());
    }
    return out;
}

int botsAmong(const AgentCatalogue& catalogue, const QStringList& agents)
{
    int bots = 0;
    for (const QString& agent : agents) {
        const std::string text = agent.toStdString();
        RequestFacts facts;
        facts.userAgent = text;
        facts.acceptLanguage = "en";
        const Agent judged = catalogue.judge(facts);
        bots += judged.bot != BotCategory::Human;
        if ((judged.bot != BotCategory::Human) == judged.botReason.empty())
            qWarning("verdict without reason, or reason without verdict: %s", text.c_str());
    }
    return bots;
}

std::string written(const QTemporaryDir& folder, const QByteArray& json)
{
    const QString path = folder.filePath("list.json");
    QFile file(path);
    if (file.open(QIODevice::WriteOnly))
        file.write(json);
    return path.toStdString();
}

} // namespace

class TestAgentCatalogue : public QObject {
    Q_OBJECT

private slots:
    void findsTheListsOwnExamples()
    {
        const auto loaded = AgentCatalogue::load(listFile);
        QCOMPARE(loaded.problem, std::string());
        QVERIFY(loaded.catalogue->patternCount() >= 1490);
        const QStringList agents = examples();
        QVERIFY(agents.size() >= 2000);
        const int general = botsAmong(AgentCatalogue(), agents);
        const int all = botsAmong(*loaded.catalogue, agents);
        const double generalShare = 100.0 * general / static_cast<double>(agents.size());
        const double allShare = 100.0 * all / static_cast<double>(agents.size());
        qInfo("recall on %lld crawlers: general signals alone %.2f %%, with the list %.2f %%",
              static_cast<long long>(agents.size()), generalShare, allShare);
        // What was reached; what is missing on purpose stands in notCrawlers of agent_catalogue.cpp.
        QVERIFY(generalShare >= 98.5);
        QVERIFY(allShare >= 99.7);
    }

    void listGivesTheCategoryThatSignalsLack()
    {
        const auto loaded = AgentCatalogue::load(listFile);
        RequestFacts facts;
        facts.userAgent = "Mozilla/5.0 (compatible; YandexImages/3.0; +http://yandex.com/bots)";
        QCOMPARE(AgentCatalogue().judge(facts).bot, BotCategory::Other);
        QCOMPARE(loaded.catalogue->judge(facts).bot, BotCategory::SearchCrawler);
        QCOMPARE(loaded.catalogue->judge(facts).botReason, std::string("list:yandex.com/bots"));
        QVERIFY(loaded.catalogue->knownCrawler("Xenu Link Sleuth/1.3.8"));
        QVERIFY(
            !loaded.catalogue->knownCrawler("Mozilla/5.0 (Windows NT 10.0; rv:133.0) Gecko/20100101 Firefox/133.0"));
    }

    void patternsThatFitPeopleAreLeftOut()
    {
        const auto loaded = AgentCatalogue::load(listFile);
        RequestFacts facts;
        facts.acceptLanguage = "en";
        facts.userAgent = "Mozilla/5.0 (Linux; Android 15; CPH2557 Build/AP3A.240617.008; wv) AppleWebKit/537.36 "
                          "(KHTML, like Gecko) Version/4.0 "
                          "Chrome/142.0.7444.142 Mobile Safari/537.36 Instagram 406.0.0.58.159 Android (35/15; 480dpi)";
        const Agent agent = loaded.catalogue->judge(facts);
        QCOMPARE(agent.bot, BotCategory::Human);
        QCOMPARE(agent.browser, std::string("Instagram"));
    }

    void badListsLeaveTheGeneralSignals()
    {
        QTemporaryDir folder;
        for (const QByteArray& json :
             {QByteArray(), QByteArray("{}"), QByteArray("[1, null, \"x\", {}]"), QByteArray("[{\"pattern\": \"\"}]"),
              QByteArray("[{\"pattern\": \".*\"}]"), QByteArray("[{\"pattern\": \"(\"}]"), QByteArray("[[[[[[")}) {
            const auto loaded = AgentCatalogue::load(written(folder, json));
            QVERIFY2(!loaded.problem.empty(), json.constData());
            QCOMPARE(loaded.catalogue->patternCount(), std::size_t(0));
            RequestFacts facts;
            facts.userAgent = "curl/8.0";
            QCOMPARE(loaded.catalogue->judge(facts).bot, BotCategory::HttpClient);
        }
        QVERIFY(!AgentCatalogue::load(folder.filePath("missing").toStdString()).problem.empty());
    }

    void brokenPatternsAreLeftOut()
    {
        QTemporaryDir folder;
        const auto loaded = AgentCatalogue::load(
            written(folder, "[{\"pattern\":\"(\"},{\"pattern\":\"\"},{\"pattern\":\"x*\"},"
                            "{\"pattern\":\"Zwerg[0-9]\",\"tags\":[\"monitoring\"]},{\"pattern\":7}]"));
        QCOMPARE(loaded.problem, std::string());
        QCOMPARE(loaded.catalogue->patternCount(), std::size_t(1));
        QCOMPARE(loaded.catalogue->knownCrawler("Zwerg7").category, BotCategory::Monitoring);
        QCOMPARE(loaded.catalogue->knownCrawler("Zwerg7").reason, std::string("list:Zwerg[0-9]"));
        QVERIFY(!loaded.catalogue->knownCrawler(std::string(64 * 1024, 'Z') + "Zwerg7"));
    }
};

QTEST_GUILESS_MAIN(TestAgentCatalogue)
#include "tst_agent_catalogue.moc"

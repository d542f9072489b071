// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "backend/enrich/bot_signals.h"
#include "backend/enrich/request_text.h"
#include "backend/protocol/limits.h"
#include "backend/protocol/words.h"

using namespace enrich;
using protocol::BotCategory;

namespace {

constexpr std::string_view chrome =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";

QString reasonOf(const BotVerdict& verdict)
{
    return QString::fromStdString(std::string(protocol::word(verdict.category)) + " " + verdict.reason);
}

} // namespace

class TestBotSignals : public QObject {
    Q_OBJECT

private slots:
    void eachDetectorSaysNothingOfABrowser()
    {
        QVERIFY(!missingAgent(chrome));
        QVERIFY(!namedAgent(chrome));
        QVERIFY(!headlessBrowser(chrome, R"("Google Chrome";v="131", "Chromium";v="131", "Not_A Brand";v="24")"));
        QVERIFY(!httpClient(chrome));
        QVERIFY(!robotWord(chrome));
        QVERIFY(!contactInAgent(chrome));
        QVERIFY(!oddShape(chrome));
        QVERIFY(!unlikeBrowserHeaders(chrome, "en", "text/html"));
        QVERIFY(!generalSignals(chrome, "", "en", "text/html"));
    }

    void missingAgentSeesWhatIsEmpty()
    {
        QCOMPARE(reasonOf(missingAgent("")), QString("no_user_agent agent:none"));
        QCOMPARE(missingAgent(" - ").category, BotCategory::NoUserAgent);
        QCOMPARE(missingAgent("\"\"").category, BotCategory::NoUserAgent);
        QVERIFY(!missingAgent("x"));
    }

    void namedAgentsHaveTheirCategory_data()
    {
        QTest::addColumn<QString>("agent");
        QTest::addColumn<QString>("expected");
        QTest::newRow("slack") << "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"
                               << "preview agent:Slackbot-LinkExpanding";
        QTest::newRow("whatsapp") << "WhatsApp/2.23.20.0 A" << "preview agent:WhatsApp";
        QTest::newRow("telegram") << "TelegramBot (like TwitterBot)" << "preview agent:TelegramBot";
        QTest::newRow("discord") << "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)"
                                 << "preview agent:Discordbot";
        QTest::newRow("skype") << "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5"
                               << "preview agent:SkypeUriPreview";
        QTest::newRow("imessage") << "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like "
                                     "Gecko) Version/9.0.1 Safari/601.2.4 "
                                     "facebookexternalhit/1.1 Facebot Twitterbot/1.0"
                                  << "preview agent:Facebot Twitterbot";
        QTest::newRow("facebook") << "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"
                                  << "social_crawler agent:facebookexternalhit";
        QTest::newRow("twitter") << "Twitterbot/1.0" << "social_crawler agent:Twitterbot";
        QTest::newRow("linkedin")
            << "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)"
            << "social_crawler agent:LinkedInBot";
        QTest::newRow("google") << "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
                                << "search_crawler agent:Googlebot";
        QTest::newRow("gpt")
            << "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.1; +https://openai.com/gptbot)"
            << "ai_crawler agent:GPTBot";
        QTest::newRow("claude") << "Mozilla/5.0 (compatible; ClaudeBot/1.0; +claudebot@anthropic.com)"
                                << "ai_crawler agent:ClaudeBot";
        QTest::newRow("ahrefs") << "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)"
                                << "seo_crawler agent:AhrefsBot";
        QTest::newRow("uptime") << "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)"
                                << "monitoring agent:UptimeRobot";
        QTest::newRow("feed") << "Feedly/1.0 (+http://www.feedly.com/fetcher.html)" << "feed_reader agent:Feedly";
        QTest::newRow("gateway") << "Mozilla/5.0 (Windows NT 10.0) Proofpoint URL Defense"
                                 << "scanner agent:Proofpoint";
        QTest::newRow("nuclei") << "Nuclei - Open-source project (github.com/projectdiscovery/nuclei)"
                                << "scanner agent:Nuclei";
    }

    void namedAgentsHaveTheirCategory()
    {
        QFETCH(QString, agent);
        QFETCH(QString, expected);
        QCOMPARE(reasonOf(namedAgent(agent.toStdString())), expected);
    }

    void headlessShowsInAgentOrHints()
    {
        QCOMPARE(reasonOf(headlessBrowser(
                     "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/120.0 Safari/537.36", "")),
                 QString("headless headless:HeadlessChrome"));
        QCOMPARE(reasonOf(headlessBrowser(chrome, R"("HeadlessChrome";v="120")")),
                 QString("headless headless:Sec-CH-UA"));
        QCOMPARE(headlessBrowser("Mozilla/5.0 (Unknown; Linux x86_64) AppleWebKit/538.1 PhantomJS/2.1.1", "").category,
                 BotCategory::Headless);
    }

    void httpClientsAreNamed_data()
    {
        QTest::addColumn<QString>("agent");
        QTest::addColumn<QString>("reason");
        QTest::newRow("curl") << "curl/8.5.0" << "client:curl";
        QTest::newRow("wget") << "Wget/1.21.3" << "client:Wget";
        QTest::newRow("requests") << "python-requests/2.31.0" << "client:python-requests";
        QTest::newRow("go") << "Go-http-client/2.0" << "client:Go-http-client";
        QTest::newRow("java") << "Java/17.0.9" << "client:Java";
        QTest::newRow("okhttp") << "okhttp/4.12.0" << "client:okhttp";
        QTest::newRow("axios") << "axios/1.6.2" << "client:axios";
        QTest::newRow("node") << "node" << "client:node";
        QTest::newRow("powershell")
            << "Mozilla/5.0 (Windows NT; Windows NT 10.0; de-DE) WindowsPowerShell/5.1.19041.1237"
            << "client:WindowsPowerShell";
        QTest::newRow("guzzle") << "GuzzleHttp/7" << "client:GuzzleHttp";
    }

    void httpClientsAreNamed()
    {
        QFETCH(QString, agent);
        QFETCH(QString, reason);
        const BotVerdict verdict = httpClient(agent.toStdString());
        QCOMPARE(verdict.category, BotCategory::HttpClient);
        QCOMPARE(QString::fromStdString(verdict.reason), reason);
    }

    void robotWordsSpareCubotAndCamScanner()
    {
        QCOMPARE(reasonOf(robotWord("NobodyKnowsThisBot/0.1")), QString("other word:NobodyKnowsThisBot"));
        QCOMPARE(robotWord("Acme crawler 2").category, BotCategory::Other);
        QCOMPARE(robotWord("My Link Preview Service").category, BotCategory::Preview);
        QCOMPARE(robotWord("acme-monitoring/1").category, BotCategory::Monitoring);
        QCOMPARE(robotWord("VulnScan 3").category, BotCategory::Scanner);
        QVERIFY(!robotWord(
            "Mozilla/5.0 (Linux; Android 10; CUBOT X30) AppleWebKit/537.36 Chrome/120.0.0.0 Mobile Safari/537.36"));
        QVERIFY(!robotWord(
            "Mozilla/5.0 (Linux; Android 12; Cubot_P50) AppleWebKit/537.36 Chrome/120.0.0.0 Mobile Safari/537.36"));
        QVERIFY(!robotWord("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 "
                           "CamScanner/6.5"));
        QCOMPARE(robotWord("Mozilla/5.0 (Linux; Android 10; CUBOT X30) SomeBot/1.0").category, BotCategory::Other);
    }

    void contactsGiveProgramsAway()
    {
        QCOMPARE(contactInAgent("Something/1.0 (+https://something.example/about)").category, BotCategory::Other);
        QCOMPARE(reasonOf(contactInAgent("Something/1.0 (me@host.example)")), QString("other contact:mail"));
        QCOMPARE(reasonOf(contactInAgent("Mozilla/5.0 (compatible; theoldreader.com)")),
                 QString("other contact:theoldreader.com"));
        QVERIFY(!contactInAgent("Mozilla/5.0 (Linux; Android 13) com.google.android.gm/2023"));
        QVERIFY(!contactInAgent("Mozilla/5.0 (Linux; Android 13; a@b)"));
    }

    void shapesThatNoBrowserHas()
    {
        QCOMPARE(reasonOf(oddShape("Hello World")), QString("other shape:no browser"));
        QCOMPARE(reasonOf(oddShape("Mozilla/5.0")), QString("other shape:no platform"));
        QCOMPARE(reasonOf(oddShape("Mozilla/5.0 (compatible; Foo)")), QString("other shape:compatible"));
        QCOMPARE(reasonOf(oddShape("Mozilla/5.0 (Windows NT 10.0; Win64; x64)")), QString("other shape:no engine"));
        QCOMPARE(reasonOf(oddShape("Mozilla/5.0 (X11; Linux) AppleWebKit/537 Chrome/W.X.Y.Z Safari/537")),
                 QString("other shape:version"));
        QVERIFY(!oddShape("Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0)"));
        QVERIFY(!oddShape("Nokia6230/2.0 (05.51) Profile/MIDP-2.0 Configuration/CLDC-1.1"));
        QVERIFY(!oddShape("Mozilla/5.0 (PLAYSTATION 3; 1.00)"));
        QVERIFY(!oddShape("Links (2.7; Linux x86_64; text)"));
    }

    void namesAddedToADesktopBrowserGiveProgramsAway_data()
    {
        QTest::addColumn<QByteArray>("agent");
        QTest::addColumn<QString>("expected");
        const QByteArray windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko";
        QTest::newRow("at the end") << windows + ") Chrome/125.0.0.0 Safari/537.36 Zwerg/1.0"
                                    << "other added:Zwerg/1.0";
        QTest::newRow("bare") << windows + ") Chrome/125.0.0.0 Safari/537.36 Zwerg" << "other added:Zwerg";
        QTest::newRow("in the engine") << windows + "; Zwerg) Chrome/125.0.0.0 Safari/537.36" << "other added:Zwerg";
        QTest::newRow("before the browser")
            << windows + ") Zwerg Chrome/125.0.0.0 Safari/537.36" << "other added:Zwerg";
        QTest::newRow("in the platform") << QByteArray(
                                                "Mozilla/5.0 (X11; Linux x86_64; Zwerg) AppleWebKit/537.36 (KHTML, "
                                                "like Gecko) Chrome/125.0.0.0 Safari/537.36")
                                         << "other added:Zwerg";
        QTest::newRow("Firefox")
            << QByteArray("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0 Zwerg/2")
            << "other added:Zwerg/2";
        // People: browsers that nobody has heard of count as Chromium does; Electron is a window; telephones' apps are
        // free.
        QTest::newRow("Chromium's numbers") << windows + ") Chrome/125.0.0.0 Safari/537.36 Zwerg/125.1.2.3" << " ";
        QTest::newRow("Chromium's first number") << windows + ") Chrome/125.0.0.0 Safari/537.36 Zwerg/125.0" << " ";
        QTest::newRow("a browser by its word") << windows + ") ZwergBrowser/1.0 Chrome/125.0.0.0 Safari/537.36" << " ";
        QTest::newRow("Electron") << windows + ") Zwerg/1.0 Chrome/125.0.0.0 Electron/31.0.0 Safari/537.36" << " ";
        QTest::newRow("telephone")
            << QByteArray("Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
                          "Chrome/125.0.0.0 Mobile Safari/537.36 Zwerg/1.0")
            << " ";
        QTest::newRow("before 2014")
            << QByteArray("Mozilla/5.0 (Windows NT 6.1) AppleWebKit/534.24 (KHTML, like Gecko) Chrome/11.0 "
                          "Safari/534.24 Zwerg/1.0")
            << " ";
        QTest::newRow("cut off") << windows << " ";
    }

    void namesAddedToADesktopBrowserGiveProgramsAway()
    {
        QFETCH(QByteArray, agent);
        QFETCH(QString, expected);
        QCOMPARE(reasonOf(generalSignals(agent.toStdString(), "", "en", "text/html")), expected);
    }

    void missingLanguageAloneIsNoBot()
    {
        QVERIFY(!generalSignals(chrome, "", "", "text/html"));
        QVERIFY(!generalSignals(chrome, "", "", ""));
        QVERIFY(!generalSignals(chrome, "", "de", "*/*"));
        QCOMPARE(generalSignals(chrome, "", "", "*/*").category, BotCategory::HttpClient);
    }

    void hostileAgentsAreBoundedAndVisible_data()
    {
        QTest::addColumn<QByteArray>("agent");
        QTest::newRow("64 KiB of bot") << QByteArray(64 * 1024, 'x').replace(100, 4, "bot ");
        QTest::newRow("64 KiB of at signs") << QByteArray(64 * 1024, '@');
        QTest::newRow("64 KiB of dots") << QByteArray(".com").repeated(16 * 1024);
        QTest::newRow("control") << QByteArray("evil\x01\x02\x1b[31mbot/1.0\r\nX: y");
        QTest::newRow("bidi") << QByteArray("\xe2\x80\xaetob\xe2\x80\xac"
                                            "bot/1.0");
        QTest::newRow("invalid UTF-8") << QByteArray("\xff\xfe\xc3(bot/1.0)\xf0\x28");
        QTest::newRow("NUL") << QByteArray("a\0bot\0b", 7);
        QTest::newRow("long word") << QByteArray("a").repeated(300) + "bot" + QByteArray("b").repeated(300);
    }

    void hostileAgentsAreBoundedAndVisible()
    {
        QFETCH(QByteArray, agent);
        const BotVerdict verdict =
            generalSignals(std::string_view(agent.constData(), static_cast<std::size_t>(agent.size())), "", "", "");
        QVERIFY(verdict);
        QVERIFY(verdict.reason.size() <= protocol::limits::botReasonBytes);
        QCOMPARE(verdict.reason, protocol::visibleText(verdict.reason, protocol::limits::botReasonBytes));
    }

    void randomBytesNeverCrash()
    {
        std::uint32_t state = 1;
        constexpr char alphabet[] = "bot@.com/(); Mozilla\xff\x80\x00\x1b-AC"; // with the zero at its end
        for (int round = 0; round < 20'000; ++round) {
            std::string agent;
            for (int i = 0; i < round % 97; ++i) {
                state = state * 1664525 + 1013904223;
                agent.push_back(alphabet[(state >> 16) % sizeof alphabet]);
            }
            const BotVerdict verdict = generalSignals(agent, agent, "", "*/*");
            QVERIFY(verdict.reason.size() <= protocol::limits::botReasonBytes);
            QCOMPARE(verdict.reason.empty(), !verdict);
        }
    }
};

QTEST_GUILESS_MAIN(TestBotSignals)
#include "tst_bot_signals.moc"

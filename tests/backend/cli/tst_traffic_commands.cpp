// SPDX-License-Identifier: GPL-3.0-or-later
#include <chrono>
#include <set>
#include <sstream>

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include "backend/cli/classify_command.h"
#include "backend/cli/commands.h"
#include "backend/storage/init_folder.h"
#include "backend/storage/reader.h"
#include "tests/backend/runtime/recording_server.h"

namespace {

std::string logLine(const std::string& request, const std::string& address = "203.0.113.9",
                    const std::string& agent = "Agent/1", const std::string& time = "10:05:03")
{
    return address + " - - [17/May/2015:" + time + " +0000] \"" + request + "\" 200 12 \"http://r.example/\" \"" +
           agent + "\"\n";
}

// What `classify` answers to an input.
std::string classified(const std::string& input)
{
    std::istringstream in(input);
    std::ostringstream out;
    cli::classifyLines(
        *enrich::AgentCatalogue::load(std::string(CLICKROOM_SOURCE_DIR) + "/resources/bots/crawler-user-agents.json")
             .catalogue,
        in, out);
    return out.str();
}

} // namespace

class TestTrafficCommands : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_data = m_folder->filePath("data").toStdString();
    }

    void classifyAnswersALineForALine()
    {
        const std::string out =
            classified("curl/8.0\n"
                       "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
                       "Gecko) Version/18.1 Mobile/15E148 Safari/604.1\r\n"
                       "\n"
                       "{\"user_agent\": \"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
                       "Chrome/131.0.0.0 Safari/537.36\", "
                       "\"sec_ch_ua_mobile\": \"?1\"}\n"
                       "{broken\n"
                       "a \"quoted\" \xff bot");
        QList<QJsonObject> answers;
        for (const QByteArray& line : QByteArray::fromStdString(out).split('\n')) {
            if (!line.isEmpty())
                answers.append(QJsonDocument::fromJson(line).object());
        }
        QCOMPARE(answers.size(), 6);
        QCOMPARE(answers[0], (QJsonObject{{"bot", true},
                                          {"category", "http_client"},
                                          {"reason", "client:curl"},
                                          {"device", "other"},
                                          {"os", ""},
                                          {"browser", ""}}));
        QCOMPARE(answers[1], (QJsonObject{{"bot", false},
                                          {"category", ""},
                                          {"reason", ""},
                                          {"device", "mobile"},
                                          {"os", "iOS"},
                                          {"browser", "Safari"}}));
        QCOMPARE(answers[2]["category"], "no_user_agent");
        QCOMPARE(answers[3]["device"], "mobile");
        QCOMPARE(answers[4]["bot"], true);
        QCOMPARE(answers[5]["bot"], true);
    }

    void classifyStaysBounded()
    {
        const std::string out = classified(std::string(2 * 1024 * 1024, 'x') + "\n" + std::string(100'000, '{') + "\n");
        QCOMPARE(QByteArray::fromStdString(out).count('\n'), 2);
        QVERIFY(out.size() < 1000);
    }

    void classifyRefusesWhatItDoesNotKnow()
    {
        const std::vector<std::string> arguments = {"--nonsense"};
        QCOMPARE(cli::runClassify(arguments), 2);
    }

    void replaySendsEveryReadableRequest()
    {
        RecordingServer server([](const std::string& head) {
            return RecordingServer::Answer{head.starts_with("POST")                      ? 405U
                                           : head.find(" /missing") != std::string::npos ? 404U
                                                                                         : 302U,
                                           "", false, false};
        });
        const std::string file =
            log(logLine("GET /a HTTP/1.1") + logLine("HEAD /b HTTP/1.1", "2001:db8::7") + logLine("POST /c HTTP/1.1") +
                logLine("GET /missing HTTP/1.1", "host.example", "-") + "nonsense\n" +
                logLine("GET /cut HTTP/1.1").substr(0, 50));
        QCOMPARE(run({file, "--target", server.url(), "--domain", "links.example", "--connections", "1"}), 0);
        QCOMPARE(server.heads(),
                 (std::vector<std::string>{
                     "GET /a HTTP/1.1\r\nHost: links.example\r\nX-Forwarded-For: 203.0.113.9\r\nUser-Agent: "
                     "Agent/1\r\nReferer: http://r.example/\r\n\r\n",
                     "HEAD /b HTTP/1.1\r\nHost: links.example\r\nX-Forwarded-For: 2001:db8::7\r\nUser-Agent: "
                     "Agent/1\r\nReferer: http://r.example/\r\n\r\n",
                     "POST /c HTTP/1.1\r\nHost: links.example\r\nX-Forwarded-For: 203.0.113.9\r\nUser-Agent: "
                     "Agent/1\r\nReferer: "
                     "http://r.example/\r\nContent-Length: 0\r\n\r\n",
                     "GET /missing HTTP/1.1\r\nHost: links.example\r\nReferer: http://r.example/\r\n\r\n"}));
    }

    void replayFailsWhenARequestIsNotAnswered()
    {
        RecordingServer server([](const std::string& head) {
            return RecordingServer::Answer{302, "", false, head.find(" /bad ") != std::string::npos};
        });
        const std::string good = log(logLine("GET /a HTTP/1.1"));
        QCOMPARE(run({good, "--target", server.url()}), 0);
        QCOMPARE(run({log(logLine("GET /a HTTP/1.1") + logLine("GET /bad HTTP/1.1")), "--target", server.url()}), 1);
        QCOMPARE(run({good, "--target", "ftp://127.0.0.1"}), 2);
        QCOMPARE(run({"/nowhere/access.log", "--target", server.url()}), 1);
    }

    void replayStopsWhenNobodyIsThere()
    {
        std::string url;
        {
            RecordingServer gone;
            url = gone.url();
        }
        std::string text;
        for (int i = 0; i < 20'000; ++i)
            text += logLine("GET /a HTTP/1.1");
        QCOMPARE(run({log(text), "--target", url}), 1);
    }

    void replayKeepsTheLogsPace()
    {
        RecordingServer server;
        const std::string file = log(logLine("GET /a HTTP/1.1", "203.0.113.9", "a", "10:05:03") +
                                     logLine("GET /b HTTP/1.1", "203.0.113.9", "a", "10:05:05"));
        const auto started = std::chrono::steady_clock::now();
        QCOMPARE(run({file, "--target", server.url(), "--speed", "8"}), 0);
        const auto taken = std::chrono::steady_clock::now() - started;
        QVERIFY(taken >= std::chrono::milliseconds(250)); // two seconds, eight times as fast
    }

    void replayMakesLinksOfTheMostRequestedPaths()
    {
        storage::initFolder(m_data);
        RecordingServer server;
        std::string text;
        for (int i = 0; i < 3; ++i)
            text += logLine("GET /often/asked?x=" + std::to_string(i) + " HTTP/1.1") +
                    logLine("GET /robots.txt HTTP/1.1") + logLine("POST /posted HTTP/1.1");
        text += logLine("GET /%C3%A4/x HTTP/1.1") + logLine("HEAD /%C3%A4/x HTTP/1.1") + logLine("GET / HTTP/1.1") +
                logLine("GET / HTTP/1.1") + logLine("GET /rare HTTP/1.1");
        const std::string file = log(text);
        QCOMPARE(run({file, "--target", server.url(), "--make-links", "3"}), 0);
        // Again: they are there.
        QCOMPARE(run({file, "--target", server.url(), "--make-links", "3"}), 0);
        std::set<std::string> slugs;
        storage::Reader(m_data).forEachLink([&](links::Link&& link) {
            slugs.insert(link.slug);
            if (!link.destination.starts_with("https://origin.example/"))
                qFatal("a link leads elsewhere: %s", link.destination.c_str());
        });
        QCOMPARE(slugs, (std::set<std::string>{"often/asked", "\xc3\xa4/x", ""}));
    }

    void geoInstallChecksAndCopies()
    {
        const std::string sample = std::string(CLICKROOM_SOURCE_DIR) + "/resources/geo/city-sample.mmdb";
        const std::vector<std::string> arguments = {"install", sample, "--data", m_data};
        QCOMPARE(cli::runGeo(arguments), 0);
        QCOMPARE(QDir(QString::fromStdString(m_data + "/geo")).entryList(QDir::Files), QStringList("city-sample.mmdb"));
        const std::vector<std::string> list = {"list", "--data", m_data, "--json"};
        QCOMPARE(cli::runGeo(list), 0);

        const std::string bad = log("this is no database");
        const std::vector<std::string> refused = {"install", bad, "--data", m_data};
        QCOMPARE(cli::runGeo(refused), 1);
        QCOMPARE(QDir(QString::fromStdString(m_data + "/geo")).entryList(QDir::Files).size(), 1);
        const std::vector<std::string> unknown = {"uninstall"};
        QCOMPARE(cli::runGeo(unknown), 2);
    }

private:
    std::string log(const std::string& text)
    {
        const QString path = m_folder->filePath(QString("access-%1.log").arg(m_logs++));
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(text.data(), static_cast<qint64>(text.size())) < 0)
            qFatal("cannot write %s", qPrintable(path));
        return path.toStdString();
    }

    int run(std::vector<std::string> arguments)
    {
        arguments.insert(arguments.end(), {"--data", m_data});
        return cli::runReplay(arguments);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::string m_data;
    int m_logs = 0;
};

QTEST_GUILESS_MAIN(TestTrafficCommands)
#include "tst_traffic_commands.moc"

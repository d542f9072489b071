// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "backend/cli/combined_log.h"

using namespace cli;

namespace {

// A line with everything but the request in order.
std::string lineWith(const std::string& request, const std::string& referer = "-", const std::string& agent = "a")
{
    return "203.0.113.9 - - [17/May/2015:10:05:03 +0000] \"" + request + "\" 200 12 \"" + referer + "\" \"" + agent +
           "\"";
}

} // namespace

class TestCombinedLog : public QObject {
    Q_OBJECT

private slots:
    void lineIsTakenApart()
    {
        const auto line = logLineFrom("2001:db8::1 - jane [17/May/2015:12:05:03 +0200] \"GET /a/b?c=d HTTP/1.1\" 302 - "
                                      "\"http://r.example/\" \"Agent/1.0 (x)\"");
        QVERIFY(line);
        QCOMPARE(line->address, std::string("2001:db8::1"));
        QCOMPARE(line->utcMs, std::int64_t(1431857103) * 1000);
        QCOMPARE(line->method, std::string("GET"));
        QCOMPARE(line->target, std::string("/a/b?c=d"));
        QCOMPARE(line->referer, std::string("http://r.example/"));
        QCOMPARE(line->agent, std::string("Agent/1.0 (x)"));
    }

    void dashIsNothingAndAnEmptyFieldToo()
    {
        const auto line = logLineFrom(lineWith("GET / HTTP/1.0", "-", "-"));
        QVERIFY(line && line->referer.empty() && line->agent.empty());
        QVERIFY(logLineFrom(lineWith("GET / HTTP/1.0", "", "")));
    }

    void escapesAreResolved()
    {
        const auto line =
            logLineFrom(lineWith(R"(GET /q?\"x\" HTTP/1.1)", R"(http://x/\\y)", R"(say \"hi\" \x41\xc3\xa4 \t \q)"));
        QVERIFY(line);
        QCOMPARE(line->target, std::string("/q?\"x\""));
        QCOMPARE(line->referer, std::string("http://x/\\y"));
        QCOMPARE(line->agent, std::string("say \"hi\" A\xc3\xa4 \t q"));
    }

    void targetsBecomeSendable_data()
    {
        QTest::addColumn<QString>("request");
        QTest::addColumn<QString>("target");
        QTest::newRow("spaces") << "GET /a b c HTTP/1.1" << "/a%20b%20c";
        QTest::newRow("no version") << "GET /old" << "/old";
        QTest::newRow("control") << "GET /a\\x01\\nb HTTP/1.1" << "/a%01%0Ab";
        QTest::newRow("UTF-8") << "GET /\\xc3\\xa4 HTTP/1.1" << "/%C3%A4";
        QTest::newRow("absolute") << "GET http://other.example/x?y HTTP/1.1" << "/x?y";
        QTest::newRow("absolute, bare") << "GET http://other.example HTTP/1.1" << "/";
        QTest::newRow("star") << "OPTIONS * HTTP/1.1" << "*";
        QTest::newRow("any method") << "PROPFIND /dav HTTP/1.1" << "/dav";
    }

    void targetsBecomeSendable()
    {
        QFETCH(QString, request);
        QFETCH(QString, target);
        const auto line = logLineFrom(lineWith(request.toStdString()));
        QVERIFY(line);
        QCOMPARE(QString::fromStdString(line->target), target);
    }

    void everyCutOfALineIsUnreadable()
    {
        const std::string whole = lineWith("GET /a HTTP/1.1", "http://r.example/", "Agent \\\"x\\\"");
        QVERIFY(logLineFrom(whole));
        for (std::size_t size = 0; size < whole.size(); ++size)
            QVERIFY2(!logLineFrom(whole.substr(0, size)), whole.substr(0, size).c_str());
    }

    void garbageIsUnreadable_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("words") << QByteArray("this is no log");
        QTest::newRow("no request") << QByteArray::fromStdString(lineWith("-"));
        QTest::newRow("empty request") << QByteArray::fromStdString(lineWith(""));
        QTest::newRow("method alone") << QByteArray::fromStdString(lineWith("GET"));
        QTest::newRow("TLS handshake") << QByteArray::fromStdString(lineWith("\\x16\\x03\\x01 \\x02"));
        QTest::newRow("endless method") << QByteArray::fromStdString(lineWith(std::string(40, 'A') + " /"));
        QTest::newRow("month") << QByteArray(
            "1.2.3.4 - - [17/Mai/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"a\"");
        QTest::newRow("day") << QByteArray(
            "1.2.3.4 - - [31/Feb/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"a\"");
        QTest::newRow("hour") << QByteArray(
            "1.2.3.4 - - [17/May/2015:25:05:03 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"a\"");
        QTest::newRow("zone") << QByteArray(
            "1.2.3.4 - - [17/May/2015:10:05:03 UTC!!] \"GET / HTTP/1.1\" 200 1 \"-\" \"a\"");
        QTest::newRow("status") << QByteArray(
            "1.2.3.4 - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" abc 1 \"-\" \"a\"");
        QTest::newRow("common format, no agent")
            << QByteArray("1.2.3.4 - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1");
        QTest::newRow("zeros") << QByteArray(200, '\0');
    }

    void garbageIsUnreadable()
    {
        QFETCH(QByteArray, line);
        QVERIFY(!logLineFrom(line.toStdString()));
    }

    void fileIsReadLineByLine()
    {
        QTemporaryDir folder;
        QFile file(folder.filePath("access.log"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        const auto write = [&](const std::string& text) { file.write(text.data(), static_cast<qint64>(text.size())); };
        write(lineWith("GET /1 HTTP/1.1") + "\n\n" + lineWith("GET /2 HTTP/1.1") + "\r\nnonsense\n");
        write(lineWith("GET /long", "-", std::string(300'000, 'x')) + "\n");
        write(lineWith("GET /3 HTTP/1.1") + "\n" + lineWith("GET /cut HTTP/1.1").substr(0, 60));
        file.close();
        CombinedLog log(file.fileName().toStdString());
        std::string targets;
        while (const auto line = log.next())
            targets += line->target;
        QCOMPARE(targets, std::string("/1/2/3"));
        QCOMPARE(log.unreadable(), std::uint64_t(3));
    }

    void missingFileIsNamed()
    {
        try {
            CombinedLog log("/nowhere/access.log");
            QFAIL("no error");
        } catch (const std::runtime_error& error) {
            QVERIFY(std::string(error.what()).find("/nowhere/access.log") != std::string::npos);
        }
    }

    void randomBytesNeverCrash()
    {
        const std::string whole = lineWith("GET /a HTTP/1.1", "http://r.example/", "Agent");
        std::uint32_t state = 3;
        for (int round = 0; round < 20'000; ++round) {
            std::string line = whole;
            for (int flips = 1 + round % 5; flips > 0; --flips) {
                state = state * 1664525 + 1013904223;
                line[(state >> 8) % line.size()] = static_cast<char>(state >> 24);
            }
            if (const auto read = logLineFrom(line))
                QVERIFY(!read->method.empty() && read->target.find_first_of(" \r\n") == std::string::npos);
        }
    }
};

QTEST_GUILESS_MAIN(TestCombinedLog)
#include "tst_combined_log.moc"

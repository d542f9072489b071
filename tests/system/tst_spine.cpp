// SPDX-License-Identifier: GPL-3.0-or-later
// The whole way of a click through real processes: request, decision, store, stream, statistics, export.
#include <QFile>
#include <QSignalSpy>
#include <QTest>

#include <map>

#include "backend/protocol/csv_writer.h"
#include "tests/system/backend_process.h"
#include "tests/system/stream_client.h"
#include "tests/system/traffic.h"

namespace {

const QByteArray firefox = "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n";

// The rows of a CSV export by column name.
std::vector<std::map<std::string, std::string>> rowsOf(const QByteArray& csv)
{
    const auto document = protocol::readCsv(csv.toStdString(), true);
    std::vector<std::map<std::string, std::string>> rows;
    for (std::size_t i = 1; i < document.rows.size(); ++i) {
        auto& row = rows.emplace_back();
        for (std::size_t j = 0; j < document.rows[i].size(); ++j)
            row[document.rows[0][j]] = document.rows[i][j];
    }
    return rows;
}

} // namespace

class SpineTest : public QObject {
    Q_OBJECT

private slots:
    void aLinkIsEditedByCommandsBesideTheBackend()
    {
        BackendProcess backend;
        QVERIFY2(backend.start(), qPrintable(backend.error()));
        QCOMPARE(
            backend.command({"link", "add", "https://a.example/", "--slug", "spring/sale", "--notes", "kept"}).status,
            0);
        const auto edit = [&backend](QStringList words) {
            return backend.command(QStringList{"link", "edit", "localhost/spring/sale"} + words);
        };
        QVERIFY(backend.click("/spring/sale", firefox).contains("Location: https://a.example/\r\n"));
        QCOMPARE(edit({"--destination", "https://b.example/", "--if-version", "1"}).status, 0);
        QVERIFY(backend.click("/spring/sale", firefox).contains("Location: https://b.example/\r\n"));
        const CommandResult late = edit({"--destination", "https://c.example/", "--if-version", "1"});
        QCOMPARE(late.status, 1);
        QVERIFY2(late.err.contains("changed the link meanwhile"), late.err.constData());
        QCOMPARE(backend.command({"link", "undo", "localhost/spring/sale"}).status, 0);
        QVERIFY(backend.click("/spring/sale", firefox).contains("Location: https://a.example/\r\n"));
        const QJsonObject shown = backend.command({"link", "show", "localhost/spring/sale", "--json"}).json();
        QCOMPARE(shown["version"].toInt(), 3);
        QCOMPARE(shown["notes"].toString(), "kept");
        QCOMPARE(backend.command({"link", "show", "localhost/spring"}).status, 1);
        QCOMPARE(edit({"--state", "deleted"}).status, 0);
        QVERIFY(backend.click("/spring/sale", firefox).startsWith("HTTP/1.1 410"));
        QCOMPARE(edit({"--state", "active"}).status, 0);
        QVERIFY(backend.click("/spring/sale", firefox).startsWith("HTTP/1.1 302"));
    }

    void clickIsAnsweredStoredStreamedAndExported_data()
    {
        QTest::addColumn<bool>("cbor");
        QTest::newRow("cbor") << true;
        QTest::newRow("json") << false;
    }

    void clickIsAnsweredStoredStreamedAndExported()
    {
        QFETCH(bool, cbor);
        BackendProcess backend;
        QCOMPARE(
            backend.command({"link", "add", "https://acme.example/landing", "--slug", "spring", "--campaign", "launch"})
                .status,
            0);
        QVERIFY2(backend.start({"--rollup-interval", "200ms"}), qPrintable(backend.error()));
        StreamClient console(cbor ? protocol::Encoding::Cbor : protocol::Encoding::Json, backend.token());
        console.open(backend.streamUrl());
        QTRY_VERIFY_WITH_TIMEOUT(console.subscribed(), 30'000); // under valgrind it takes over five seconds
        QCOMPARE(console.hello->workspace, "default");
        QCOMPARE(console.hello->role, "admin");

        const QByteArray answer = backend.click("/spring?qr=poster-a&utm_source=paper", firefox);
        QVERIFY2(answer.startsWith("HTTP/1.1 302"), answer.constData());
        QVERIFY(answer.contains("Location: https://acme.example/landing?utm_source=paper\r\n"));
        QVERIFY(answer.contains("Cache-Control: private, no-store"));
        QVERIFY(backend.click("/spring", firefox, "HEAD").startsWith("HTTP/1.1 302"));
        QVERIFY(backend.click("/spring", firefox + "Sec-Purpose: prefetch\r\n").startsWith("HTTP/1.1 302"));
        QVERIFY(backend.click("/nothing", firefox).startsWith("HTTP/1.1 404"));
        QVERIFY(backend.click("/spring", firefox, "GET", "www.localhost").startsWith("HTTP/1.1 404"));
        QVERIFY(backend.click("/spring", "User-Agent: Slackbot 1.0\r\n").startsWith("HTTP/1.1 302"));
        QVERIFY(backend.click("/robots.txt", firefox).startsWith("HTTP/1.1 200"));
        QVERIFY(backend.click("/spring", firefox, "POST").startsWith("HTTP/1.1 405"));

        // The stream has every hit, once, with nothing left out.
        QTRY_COMPARE(console.seen.size(), 6u);
        QCOMPARE(console.violations, QStringList());
        QCOMPARE(console.dropped, 0u);
        QCOMPARE(console.placements.at(1), "poster-a");
        QTRY_VERIFY(console.window && console.window->hits == 6);
        QCOMPARE(console.window->scans, 1u);

        const QJsonObject stats = backend.command({"stats", "--json"}).json();
        const std::map<QString, int> wanted{{"hits", 6},    {"click", 2}, {"probe", 1},   {"prefetch", 1}, {"miss", 2},
                                            {"blocked", 0}, {"bots", 1},  {"lastSeq", 6}, {"lost", 0}};
        for (const auto& [key, value] : wanted)
            QVERIFY2(stats[key].toInt(-1) == value, qPrintable(QString("%1 is %2").arg(key).arg(stats[key].toInt(-1))));

        const auto rows = rowsOf(backend.command({"export", "hits"}).out);
        QCOMPARE(rows.size(), 6u);
        QCOMPARE(rows[0].at("seq"), "1");
        QCOMPARE(rows[0].at("class"), "click");
        QCOMPARE(rows[0].at("domain") + "/" + rows[0].at("slug"), "localhost/spring");
        QCOMPARE(rows[0].at("touch"), "qr");
        QCOMPARE(rows[0].at("browser"), "Firefox");
        QCOMPARE(rows[0].at("campaign"), "launch");
        QCOMPARE(rows[0].at("destination"), "https://acme.example/landing");
        QCOMPARE(rows[3].at("reason"), "unknown_slug");
        QCOMPARE(rows[4].at("domain"), "www.localhost");
        QCOMPARE(rows[4].at("reason"), "unknown_host");
        QCOMPARE(rows[5].at("bot"), "true");
        const QList<QByteArray> lines =
            backend.command({"export", "hits", "--format", "jsonl"}).out.trimmed().split('\n');
        QCOMPARE(lines.size(), 6);

        // And the rollups equal the raw rows once the watermark has passed them.
        QTRY_COMPARE(backend.command({"stats", "--json"}).json()["watermark"].toInt(), 6);
        QTRY_VERIFY(console.watermark && console.watermark->seq.value == 6);
        int clicks = 0, scans = 0, humans = 0;
        for (const auto& row : rowsOf(backend.command({"export", "rollups", "--granularity", "minute"}).out)) {
            clicks += std::stoi(row.at("clicks"));
            humans += std::stoi(row.at("human_clicks"));
            scans += std::stoi(row.at("scans"));
        }
        QCOMPARE(clicks, 2);
        QCOMPARE(humans, 1);
        QCOMPARE(scans, 1);
        QVERIFY(backend.terminate(5000));
        QTRY_VERIFY(console.bye.has_value());
        QCOMPARE(console.bye->reason, protocol::ByeReason::ShuttingDown);
        QCOMPARE(backend.command({"check", "--json"}).json()["well"].toBool(), true);
    }

    void domainIsReadyAfterItsFirstRequest()
    {
        BackendProcess backend;
        QVERIFY2(backend.start(), qPrintable(backend.error()));
        QCOMPARE(backend.command({"domain", "add", "go.acme.example", "--assume-verified", "--json"})
                     .json()["state"]
                     .toString(),
                 "verified");
        QCOMPARE(backend.command({"link", "add", "https://acme.example/", "--domain", "go.acme.example", "--slug", "a"})
                     .status,
                 0);
        QVERIFY(backend.click("/a", firefox, "GET", "go.acme.example").startsWith("HTTP/1.1 404"));
        QTRY_VERIFY(backend.click("/a", firefox, "GET", "GO.acme.example:8080").startsWith("HTTP/1.1 302"));
        QVERIFY(backend.command({"domain", "list"}).out.contains("go.acme.example\tready"));
        QVERIFY(backend.click("/a", firefox, "GET", "www.go.acme.example").startsWith("HTTP/1.1 404"));
    }

    void secondBackendOnTheFolderIsRefusedClearly()
    {
        BackendProcess backend;
        QVERIFY2(backend.start(), qPrintable(backend.error()));
        const CommandResult second =
            backend.command({"serve", "--redirect", "127.0.0.1:0", "--api", "127.0.0.1:0", "--stream", "127.0.0.1:0"});
        QCOMPARE(second.status, 1);
        QVERIFY2(second.err.contains("in use"), second.err.constData());
        QVERIFY(second.out.isEmpty());
        QCOMPARE(backend.command({"stats"}).status, 0);
        const QString taken = QStringLiteral("127.0.0.1:%1").arg(backend.redirectPort());
        BackendProcess other;
        const CommandResult bound =
            other.command({"serve", "--redirect", taken, "--api", "127.0.0.1:0", "--stream", "127.0.0.1:0"});
        QCOMPARE(bound.status, 1);
        QVERIFY2(bound.err.contains(taken.toUtf8()), bound.err.constData());
    }

    void terminationAnswersAndStoresWhatIsOpen()
    {
        BackendProcess backend;
        backend.command({"link", "add", "https://acme.example/", "--slug", "a"});
        QVERIFY2(backend.start(), qPrintable(backend.error()));
        Traffic traffic(backend.redirectPort(), "/a", "t");
        traffic.start(1'000'000);
        QTRY_VERIFY(traffic.answeredCount() > 500);
        QVERIFY2(backend.terminate(5000), "SIGTERM did not end it with 0 within five seconds");
        traffic.finish();
        std::set<std::string> stored;
        for (const auto& row : rowsOf(backend.command({"export", "hits"}).out))
            stored.insert(row.at("placement"));
        for (const std::string& click : traffic.answered())
            QVERIFY2(stored.contains(click), click.c_str());
    }

    void rolesHoldOnTheApiAndTheStream()
    {
        BackendProcess backend;
        const QByteArray viewer = backend.command({"token", "create", "--role", "viewer"}).out.trimmed();
        QVERIFY2(backend.start(), qPrintable(backend.error()));
        const CommandResult operators = backend.command({"token", "create", "--role", "operator", "--json"});
        const QByteArray secret = operators.json()["token"].toString().toUtf8();
        const QByteArray body = "{\"domain\":\"localhost\",\"slug\":\"x\",\"destination\":\"https://acme.example/\"}";
        QCOMPARE(backend.request("POST", "/v1/links", viewer, body).status, 403);
        QCOMPARE(backend.request("POST", "/v1/links", secret, body).status, 201);
        QCOMPARE(backend.request("GET", "/v1/links", viewer).status, 200);
        QCOMPARE(backend.request("GET", "/v1/tokens", secret).status, 403);
        StreamClient console(protocol::Encoding::Cbor, viewer);
        console.open(backend.streamUrl());
        QTRY_VERIFY_WITH_TIMEOUT(console.subscribed(), 30'000); // under valgrind it takes over five seconds
        QCOMPARE(console.hello->role, "viewer");
        StreamClient stranger(protocol::Encoding::Cbor, "cr_nobody");
        stranger.open(backend.streamUrl());
        QTRY_VERIFY(stranger.bye.has_value());
        QCOMPARE(stranger.bye->reason, protocol::ByeReason::Unauthorized);
        const QString id = QString::number(operators.json()["id"].toInt());
        QCOMPARE(backend.command({"token", "revoke", id}).status, 0);
        QCOMPARE(backend.request("GET", "/v1/links", secret).status, 401);
    }

    void replayedLogIsCountedWhole()
    {
        BackendProcess backend;
        QVERIFY2(backend.start({"--rollup-interval", "200ms"}), qPrintable(backend.error()));
        QFile log(backend.folder() + ".log");
        QVERIFY(log.open(QIODevice::WriteOnly));
        const auto line = [&log](const char* request, const char* agent) {
            log.write(QByteArray("203.0.113.9 - - [01/Mar/2026:12:00:00 +0000] \"") + request +
                      "\" 200 5 \"https://news.example/\" \"" + agent + "\"\n");
        };
        const char* browser = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
        for (int i = 0; i < 30; ++i)
            line("GET /popular HTTP/1.1", browser);
        for (int i = 0; i < 5; ++i)
            line("GET /popular HTTP/1.1", "Googlebot/2.1 (+http://www.google.com/bot.html)");
        for (int i = 0; i < 4; ++i)
            line("HEAD /popular HTTP/1.1", browser);
        for (int i = 0; i < 7; ++i)
            line(QByteArray("GET /rare/" + QByteArray::number(i) + " HTTP/1.1").constData(), browser);
        line("GET /robots.txt HTTP/1.1", browser);
        line("POST /popular HTTP/1.1", browser);
        log.write("203.0.113.9 - - [01/Mar/2026:12:0");
        log.close();
        const CommandResult replay = backend.command({"replay", log.fileName(), "--make-links", "1", "--json"});
        QVERIFY2(replay.status == 0, replay.err.constData());
        QTRY_COMPARE(backend.command({"stats", "--json"}).json()["watermark"].toInt(), 46);
        const QJsonObject stats = backend.command({"stats", "--json"}).json();
        QCOMPARE(stats["hits"].toInt(), 46);
        QCOMPARE(stats["click"].toInt(), 35);
        QCOMPARE(stats["probe"].toInt(), 4);
        QCOMPARE(stats["miss"].toInt(), 7);
        QCOMPARE(stats["bots"].toInt(), 5);
        int clicks = 0, humans = 0;
        for (const auto& row : rowsOf(backend.command({"export", "rollups", "--by", "referrer"}).out)) {
            clicks += std::stoi(row.at("clicks"));
            humans += std::stoi(row.at("human_clicks"));
        }
        QCOMPARE(clicks, 35);
        QCOMPARE(humans, 30);
    }

    void commandsExplainThemselvesAndTheirMistakes()
    {
        BackendProcess backend;
        const QByteArray help = backend.command({"--help"}).out;
        for (const char* name :
             {"serve", "init", "token create", "domain add", "domain verify", "link add", "link list", "import",
              "stats", "export", "check", "classify", "geo install", "replay"}) {
            QVERIFY2(help.contains(name), name);
            const CommandResult own = backend.command(QString(name).split(' ') << "--help");
            QVERIFY2(own.status == 0 && own.out.startsWith("usage: clickroomd " + QByteArray(name)), own.out + own.err);
        }
        QCOMPARE(backend.command({"stats", "--jsom"}).status, 2);
        QVERIFY(backend.command({"stats", "--jsom"}).err.contains("--json"));
        QCOMPARE(backend.command({"sserve"}).status, 2);
        QCOMPARE(backend.command({"link", "add", "ftp://acme.example/"}).status, 1);
        QVERIFY(backend.command({"link", "add", "https://acme.example/", "--domain", "no.such"})
                    .err.contains("domain add"));
        QCOMPARE(backend.command({"export", "everything"}).status, 1);
        QCOMPARE(backend.command({"token", "create", "--role", "king"}).status, 2);
        QCOMPARE(backend.command({"token", "create", "--workspace", "none"}).status, 1);
        const CommandResult init = backend.command({"init", "--json"});
        QCOMPARE(init.json()["created"].toBool(true), false);
        QFile token(backend.folder() + "/admin.token");
        QCOMPARE(token.permissions() & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther),
                 QFile::Permissions());
    }
};

QTEST_GUILESS_MAIN(SpineTest)
#include "tst_spine.moc"

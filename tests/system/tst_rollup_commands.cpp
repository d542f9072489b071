// SPDX-License-Identifier: GPL-3.0-or-later
// Rollups made again by the command, beside a backend and on a stopped folder; what they then say is exported.
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include "tests/system/backend_process.h"

namespace {

const QByteArray firefox = "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n"
                           "Accept-Language: de\r\n";

} // namespace

class RollupCommandsTest : public QObject {
    Q_OBJECT

private slots:
    void rollupsAreMadeAgainWithAndWithoutABackend()
    {
        BackendProcess backend;
        for (const char* slug : {"a", "b"})
            QCOMPARE(backend.command({"link", "add", "https://acme.example/", "--slug", slug}).status, 0);
        QVERIFY2(backend.start({"--rollup-interval", "1h"}), qPrintable(backend.error()));
        for (int at = 0; at < 12; ++at)
            QVERIFY(backend.click(at % 3 == 0 ? "/a?qr=poster" : "/b", firefox).startsWith("HTTP/1.1 302"));
        QCOMPARE(QJsonDocument::fromJson(backend.get("/v1/reports?by=placement"))["totals"]["clicks"], 0);
        QCOMPARE(backend.command({"rollups", "rebuild", "--json"}).json()["hits"], 12);
        const QJsonDocument report = QJsonDocument::fromJson(backend.get("/v1/reports?by=placement"));
        QCOMPARE(report["totals"]["clicks"], 12);
        QCOMPARE(report["values"].toArray().size(), 2);
        QCOMPARE(QJsonDocument::fromJson(backend.get("/v1/reports/reconciliation"))["totals"]["state"], "equal");

        const QStringList byLanguage{"export", "rollups", "--granularity", "day", "--by", "language"};
        const QByteArray grown = backend.command(byLanguage).out;
        QVERIFY2(grown.contains(",a,de,4,4,4,"), grown.constData());
        backend.kill();
        for (const char* name : {"/rollups.db", "/rollups.db-wal", "/rollups.db-shm"})
            QFile::remove(backend.folder() + name);
        QVERIFY(!backend.command(byLanguage).out.contains(",de,"));
        QCOMPARE(backend.command({"rollups", "rebuild", "--json"}).json()["hits"], 12);
        QCOMPARE(backend.command(byLanguage).out, grown);
    }

    void theExportNamesTheDimensionsThatAre()
    {
        const BackendProcess backend;
        const CommandResult wrong = backend.command({"export", "rollups", "--by", "moon"});
        QCOMPARE(wrong.status, 1);
        QVERIFY2(wrong.err.contains("placement") && wrong.err.contains("or status"), wrong.err.constData());
        for (const char* dimension : {"city", "channel", "utm_content", "variant", "bot_category"})
            QCOMPARE(backend.command({"export", "rollups", "--by", dimension}).status, 0);
    }
};

QTEST_GUILESS_MAIN(RollupCommandsTest)
#include "tst_rollup_commands.moc"

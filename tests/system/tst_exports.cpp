// SPDX-License-Identifier: GPL-3.0-or-later
// What clickroomd exports, on command and by the clock, read back by others.
#include <QCryptographicHash>
#include <QDateTime>
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <QTimeZone>

#include "backend/cli/scheduled_exports.h"
#include "tests/system/backend_process.h"
#include "tests/system/exported_file.h"

namespace {

constexpr auto browser = "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n";
constexpr qint64 dayMs = 86'400'000;

std::size_t rowsIn(const QByteArray& csv)
{
    return rowsOf(csv).size();
}

QJsonValue python(const char* program, const QStringList& arguments)
{
    QProcess process;
    process.start(QStringLiteral("python3"), QStringList{QStringLiteral("-c"), QLatin1StringView(program)} + arguments);
    process.waitForFinished();
    const QByteArray said = process.readAllStandardOutput() + process.readAllStandardError();
    return QJsonDocument::fromJson("[" + said + "]").array().at(0);
}

} // namespace

class ExportsTest : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_backend = std::make_unique<BackendProcess>();
        m_backend->command({"link", "add", "https://acme.example/", "--slug", "spring"});
        QVERIFY2(m_backend->start({"--rollup-interval", "100ms"}), qPrintable(m_backend->error()));
        for (int i = 0; i < 3; ++i)
            m_backend->click("/spring?utm_source=%3Dcmd%7C%27%2FC%20calc%27%21A0", browser);
        QTRY_COMPARE(m_backend->command({"stats", "--json"}).json()["watermark"].toInt(), 3);
    }

    void aFileSaysWhereItComesFrom_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("format");
        QTest::addColumn<int>("rows");
        for (const char* format : {"csv", "jsonl", "xlsx"}) {
            QTest::addRow("hits as %s", format) << "hits" << format << 3;
            QTest::addRow("rollups as %s", format) << "rollups" << format << 1;
            QTest::addRow("links as %s", format) << "links" << format << 1;
        }
    }

    void aFileSaysWhereItComesFrom()
    {
        QFETCH(QString, what);
        QFETCH(QString, format);
        const QString path = m_folder->filePath(what + QLatin1Char('.') + format);
        const CommandResult done =
            m_backend->command({"export", what, "--format", format, "--output", path, "--granularity", "day"});
        QVERIFY2(done.status == 0, done.err.constData());
        QVERIFY(done.out.isEmpty());
        const QJsonObject facts = factsOf(path);
        QTEST(facts["rows"].toInt(), "rows");
        QCOMPARE(facts["what"].toString(), what);
        QCOMPARE(facts["workspace"].toString(), QStringLiteral("default"));
        QCOMPARE(facts["cursor"].toInt(), 3);
        QCOMPARE(facts["watermark"].toInt(), 3);
        const QByteArray bytes = contentsOf(path);
        QCOMPARE(facts["bytes"].toInteger(), bytes.size());
        QCOMPARE(facts["sha256"].toString(),
                 QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex()));
        QCOMPARE(QDir(m_folder->path()).entryList({QStringLiteral("*.part")}).size(), 0);
        if (format == QLatin1String("csv"))
            QCOMPARE(m_backend->command({"export", what, "--granularity", "day"}).out, bytes);
    }

    void formulasAreTextAndNumbersNumbersElsewhere()
    {
        const QString csv = m_folder->filePath(QStringLiteral("h.csv"));
        const QString lines = m_folder->filePath(QStringLiteral("h.jsonl"));
        QCOMPARE(m_backend->command({"export", "hits", "--output", csv}).status, 0);
        QCOMPARE(m_backend->command({"export", "hits", "--format", "jsonl", "--output", lines}).status, 0);
        const QJsonValue row = python(
            "import csv,json,sys\nprint(json.dumps(list(csv.DictReader(open(sys.argv[1],newline='')))[0]))", {csv});
        QCOMPARE(row["utm_source"].toString(), QStringLiteral("'=cmd|'/C calc'!A0"));
        QCOMPARE(row["status"].toString(), QStringLiteral("302"));
        const QJsonValue hit =
            python("import json,sys\nprint(json.dumps([json.loads(l) for l in open(sys.argv[1])][0]))", {lines});
        QCOMPARE(hit["utm_source"].toString(), QStringLiteral("=cmd|'/C calc'!A0"));
        QCOMPARE(hit["status"].toInt(), 302);
        QVERIFY(hit["bot"].isBool());
    }

    void aRangeLeavesOutWhatLiesOutside()
    {
        const QDateTime now = QDateTime::currentDateTimeUtc();
        const QString hourAgo = now.addSecs(-3600).toString(Qt::ISODate),
                      hourOn = now.addSecs(3600).toString(Qt::ISODate);
        const auto rows = [this](const QStringList& range) {
            return rowsIn(m_backend->command(QStringList{"export", "hits"} + range).out);
        };
        QCOMPARE(rows({"--from", hourAgo, "--to", hourOn}), 4U);
        QCOMPARE(rows({"--to", hourAgo}), 1U);
        QCOMPARE(rows({"--from", hourOn}), 1U);
        QCOMPARE(rowsIn(m_backend->command({"export", "rollups", "--from", hourOn}).out), 1U);
        QCOMPARE(rowsIn(m_backend->command({"export", "rollups", "--from", "2026-01-01"}).out), 2U);
        const CommandResult wrong = m_backend->command({"export", "hits", "--from", "yesterday"});
        QVERIFY(wrong.status != 0);
        QVERIFY2(wrong.err.contains("--from") && wrong.err.contains("yesterday"), wrong.err.constData());
        QVERIFY(m_backend->command({"export", "links", "--from", hourAgo}).status != 0);
        QVERIFY(m_backend->command({"export", "hits", "--format", "xlsx"}).err.contains("--output"));
        const CommandResult nowhere = m_backend->command({"export", "hits", "--output", "/no/such/folder/a.csv"});
        QVERIFY(nowhere.status != 0);
        QVERIFY(nowhere.err.contains("/no/such/folder/a.csv"));
    }

    void filesAreWrittenByTheClock()
    {
        const runtime::SystemClock clock;
        std::string logged;
        const runtime::Log log(clock, runtime::LogLevel::Info, runtime::LogFormat::Logfmt,
                               [&logged](std::string_view line) { logged += line; });
        const std::string folder = m_folder->filePath(QStringLiteral("by-day")).toStdString();
        const cli::ScheduledExports exports({folder, dayMs, {"hits", "rollups", "links"}, protocol::TableFormat::Csv},
                                            m_backend->folder().toStdString(), clock, log);
        const qint64 today = QDateTime::currentMSecsSinceEpoch() / dayMs * dayMs;
        const auto at = [](qint64 ms) { return protocol::UtcMs(ms); };
        // Today is not over; of the days before there is nothing but the links.
        QCOMPARE(exports.writeDue(at(today + cli::ScheduledExports::graceMs)), 1);
        QCOMPARE(exports.writeDue(at(today + dayMs + cli::ScheduledExports::graceMs - 1)), 0);
        QCOMPARE(exports.writeDue(at(today + dayMs + cli::ScheduledExports::graceMs)), 3);
        QCOMPARE(exports.writeDue(at(today + dayMs + cli::ScheduledExports::graceMs)), 0); // they are there
        // Two days nobody was there: both are made up for, the links once.
        QCOMPARE(exports.writeDue(at(today + 3 * dayMs + cli::ScheduledExports::graceMs)), 5);
        const QString day =
            QDateTime::fromMSecsSinceEpoch(today, QTimeZone::UTC).toString(QStringLiteral("yyyy-MM-dd"));
        const QString hits = QString::fromStdString(folder) + QStringLiteral("/hits-default-%1.csv").arg(day);
        QCOMPARE(rowsIn(contentsOf(hits)), 4U);
        QCOMPARE(factsOf(hits)["from"].toString().left(10), day);
        QCOMPARE(factsOf(hits)["rows"].toInt(), 3);
        QVERIFY2(logged.find("exported") != std::string::npos, logged.c_str());
    }

    void theServerTakesASchedule()
    {
        m_backend->kill();
        QVERIFY(!m_backend->start({"--export-folder", m_folder->path(), "--export", "hits,sheets"}));
        QVERIFY2(m_backend->error().contains("sheets"), qPrintable(m_backend->error()));
        QVERIFY(m_backend->start({"--export-folder", m_folder->filePath("made"), "--export", "links"}));
        QTRY_COMPARE(QDir(m_folder->filePath("made")).entryList({"links-default-*.csv"}).size(), 1);
        QVERIFY(m_backend->terminate(10'000));
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<BackendProcess> m_backend;
};

QTEST_GUILESS_MAIN(ExportsTest)
#include "tst_exports.moc"

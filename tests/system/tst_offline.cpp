// SPDX-License-Identifier: GPL-3.0-or-later
// The real console with the backend gone: what it shows and exports is what it knew, and on return nothing is doubled
// or lost.
#include <QDir>
#include <QElapsedTimer>
#include <QImage>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTest>

#include <set>

#include "tests/system/backend_process.h"
#include "tests/system/exported_file.h"
#include "tests/system/traffic.h"

namespace {

constexpr auto browser = "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n";
constexpr int consoleMs = 60'000;

struct Ended {
    int status = -1;
    QByteArray said;

    // "window shown after 312 ms": the figure.
    int msOf(const char* what) const
    {
        const QRegularExpression line(QLatin1StringView(what) + QStringLiteral(" after (\\d+) ms"));
        const auto match = line.match(QString::fromUtf8(said));
        return match.hasMatch() ? match.captured(1).toInt() : -1;
    }
};

} // namespace

class OfflineTest : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_home = std::make_unique<QTemporaryDir>();
        m_backend = std::make_unique<BackendProcess>();
        m_backend->command({"link", "add", "https://acme.example/", "--slug", "spring"});
        QVERIFY2(m_backend->start({"--rollup-interval", "200ms"}), qPrintable(m_backend->error()));
    }

    void theSameFileComesOutWithoutTheBackend();
    void onReturnNothingIsDoubledOrLost();
    void withoutAnArchiveItSaysSo();
    void aDamagedArchiveIsSetAsideAndTheConsoleStarts();

private:
    QString file(const char* name) const { return m_home->filePath(QLatin1StringView(name)); }

    // The console's own program, to its end.
    Ended console(QStringList arguments) const
    {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
        environment.insert(QStringLiteral("QT_QUICK_BACKEND"), QStringLiteral("software"));
        environment.insert(QStringLiteral("CLICKROOM_TIMES"), QStringLiteral("1"));
        for (const char* folder : {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"})
            environment.insert(QLatin1StringView(folder), m_home->path());
        process.setProcessEnvironment(environment);
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(QStringLiteral(CLICKROOM_BIN_DIR "/clickroom"),
                      arguments << QStringLiteral("--software") << QStringLiteral("--archive") << file("archive"));
        Ended ended;
        if (process.waitForFinished(consoleMs) && process.exitStatus() == QProcess::NormalExit)
            ended.status = process.exitCode();
        ended.said = process.readAll();
        process.kill();
        process.waitForFinished();
        return ended;
    }
    Ended online(const QString& csv) const
    {
        return console({QStringLiteral("--connect"), QStringLiteral("http://127.0.0.1:%1").arg(m_backend->apiPort()),
                        QStringLiteral("--token-file"), m_backend->folder() + QStringLiteral("/admin.token"),
                        QStringLiteral("--export"), csv, QStringLiteral("--after"), QStringLiteral("2")});
    }
    Ended offline(const QString& csv, const QStringList& more = {}) const
    {
        return console(QStringList{QStringLiteral("--offline"), QStringLiteral("--export"), csv,
                                   QStringLiteral("--after"), QStringLiteral("1")} +
                       more);
    }
    void click(int count, const char* prefix) const
    {
        Traffic traffic(m_backend->redirectPort(), "/spring", prefix);
        traffic.start(static_cast<std::uint64_t>(count));
        traffic.waitForAll();
    }

    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<BackendProcess> m_backend;
};

void OfflineTest::theSameFileComesOutWithoutTheBackend()
{
    click(300, "a-");
    m_backend->click("/spring", QByteArray(browser) + "Referer: https://=cmd|calc/x\r\n");
    m_backend->click("/sprnig", browser);
    const Ended first = online(file("online.csv"));
    QVERIFY2(first.status == 0, first.said.constData());
    m_backend->kill();
    const QString picture = file("offline.png");
    const Ended second = offline(file("offline.csv"), {QStringLiteral("--screenshot"), picture});
    QVERIFY2(second.status == 0, second.said.constData());

    const QByteArray before = contentsOf(file("online.csv"));
    QCOMPARE(rowsOf(contentsOf(file("online.csv"))).size(), 303U);
    QCOMPARE(contentsOf(file("offline.csv")), before);
    const QJsonObject was = factsOf(file("online.csv")), is = factsOf(file("offline.csv"));
    for (const char* same : {"cursor", "rows", "sha256", "workspace", "data_id", "first_seq", "last_seq", "watermark"})
        QCOMPARE(is[QLatin1StringView(same)], was[QLatin1StringView(same)]);
    QCOMPARE(was[QStringLiteral("offline")].toBool(), false);
    QCOMPARE(is[QStringLiteral("offline")].toBool(), true);
    QCOMPARE(QImage(picture).size(), QSize(1920, 1080));
    QVERIFY(second.msOf("window shown") >= 0);
    qInfo("offline: window after %d ms, its rows after %d ms", second.msOf("window shown"),
          second.msOf("archive shown"));
    // Nothing of it lies there in clear.
    for (const QFileInfo& kept : QDir(file("archive")).entryInfoList(QDir::Files)) {
        const QByteArray bytes = contentsOf(kept.filePath());
        QVERIFY2(!bytes.contains("acme.example") && !bytes.contains("sprnig"), qPrintable(kept.fileName()));
        const auto others = QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther;
        if (kept.fileName() == QLatin1String("tokens.json") || kept.suffix() == QLatin1String("db"))
            QVERIFY2(!(kept.permissions() & others), qPrintable(kept.fileName()));
    }
}

void OfflineTest::onReturnNothingIsDoubledOrLost()
{
    click(200, "a-");
    QCOMPARE(online(file("1.csv")).status, 0);
    m_backend->kill();
    QCOMPARE(offline(file("2.csv")).status, 0);
    QVERIFY2(m_backend->start(), qPrintable(m_backend->error()));
    click(6000, "b-"); // more than a console without an archive asks for
    const Ended back = online(file("3.csv"));
    QVERIFY2(back.status == 0, back.said.constData());
    m_backend->kill();
    QCOMPARE(offline(file("4.csv")).status, 0);
    for (const char* name : {"3.csv", "4.csv"}) {
        std::set<std::string> seqs;
        const auto rows = rowsOf(contentsOf(file(name)));
        QCOMPARE(rows.size(), 6201U);
        for (std::size_t i = 1; i < rows.size(); ++i)
            seqs.insert(rows[i][0]);
        QCOMPARE(seqs.size(), 6200U);
    }
    QCOMPARE(contentsOf(file("4.csv")), contentsOf(file("3.csv")));
    QCOMPARE(factsOf(file("3.csv"))[QStringLiteral("received")].toInt(), 6000); // the rest was there
}

void OfflineTest::withoutAnArchiveItSaysSo()
{
    const Ended ended = offline(file("none.csv"));
    QCOMPARE(ended.status, 1);
    QVERIFY2(ended.said.contains("no archive"), ended.said.constData());
    QVERIFY(!QFile::exists(file("none.csv")));
}

void OfflineTest::aDamagedArchiveIsSetAsideAndTheConsoleStarts()
{
    click(50, "a-");
    QCOMPARE(online(file("1.csv")).status, 0);
    QString path;
    for (const QFileInfo& kept : QDir(file("archive")).entryInfoList({QStringLiteral("*.db")}, QDir::Files))
        path = kept.filePath();
    QFile damaged(path);
    QVERIFY(damaged.open(QIODevice::WriteOnly));
    damaged.write(QByteArray("not at all a database").repeated(1000));
    damaged.close();
    const Ended without = offline(file("2.csv"));
    QCOMPARE(without.status, 1);
    QVERIFY2(without.said.contains("no archive"), without.said.constData());
    QVERIFY(QFile::exists(path + QStringLiteral(".damaged-1")));
    const Ended again = online(file("3.csv"));
    QVERIFY2(again.status == 0, again.said.constData());
    QCOMPARE(rowsOf(contentsOf(file("3.csv"))).size(), 51U);
    QCOMPARE(offline(file("4.csv")).status, 0);
    QCOMPARE(contentsOf(file("4.csv")), contentsOf(file("3.csv")));
}

QTEST_GUILESS_MAIN(OfflineTest)
#include "tst_offline.moc"

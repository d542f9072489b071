// SPDX-License-Identifier: GPL-3.0-or-later
// A hundred thousand links by the real program: beside a running backend and without one, a second run, and an end in
// the middle.
#include <QFile>
#include <QJsonArray>
#include <QProcess>
#include <QTest>

#include <csignal>

#include "tests/system/backend_process.h"

namespace {

constexpr int rows = 100'000;

QString manyRows(const QString& folder)
{
    QFile file(folder + QStringLiteral("/many.csv"));
    if (!file.open(QIODevice::WriteOnly))
        qFatal("%s", qPrintable(file.errorString()));
    QByteArray text("Short link,Destination URL,Clicks,Tags\n");
    for (int i = 0; i < rows; ++i)
        text += "https://go.test/s" + QByteArray::number(i) + ",https://a.example/" + QByteArray::number(i) +
                ",1,\"print, spring\"\n";
    if (file.write(text) != text.size())
        qFatal("%s", qPrintable(file.errorString()));
    return file.fileName();
}

qint64 linksOf(const BackendProcess& backend)
{
    const CommandResult listed = backend.command({"link", "list"});
    return listed.status == 0 ? listed.out.count('\n') : -1;
}

} // namespace

class ImportTest : public QObject {
    Q_OBJECT

private slots:
    void besideARunningBackend()
    {
        BackendProcess backend;
        QVERIFY2(backend.start(), qPrintable(backend.error()));
        const QString file = manyRows(backend.folder());
        const QJsonObject trial = backend.command({"import", file, "--dry-run", "--json"}).json();
        QCOMPARE(trial["made"].toInt(), rows);
        QCOMPARE(trial["format"].toString(), QStringLiteral("dub"));
        QCOMPARE(linksOf(backend), 0);
        const CommandResult made = backend.command({"import", file, "--format", "dub", "--json"});
        QVERIFY2(made.status == 0, made.err);
        QCOMPARE(made.json()["made"].toInt(), rows);
        QCOMPARE(made.json()["domains"].toArray(), QJsonArray{"go.test"});
        // A reserved name is verified at once and ready with the first request.
        QTRY_VERIFY(backend.click("/s99999", {}, "GET", "go.test").contains("https://a.example/99999"));
        const QJsonObject again = backend.command({"import", file, "--json"}).json();
        QCOMPARE(again["made"].toInt(), 0);
        QCOMPARE(again["skipped"].toInt(), rows);
        QCOMPARE(linksOf(backend), rows);
        QVERIFY(backend.terminate(10'000));
        QCOMPARE(linksOf(backend), rows);
    }

    void anEndInTheMiddleLeavesAllOrNone()
    {
        BackendProcess backend;
        const QString file = manyRows(backend.folder());
        // At another moment each time: while reading, planning, writing, and after all.
        for (const int afterMs : {50, 300, 800, 1500, 2500}) {
            QProcess command;
            command.start(QStringLiteral(CLICKROOM_BIN_DIR "/clickroomd"),
                          {"import", "--data", backend.folder(), file});
            QVERIFY(command.waitForStarted());
            if (!command.waitForFinished(afterMs)) {
                ::kill(static_cast<pid_t>(command.processId()), SIGINT);
                QVERIFY(command.waitForFinished());
            }
            const qint64 count = linksOf(backend);
            QVERIFY2(count == 0 || count == rows, qPrintable(QString::number(count)));
            if (count == rows)
                break;
            QVERIFY(!backend.command({"domain", "list"}).out.contains("go.test"));
        }
        const CommandResult whole = backend.command({"import", file, "--json"});
        QVERIFY2(whole.status == 0, whole.err);
        QCOMPARE(linksOf(backend), rows);
    }
};

QTEST_GUILESS_MAIN(ImportTest)
#include "tst_import.moc"

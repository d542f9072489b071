// SPDX-License-Identifier: GPL-3.0-or-later
#include <map>
#include <memory>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <unistd.h>

#include "backend/enrich/visitor_salts.h"

using namespace enrich;
using protocol::UtcMs;
using protocol::VisitorKey;
using protocol::WorkspaceId;

namespace {

constexpr std::int64_t noon = 20'000 * protocol::msPerDay + 12 * protocol::msPerHour;
const WorkspaceId one(1), two(2);
const IpAddress home = IpAddress::v4(0xcb007101);

VisitorKey keyAt(VisitorSalts& salts, std::int64_t ms, WorkspaceId workspace = one)
{
    return salts.key(workspace, UtcMs(ms), home, "agent");
}

QByteArray contents(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestVisitorSalts : public QObject {
    Q_OBJECT

private slots:
    void keysTellVisitorsApart()
    {
        VisitorSalts salts("");
        const VisitorKey key = keyAt(salts, noon);
        QVERIFY(key);
        QCOMPARE(keyAt(salts, noon + protocol::msPerHour), key);
        QVERIFY(keyAt(salts, noon, two) != key);
        QVERIFY(salts.key(one, UtcMs(noon), home, "agent2") != key);
        QVERIFY(salts.key(one, UtcMs(noon), IpAddress::v4(0xcb007102), "agent") != key);
        IpAddress six = home;
        six.v6 = true;
        QVERIFY(salts.key(one, UtcMs(noon), six, "agent") != key);
        QVERIFY(keyAt(salts, noon + protocol::msPerDay) != key);
    }

    void anotherSaltGivesAnotherKey()
    {
        VisitorSalts first(""), second("");
        QVERIFY(keyAt(first, noon) != keyAt(second, noon));
    }

    void restartOnTheSameDayKeepsTheDaysKeys()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath("visitor.salts");
        VisitorKey key;
        {
            VisitorSalts salts(path.toStdString());
            key = keyAt(salts, noon);
            QCOMPARE(salts.problem(), std::string());
        }
        QCOMPARE(QFileInfo(path).permissions() &
                     (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther),
                 QFile::Permissions());
        VisitorSalts again(path.toStdString());
        QCOMPARE(keyAt(again, noon + 1), key);
        QVERIFY(!QFile::exists(path + ".new"));
    }

    void saltsAreDestroyedWithin48Hours()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath("visitor.salts");
        VisitorSalts salts(path.toStdString());
        const VisitorKey key = keyAt(salts, noon);
        keyAt(salts, noon, two);
        QCOMPARE(salts.count(), std::size_t(2));
        const QByteArray before = contents(path);
        QVERIFY(before.contains("1 20000 ") && before.contains("2 20000 "));

        salts.destroyExpired(UtcMs(noon + protocol::msPerHour));
        QCOMPARE(salts.count(), std::size_t(2));
        // The day began 12 hours before noon: 48 hours after its start is 36 hours after noon.
        salts.destroyExpired(UtcMs(noon + 36 * protocol::msPerHour));
        QCOMPARE(salts.count(), std::size_t(0));
        QVERIFY(!contents(path).contains(" 20000 "));
        QVERIFY(keyAt(salts, noon) != key);
    }

    void newDayDestroysTheOldByItself()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath("visitor.salts");
        VisitorSalts salts(path.toStdString());
        keyAt(salts, noon);
        keyAt(salts, noon + protocol::msPerDay);
        QCOMPARE(salts.count(), std::size_t(1));
        QVERIFY(contents(path).contains("1 20001 "));
        QVERIFY(!contents(path).contains("1 20000 "));
    }

    void oldContentsAreOverwrittenOnDisk()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath("visitor.salts");
        VisitorSalts salts(path.toStdString());
        keyAt(salts, noon);
        // A second name for the old file keeps its blocks in sight after the rename.
        QFile old(path);
        QVERIFY(old.open(QIODevice::ReadOnly));
        keyAt(salts, noon + protocol::msPerDay);
        const QByteArray remains = old.readAll();
        QCOMPARE(remains, QByteArray(remains.size(), '\0'));
    }

    // Three days, hour by hour, three workspaces in three zones, a restart now and then. Every state of the files is
    // kept in sight by a second name outside of the folder: nowhere, not in what a rename has replaced either, is there
    // a byte of a salt whose day began 48 hours ago. (No journal has them: the file is a plain one.)
    void noByteOfASaltIsLeftOnTheDiskAfter48Hours()
    {
        struct Seen {
            QByteArray hex, raw;
            std::int64_t dayBeganMs;
        };
        const std::map<std::uint32_t, std::int64_t> offsets{
            {1, 0}, {2, 13 * protocol::msPerHour}, {3, -11 * protocol::msPerHour}};
        QTemporaryDir folder, sight;
        const QString path = folder.filePath("visitor.salts");
        std::map<QByteArray, Seen> seen;
        std::size_t gone = 0;
        auto salts = std::make_unique<VisitorSalts>(path.toStdString());
        for (int hour = 0; hour < 80; ++hour) {
            const std::int64_t now = noon + hour * protocol::msPerHour;
            if (hour % 7 == 3)
                salts = std::make_unique<VisitorSalts>(path.toStdString());
            for (const auto& [workspace, offset] : offsets) {
                salts->setZoneOffset(WorkspaceId(workspace), offset);
                if (hour < 60)
                    keyAt(*salts, now, WorkspaceId(workspace));
            }
            salts->destroyExpired(UtcMs(now));
            for (const QFileInfo& file : QDir(folder.path()).entryInfoList(QDir::Files)) {
                const QString name = sight.filePath(QString::number(hour) + file.fileName());
                QCOMPARE(::link(qPrintable(file.filePath()), qPrintable(name)), 0);
                for (const QByteArray& line : contents(file.filePath()).split('\n').mid(1)) {
                    const QList<QByteArray> fields = line.split(' ');
                    if (fields.size() == 3)
                        seen[fields[2]] = {fields[2], QByteArray::fromHex(fields[2]),
                                           fields[1].toLongLong() * protocol::msPerDay -
                                               offsets.at(fields[0].toUInt())};
                }
            }
            QByteArray everything;
            for (const QString& where : {folder.path(), sight.path()}) {
                for (const QFileInfo& file : QDir(where).entryInfoList(QDir::Files | QDir::Hidden))
                    everything += contents(file.filePath());
            }
            gone = 0;
            for (const auto& [hex, salt] : seen) {
                if (now - salt.dayBeganMs < 48 * protocol::msPerHour)
                    continue;
                ++gone;
                QVERIFY2(!everything.contains(salt.hex) && !everything.contains(salt.raw),
                         qPrintable(QString::number(hour)));
            }
        }
        QVERIFY(seen.size() >= 9);
        QVERIFY(gone >= 6);
        QCOMPARE(salts->count(), std::size_t(0));
    }

    void dayFollowsTheReportingZone()
    {
        VisitorSalts salts("");
        salts.setZoneOffset(one, 2 * protocol::msPerHour);
        const std::int64_t elevenAtNight = noon + 11 * protocol::msPerHour; // 01:00 of the next day in the zone
        const VisitorKey key = keyAt(salts, elevenAtNight);
        QVERIFY(keyAt(salts, noon) != key);
        QCOMPARE(keyAt(salts, elevenAtNight + 3 * protocol::msPerHour), key);
    }

    void damagedFilesStartAnew_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("text") << QByteArray("hello\nworld\n");
        QTest::newRow("header alone") << QByteArray("clickroom visitor salts 1\n");
        QTest::newRow("zeros") << QByteArray(100, '\0');
        QTest::newRow("short salt") << QByteArray("clickroom visitor salts 1\n1 20000 abcd\n");
        QTest::newRow("no hex") << QByteArray("clickroom visitor salts 1\n1 20000 ") + QByteArray(64, 'z') + "\n";
        QTest::newRow("no workspace") << QByteArray("clickroom visitor salts 1\n") + "\n\n 1\nx y z\n1\n1 2\n1 2 \n";
        QTest::newRow("huge") << QByteArray("clickroom visitor salts 1\n") + QByteArray(3 * 1024 * 1024, '1');
    }

    void damagedFilesStartAnew()
    {
        QFETCH(QByteArray, bytes);
        QTemporaryDir folder;
        const QString path = folder.filePath("visitor.salts");
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
        file.close();
        VisitorSalts salts(path.toStdString());
        QCOMPARE(salts.count(), std::size_t(0));
        QVERIFY(keyAt(salts, noon));
        QCOMPARE(salts.problem(), std::string());
        QVERIFY(contents(path).contains("1 20000 "));
    }

    void crashBetweenOverwritingAndRenamingLosesNothing()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath("visitor.salts");
        VisitorKey key;
        {
            VisitorSalts salts(path.toStdString());
            key = keyAt(salts, noon);
        }
        QVERIFY(QFile::copy(path, path + ".new"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadWrite));
        file.write(QByteArray(static_cast<qsizetype>(file.size()), '\0'));
        file.close();
        VisitorSalts salts(path.toStdString());
        QCOMPARE(keyAt(salts, noon), key);
    }

    void unwritableFolderIsReportedAndKeysStillWork()
    {
        VisitorSalts salts("/nowhere/at/all/visitor.salts");
        const VisitorKey key = keyAt(salts, noon);
        QVERIFY(key);
        QCOMPARE(keyAt(salts, noon), key);
        QVERIFY(salts.problem().find("/nowhere/at/all") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestVisitorSalts)
#include "tst_visitor_salts.moc"

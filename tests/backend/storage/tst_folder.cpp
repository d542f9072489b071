// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

#include "backend/storage/folder_lock.h"
#include "backend/storage/hits/hit_store.h"
#include "backend/storage/init_folder.h"
#include "backend/storage/reader.h"
#include "backend/storage/spill_file.h"
#include "backend/storage/sqlite/rollup_store.h"
#include "backend/storage/store.h"
#include "tests/support/hit_samples.h"

using namespace storage;

class FolderTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    std::string folder() const { return m_dir->path().toStdString() + "/data"; }

private slots:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }

    void makesWhatAFirstStartNeeds()
    {
        const InitResult result = initFolder(folder());
        QVERIFY(result.created);
        const Reader reader(folder());
        QCOMPARE(reader.workspaces().at(0).name, std::string("default"));
        QCOMPARE(reader.domains().at(0).host, std::string("localhost"));
        QCOMPARE(reader.domains().at(0).state, links::DomainState::Ready);
        QFile file(QString::fromStdString(result.tokenFile));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const std::string secret = file.readAll().trimmed().toStdString();
        const auto token = reader.tokenOf(secret);
        QVERIFY(token && token->role == Role::Admin);
        QVERIFY(!reader.tokenOf(secret + "x") && !reader.tokenOf("") && !reader.tokenOf(secret.substr(1)));
        QVERIFY(!reader.dataId().empty());
        QCOMPARE(reader.editsSince({}, 0, 10).size(), std::size_t(3));
    }

    void changesNothingTheSecondTime()
    {
        initFolder(folder());
        const std::string id = Reader(folder()).dataId();
        QVERIFY(!initFolder(folder()).created);
        QCOMPARE(Reader(folder()).tokens().size(), std::size_t(1));
        QCOMPARE(Reader(folder()).dataId(), id);
        // Beside a running backend too, which holds the lock.
        const Store store({folder()});
        QVERIFY(!initFolder(folder()).created);
    }

    void finishesWhatACrashCutShort()
    {
        // As after a crash before the token was stored: a file whose secret nobody knows.
        {
            const Store store({folder()});
        }
        QFile file(QString::fromStdString(folder()) + "/admin.token");
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("stale\n") > 0);
        file.close();
        QVERIFY(initFolder(folder()).created);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(Reader(folder()).tokenOf(file.readAll().trimmed().toStdString()));
    }

    void refusesASecondOpenerAndSaysWhoHoldsIt()
    {
        Store store({folder()});
        store.announce({0, "http://127.0.0.1:8081", "http://127.0.0.1:8080", "ws://127.0.0.1:8082/v1/stream"});
        try {
            const Store second({folder()});
            QFAIL("opened twice");
        } catch (const StoreError& error) {
            const QString text = QString::fromUtf8(error.what());
            QVERIFY2(text.contains(QString::number(QCoreApplication::applicationPid())), error.what());
            QVERIFY2(text.contains("http://127.0.0.1:8081"), error.what());
        }
    }

    void findsARunningBackendAndNoneAfterwards()
    {
        QVERIFY(!findRunning(folder()));
        {
            Store store({folder()});
            QVERIFY(findRunning(folder())->api.empty());
            store.announce({0, "http://127.0.0.1:1", "http://127.0.0.1:2", "ws://127.0.0.1:3/v1/stream"});
            const auto running = findRunning(folder());
            QVERIFY(running);
            QCOMPARE(running->pid, std::int64_t(QCoreApplication::applicationPid()));
            QCOMPARE(running->api, std::string("http://127.0.0.1:1"));
            QCOMPARE(running->stream, std::string("ws://127.0.0.1:3/v1/stream"));
        }
        QVERIFY(!findRunning(folder()));
    }

    void letsNobodyElseReadTheFolder()
    {
        initFolder(folder());
        Store store({folder()});
        store.hits().append(support::hitsFrom(1, 10));
        store.spill().append(support::hitsFrom(11, 1));
        store.rollups().touch(protocol::UtcMs(1), protocol::UtcMs());
        int files = 0;
        QDirIterator entries(QString::fromStdString(folder()), QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot,
                             QDirIterator::Subdirectories);
        while (entries.hasNext()) {
            const QString path = entries.next();
            struct stat info{};
            QCOMPARE(::stat(path.toUtf8().constData(), &info), 0);
            QCOMPARE(info.st_mode & 0777, mode_t(S_ISDIR(info.st_mode) ? 0700 : 0600));
            ++files;
        }
        QVERIFY(files >= 10);
        struct stat info{};
        QCOMPARE(::stat(folder().c_str(), &info), 0);
        QCOMPARE(info.st_mode & 0777, mode_t(0700));
    }

    void makesDamagedRollupsAgain()
    {
        initFolder(folder());
        QFile file(QString::fromStdString(folder()) + "/rollups.db");
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(QByteArray(5000, 'x')) == 5000);
        file.close();
        Store store({folder()});
        QCOMPARE(store.notices().size(), std::size_t(1));
        QCOMPARE(store.rollups().mark().seq, protocol::HitSeq());
        QCOMPARE(store.damagedFiles(), std::size_t(1));
    }

    void takesInWhatIsWholeOfADamagedSpillFile()
    {
        initFolder(folder());
        Store({folder()}).spill().append(support::hitsFrom(1, 5));
        QFile file(QString::fromStdString(SpillFile::pathIn(folder())));
        QVERIFY(file.open(QIODevice::ReadWrite));
        QByteArray bytes = file.readAll();
        bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
        QVERIFY(file.seek(0) && file.write(bytes) == bytes.size());
        file.close();
        for (int opening = 0; opening < 2; ++opening) {
            Store store({folder()});
            QCOMPARE(store.damagedFiles(), std::size_t(1));
            QCOMPARE(store.spill().hits(), std::uint64_t(4));
            QCOMPARE(store.spill().front(10).back().seq, protocol::HitSeq(5));
            QCOMPARE(store.notices().size(), std::size_t(opening == 0 ? 1 : 0));
            if (opening == 0)
                QVERIFY(store.notices().front().ends_with("4 hits of it could be read, at most 1 more could not"));
        }
    }

    void saysWhatToDoAboutDamagedSettings()
    {
        initFolder(folder());
        QFile file(QString::fromStdString(folder()) + "/settings.db");
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(QByteArray(5000, 'x')) == 5000);
        file.close();
        QVERIFY_THROWS_EXCEPTION(StoreError, Store({folder()}));
        QVERIFY(!findRunning(folder()));
    }

    void aReaderOfNoFolderSaysWhatToDo()
    {
        try {
            const Reader reader(folder());
            QFAIL("read nothing");
        } catch (const StoreError& error) {
            QVERIFY2(QString::fromUtf8(error.what()).contains("init"), error.what());
        }
    }
};

QTEST_GUILESS_MAIN(FolderTest)
#include "tst_folder.moc"

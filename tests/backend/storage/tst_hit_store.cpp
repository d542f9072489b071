// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <chrono>
#include <random>

#include "backend/protocol/words.h"
#include "backend/storage/reader.h"
#include "backend/storage/sqlite/checkpointer.h"
#include "backend/storage/sqlite/database.h"
#include "backend/storage/sqlite/hit_store.h"
#include "backend/storage/sqlite/settings_store.h"
#include "backend/storage/store.h"
#include "tests/support/hit_samples.h"

using namespace storage;
using support::hitsFrom;
using support::noon;

namespace {

protocol::HitBatch allHits(const std::string& folder)
{
    protocol::HitSeq covered;
    return Reader(folder).hitsAfter({}, 1'000'000, {}, {}, covered);
}

void writeFile(const std::string& path, const QByteArray& bytes)
{
    QFile file(QString::fromStdString(path));
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    QCOMPARE(file.write(bytes), bytes.size());
}

} // namespace

class HitStoreTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    std::string folder() const { return m_dir->path().toStdString(); }
    std::string dayFile(std::int64_t time = noon) const { return dayFilePath(folder(), dayOf(protocol::UtcMs(time))); }

private slots:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }

    void namesADayFileByItsDay()
    {
        QCOMPARE(dayFileName(dayOf(protocol::UtcMs(noon))), std::string("2026-03-01.db"));
        QCOMPARE(dayFrom("2026-03-01.db"), std::optional<Day>(dayOf(protocol::UtcMs(noon))));
        for (const char* wrong :
             {"2026-13-01.db", "2026-02-30.db", "2026-03-01.db-wal", "2026-03-01.db.damaged-1", "x"})
            QVERIFY2(!dayFrom(wrong), wrong);
        QCOMPARE(dayOf(protocol::UtcMs(-1)), 0);
    }

    void givesBackWhatWasStored()
    {
        Store store({folder()});
        auto hits = hitsFrom(1, 3);
        hits[1].botCategory = protocol::BotCategory::Preview;
        hits[1].botReason = "agent:Slackbot";
        hits[1].slug = std::string("nul\0inside", 10);
        hits[2] = protocol::Hit();
        hits[2].seq = protocol::HitSeq(3);
        hits[2].time = protocol::UtcMs(noon);
        hits[2].hitClass = protocol::HitClass::Miss;
        hits[2].late = true;
        store.hits().append(hits);
        QCOMPARE(allHits(folder()), hits);
        QCOMPARE(store.hits().lastSeq(), protocol::HitSeq(3));
    }

    void countsByClassInTheSameTransaction()
    {
        Store store({folder()});
        std::mt19937_64 random(5);
        HitTotals expected;
        for (std::uint64_t seq = 1; seq <= 500;) {
            protocol::HitBatch batch;
            for (int at = 0; at < 50; ++at, ++seq) {
                batch.push_back(support::randomHit(random, seq, 1000));
                const protocol::Hit& hit = batch.back();
                ++expected.hits;
                ++(hit.isClick()                                  ? expected.click
                   : hit.hitClass == protocol::HitClass::Probe    ? expected.probe
                   : hit.hitClass == protocol::HitClass::Prefetch ? expected.prefetch
                   : hit.hitClass == protocol::HitClass::Miss     ? expected.miss
                                                                  : expected.blocked);
                expected.bots += hit.isBot() ? 1 : 0;
                expected.botClicks += hit.isBot() && hit.isClick() ? 1 : 0;
            }
            store.hits().append(batch);
        }
        const Reader reader(folder());
        const HitTotals sum = reader.totals();
        QCOMPARE(sum.hits, expected.hits);
        QCOMPARE(sum.click, expected.click);
        QCOMPARE(sum.probe, expected.probe);
        QCOMPARE(sum.prefetch, expected.prefetch);
        QCOMPARE(sum.miss, expected.miss);
        QCOMPARE(sum.blocked, expected.blocked);
        QCOMPARE(sum.bots, expected.bots);
        QCOMPARE(sum.botClicks, expected.botClicks);
        QCOMPARE(sum.firstSeq, protocol::HitSeq(1));
        QCOMPARE(sum.lastSeq, protocol::HitSeq(500));
        QCOMPARE(reader.totals(protocol::WorkspaceId(1)).hits + reader.totals(protocol::WorkspaceId(2)).hits,
                 expected.hits);
    }

    void putsEachHitIntoTheFileOfItsOwnDay()
    {
        Store store({folder()});
        const std::int64_t midnight = noon + protocol::msPerDay / 2;
        // Around midnight, a late hit of the day before, and a clock set back.
        protocol::HitBatch hits;
        std::uint64_t seq = 0;
        for (const std::int64_t time :
             {midnight - 2, midnight - 1, midnight, midnight + 1, noon, midnight + 2, midnight - 3})
            hits.push_back(support::hitAt(time, ++seq));
        store.hits().append(hits);
        QCOMPARE(daysIn(folder()).size(), std::size_t(2));
        QCOMPARE(allHits(folder()), hits);
        QCOMPARE(Reader(folder()).totals().hits, std::uint64_t(7));
    }

    void refusesASequenceThatIsTaken()
    {
        Store store({folder()});
        store.hits().append(hitsFrom(1, 5));
        QVERIFY_THROWS_EXCEPTION(StoreError, store.hits().append(hitsFrom(5, 2)));
        store.hits().append(hitsFrom(6, 1));
        QCOMPARE(allHits(folder()).size(), std::size_t(6));
    }

    void continuesTheSequenceAfterReopening()
    {
        {
            Store store({folder()});
            store.hits().append(hitsFrom(1, 5));
        }
        Store store({folder()});
        QCOMPARE(store.hits().lastSeq(), protocol::HitSeq(5));
        QVERIFY(store.notices().empty());
    }

    void setsADamagedDayFileAside_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("garbage") << QByteArray(9000, 'x');
        QTest::newRow("garbage header") << QByteArray("SQLite format 3\0garbage", 23);
        QTest::newRow("short") << QByteArray("SQLi");
    }

    void setsADamagedDayFileAside()
    {
        QFETCH(QByteArray, bytes);
        const std::int64_t nextDay = noon + protocol::msPerDay;
        {
            Store store({folder()});
            store.hits().append(hitsFrom(1, 5));
            store.hits().append(hitsFrom(6, 5, nextDay));
        }
        writeFile(dayFile(nextDay), bytes);
        Store store({folder()});
        QCOMPARE(store.notices().size(), std::size_t(2));
        QCOMPARE(store.damagedFiles(), std::size_t(1));
        QVERIFY(QFile::exists(QString::fromStdString(dayFile(nextDay) + ".damaged-1")));
        QCOMPARE(allHits(folder()).size(), std::size_t(5));
        // What was seen outside is not used again, although the file that held it is gone.
        QVERIFY(store.hits().lastSeq() >= protocol::HitSeq(10));
        store.hits().append(hitsFrom(store.hits().lastSeq().value + 1, 2, nextDay));
        QCOMPARE(allHits(folder()).size(), std::size_t(7));
    }

    void setsATruncatedDayFileAside()
    {
        {
            Store store({folder()});
            store.hits().append(hitsFrom(1, 20'000));
        }
        QFile file(QString::fromStdString(dayFile()));
        QVERIFY(file.resize(file.size() / 2));
        {
            Store store({folder()});
            QCOMPARE(store.damagedFiles(), std::size_t(1));
            QVERIFY(store.hits().lastSeq() >= protocol::HitSeq(20'000));
        }
        // And the next opening goes on from there, without another leap.
        const std::uint64_t last = Store({folder()}).hits().lastSeq().value;
        QCOMPARE(Store({folder()}).hits().lastSeq().value, last);
    }

    void readsATornLogUpToItsLastWholeCommit()
    {
        QByteArray log;
        QByteArray database;
        {
            Store store({folder()});
            store.hits().append(hitsFrom(1, 100));
            store.hits().append(hitsFrom(101, 100));
            QFile wal(QString::fromStdString(dayFile() + "-wal")), db(QString::fromStdString(dayFile()));
            QVERIFY(wal.open(QIODevice::ReadOnly) && wal.size() > 1000);
            log = wal.readAll();
            // Not closed before the store is: closing a descriptor of the database would drop SQLite's locks.
            QVERIFY(db.open(QIODevice::ReadOnly));
            database = db.readAll();
        }
        writeFile(dayFile(), database);
        writeFile(dayFile() + "-wal", log.first(log.size() - 10));
        QFile::remove(QString::fromStdString(dayFile() + "-shm"));
        Store store({folder()});
        QCOMPARE(allHits(folder()).size(), std::size_t(100));
        QVERIFY(store.hits().lastSeq() >= protocol::HitSeq(200));
    }

    void dropsOldDaysButNeverTheNewest()
    {
        Store store({folder()});
        std::uint64_t seq = 1;
        for (int day = 0; day < 5; ++day, ++seq)
            store.hits().append(hitsFrom(seq, 1, noon + day * protocol::msPerDay));
        const Day today = dayOf(protocol::UtcMs(noon + 4 * protocol::msPerDay));
        QCOMPARE(store.hits().dropBefore(today - 2), std::size_t(2));
        const auto hits = allHits(folder());
        QCOMPARE(hits.size(), std::size_t(3));
        QCOMPARE(hits.front().seq, protocol::HitSeq(3));
        QCOMPARE(Reader(folder()).totals().firstSeq, protocol::HitSeq(3));
        QCOMPARE(store.hits().dropBefore(today + 100), std::size_t(2));
        QCOMPARE(allHits(folder()).size(), std::size_t(1));
    }

    void checkpointsBesideTheWriter()
    {
        Store store({folder()});
        Checkpointer checkpointer(folder(), true, [&] { return store.hits().lastSeq(); });
        std::uint64_t seq = 1;
        for (int round = 0; round < 20; ++round, seq += 5000) {
            store.hits().append(hitsFrom(seq, 5000));
            checkpointer.tick();
        }
        QCOMPARE(checkpointer.failures(), std::uint64_t(0));
        QVERIFY(QFile(QString::fromStdString(dayFile())).size() > 1'000'000);
        QCOMPARE(Reader(folder()).totals().hits, std::uint64_t(100'000));
        // The mark that keeps sequences from being used twice.
        QCOMPARE(store.settings().meta("seq_mark"), std::string("100000"));
    }

    void forgetsWordsOfATransactionThatFailed()
    {
        Store store({folder()});
        store.hits().append(hitsFrom(1, 1));
        auto bad = hitsFrom(2, 2);
        bad[0].slug = "only-here";
        bad[1].seq = protocol::HitSeq(1);
        QVERIFY_THROWS_EXCEPTION(StoreError, store.hits().append(bad));
        bad[1].seq = protocol::HitSeq(3);
        bad[1].slug = "only-here";
        store.hits().append(bad);
        QCOMPARE(allHits(folder()).at(1).slug, std::string("only-here"));
        QCOMPARE(allHits(folder()).at(2).slug, std::string("only-here"));
    }

    void storesBigBatchesFast()
    {
        Store store({folder()});
        auto hits = hitsFrom(1, 50'000);
        for (std::size_t at = 0; at < hits.size(); ++at)
            hits[at].slug = "slug-" + std::to_string(at % 1000);
        const auto begin = std::chrono::steady_clock::now();
        store.hits().append(hits);
        const auto ms =
            std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin).count();
        qInfo("%zu hits in %lld ms", hits.size(), static_cast<long long>(ms));
        // Far above what a loaded machine and a sanitizer need; a live index or a word look-up in SQL would break it.
        QVERIFY(ms < 30'000);
    }
};

QTEST_GUILESS_MAIN(HitStoreTest)
#include "tst_hit_store.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <chrono>
#include <random>
#include <system_error>

#include "backend/protocol/words.h"
#include "backend/storage/hits/hit_store.h"
#include "backend/storage/hits/sealer.h"
#include "backend/storage/hits/spare_pieces.h"
#include "backend/storage/reader.h"
#include "backend/storage/sqlite/settings_store.h"
#include "backend/storage/store.h"
#include "tests/support/faulty_files.h"
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

QByteArray fileAt(const std::string& path)
{
    QFile file(QString::fromStdString(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void writeFile(const std::string& path, const QByteArray& bytes)
{
    QFile file(QString::fromStdString(path));
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    QCOMPARE(file.write(bytes), bytes.size());
}

Sealer sealerOf(Store& store, runtime::Files& files)
{
    return Sealer(files, {store.folder(), true, 0, [&] { return store.hits().lastSeq(); },
                          [&] { return store.hits().openPieces(); },
                          [&](Day day, std::uint64_t name) { return store.hits().removePiece(day, name); }});
}

// Files whose syncs fail while told so.
class UnsyncedFiles final : public support::FaultyFiles {
public:
    bool fail = false;
    void beforeSync(const std::string& path) override
    {
        if (fail)
            throw std::system_error(EIO, std::generic_category(), "cannot sync " + path);
    }
};

} // namespace

class HitStoreTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    std::string folder() const { return m_dir->path().toStdString(); }
    static Day day(std::int64_t time = noon) { return dayOf(protocol::UtcMs(time)); }
    std::string piece(std::uint64_t firstSeq, std::int64_t time = noon) const
    {
        return piecePath(folder(), day(time), firstSeq);
    }
    std::string sealed(std::int64_t time = noon) const { return sealedPath(folder(), day(time)); }

private slots:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }

    void namesADayAndItsPieces()
    {
        QCOMPARE(dayName(day()), std::string("2026-03-01"));
        QCOMPARE(dayFrom("2026-03-01"), std::optional<Day>(day()));
        for (const char* wrong : {"2026-13-01", "2026-02-30", "2026-03-01.db", "2026-03-01.damaged-1", "x"})
            QVERIFY2(!dayFrom(wrong), wrong);
        QCOMPARE(dayOf(protocol::UtcMs(-1)), 0);
        Store store({folder()});
        store.hits().append(hitsFrom(1, 3));
        writeFile(dayFolder(folder(), day()) + "/7.log", "x");
        writeFile(piece(1) + ".damaged-1", "x");
        QCOMPARE(piecesIn(folder(), day()), std::vector<std::uint64_t>{1});
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

    void setsADamagedLogAsideAndKeepsWhatItCanRead_data()
    {
        QTest::addColumn<int>("damage"); // 0 = all of it, 1 = a bit in the middle, 2 = its second half is missing
        QTest::addColumn<std::size_t>("kept");
        QTest::newRow("garbage") << 0 << std::size_t(0);
        QTest::newRow("a flipped bit") << 1 << std::size_t(4);
        QTest::newRow("cut short") << 2 << std::size_t(2);
    }

    void setsADamagedLogAsideAndKeepsWhatItCanRead()
    {
        QFETCH(int, damage);
        QFETCH(std::size_t, kept);
        const std::int64_t nextDay = noon + protocol::msPerDay;
        {
            Store store({folder()});
            store.hits().append(hitsFrom(1, 5));
            for (std::uint64_t seq = 6; seq <= 10; ++seq)
                store.hits().append(hitsFrom(seq, 1, nextDay)); // a frame each
        }
        QByteArray bytes = fileAt(piece(6, nextDay));
        if (damage == 0)
            bytes.fill('x');
        else if (damage == 1)
            bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
        else
            bytes.truncate(bytes.size() / 2);
        writeFile(piece(6, nextDay), bytes);
        {
            Store store({folder()});
            QCOMPARE(store.notices().size(), std::size_t(2));
            QCOMPARE(store.damagedFiles(), std::size_t(1));
            QCOMPARE(fileAt(piece(6, nextDay) + ".damaged-1"), bytes);
            QCOMPARE(allHits(folder()).size(), 5 + kept);
            QCOMPARE(Reader(folder()).totals().hits, 5 + kept);
            // What was seen outside is not used again, although the file that held it is gone.
            QVERIFY(store.hits().lastSeq() >= protocol::HitSeq(10));
            store.hits().append(hitsFrom(store.hits().lastSeq().value + 1, 2, nextDay));
            QCOMPARE(allHits(folder()).size(), 7 + kept);
        }
        // And the next opening goes on from there, without another leap.
        const std::uint64_t last = Store({folder()}).hits().lastSeq().value;
        QCOMPARE(Store({folder()}).hits().lastSeq().value, last);
    }

    void readsATornLogUpToItsLastWholeCommit()
    {
        const QTemporaryDir crashed;
        {
            Store store({folder()});
            store.hits().append(hitsFrom(1, 100));
            store.hits().append(hitsFrom(101, 100));
            // As a crash leaves the folder: not closed.
            QProcess::execute("cp", {"-a", m_dir->path() + "/.", crashed.path()});
        }
        for (const qsizetype cut : {qsizetype(1), qsizetype(10), qsizetype(9000)}) {
            const QTemporaryDir torn;
            QProcess::execute("cp", {"-a", crashed.path() + "/.", torn.path()});
            const std::string folder = torn.path().toStdString();
            const std::string log = piecePath(folder, day(), 1);
            writeFile(log, fileAt(log).chopped(cut));
            Store store({folder});
            QVERIFY(store.notices().empty());
            QCOMPARE(allHits(folder).size(), std::size_t(100));
            QCOMPARE(store.hits().lastSeq(), protocol::HitSeq(100));
        }
    }

    void sealsBesideTheWriterAndReaders()
    {
        OpenOptions options;
        options.folder = folder();
        options.logPieceBytes = 100'000;
        Store store(options);
        runtime::SystemFiles files;
        Sealer sealer = sealerOf(store, files);
        const Reader reader(folder()); // sees each change
        std::mt19937_64 random(11);
        protocol::HitBatch all;
        for (int round = 0; round < 30; ++round) {
            protocol::HitBatch batch;
            for (int at = 0; at < 2000; ++at)
                batch.push_back(support::randomHit(random, all.size() + batch.size() + 1, 2 * protocol::msPerDay));
            std::stable_sort(batch.begin(), batch.end(), [](const auto& a, const auto& b) { return a.time < b.time; });
            for (std::size_t at = 0; at < batch.size(); ++at)
                batch[at].seq = protocol::HitSeq(all.size() + at + 1);
            store.hits().append(batch);
            all.insert(all.end(), batch.begin(), batch.end());
            for (int ticks = 0; ticks < 3; ++ticks)
                sealer.tick();
            QCOMPARE(reader.totals().hits, all.size());
        }
        sealer.sealAll();
        QCOMPARE(sealer.failures(), std::uint64_t(0));
        // Of each of the three days, what is still written is left.
        for (const Day each : daysIn(folder()))
            QVERIFY(piecesIn(folder(), each).size() <= 1);
        QCOMPARE(allHits(folder()), all);
        protocol::HitSeq covered;
        QCOMPARE(reader.hitsAfter({}, 1'000'000, {}, {}, covered), all);
        QCOMPARE(Reader(folder()).totals().hits, all.size());
        QCOMPARE(reader.damagedHits(), std::uint64_t(0));
        // The mark that keeps sequences from being used twice.
        for (int ticks = 0; ticks < 5; ++ticks)
            sealer.tick();
        QCOMPARE(store.settings().meta("seq_mark"), std::to_string(all.size()));
    }

    void sealsWhatAnEarlierRunLeft()
    {
        for (std::uint64_t run = 0; run < 4; ++run) {
            Store store({folder()});
            store.hits().append(hitsFrom(run * 10 + 1, 10));
            runtime::SystemFiles files;
            sealerOf(store, files).sealAll();
            QCOMPARE(piecesIn(folder(), day()).size(), std::size_t(1));
        }
        QCOMPARE(allHits(folder()).size(), std::size_t(40));
        Store store({folder()});
        QCOMPARE(store.hits().lastSeq(), protocol::HitSeq(40));
    }

    void takesEachHitOnceWhenSealingWasCutShort()
    {
        // The blocks are written, and the piece is not removed yet.
        QByteArray log;
        {
            Store store({folder()});
            store.hits().append(hitsFrom(1, 50));
            log = fileAt(piece(1));
        }
        {
            Store store({folder()});
            runtime::SystemFiles files;
            sealerOf(store, files).sealAll();
            QVERIFY(piecesIn(folder(), day()).empty());
        }
        const QByteArray whole = fileAt(sealed());
        writeFile(piece(1), log);
        for (const qsizetype cut : {qsizetype(0), qsizetype(3), whole.size() - 5, whole.size()}) {
            writeFile(sealed(), whole.first(whole.size() - cut));
            Store store({folder()});
            QCOMPARE(allHits(folder()).size(), std::size_t(50));
            QCOMPARE(Reader(folder()).totals().hits, std::uint64_t(50));
            runtime::SystemFiles files;
            sealerOf(store, files).sealAll();
            QCOMPARE(allHits(folder()).size(), std::size_t(50));
            QVERIFY(piecesIn(folder(), day()).empty());
            writeFile(piece(1), log);
        }
    }

    void salvagesADamagedSealedFile()
    {
        {
            OpenOptions options;
            options.folder = folder();
            options.logPieceBytes = 1; // a piece for each commit, and so a block
            Store store(options);
            for (std::uint64_t seq = 1; seq <= 5; ++seq)
                store.hits().append(hitsFrom(seq * 10 - 9, 10));
            runtime::SystemFiles files;
            sealerOf(store, files).sealAll();
        }
        QByteArray bytes = fileAt(sealed());
        bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
        writeFile(sealed(), bytes);
        {
            // Damage within a block is found by whoever reads it, and told.
            const Reader reader(folder());
            protocol::HitSeq covered;
            const auto hits = reader.hitsAfter({}, 1000, {}, {}, covered);
            QCOMPARE(hits.size(), std::size_t(40));
            QCOMPARE(reader.hitsAfter({}, 1000, {}, {}, covered).size(), std::size_t(40));
            QCOMPARE(reader.damagedHits(), std::uint64_t(10)); // told once
        }
        bytes[1] = 'x'; // the first info, which is made again from its block
        writeFile(sealed(), bytes);
        Store store({folder()});
        QCOMPARE(store.damagedFiles(), std::size_t(1));
        QVERIFY(store.notices().front().ends_with("; 40 hits of it could be read, at most 10 more could not"));
        QCOMPARE(allHits(folder()).size(), std::size_t(40));
        QCOMPARE(Reader(folder()).totals().hits, std::uint64_t(40));
    }

    // Seen by the campaign: after a start with a piece that nothing came to be written to, the sealer removed it in the
    // moment when it was opened again under its old name, and all that was written to it was gone.
    void sealsNoPieceThatIsOpenedUnderItsHands_data()
    {
        QTest::addColumn<bool>("whileItIsListed");
        QTest::newRow("before it is removed") << false;
        QTest::newRow("between the look at those open and the list") << true;
    }

    void sealsNoPieceThatIsOpenedUnderItsHands()
    {
        QFETCH(bool, whileItIsListed);
        Store store({folder()});
        store.hits().prepare(day());
        if (!whileItIsListed)
            writeFile(piece(1), "");
        const auto writeOnce = [&] {
            if (store.hits().lastSeq() == protocol::HitSeq())
                store.hits().append(hitsFrom(1, 10));
        };
        runtime::SystemFiles files;
        Sealer sealer(files, {store.folder(), true, 0, [&] { return store.hits().lastSeq(); },
                              [&] {
                                  const auto open = store.hits().openPieces();
                                  if (whileItIsListed)
                                      writeOnce();
                                  return open;
                              },
                              [&](Day day, std::uint64_t name) {
                                  writeOnce();
                                  return store.hits().removePiece(day, name);
                              }});
        sealer.sealAll();
        QCOMPARE(store.hits().lastSeq(), protocol::HitSeq(10));
        QCOMPARE(allHits(folder()).size(), std::size_t(10));
        store.hits().append(hitsFrom(11, 5));
        QCOMPARE(allHits(folder()).size(), std::size_t(15));
        store.hits().finishBefore(day() + 1);
        sealer.sealAll();
        QCOMPARE(allHits(folder()).size(), std::size_t(15));
        QVERIFY(piecesIn(folder(), day()).empty());
    }

    void marksStoredHitsLateWhereverTheyLie()
    {
        OpenOptions options;
        options.folder = folder();
        options.logPieceBytes = 1;
        Store store(options);
        store.hits().append(hitsFrom(1, 10));
        store.hits().append(hitsFrom(11, 10));
        runtime::SystemFiles files;
        sealerOf(store, files).sealAll();
        store.hits().append(hitsFrom(21, 10));
        auto asked = hitsFrom(5, 30);
        asked.erase(asked.begin() + 3);
        const std::vector<bool> stored = store.hits().markLateWhereStored(asked);
        QCOMPARE(std::count(stored.begin(), stored.end(), true), std::ptrdiff_t(25));
        for (int time = 0; time < 2; ++time) {
            const auto hits = allHits(folder());
            QCOMPARE(hits.size(), std::size_t(30));
            for (const auto& hit : hits)
                QCOMPARE(hit.late, hit.seq.value >= 5 && hit.seq.value != 8);
            QCOMPARE(Reader(folder()).totals().late, std::uint64_t(25));
            // Marked twice is late once; and marks outlive their own piece.
            store.hits().markLateWhereStored(asked);
            sealerOf(store, files).sealAll();
        }
    }

    void aCommitThatIsNotSyncedIsNone()
    {
        UnsyncedFiles files;
        Store store({folder(), true, &files});
        store.hits().append(hitsFrom(1, 5));
        files.fail = true;
        QVERIFY_THROWS_EXCEPTION(StoreError, store.hits().append(hitsFrom(6, 5)));
        QCOMPARE(allHits(folder()).size(), std::size_t(5));
        files.fail = false;
        store.hits().append(hitsFrom(6, 5));
        QCOMPARE(allHits(folder()).size(), std::size_t(10));
    }

    // Under `power`: a piece made ahead is zeros to its end, before and after what is written over them.
    void writesOverPiecesMadeAhead()
    {
        OpenOptions options;
        options.folder = folder();
        options.powerDurable = true;
        options.logPieceBytes = 3'000'000;
        runtime::SystemFiles files;
        protocol::HitBatch all = hitsFrom(1, 20'000);
        const auto bytesOf = [&](std::uint64_t piece) { return fileAt(piecePath(folder(), day(), piece)).size(); };
        const auto append = [&](Store& store, std::size_t from, std::size_t to) {
            store.hits().append(std::span(all).subspan(from, to - from));
            store.hits().sync();
        };
        std::optional<Store> store(std::in_place, options);
        append(*store, 0, 10); // nothing is ready yet
        QVERIFY(bytesOf(1) < 10'000);
        SparePieces spares(files, folder(), options.logPieceBytes);
        for (int calls = 0; calls < 20; ++calls)
            spares.makeMore(true);
        QVERIFY(SparePieces::isReady(files, folder()));
        const std::size_t room = std::size_t(1'100'000 / (bytesOf(1) / 10));
        append(*store, 10, room); // over a mebibyte: the first piece ends early
        append(*store, room, room + 10);
        QCOMPARE(piecesIn(folder(), day()), (std::vector<std::uint64_t>{1, room + 1}));
        QCOMPARE(bytesOf(room + 1), qsizetype(options.logPieceBytes));
        QCOMPARE(allHits(folder()), protocol::HitBatch(all.begin(), all.begin() + std::ptrdiff_t(room) + 10));

        const QByteArray asKilled = fileAt(piecePath(folder(), day(), room + 1));
        store.reset(); // cuts what was not needed
        const QByteArray asStopped = fileAt(piecePath(folder(), day(), room + 1));
        QVERIFY(asStopped.size() < asKilled.size() && asKilled.startsWith(asStopped));
        std::vector<std::string> notices;
        writeFile(piecePath(folder(), day(), room + 1), asKilled);
        {
            HitStore again(options, files, true, notices);
            QCOMPARE(again.lastSeq(), protocol::HitSeq(room + 10));
            QCOMPARE(bytesOf(room + 1), asStopped.size());
            again.append(std::span(all).subspan(room + 10, 10)); // another spare
            again.sync();
        }
        QVERIFY(notices.empty());
        QCOMPARE(allHits(folder()), protocol::HitBatch(all.begin(), all.begin() + std::ptrdiff_t(room) + 20));

        options.powerDurable = false;
        const HitStore none(options, files, false, notices);
        QVERIFY(!SparePieces::isReady(files, folder()));
    }

    void piecesMadeAheadGiveTheirSpaceBackToAFullDisk()
    {
        class FullFiles final : public support::FaultyFiles {
        public:
            std::size_t taken(const std::string&, std::size_t bytes) override { return bytes / 2; }
        } full;
        full.makeFolder(hitsFolder(folder()));
        SparePieces spares(full, folder(), 100'000);
        QVERIFY_THROWS_EXCEPTION(std::system_error, spares.makeMore(true));
        QVERIFY(full.list(hitsFolder(folder())).empty());
        spares.makeMore(true); // not at once
        QVERIFY(!SparePieces::isReady(full, folder()));
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
        // Far above what a loaded machine and a sanitizer need.
        QVERIFY(ms < 30'000);
    }
};

QTEST_GUILESS_MAIN(HitStoreTest)
#include "tst_hit_store.moc"

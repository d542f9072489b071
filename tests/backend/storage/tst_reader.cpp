// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <random>
#include <thread>

#include "backend/storage/hits/hit_store.h"
#include "backend/storage/reader.h"
#include "backend/storage/sqlite/settings_store.h"
#include "backend/storage/store.h"
#include "tests/support/hit_samples.h"

using namespace storage;
using support::noon;

class ReaderTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    std::string folder() const { return m_dir->path().toStdString(); }

private slots:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }

    void isEmptyOverAnEmptyFolder()
    {
        const Store store({folder()});
        const Reader reader(folder());
        protocol::HitSeq covered;
        QVERIFY(reader.hitsAfter({}, 10, {}, {}, covered).empty());
        QCOMPARE(covered, protocol::HitSeq());
        QCOMPARE(reader.totals().hits, std::uint64_t(0));
        QCOMPARE(reader.totals().watermark, protocol::HitSeq());
        QVERIFY(!reader.lastSeq() && !reader.firstSeqSince({}));
    }

    void seesACommitAtOnce()
    {
        Store store({folder()});
        const Reader reader(folder());
        for (std::uint64_t seq = 1; seq <= 50; ++seq) {
            store.hits().append(
                support::hitsFrom(seq, 1, noon + static_cast<std::int64_t>(seq % 3) * protocol::msPerDay));
            QCOMPARE(reader.lastSeq(), protocol::HitSeq(seq));
            QCOMPARE(reader.totals().hits, seq);
        }
    }

    void pagesThroughDaysFiltersAndWorkspaces()
    {
        Store store({folder()});
        std::mt19937_64 random(8);
        protocol::HitBatch all;
        for (std::uint64_t seq = 1; seq <= 3000; ++seq)
            all.push_back(support::randomHit(random, seq, 3 * protocol::msPerDay));
        store.hits().append(all);
        const Reader reader(folder());
        protocol::StreamFilter germans;
        germans.countries = {"DE"};
        for (const protocol::StreamFilter& filter : {protocol::StreamFilter(), germans}) {
            for (const std::uint32_t workspace : {0U, 2U}) {
                protocol::HitBatch expected;
                std::copy_if(all.begin(), all.end(), std::back_inserter(expected), [&](const protocol::Hit& hit) {
                    return filter.matches(protocol::viewOf(hit)) &&
                           (workspace == 0 || hit.workspace.value == workspace);
                });
                for (const std::size_t limit : {std::size_t(97), std::size_t(1000), std::size_t(100'000)}) {
                    protocol::HitBatch got;
                    protocol::HitSeq at;
                    while (at < protocol::HitSeq(3000)) {
                        const protocol::HitSeq before = at;
                        const auto page = reader.hitsAfter(at, limit, protocol::WorkspaceId(workspace), filter, at);
                        QVERIFY(page.size() <= limit && at > before);
                        got.insert(got.end(), page.begin(), page.end());
                    }
                    QCOMPARE(got, expected);
                }
            }
        }
    }

    void findsTheFirstHitSinceATime()
    {
        Store store({folder()});
        store.hits().append(support::hitsFrom(1, 100, noon));
        store.hits().append(support::hitsFrom(101, 100, noon + protocol::msPerDay));
        const Reader reader(folder());
        QCOMPARE(reader.firstSeqSince(protocol::UtcMs(0)), protocol::HitSeq(1));
        QCOMPARE(reader.firstSeqSince(protocol::UtcMs(noon + 40)), protocol::HitSeq(41));
        QCOMPARE(reader.firstSeqSince(protocol::UtcMs(noon + 100)), protocol::HitSeq(101));
        QCOMPARE(reader.firstSeqSince(protocol::UtcMs(noon + protocol::msPerDay + 99)), protocol::HitSeq(200));
        QCOMPARE(reader.firstSeqSince(protocol::UtcMs(noon + 2 * protocol::msPerDay)), protocol::HitSeq());
    }

    void neverSkipsAHitThatIsCommittedMeanwhile()
    {
        Store store({folder()});
        std::atomic<bool> done{false};
        // Batches around midnight go to two files, one after the other; a reader in between must not see the second
        // without the first.
        std::thread writer([&] {
            const std::int64_t midnight = noon + protocol::msPerDay / 2;
            std::uint64_t seq = 1;
            for (int round = 0; round < 400; ++round) {
                protocol::HitBatch batch;
                for (int at = 0; at < 6; ++at, ++seq)
                    batch.push_back(support::hitAt((at < 3) == (round % 2 == 0) ? midnight - 1 : midnight, seq));
                store.hits().append(batch);
            }
            done = true;
        });
        const Reader reader(folder());
        std::uint64_t next = 1;
        bool whole = true;
        for (bool last = false; !last;) {
            const bool wasDone = done;
            protocol::HitSeq covered;
            const auto page = reader.hitsAfter(protocol::HitSeq(next - 1), 100, {}, {}, covered);
            for (const protocol::Hit& hit : page)
                whole = whole && hit.seq.value == next++;
            whole = whole && covered.value == next - 1;
            last = wasDone && page.empty();
        }
        writer.join();
        QVERIFY(whole);
        QCOMPARE(next, std::uint64_t(2401));
    }

    void readsOnWhenAFileIsDroppedUnderIt()
    {
        Store store({folder()});
        const Reader reader(folder());
        store.hits().append(support::hitsFrom(1, 10, noon));
        store.hits().append(support::hitsFrom(11, 10, noon + 5 * protocol::msPerDay));
        QCOMPARE(reader.totals().hits, std::uint64_t(20));
        store.hits().dropBefore(dayOf(protocol::UtcMs(noon)) + 1);
        protocol::HitSeq covered;
        QCOMPARE(reader.hitsAfter({}, 100, {}, {}, covered).size(), std::size_t(10));
        QCOMPARE(reader.totals().hits, std::uint64_t(10));
    }

    void readsOnWhileFilesAreDropped()
    {
        Store store({folder()});
        std::atomic<bool> done{false};
        std::thread writer([&] {
            for (std::uint64_t day = 0; day < 150; ++day) {
                const std::int64_t time = noon + static_cast<std::int64_t>(day) * protocol::msPerDay;
                store.hits().append(support::hitsFrom(day * 3 + 1, 3, time));
                store.hits().dropBefore(dayOf(protocol::UtcMs(time)));
            }
            done = true;
        });
        while (!done) {
            const Reader reader(folder());
            protocol::HitSeq covered;
            QVERIFY(reader.hitsAfter({}, 100, {}, {}, covered).size() <= 6);
            reader.totals();
            reader.firstSeqSince({});
        }
        writer.join();
        QCOMPARE(Reader(folder()).totals().hits, std::uint64_t(3));
    }

    void readsAStoppedFolder()
    {
        {
            Store store({folder()});
            store.hits().append(support::hitsFrom(1, 10));
        }
        QCOMPARE(Reader(folder()).totals().hits, std::uint64_t(10));
    }
};

QTEST_GUILESS_MAIN(ReaderTest)
#include "tst_reader.moc"

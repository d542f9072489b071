// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <random>

#include "backend/pipeline/rollup_job.h"
#include "backend/protocol/words.h"
#include "backend/storage/hits/hit_store.h"
#include "backend/storage/init_folder.h"
#include "backend/storage/sqlite/settings_store.h"
#include "tests/support/hit_samples.h"
#include "tests/support/sqlite_faults.h"

using namespace protocol;
using pipeline::RollupJob;
using storage::RollupStore;

namespace {

constexpr std::int64_t now = support::noon + 5 * msPerDay;

// Every pack and the watermark, byte for byte, once all is packed; and what was restated.
std::string contents(storage::Store& store)
{
    store.rollups().packAll();
    const storage::Database database(store.folder() + "/rollups.db", storage::Database::Mode::Read, 1000);
    std::string all;
    storage::Statement rows = database.prepare(
        "SELECT kind, dimension, workspace, period, level, first_link, last_link, hex(data) FROM packs "
        "ORDER BY kind, dimension, workspace, period, level, first_link");
    while (rows.step()) {
        for (int column = 0; column < 8; ++column)
            all += std::string(rows.text(column)) + " ";
        all += "\n";
    }
    storage::Statement restated = database.prepare(
        "SELECT noted_at, workspace, reason, several, link, day, from_ms, to_ms, hits, clicks, human_clicks, scans, "
        "was_hits, was_clicks, was_human_clicks, was_scans FROM restatements ORDER BY noted_at, workspace, reason, "
        "several, link, day");
    while (restated.step()) {
        for (int column = 0; column < 16; ++column)
            all += std::string(restated.text(column)) + " ";
        all += "\n";
    }
    return all + database.text("SELECT seq || ' ' || time || ' ' || complete_to FROM mark") +
           database.text("SELECT group_concat(workspace || zone) FROM zones");
}

HitBatch randomHits(std::uint64_t seed, std::uint64_t firstSeq, std::size_t count)
{
    std::mt19937_64 random(seed);
    HitBatch batch;
    for (std::size_t at = 0; at < count; ++at) {
        batch.push_back(support::randomHit(random, firstSeq + at, 3 * msPerDay));
        batch.back().workspace = WorkspaceId(1);
        if (batch.back().link)
            batch.back().link = LinkId(1 + random() % 150);
    }
    return batch;
}

void copyFolder(const QString& from, const QString& to)
{
    QDirIterator files(from, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString path = QDir(to).filePath(QDir(from).relativeFilePath(files.next()));
        QDir().mkpath(QFileInfo(path).path());
        QFile::copy(files.filePath(), path);
    }
}

std::vector<storage::Restatement> restatements(const std::string& folder, WorkspaceId workspace = WorkspaceId(1))
{
    storage::RestatementQuery query;
    query.workspace = workspace;
    query.to = UtcMs(now + 30 * msPerDay);
    query.limit = 1'000;
    return storage::Reader(folder).restatements(query);
}

storage::Change restated(const std::string& folder)
{
    storage::Change sum;
    for (const storage::Restatement& one : restatements(folder))
        sum += one.change;
    return sum;
}

void rebuildWhole(RollupJob& job, std::size_t piece = 1'000)
{
    job.beginRebuild();
    while (!job.rebuildPiece(UtcMs(now), piece)) {
    }
}

} // namespace

class RollupRebuildTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    std::string folder() const { return m_dir->path().toStdString(); }

    static std::map<std::int64_t, std::uint64_t> hitsByDay(const std::string& folder)
    {
        storage::RollupQuery query;
        query.workspace = WorkspaceId(1);
        query.granularity = Granularity::Day;
        query.to = UtcMs(now + 30 * msPerDay);
        std::map<std::int64_t, std::uint64_t> days;
        storage::Reader(folder).rollups(query, [&](const RollupRow& row) {
            days[row.bucket.value] += row.hits;
            return true;
        });
        return days;
    }

    static void setZone(storage::Store& store, const std::string& zone)
    {
        links::Workspace workspace = storage::Reader(store.folder()).workspaces().front();
        workspace.zone = zone;
        store.settings().putWorkspace(workspace, {});
    }

private slots:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        storage::initFolder(folder());
    }

    void aRebuildEqualsWhatGrewByteForByte()
    {
        storage::Store store({folder()});
        RollupJob job(store);
        std::uint64_t seq = 1;
        for (int round = 0; round < 40; ++round, seq += 30) {
            store.hits().append(randomHits(seq, seq, 30)); // days back and forth: late hits
            job.run(UtcMs(now), 11);
        }
        const std::string grown = contents(store);
        QVERIFY(grown.size() > 10'000);
        for (const std::size_t piece : {7, 100'000}) {
            rebuildWhole(job, piece);
            QVERIFY(!job.isRebuilding());
            QCOMPARE(contents(store), grown);
        }
        store.hits().append(randomHits(seq, seq, 10));
        job.run(UtcMs(now)); // goes on from there
        QCOMPARE(store.rollups().mark().seq, HitSeq(seq + 9));
    }

    void hitsComeInWhileItIsRebuilt()
    {
        storage::Store store({folder()});
        RollupJob job(store);
        store.hits().append(randomHits(1, 1, 300));
        job.run(UtcMs(now));
        job.turn(UtcMs(now), true); // one piece takes all: the turns after bring it to its end
        store.hits().append(randomHits(2, 301, 100));
        for (int turns = 0; job.goesOn(); ++turns) {
            QVERIFY(turns < 10);
            job.turn(UtcMs(now), false);
        }
        QCOMPARE(store.rollups().mark().seq, HitSeq(400));
        const std::string got = contents(store);
        rebuildWhole(job);
        QCOMPARE(contents(store), got);
    }

    void aNewZoneMakesTheDaysAgain()
    {
        storage::Store store({folder()});
        RollupJob job(store);
        HitBatch batch = support::hitsFrom(1, 2, utcMsFrom("2026-03-01T22:30:00.000Z")->value);
        batch[1].time = *utcMsFrom("2026-03-01T23:30:00.000Z");
        store.hits().append(batch);
        job.run(UtcMs(now));
        QCOMPARE(storage::Reader(folder()).rollupZone(WorkspaceId(1)), std::string("UTC"));
        QCOMPARE(hitsByDay(folder()).size(), std::size_t(1));
        setZone(store, "Europe/Berlin");
        job.turn(UtcMs(now), false);
        while (job.goesOn())
            job.turn(UtcMs(now), false);
        QCOMPARE(storage::Reader(folder()).rollupZone(WorkspaceId(1)), std::string("Europe/Berlin"));
        const auto noted = restatements(folder());
        QCOMPARE(noted.size(), std::size_t(1));
        QCOMPARE(noted[0].reason, storage::RestatementReason::Zone);
        QCOMPARE(noted[0].from, *utcMsFrom("2026-02-28T23:00:00.000Z"));
        QCOMPARE(noted[0].to, *utcMsFrom("2026-03-02T23:00:00.000Z"));
        QVERIFY(noted[0].isOfSeveral && noted[0].change.isNone());
        const auto days = hitsByDay(folder());
        QCOMPARE(days, (std::map<std::int64_t, std::uint64_t>{{utcMsFrom("2026-02-28T23:00:00.000Z")->value, 1},
                                                              {utcMsFrom("2026-03-01T23:00:00.000Z")->value, 1}}));
    }

    // Somebody makes up referrers, UTM values and placements: beyond the cap they are summed, in whatever pieces they
    // came, and an answer given before all is packed is the one given after.
    void aFloodOfValuesIsSummedTheSameInWhateverPieces()
    {
        storage::Store store({folder()});
        RollupJob job(store);
        std::mt19937_64 random(8);
        const auto flood = [&random](std::uint64_t firstSeq, std::size_t count) {
            HitBatch batch;
            for (std::size_t at = 0; at < count; ++at) {
                // A tenth of them within one minute, half within one hour, all within a day.
                const std::uint64_t spread = at % 10 == 0 ? msPerMinute : at % 2 == 0 ? msPerHour : 10 * msPerHour;
                Hit hit = support::hitAt(support::noon + static_cast<std::int64_t>(random() % spread), firstSeq + at);
                hit.link = LinkId(1 + random() % 20 / 19);
                const std::string made = std::to_string(random() % 20'000);
                hit.referrer = at % 3 == 0 ? "news.example" : made + ".example";
                hit.utmSource = hit.utmTerm = made;
                hit.placement = "poster-" + made;
                batch.push_back(hit);
            }
            return batch;
        };
        std::uint64_t seq = 1;
        for (int round = 0; round < 4; ++round, seq += 2'500) {
            store.hits().append(flood(seq, 2'500));
            job.run(UtcMs(now), 700);
        }
        store.rollups().packAll();
        store.hits().append(flood(seq, 200)); // beside what is packed
        job.run(UtcMs(now), 70);
        const auto answers = [this] {
            std::string all;
            storage::RollupQuery query;
            query.workspace = WorkspaceId(1);
            query.to = UtcMs(now);
            for (const Granularity granularity : {Granularity::Minute, Granularity::Hour, Granularity::Day})
                for (const Dimension by : {Dimension::Referrer, Dimension::UtmTerm, Dimension::Placement}) {
                    query.granularity = granularity;
                    query.by = by;
                    query.perLink = true;
                    std::uint64_t hits = 0, others = 0;
                    storage::Reader(folder()).rollups(query, [&](const RollupRow& row) {
                        all += std::to_string(row.bucket.value) + " " + std::to_string(row.link.value) + " " +
                               row.value + " " + std::to_string(row.hits) + " " +
                               std::to_string(row.uniques.value_or(0)) + "\n";
                        hits += row.hits;
                        others += row.value == otherValues ? row.hits : 0;
                        return true;
                    });
                    [&] {
                        QCOMPARE(hits, std::uint64_t(10'200));
                        QVERIFY(others > 0);
                    }();
                }
            return all;
        };
        const std::string loose = answers();
        const std::string grown = contents(store);
        QVERIFY(answers() == loose);
        QVERIFY(loose.find(" news.example ") != std::string::npos);
        rebuildWhole(job, 100'000);
        QVERIFY(contents(store) == grown);
    }

    // As after a fault that lost some of the packs.
    void aRebuildThatChangesFiguresSaysSo()
    {
        storage::Store store({folder()});
        RollupJob job(store);
        store.hits().append(randomHits(6, 1, 400));
        job.run(UtcMs(now));
        store.hits().append(randomHits(7, 401, 1));
        job.run(UtcMs(now + 1));
        QCOMPARE(restatements(folder()).size(), std::size_t(1)); // the late one
        rebuildWhole(job);
        QCOMPARE(restatements(folder()).size(), std::size_t(1)); // equal: nothing to say
        {
            const storage::Database database(folder() + "/rollups.db", storage::Database::Mode::Write, 1000);
            database.run("DELETE FROM packs WHERE id = (SELECT min(id) FROM packs WHERE kind = 3 AND dimension = 0)");
        }
        std::uint64_t left = 0;
        for (const auto& [day, hits] : hitsByDay(folder()))
            left += hits;
        QVERIFY(left < 401);
        rebuildWhole(job);
        std::uint64_t before = 0, gained = 0;
        std::size_t named = 0;
        for (const storage::Restatement& one : restatements(folder())) {
            if (one.reason != storage::RestatementReason::Rebuild)
                continue;
            QVERIFY(one.before && one.change.hits > 0 && one.to.value - one.from.value == msPerDay);
            before += one.before->hits;
            gained += static_cast<std::uint64_t>(one.change.hits);
            named += one.isOfSeveral ? 0 : 1;
        }
        QCOMPARE(left + gained, std::uint64_t(401));
        QVERIFY(before <= left);
        QCOMPARE(named, storage::restatementsPerRun); // of the 150 links' four days; the others in a row for each day
    }

    void bucketsWhoseHitsAreGoneStay()
    {
        storage::Store store({folder()});
        RollupJob job(store);
        store.hits().append(randomHits(3, 1, 500));
        job.run(UtcMs(now));
        const std::string before = contents(store);
        const auto days = hitsByDay(folder());
        QCOMPARE(days.size(), std::size_t(4));
        QCOMPARE(store.hits().dropBefore(storage::dayOf(UtcMs(support::noon)) + 2), std::size_t(2));
        rebuildWhole(job);
        QCOMPARE(hitsByDay(folder()), days);
        QCOMPARE(contents(store), before);
    }

    // The job, a rebuild and the packing, killed at a write: recovered, they equal what was never harmed. Every
    // thirty-first write here; every single one where CLICKROOM_EVERY_WRITE is set, as the slow test does.
    void killedAtEveryWriteTheyRecover()
    {
        {
            storage::Store store({folder()});
            store.hits().append(randomHits(4, 1, 3));
            RollupJob(store).run(UtcMs(now));
            store.hits().append(randomHits(5, 4, 3)); // into hours that have been reported
        }
        const auto work = [](storage::Store& store) {
            RollupJob job(store);
            job.run(UtcMs(now), 2);
            if (!job.isRebuilding())
                job.beginRebuild();
            while (!job.rebuildPiece(UtcMs(now), 2)) {
            }
            job.run(UtcMs(now + 70 * msPerDay), 2); // packs what is over, drops the minutes
        };
        SqliteFaults faults;
        std::string unharmed;
        std::uint64_t writes = 0;
        {
            QTemporaryDir copy;
            copyFolder(m_dir->path(), copy.path());
            storage::Store store({copy.path().toStdString()});
            faults.dieAtWrite(0);
            work(store);
            writes = faults.writes();
            QCOMPARE(store.rollups().mark().seq, HitSeq(6));
            QCOMPARE(restated(copy.path().toStdString()).hits, std::int64_t(3));
            unharmed = contents(store);
        }
        qInfo("%llu writes", static_cast<unsigned long long>(writes));
        QVERIFY(writes > 100);
        const std::uint64_t step = qEnvironmentVariableIsSet("CLICKROOM_EVERY_WRITE") ? 1 : 31;
        for (std::uint64_t number = 1; number <= writes; number += step) {
            QTemporaryDir copy;
            copyFolder(m_dir->path(), copy.path());
            bool died = false;
            try {
                storage::Store store({copy.path().toStdString()});
                faults.dieAtWrite(number);
                work(store);
            } catch (const storage::StoreError&) {
                died = true;
            }
            faults.dieAtWrite(0);
            QVERIFY2(died, qPrintable(QString::number(number)));
            storage::Store store({copy.path().toStdString()});
            work(store);
            QVERIFY2(contents(store) == unharmed, qPrintable(QString::number(number)));
        }
    }
};

QTEST_GUILESS_MAIN(RollupRebuildTest)
#include "tst_rollup_rebuild.moc"

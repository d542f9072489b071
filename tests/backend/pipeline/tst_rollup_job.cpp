// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QTest>
#include <QTimeZone>

#include <csignal>
#include <limits>
#include <map>
#include <random>
#include <set>
#include <sys/wait.h>
#include <tuple>
#include <unistd.h>

#include "backend/pipeline/rollup_job.h"
#include "backend/pipeline/zone_days.h"
#include "backend/protocol/words.h"
#include "backend/storage/hits/hit_store.h"
#include "backend/storage/init_folder.h"
#include "backend/storage/sqlite/settings_store.h"
#include "tests/backend/pipeline/pipeline_rig.h"

using namespace protocol;
using pipeline::RollupJob;
using pipeline::ZoneDays;

namespace {

using Row = std::tuple<std::int64_t, std::uint64_t, std::string>; // bucket, link, value
struct Sums {
    std::uint64_t hits = 0, clicks = 0, humans = 0, scans = 0;
    std::set<std::uint64_t> visitors;
};

std::map<Row, Sums> recount(const HitBatch& hits, WorkspaceId workspace, Granularity granularity, Dimension by,
                            bool perLink)
{
    std::map<Row, Sums> rows;
    for (const Hit& hit : hits) {
        if (hit.workspace != workspace)
            continue;
        const std::int64_t step = granularity == Granularity::Minute ? msPerMinute
                                  : granularity == Granularity::Hour ? msPerHour
                                                                     : msPerDay;
        const std::string value = by == Dimension::Country ? hit.country
                                  : by == Dimension::Class ? std::string(word(hit.hitClass))
                                                           : std::string();
        Sums& sums = rows[{hit.time.value / step * step, perLink ? hit.link.value : 0, value}];
        ++sums.hits;
        sums.clicks += hit.isClick();
        sums.humans += hit.isHumanClick();
        sums.scans += hit.isScan();
        if (hit.isHumanClick() && hit.visitor)
            sums.visitors.insert(hit.visitor.value);
    }
    return rows;
}

std::vector<storage::Restatement> restatements(const std::string& folder, WorkspaceId workspace = WorkspaceId(1))
{
    storage::RestatementQuery query;
    query.workspace = workspace;
    query.to = UtcMs(std::numeric_limits<std::int64_t>::max());
    query.limit = 1'000;
    return storage::Reader(folder).restatements(query);
}

} // namespace

class RollupJobTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    std::string folder() const { return m_dir->path().toStdString(); }

    // Runs the job in processes that are killed after a piece or a few, at whatever point that is: seen from outside by
    // the watermark. How often, until one came to the end.
    int killedUntilFinished(std::uint32_t seed, UtcMs now, HitSeq last) const
    {
        std::mt19937 random(seed);
        bool finished = false;
        int kills = 0;
        for (int round = 0; round < 200 && !finished; ++round) {
            const pid_t child = ::fork();
            if (child == 0) {
                storage::Store store({folder()});
                RollupJob(store).run(now, 5);
                ::_exit(0);
            }
            const HitSeq before = storage::Reader(folder()).totals().watermark;
            const HitSeq target(before.value + 1 + random() % 150);
            int status = 0;
            while (::waitpid(child, &status, WNOHANG) == 0) {
                if (storage::Reader(folder()).totals().watermark >= target && ::kill(child, SIGKILL) == 0) {
                    ::waitpid(child, &status, 0);
                    break;
                }
            }
            finished = WIFEXITED(status);
            kills += finished ? 0 : 1;
        }
        return finished && storage::Reader(folder()).totals().watermark == last ? kills : 0;
    }

    void verifyExact() const
    {
        const storage::Reader reader(folder());
        HitSeq covered;
        const HitBatch hits = reader.hitsAfter({}, 1'000'000, {}, {}, covered);
        for (const WorkspaceId workspace : {WorkspaceId(1), WorkspaceId(2)})
            for (const Granularity granularity : {Granularity::Minute, Granularity::Hour, Granularity::Day})
                for (const Dimension by : {Dimension::None, Dimension::Country, Dimension::Class})
                    for (const bool perLink : {false, true}) {
                        storage::RollupQuery query;
                        query.workspace = workspace;
                        query.granularity = granularity;
                        query.by = by;
                        query.to = UtcMs(std::numeric_limits<std::int64_t>::max());
                        query.perLink = perLink;
                        auto expected = recount(hits, workspace, granularity, by, perLink);
                        auto next = expected.begin();
                        bool equal = true;
                        reader.rollups(query, [&](const RollupRow& row) {
                            equal = equal && next != expected.end() &&
                                    next->first == Row{row.bucket.value, row.link.value, row.value} &&
                                    next->second.hits == row.hits && next->second.clicks == row.clicks &&
                                    next->second.humans == row.humanClicks && next->second.scans == row.scans;
                            const bool hasUniques = granularity == Granularity::Day && by == Dimension::None;
                            equal = equal && row.uniques.has_value() == hasUniques &&
                                    (!hasUniques || *row.uniques == next->second.visitors.size());
                            if (equal)
                                ++next;
                            return equal;
                        });
                        QVERIFY(equal && next == expected.end());
                    }
    }

private slots:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        storage::initFolder(folder());
    }

    void equalsANaiveRecountHoweverItIsCut_data()
    {
        QTest::addColumn<int>("piece");
        QTest::newRow("one by one") << 1;
        QTest::newRow("sevens") << 7;
        QTest::newRow("all at once") << 100'000;
    }

    void equalsANaiveRecountHoweverItIsCut()
    {
        QFETCH(int, piece);
        storage::Store store({folder()});
        RollupJob job(store);
        std::mt19937_64 random(21);
        std::uint64_t seq = 1;
        for (int round = 0; round < 4; ++round) {
            HitBatch batch;
            for (int at = 0; at < 60; ++at)
                batch.push_back(
                    support::randomHit(random, seq++, 2 * msPerDay)); // old times again and again: late hits
            store.hits().append(batch);
            const auto mark = job.run(UtcMs(support::noon + round), static_cast<std::size_t>(piece));
            QCOMPARE(mark.seq, HitSeq(seq - 1));
            QCOMPARE(store.rollups().mark().rolledAt, UtcMs(support::noon + round));
        }
        verifyExact();
    }

    void leavesTheRestToTheNextTimeWhenItIsLate()
    {
        storage::Store store({folder()});
        std::mt19937_64 random(24);
        HitBatch batch;
        for (std::uint64_t seq = 1; seq <= 100; ++seq)
            batch.push_back(support::randomHit(random, seq, 2 * msPerDay));
        store.hits().append(batch);
        bool isLate = true;
        RollupJob job(store, [&isLate] { return isLate; });
        QCOMPARE(job.run(UtcMs(support::noon), 30).seq, HitSeq(30));
        QCOMPARE(job.run(UtcMs(support::noon), 30).seq, HitSeq(60));
        isLate = false;
        QCOMPARE(job.run(UtcMs(support::noon), 30).seq, HitSeq(100));
        verifyExact();
    }

    void countsEveryHitOnceWhenKilledAnywhere()
    {
        {
            storage::Store store({folder()});
            std::mt19937_64 random(22);
            HitBatch batch;
            for (std::uint64_t seq = 1; seq <= 1500; ++seq)
                batch.push_back(support::randomHit(random, seq, 2 * msPerDay));
            store.hits().append(batch);
        }
        QVERIFY(killedUntilFinished(23, UtcMs(support::noon), HitSeq(1500)) > 3);
        verifyExact();
    }

    void anHourThatIsNotOverIsNotRestated()
    {
        storage::Store store({folder()});
        RollupJob job(store);
        const std::int64_t minute = msPerMinute;
        store.hits().append(support::hitsFrom(1, 1));
        job.run(UtcMs(support::noon + minute));
        store.hits().append(support::hitsFrom(2, 1, support::noon + 2 * minute)); // of the hour that runs
        job.run(UtcMs(support::noon + 60 * minute));
        store.hits().append(support::hitsFrom(3, 1, support::noon + 59 * minute)); // on its way when the hour ended
        job.run(UtcMs(support::noon + 61 * minute));
        QVERIFY(restatements(folder()).empty());
        store.hits().append(support::hitsFrom(4, 1, support::noon + 59 * minute)); // reported by then
        store.hits().append(support::hitsFrom(5, 1, support::noon + 61 * minute));
        job.run(UtcMs(support::noon + 63 * minute));
        const auto found = restatements(folder());
        QCOMPARE(found.size(), std::size_t(1));
        QCOMPARE(found[0].reason, storage::RestatementReason::Late);
        QCOMPARE(found[0].notedAt, UtcMs(support::noon + 63 * minute));
        QCOMPARE(found[0].from, UtcMs(support::noon));
        QCOMPARE(found[0].to, UtcMs(support::noon + 60 * minute));
        QCOMPARE(found[0].link, std::uint64_t(7));
        QVERIFY(found[0].change == (storage::Change{1, 1, 1, 1}) && !found[0].before);
    }

    void aClockThatWasAheadRestatesNothingLater()
    {
        storage::Store store({folder()});
        RollupJob job(store);
        store.hits().append(support::hitsFrom(1, 1));
        job.run(UtcMs(support::noon + 300 * msPerDay)); // it was ahead, and is set right
        store.hits().append(support::hitsFrom(2, 1, support::noon + msPerHour));
        job.run(UtcMs(support::noon + msPerHour + msPerMinute));
        store.hits().append(support::hitsFrom(3, 1, support::noon + 2 * msPerHour));
        job.run(UtcMs(support::noon + 2 * msPerHour + msPerMinute));
        QVERIFY(restatements(folder()).empty());
        store.hits().append(support::hitsFrom(4, 1));
        job.run(UtcMs(support::noon + 2 * msPerHour + 2 * msPerMinute));
        QCOMPARE(restatements(folder()).size(), std::size_t(1));
    }

    // What is left of a piece that was late is not complete: what follows of its time restates nothing.
    void whatWasStillToComeIsNotRestated()
    {
        storage::Store store({folder()});
        store.hits().append(support::hitsFrom(1, 20));
        bool isLate = true;
        RollupJob job(store, [&isLate] { return isLate; });
        const UtcMs now(support::noon + msPerDay);
        QCOMPARE(job.run(now, 10).seq, HitSeq(10));
        isLate = false;
        QCOMPARE(job.run(now, 10).seq, HitSeq(20));
        QVERIFY(restatements(folder()).empty());
    }

    void restatementsAreNotedOnceWhenKilledAnywhere()
    {
        const UtcMs now(support::noon + 10 * msPerDay);
        std::map<std::tuple<std::uint32_t, std::uint64_t, std::int64_t>, std::int64_t> expected;
        {
            storage::Store store({folder()});
            std::mt19937_64 random(25);
            HitBatch batch;
            for (std::uint64_t seq = 1; seq <= 300; ++seq)
                batch.push_back(support::randomHit(random, seq, 2 * msPerDay));
            store.hits().append(batch);
            RollupJob(store).run(now);
            batch.clear();
            for (std::uint64_t seq = 301; seq <= 800; ++seq) {
                batch.push_back(support::randomHit(random, seq, 2 * msPerDay));
                const Hit& hit = batch.back();
                ++expected[{hit.workspace.value, hit.link.value, hit.time.value / msPerDay * msPerDay}];
            }
            store.hits().append(batch);
        }
        QVERIFY(killedUntilFinished(26, now, HitSeq(800)) > 2);
        std::map<std::tuple<std::uint32_t, std::uint64_t, std::int64_t>, std::int64_t> noted;
        for (const WorkspaceId workspace : {WorkspaceId(1), WorkspaceId(2)})
            for (const storage::Restatement& one : restatements(folder(), workspace)) {
                QVERIFY(!one.isOfSeveral && one.to.value - one.from.value <= msPerDay);
                QVERIFY(one.from >= one.day && one.to.value <= one.day.value + msPerDay);
                noted[{workspace.value, one.link, one.day.value}] += one.change.hits;
            }
        QVERIFY(noted == expected && expected.size() > 20);
    }

    void restatementsStayFew()
    {
        storage::Store store({folder()});
        RollupJob job(store);
        store.hits().append(support::hitsFrom(1, 1));
        const std::int64_t now = support::noon + 10 * msPerDay;
        job.run(UtcMs(now));
        HitBatch batch;
        for (std::uint64_t seq = 2; seq <= 501; ++seq) {
            batch.push_back(support::hitAt(support::noon + static_cast<std::int64_t>(seq % 3) * msPerDay, seq));
            batch.back().link = LinkId(seq);
        }
        store.hits().append(batch);
        job.run(UtcMs(now + 1), 40);
        const auto found = restatements(folder());
        QCOMPARE(found.size(), storage::restatementsPerRun + 3); // and one of several links for each day
        std::int64_t hits = 0, ofSeveral = 0;
        for (const storage::Restatement& one : found) {
            hits += one.change.hits;
            ofSeveral += one.isOfSeveral ? one.change.hits : 0;
        }
        QCOMPARE(hits, std::int64_t(500));
        QCOMPARE(ofSeveral, std::int64_t(400));
        // Of one link: its own, and those that may be its.
        storage::RestatementQuery query{WorkspaceId(1), {}, UtcMs(now), std::vector<std::uint64_t>{2}, 0, 1000};
        QCOMPARE(storage::Reader(folder()).restatements(query).size(), std::size_t(1 + 3));
        query.from = UtcMs(support::noon + msPerDay - msPerHour); // the hour before noon was not restated
        query.to = UtcMs(support::noon + msPerDay);
        QCOMPARE(storage::Reader(folder()).restatements(query).size(), std::size_t(0));
        job.run(UtcMs(now + 401 * msPerDay));
        QVERIFY(restatements(folder()).empty());
    }

    // The whole way: the writer's thread stores it, the worker folds and notes it.
    void aLateHitThroughThePipelineRestates()
    {
        PipelineRig rig(folder());
        const auto roll = [&](std::uint64_t seq) {
            QTRY_COMPARE(rig.counters().lastSeq.load(), seq);
            rig.pipeline().rollUpNow();
            QTRY_COMPARE(rig.counters().watermark.load(), seq);
        };
        const int marksBefore = rig.watermarks();
        QVERIFY(rig.send(LinkId(3), support::noon));
        roll(1);
        QTRY_VERIFY(rig.watermarks() > marksBefore); // told: the run is over
        QVERIFY(restatements(folder()).empty());
        QVERIFY(rig.send(LinkId(3), support::noon));
        QVERIFY(rig.send(LinkId(), support::noon, HitClass::Miss));
        roll(3);
        const auto found = restatements(folder());
        QCOMPARE(found.size(), std::size_t(2));
        for (const storage::Restatement& one : found)
            QVERIFY(one.change.hits == 1 && one.change.clicks == (one.link == 3 ? 1 : 0));
    }

    void namesTheLinksAndKeepsMisses()
    {
        storage::Store store({folder()});
        links::Link link;
        link.domain = store.settings().domainOf("localhost")->id;
        link.slug = "spring";
        store.settings().putLink(link, {});
        Hit hit = support::hitAt(support::noon, 1);
        hit.link = link.id;
        Hit miss = support::hitAt(support::noon, 2);
        miss.link = {};
        miss.hitClass = HitClass::Miss;
        store.hits().append(HitBatch{hit, miss});
        RollupJob(store).run(UtcMs(support::noon));
        storage::RollupQuery query;
        query.workspace = WorkspaceId(1);
        query.to = UtcMs(support::noon + msPerDay);
        query.perLink = true;
        std::vector<RollupRow> rows;
        const storage::Reader reader(folder());
        const auto collect = [&](const RollupRow& row) {
            rows.push_back(row);
            return true;
        };
        reader.rollups(query, collect);
        QCOMPARE(rows.size(), std::size_t(2));
        QCOMPARE(rows[0].hits, std::uint64_t(1));
        QCOMPARE(rows[0].domain + rows[0].slug, std::string());
        QCOMPARE(rows[1].domain + "/" + rows[1].slug, std::string("localhost/spring"));
        rows.clear();
        query.perLink = false;
        query.link = link.id;
        reader.rollups(query, collect);
        QCOMPARE(rows.size(), std::size_t(1));
        QCOMPARE(rows[0].link, link.id);
        rows.clear();
        query.link = {};
        query.rowsMax = 1;
        query.by = Dimension::Class;
        reader.rollups(query, collect);
        QCOMPARE(rows.size(), std::size_t(1));
    }

    void dropsMinutesAfterAFortnight()
    {
        storage::Store store({folder()});
        store.hits().append(support::hitsFrom(1, 10));
        RollupJob(store).run(UtcMs(support::noon + 20 * msPerDay));
        const storage::Reader reader(folder());
        storage::RollupQuery query;
        query.workspace = WorkspaceId(1);
        query.to = UtcMs(support::noon + msPerDay);
        for (const Granularity granularity : {Granularity::Minute, Granularity::Hour, Granularity::Day}) {
            query.granularity = granularity;
            std::uint64_t hits = 0;
            reader.rollups(query, [&](const RollupRow& row) {
                hits += row.hits;
                return true;
            });
            QCOMPARE(hits, std::uint64_t(granularity == Granularity::Minute ? 0 : 10));
        }
    }

    void daysFollowTheReportingZone()
    {
        ZoneDays berlin("Europe/Berlin"), utc, nowhere("No/Where");
        QVERIFY(ZoneDays::isKnown("Europe/Berlin") && ZoneDays::isKnown("UTC") && !ZoneDays::isKnown("No/Where"));
        const auto at = [](const char* time) { return *utcMsFrom(time); };
        QCOMPARE(berlin.dayStart(at("2026-03-01T22:59:59.999Z")), at("2026-02-28T23:00:00.000Z"));
        QCOMPARE(berlin.dayStart(at("2026-03-01T23:00:00.000Z")), at("2026-03-01T23:00:00.000Z"));
        // The clock goes forward: a day of 23 hours.
        QCOMPARE(berlin.dayStart(at("2026-03-29T21:59:59.999Z")), at("2026-03-28T23:00:00.000Z"));
        QCOMPARE(berlin.dayStart(at("2026-03-29T22:00:00.000Z")), at("2026-03-29T22:00:00.000Z"));
        // Midnight itself is skipped: the day begins after the gap.
        ZoneDays cairo("Africa/Cairo");
        QCOMPARE(cairo.dayStart(at("2026-04-24T12:00:00.000Z")), at("2026-04-23T22:00:00.000Z"));
        QCOMPARE(utc.dayStart(at("2026-03-01T22:59:59.999Z")), at("2026-03-01T00:00:00.000Z"));
        QCOMPARE(nowhere.dayStart(at("2026-03-01T22:59:59.999Z")), at("2026-03-01T00:00:00.000Z"));
    }

    void hoursFollowTheReportingZone_data()
    {
        QTest::addColumn<std::string>("zone");
        QTest::addColumn<std::string>("time");
        QTest::addColumn<std::string>("start");
        QTest::addColumn<std::string>("end");
        const auto row = [](const char* zone, const char* time, const char* start, const char* end) {
            QTest::addRow("%s %s", zone, time)
                << std::string(zone) << std::string("2026-") + time + ".000Z" << std::string("2026-") + start + ".000Z"
                << std::string("2026-") + end + ".000Z";
        };
        row("UTC", "03-01T12:30:00", "03-01T12:00:00", "03-01T13:00:00");
        row("Europe/Berlin", "03-29T00:59:59", "03-29T00:00:00", "03-29T01:00:00"); // before the clock goes forward
        row("Europe/Berlin", "03-29T01:00:00", "03-29T01:00:00", "03-29T02:00:00");
        row("Asia/Kolkata", "03-01T12:29:59", "03-01T11:30:00", "03-01T12:30:00"); // +05:30
        row("Asia/Kolkata", "03-01T12:30:00", "03-01T12:30:00", "03-01T13:30:00");
        row("Asia/Kathmandu", "03-01T12:14:59", "03-01T11:15:00", "03-01T12:15:00"); // +05:45
        row("Asia/Kathmandu", "03-01T12:15:00", "03-01T12:15:00", "03-01T13:15:00");
        // From 02:00 at +11:00 back to 01:30 at +10:30: the hour from one is followed by its half once more.
        row("Australia/Lord_Howe", "04-04T14:59:59", "04-04T14:00:00", "04-04T15:00:00");
        row("Australia/Lord_Howe", "04-04T15:00:00", "04-04T15:00:00", "04-04T15:30:00");
        row("Australia/Lord_Howe", "04-04T15:30:00", "04-04T15:30:00", "04-04T16:30:00");
        // From 02:00 at +10:30 forward to 02:30 at +11:00: half an hour is left of the one from two.
        row("Australia/Lord_Howe", "10-03T15:29:59", "10-03T14:30:00", "10-03T15:30:00");
        row("Australia/Lord_Howe", "10-03T15:30:00", "10-03T15:30:00", "10-03T16:00:00");
        row("Australia/Lord_Howe", "10-03T16:00:00", "10-03T16:00:00", "10-03T17:00:00");
    }

    void hoursFollowTheReportingZone()
    {
        QFETCH(std::string, zone);
        QFETCH(std::string, time);
        QFETCH(std::string, start);
        QFETCH(std::string, end);
        ZoneDays days(zone);
        const UtcMs moment = *utcMsFrom(time);
        QCOMPARE(days.hourStart(moment), *utcMsFrom(start));
        QCOMPARE(days.hourEnd(moment), *utcMsFrom(end));
    }

    // Minute by minute against what Qt's clock of the zone shows, over a year: another database of other code.
    void hoursAndDaysAgreeWithAnotherClock_data()
    {
        QTest::addColumn<QByteArray>("zone");
        for (const char* zone : {"Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "Europe/Berlin"})
            QTest::newRow(zone) << QByteArray(zone);
    }

    void hoursAndDaysAgreeWithAnotherClock()
    {
        QFETCH(QByteArray, zone);
        const QTimeZone clock(zone);
        QVERIFY(clock.isValid());
        ZoneDays days(zone.toStdString());
        const std::int64_t start = utcMsFrom("2026-01-01T00:00:00.000Z")->value;
        // What the clock shows of hour and day, and how far it is from UTC: where one changes, a bucket begins.
        std::tuple<QDate, int, int> before;
        std::int64_t hours = 0, hourStart = 0, dayStart = 0;
        for (std::int64_t at = start - 2 * msPerDay; at < start + 365 * msPerDay; at += 15 * msPerMinute) {
            const QDateTime local = QDateTime::fromMSecsSinceEpoch(at, clock);
            const std::tuple shown(local.date(), local.time().hour(), local.offsetFromUtc());
            if (shown != before) {
                hourStart = at;
                ++hours;
            }
            if (std::get<0>(shown) != std::get<0>(before))
                dayStart = at;
            before = shown;
            if (at < start)
                continue;
            QCOMPARE(days.hourStart(UtcMs(at)).value, hourStart);
            QCOMPARE(days.dayStart(UtcMs(at)).value, dayStart);
        }
        QVERIFY(hours >= 367 * 24);
    }
};

QTEST_GUILESS_MAIN(RollupJobTest)
#include "tst_rollup_job.moc"

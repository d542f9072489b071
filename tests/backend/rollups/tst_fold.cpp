// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <map>
#include <random>
#include <set>
#include <tuple>

#include "backend/protocol/words.h"
#include "backend/rollups/fold.h"
#include "tests/support/hit_samples.h"

using protocol::Dimension;
using protocol::Granularity;
using protocol::UtcMs;
using rollups::Counts;
using rollups::Fold;

namespace {

using CellKey = std::tuple<std::uint32_t, int, std::int64_t, std::uint64_t, int, std::string>;

std::map<CellKey, Counts> byKey(const std::vector<rollups::Cell>& cells)
{
    std::map<CellKey, Counts> map;
    for (const rollups::Cell& cell : cells) {
        Counts& counts = map[{cell.workspace.value, static_cast<int>(cell.granularity), cell.bucket.value,
                              cell.link.value, static_cast<int>(cell.dimension), cell.value}];
        if (counts != Counts())
            qFatal("a key stands twice");
        counts += cell.counts;
    }
    return map;
}

std::string valueOf(const protocol::Hit& hit, Dimension dimension)
{
    switch (dimension) {
    case Dimension::None:
        return "";
    case Dimension::Class:
        return std::string(protocol::word(hit.hitClass));
    case Dimension::Bot:
        return hit.isBot() ? "true" : "false";
    case Dimension::Touch:
        return std::string(protocol::word(hit.touch));
    case Dimension::Country:
        return hit.country;
    case Dimension::Device:
        return std::string(protocol::word(hit.device));
    case Dimension::Referrer:
        return hit.referrer;
    default:
        break;
    }
    return "?";
}

} // namespace

class FoldTest : public QObject {
    Q_OBJECT

private slots:
    void equalsANaiveRecount()
    {
        std::mt19937_64 random(11);
        // Workspace 2 lies at +05:30, so that days start inside a UTC hour.
        const auto dayStart = [](protocol::WorkspaceId workspace, UtcMs time) {
            const std::int64_t shift = workspace.value == 2 ? 330 * protocol::msPerMinute : 0;
            return UtcMs((time.value + shift) / protocol::msPerDay * protocol::msPerDay - shift);
        };
        Fold fold(dayStart);
        std::map<CellKey, Counts> expected;
        std::map<std::tuple<std::uint32_t, std::int64_t, std::uint64_t>, std::set<std::uint64_t>> visitors;
        for (std::uint64_t seq = 1; seq <= 3000; ++seq) {
            const protocol::Hit hit = support::randomHit(random, seq, 3 * protocol::msPerDay);
            fold.add(hit);
            const std::int64_t starts[] = {hit.time.value / 60'000 * 60'000, hit.time.value / 3'600'000 * 3'600'000,
                                           dayStart(hit.workspace, hit.time).value};
            for (int granularity = 1; granularity <= 3; ++granularity)
                for (int dimension = 0; dimension <= 6; ++dimension) {
                    Counts& counts =
                        expected[{hit.workspace.value, granularity, starts[granularity - 1], hit.link.value, dimension,
                                  valueOf(hit, static_cast<Dimension>(dimension))}];
                    ++counts.hits;
                    counts.clicks += hit.hitClass == protocol::HitClass::Click;
                    counts.humanClicks += hit.hitClass == protocol::HitClass::Click && !hit.isBot();
                    counts.scans += hit.hitClass == protocol::HitClass::Click && hit.touch == protocol::TouchType::Qr;
                }
            if (hit.isHumanClick() && hit.visitor) {
                visitors[{hit.workspace.value, starts[2], hit.link.value}].insert(hit.visitor.value);
                visitors[{hit.workspace.value, starts[2], 0}].insert(hit.visitor.value);
            }
        }
        const auto got = byKey(fold.cells());
        QCOMPARE(got.size(), expected.size());
        QVERIFY(got == expected);
        const auto sets = fold.visitors();
        QCOMPARE(sets.size(), visitors.size());
        for (const auto& set : sets) {
            const auto& want = visitors[{set.workspace.value, set.day.value, set.link.value}];
            QVERIFY(set.keys == std::vector<std::uint64_t>(want.begin(), want.end()));
        }
    }

    void everyDimensionSumsToTheRawCount()
    {
        std::mt19937_64 random(12);
        Fold fold(rollups::utcDayStart);
        for (std::uint64_t seq = 1; seq <= 1000; ++seq)
            fold.add(support::randomHit(random, seq, protocol::msPerDay));
        std::map<std::pair<int, int>, std::uint64_t> sums;
        for (const rollups::Cell& cell : fold.cells())
            sums[{static_cast<int>(cell.granularity), static_cast<int>(cell.dimension)}] += cell.counts.hits;
        QCOMPARE(sums.size(), std::size_t(21));
        for (const auto& [key, sum] : sums)
            QCOMPARE(sum, std::uint64_t(1000));
    }

    void keepsNoVisitorOfBotsAndMisses()
    {
        Fold fold(rollups::utcDayStart);
        protocol::Hit bot = support::hitAt(support::noon, 1);
        bot.botCategory = protocol::BotCategory::Preview;
        protocol::Hit probe = support::hitAt(support::noon, 2);
        probe.hitClass = protocol::HitClass::Probe;
        protocol::Hit optedOut = support::hitAt(support::noon, 3);
        optedOut.visitor = {};
        for (const protocol::Hit& hit : {bot, probe, optedOut})
            fold.add(hit);
        QVERIFY(fold.visitors().empty());
        fold.clear();
        QVERIFY(fold.cells().empty());
    }

    void placesTimesBeforeTheEpochIntoTheRightBucket()
    {
        QCOMPARE(rollups::utcDayStart({}, UtcMs(-1)).value, -protocol::msPerDay);
        QCOMPARE(rollups::utcDayStart({}, UtcMs(0)).value, std::int64_t(0));
    }
};

QTEST_GUILESS_MAIN(FoldTest)
#include "tst_fold.moc"

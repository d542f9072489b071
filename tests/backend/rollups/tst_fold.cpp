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
using protocol::UtcMs;
using rollups::CellPack;
using rollups::Counts;
using rollups::Fold;
using rollups::PackKey;
using rollups::PackKind;
using rollups::VisitorPack;
using rollups::VisitorSet;

namespace {

// workspace, kind, dimension, link, bucket, value
using Key = std::tuple<std::uint32_t, int, int, std::uint64_t, std::int64_t, std::string>;

struct Folded {
    std::map<Key, Counts> cells;
    std::map<Key, VisitorSet> sets;
    std::vector<std::pair<PackKey, std::string>> bytes;
};

template <class Pack, class Map> void spread(const PackKey& key, const Pack& pack, Map& into)
{
    for (const auto& entry : pack.entries) {
        const std::int64_t bucket = pack.buckets.at(entry.bucket);
        if (rollups::periodOf(key.kind, bucket) != key.period)
            qFatal("a bucket outside of its period");
        const auto [place, isNew] =
            into.try_emplace(Key(key.workspace, static_cast<int>(key.kind), static_cast<int>(key.dimension), entry.link,
                                 bucket, pack.words.at(entry.word)),
                             entry.payload);
        if (!isNew)
            qFatal("a cell stands twice");
    }
}

Folded finished(Fold& fold)
{
    Folded folded;
    fold.finish(
        [&](const PackKey& key, CellPack&& pack) {
            spread(key, pack, folded.cells);
            folded.bytes.emplace_back(key, rollups::encode(pack));
        },
        [&](const PackKey& key, VisitorPack&& pack) {
            spread(key, pack, folded.sets);
            folded.bytes.emplace_back(key, rollups::encode(pack));
        });
    return folded;
}

std::string joined(const std::string& first, const std::string& second)
{
    return second.empty() ? "" : first + "/" + second;
}

// As protocol/rollup.h says, in the plainest words.
std::string valueOf(const protocol::Hit& hit, Dimension dimension)
{
    using enum Dimension;
    static const std::map<Dimension, std::string protocol::Hit::*> plain{{Country, &protocol::Hit::country},
                                                                         {Referrer, &protocol::Hit::referrer},
                                                                         {Placement, &protocol::Hit::placement},
                                                                         {Os, &protocol::Hit::os},
                                                                         {Browser, &protocol::Hit::browser},
                                                                         {Language, &protocol::Hit::language},
                                                                         {Campaign, &protocol::Hit::campaign},
                                                                         {UtmSource, &protocol::Hit::utmSource},
                                                                         {UtmMedium, &protocol::Hit::utmMedium},
                                                                         {UtmTerm, &protocol::Hit::utmTerm},
                                                                         {UtmContent, &protocol::Hit::utmContent},
                                                                         {Destination, &protocol::Hit::destination},
                                                                         {Rule, &protocol::Hit::rule}};
    if (const auto found = plain.find(dimension); found != plain.end())
        return hit.*found->second;
    switch (dimension) {
    case Class:
        return std::string(protocol::word(hit.hitClass));
    case Bot:
        return hit.isBot() ? "true" : "false";
    case Touch:
        return std::string(protocol::word(hit.touch));
    case Device:
        return std::string(protocol::word(hit.device));
    case BotCategory:
        return std::string(protocol::word(hit.botCategory));
    case Region:
        return joined(hit.country, hit.region);
    case City:
        return hit.city.empty() ? "" : hit.country + "/" + hit.region + "/" + hit.city;
    case Channel:
        return protocol::channelOf(hit);
    case Variant:
        return joined(hit.rule, hit.variant);
    case Status:
        return std::to_string(hit.status);
    default:
        return "";
    }
}

protocol::Hit variedHit(std::mt19937_64& random, std::uint64_t seq)
{
    protocol::Hit hit = support::randomHit(random, seq, 3 * protocol::msPerDay);
    const auto sometimes = [&](std::string& text) {
        if (random() % 3 == 0)
            text.clear();
        else
            text += static_cast<char>('a' + random() % 3);
    };
    for (const protocol::HitText text : rollups::factTexts)
        if (text != protocol::HitText::Country)
            sometimes(hit.*protocol::hitTexts[static_cast<std::size_t>(text)]);
    hit.status = random() % 2 ? 302 : 1404;
    return hit;
}

// Workspace 2 lies at +05:30, so that hours and days start inside a UTC hour.
rollups::BucketStarts startsOf(protocol::WorkspaceId workspace, UtcMs time)
{
    const std::int64_t shift = workspace.value == 2 ? 330 * protocol::msPerMinute : 0;
    const std::int64_t local = time.value + shift;
    return {UtcMs(local / protocol::msPerHour * protocol::msPerHour - shift),
            UtcMs(local / protocol::msPerDay * protocol::msPerDay - shift)};
}

} // namespace

class FoldTest : public QObject {
    Q_OBJECT

private slots:
    void equalsANaiveRecountInEveryDimension()
    {
        std::mt19937_64 random(11);
        Fold fold(startsOf);
        std::map<Key, Counts> expected;
        std::map<Key, std::set<std::uint64_t>> visitors;
        for (std::uint64_t seq = 1; seq <= 3000; ++seq) {
            const protocol::Hit hit = variedHit(random, seq);
            fold.add(hit);
            const rollups::BucketStarts of = startsOf(hit.workspace, hit.time);
            const std::int64_t starts[] = {hit.time.value / 60'000 * 60'000, of.hour.value, of.day.value};
            for (int kind = 1; kind <= 3; ++kind)
                for (std::size_t dimension = 0; dimension < protocol::dimensionCount; ++dimension)
                    expected[{hit.workspace.value, kind, static_cast<int>(dimension), hit.link.value, starts[kind - 1],
                              valueOf(hit, static_cast<Dimension>(dimension))}] +=
                        Counts{1, hit.isClick() ? 1U : 0U, hit.isHumanClick() ? 1U : 0U, hit.isScan() ? 1U : 0U};
            if (!hit.isHumanClick() || !hit.visitor)
                continue;
            for (int kind = 4; kind <= (hit.isScan() ? 5 : 4); ++kind) {
                for (const Dimension dimension : {Dimension::None, Dimension::Placement, Dimension::Campaign})
                    visitors[{hit.workspace.value, kind, static_cast<int>(dimension), hit.link.value, starts[2],
                              valueOf(hit, dimension)}]
                        .insert(hit.visitor.value);
                visitors[{hit.workspace.value, kind, 0, 0, starts[2], ""}].insert(hit.visitor.value);
            }
        }
        const Folded folded = finished(fold);
        QCOMPARE(folded.cells.size(), expected.size());
        QVERIFY(folded.cells == expected);
        QCOMPARE(folded.sets.size(), visitors.size());
        for (const auto& [key, set] : folded.sets) {
            QVERIFY(visitors.contains(key) && !set.isEstimated());
            QCOMPARE(set.count(), std::uint64_t(visitors[key].size()));
        }
    }

    void theOrderOfTheHitsDoesNotMatter()
    {
        std::mt19937_64 random(12);
        std::vector<protocol::Hit> hits;
        for (std::uint64_t seq = 1; seq <= 500; ++seq)
            hits.push_back(variedHit(random, seq));
        std::vector<std::vector<std::pair<PackKey, std::string>>> made;
        for (int round = 0; round < 2; ++round) {
            Fold fold(startsOf);
            for (const protocol::Hit& hit : hits)
                fold.add(hit);
            made.push_back(finished(fold).bytes);
            std::sort(made.back().begin(), made.back().end());
            std::shuffle(hits.begin(), hits.end(), random);
        }
        QVERIFY(made[0] == made[1] && !made[0].empty());
    }

    void everyDimensionSumsToTheRawCount()
    {
        std::mt19937_64 random(13);
        Fold fold(rollups::utcStarts);
        for (std::uint64_t seq = 1; seq <= 1000; ++seq)
            fold.add(support::randomHit(random, seq, protocol::msPerDay));
        std::map<std::pair<int, int>, std::uint64_t> sums;
        for (const auto& [key, counts] : finished(fold).cells)
            sums[{std::get<1>(key), std::get<2>(key)}] += counts.hits;
        QCOMPARE(sums.size(), 3 * protocol::dimensionCount);
        for (const auto& [key, sum] : sums)
            QCOMPARE(sum, std::uint64_t(1000));
    }

    void aNumberThatNoWordIsKnownForIsUnknownAndNotOneThatIsKnown()
    {
        Fold fold(rollups::utcStarts);
        protocol::Hit hit = support::hitAt(support::noon, 1);
        hit.hitClass = static_cast<protocol::HitClass>(9); // 8 more than a click
        hit.touch = static_cast<protocol::TouchType>(10);
        hit.device = static_cast<protocol::DeviceType>(17);
        hit.botCategory = static_cast<protocol::BotCategory>(32);
        fold.add(hit);
        std::set<int> unknown;
        for (const auto& [key, counts] : finished(fold).cells)
            if (std::get<5>(key) == "unknown")
                unknown.insert(std::get<2>(key));
        const std::set<int> wanted{static_cast<int>(Dimension::Class), static_cast<int>(Dimension::Touch),
                                   static_cast<int>(Dimension::Device), static_cast<int>(Dimension::BotCategory)};
        QVERIFY(unknown == wanted);
    }

    void keepsNoVisitorOfBotsAndMisses()
    {
        Fold fold(rollups::utcStarts);
        protocol::Hit bot = support::hitAt(support::noon, 1);
        bot.botCategory = protocol::BotCategory::Preview;
        protocol::Hit probe = support::hitAt(support::noon, 2);
        probe.hitClass = protocol::HitClass::Probe;
        protocol::Hit optedOut = support::hitAt(support::noon, 3);
        optedOut.visitor = {};
        for (const protocol::Hit& hit : {bot, probe, optedOut})
            fold.add(hit);
        const Folded folded = finished(fold);
        QVERIFY(folded.sets.empty() && !folded.cells.empty());
        fold.clear();
        QVERIFY(finished(fold).cells.empty());
    }

    // A few come all the time and most once (Zipf), one is nearly all of it, keys that only count up: the estimate
    // knows visitors by their hash alone. Beside the exact count of the same hits, by link and day, and over all.
    void uniquesOfSkewedStreamsStayWithinTheErrorStated()
    {
        constexpr std::uint64_t links = 24, hitsALink = 20'000, people = 40'000;
        std::mt19937_64 random(17);
        const auto real = [&] { return static_cast<double>(random() >> 11) * 0x1p-53; };
        Fold fold(rollups::utcStarts);
        std::map<std::uint64_t, std::set<std::uint64_t>> exact;
        std::set<std::uint64_t> all;
        for (std::uint64_t n = 0; n < links * hitsALink; ++n) {
            const std::uint64_t link = 1 + n % links;
            std::uint64_t visitor = 0;
            switch (link % 3) {
            case 0: // the density of Zipf's law with exponent 1
                visitor = static_cast<std::uint64_t>(std::pow(static_cast<double>(people), real()));
                break;
            case 1:
                visitor = real() < 0.5 ? 1 : 1 + random() % people;
                break;
            default:
                visitor = n / links * 7 / 10 + 1;
            }
            visitor += link << 40;
            protocol::Hit hit = support::hitAt(support::noon, n + 1);
            hit.link = protocol::LinkId(link);
            hit.visitor = protocol::VisitorKey(visitor);
            fold.add(hit);
            exact[link].insert(visitor);
            all.insert(visitor);
        }
        double squares = 0, worst = 0;
        std::size_t sets = 0;
        for (const auto& [key, set] : finished(fold).sets) {
            const std::uint64_t link = std::get<3>(key);
            if (std::get<2>(key) != 0 || !std::get<5>(key).empty() ||
                (link == 0) != (set.precision() == VisitorSet::totalPrecision))
                continue;
            QVERIFY(set.isEstimated());
            const auto truth = static_cast<double>(link == 0 ? all.size() : exact[link].size());
            const double error = static_cast<double>(set.count()) / truth - 1;
            // Four standard errors: once in 16,000 sets.
            QVERIFY2(std::abs(error) < 4 * (link == 0 ? 0.0081 : 0.0163),
                     qPrintable(QStringLiteral("link %1: %2").arg(link).arg(error)));
            if (link == 0)
                qInfo("all: %.0f visitors, error %.2f %%", truth, error * 100);
            else
                squares += error * error, worst = std::max(worst, std::abs(error)), ++sets;
        }
        QVERIFY(sets >= links);
        const double rms = std::sqrt(squares / static_cast<double>(sets));
        qInfo("%zu sets of skewed streams: rms error %.2f %%, worst %.2f %%", sets, rms * 100, worst * 100);
        QVERIFY(rms < 1.3 * 0.0163);
    }

    void whatWouldBeDroppedIsNotFolded()
    {
        Fold fold(rollups::utcStarts);
        fold.keepFrom(support::noon, support::noon - protocol::msPerDay);
        fold.add(support::hitAt(support::noon - 2 * protocol::msPerDay, 1));
        fold.add(support::hitAt(support::noon - 1, 2));
        fold.add(support::hitAt(support::noon, 3));
        std::map<int, std::uint64_t> hits;
        for (const auto& [key, counts] : finished(fold).cells)
            if (std::get<2>(key) == 0)
                hits[std::get<1>(key)] += counts.hits;
        QCOMPARE(hits, (std::map<int, std::uint64_t>{{1, 1}, {2, 2}, {3, 2}}));
    }

    void placesTimesBeforeTheEpochIntoTheRightBucket()
    {
        QCOMPARE(rollups::utcStarts({}, UtcMs(-1)).day.value, -protocol::msPerDay);
        QCOMPARE(rollups::utcStarts({}, UtcMs(-1)).hour.value, -protocol::msPerHour);
        QCOMPARE(rollups::utcStarts({}, UtcMs(0)).day.value, std::int64_t(0));
        QCOMPARE(rollups::periodOf(PackKind::Minutes, -1), std::int64_t(-1));
        QCOMPARE(rollups::periodOf(PackKind::Minutes, protocol::msPerDay), std::int64_t(1));
    }
};

QTEST_GUILESS_MAIN(FoldTest)
#include "tst_fold.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <map>
#include <random>
#include <set>

#include "backend/insight/live_window.h"
#include "backend/insight/string_table.h"
#include "backend/insight/trend.h"
#include "backend/protocol/words.h"

using namespace protocol;
using insight::LiveWindow;

namespace {

constexpr std::int64_t noon = 1772366400000;
constexpr WorkspaceId acme{1};

Hit hitAt(std::int64_t timeMs, std::uint64_t seq = 1)
{
    Hit hit;
    hit.seq = HitSeq{seq};
    hit.time = UtcMs{timeMs};
    hit.workspace = acme;
    hit.domain = "localhost";
    hit.slug = "launch";
    hit.country = "DE";
    hit.visitor = VisitorKey{seq};
    return hit;
}

void add(LiveWindow& window, const HitBatch& hits)
{
    for (const Hit& hit : hits)
        window.add(viewOf(hit));
}

Hit randomHit(std::mt19937& random, std::uint64_t seq, std::int64_t timeMs)
{
    static const std::vector<std::string> countries{"", "DE", "FR", "US"}, slugs{"a", "b", "c", "d", "e"},
        referrers{"", "x.example", "y.example"};
    Hit hit = hitAt(timeMs, seq);
    hit.workspace = WorkspaceId{static_cast<std::uint32_t>(1 + random() % 2)};
    hit.hitClass = static_cast<HitClass>(1 + (random() % 8 < 4 ? 0 : random() % 5));
    hit.touch = static_cast<TouchType>(1 + random() % 2);
    hit.device = static_cast<DeviceType>(random() % 4);
    hit.botCategory = static_cast<BotCategory>(random() % 4 == 0 ? 1 + random() % 12 : 0);
    hit.slug = slugs[random() % slugs.size()];
    hit.country = countries[random() % countries.size()];
    hit.region = "r" + std::to_string(random() % 3);
    hit.city = "c" + std::to_string(random() % 5);
    hit.referrer = referrers[random() % referrers.size()];
    hit.campaign = random() % 2 == 0 ? "spring" : "";
    hit.placement = random() % 2 == 0 ? "poster-a" : "poster-b";
    hit.visitor = VisitorKey{random() % 50};
    return hit;
}

using Names = std::map<std::string, std::uint64_t>;

std::vector<NamedCount> listOf(const Names& names)
{
    std::vector<NamedCount> rows;
    for (const auto& [name, count] : names)
        rows.push_back({name, count});
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.count > b.count; });
    return rows;
}

// The same figures by going through every hit: few distinct names, so that no list is cut.
WindowAggregate recount(const std::vector<Hit>& hits, WorkspaceId workspace, const StreamFilter& filter,
                        std::int64_t fromMs)
{
    WindowAggregate a;
    std::set<std::uint64_t> visitors;
    Names links, referrers, channels, countries, devices, campaigns, placements, bots, misses, qrCountries;
    std::map<std::pair<std::string, std::string>, std::uint64_t> cities;
    for (const Hit& hit : hits) {
        if (hit.workspace != workspace || !filter.matches(viewOf(hit)) || hit.time.value <= fromMs)
            continue;
        ++a.hits;
        a.clicks += hit.isClick();
        a.humanClicks += hit.isHumanClick();
        a.bots += hit.isClick() && hit.isBot();
        a.scans += hit.isScan();
        a.misses += hit.hitClass == HitClass::Miss;
        a.probes += hit.hitClass == HitClass::Probe;
        a.prefetches += hit.hitClass == HitClass::Prefetch;
        a.blocked += hit.hitClass == HitClass::Blocked;
        if (hit.hitClass == HitClass::Miss)
            ++misses[hit.domain + '/' + hit.slug];
        if (hit.isScan()) {
            ++placements[hit.placement];
            ++qrCountries[hit.country];
            ++cities[{hit.country, hit.city}];
        }
        if (hit.isClick() && hit.isBot())
            ++bots[std::string(word(hit.botCategory))];
        if (!hit.isHumanClick())
            continue;
        if (hit.visitor)
            visitors.insert(hit.visitor.value);
        ++links[hit.domain + '/' + hit.slug];
        ++referrers[hit.referrer];
        ++channels[channelOf(hit)];
        ++countries[hit.country];
        ++devices[std::string(word(hit.device))];
        ++campaigns[hit.campaign];
    }
    a.visitors = visitors.size();
    a.topLinks = listOf(links);
    a.topReferrers = listOf(referrers);
    a.topChannels = listOf(channels);
    a.topCountries = listOf(countries);
    a.topDevices = listOf(devices);
    a.topCampaigns = listOf(campaigns);
    a.topPlacements = listOf(placements);
    a.topBots = listOf(bots);
    a.topMisses = listOf(misses);
    a.qrCountries = listOf(qrCountries);
    for (const auto& [place, count] : cities)
        a.qrCities.push_back({place.first, place.second, count});
    return a;
}

std::uint64_t sum(const std::vector<VelocityBucket>& velocity, std::uint32_t VelocityBucket::* part)
{
    std::uint64_t all = 0;
    for (const VelocityBucket& bucket : velocity)
        all += bucket.*part;
    return all;
}

// Takes over what the recount does not make, so that the rest can be compared at once.
WindowAggregate comparable(WindowAggregate a)
{
    const WindowAggregate plain;
    a.windowSeconds = 0;
    a.from = a.coveredFrom = a.to = {};
    a.seq = {};
    a.clicksPerMinute = 0;
    a.trend = plain.trend;
    a.bucketSeconds = 0;
    a.velocity.clear();
    a.qrRegions.clear();
    std::sort(a.qrCities.begin(), a.qrCities.end(),
              [](const auto& x, const auto& y) { return std::tie(x.country, x.name) < std::tie(y.country, y.name); });
    return a;
}

std::string figures(const WindowAggregate& a)
{
    return std::to_string(a.hits) + " hits, " + std::to_string(a.humanClicks) + " human clicks, " +
           std::to_string(a.visitors) + " visitors";
}

} // namespace

class TstLiveWindow : public QObject {
    Q_OBJECT

private slots:
    // Hits in and out of order, views opened and closed at any time, the ring too small, the clock set back and forth.
    void everyAggregateEqualsARecount()
    {
        for (unsigned seed = 1; seed <= 6; ++seed) {
            std::mt19937 random(seed);
            const std::size_t hitsMax = seed % 2 == 0 ? 300 : 100'000;
            LiveWindow window(hitsMax);
            std::vector<Hit> hits; // what the ring should hold
            struct Open {
                LiveWindow::ViewId id;
                WorkspaceId workspace;
                StreamFilter filter;
                std::int64_t seconds;
            };
            std::vector<Open> views;
            std::int64_t now = noon;
            std::uint64_t seq = 0;
            for (int step = 0; step < 1500; ++step) {
                now += static_cast<std::int64_t>(random() % 2000);
                HitBatch batch;
                for (auto count = random() % 6; count > 0; --count) {
                    const auto behind = static_cast<std::int64_t>(random() % 10 == 0 ? random() % 120'000 : 0);
                    batch.push_back(randomHit(random, ++seq, now - behind));
                }
                add(window, batch);
                for (Hit& hit : batch) {
                    if (hits.size() == hitsMax)
                        hits.erase(std::min_element(hits.begin(), hits.end(),
                                                    [](const Hit& a, const Hit& b) { return a.time < b.time; }));
                    hits.push_back(hit);
                }
                if (random() % 20 == 0) {
                    Open open{
                        0, WorkspaceId{static_cast<std::uint32_t>(1 + random() % 2)}, {}, random() % 2 == 0 ? 60 : 300};
                    if (random() % 2 == 0)
                        open.filter.countries = {"DE", ""};
                    if (random() % 3 == 0)
                        open.filter.links = {"localhost/a", "localhost/b", "localhost/never"};
                    if (random() % 3 == 0)
                        open.filter.bot = false;
                    window.expire(UtcMs{now});
                    open.id = window.openView(open.workspace, open.filter, open.seconds);
                    views.push_back(open);
                }
                if (views.size() > 6) {
                    window.closeView(views.front().id);
                    views.erase(views.begin());
                }
                if (random() % 4 != 0 || views.empty())
                    continue;
                const Open& view = views[random() % views.size()];
                const bool caughtUp = window.catchUp(random() % 3 == 0 ? random() % 100 : hitsMax);
                const WindowAggregate aggregate = window.aggregate(view.id, UtcMs{now}, true);
                const WindowAggregate expected = recount(hits, view.workspace, view.filter, now - view.seconds * 1000);
                if (!caughtUp) { // what it says to cover is counted; what is counted is there
                    const WindowAggregate covered =
                        recount(hits, view.workspace, view.filter, aggregate.coveredFrom.value - 1);
                    QVERIFY(aggregate.hits >= covered.hits && aggregate.hits <= expected.hits);
                    QVERIFY(aggregate.clicks >= covered.clicks && aggregate.clicks <= expected.clicks);
                    continue;
                }
                QVERIFY2(comparable(aggregate) == expected, (figures(aggregate) + " but " + figures(expected)).c_str());
                QCOMPARE(sum(aggregate.velocity, &VelocityBucket::clicks), expected.clicks);
                QCOMPARE(sum(aggregate.velocity, &VelocityBucket::humans), expected.humanClicks);
                QCOMPARE(sum(aggregate.velocity, &VelocityBucket::scans), expected.scans);
                QCOMPARE(sum(aggregate.velocity, &VelocityBucket::misses), expected.misses);
                QCOMPARE(aggregate.seq, HitSeq{seq});
            }
            QVERIFY(window.size() == hits.size());
        }
    }

    void equalViewsAreOne()
    {
        LiveWindow window(100);
        StreamFilter a, b;
        a.countries = {"de", "FR"};
        b.countries = {"FR", "DE", "DE"};
        const auto first = window.openView(acme, a, 0);
        QCOMPARE(window.openView(acme, b, 1800), first);
        QVERIFY(window.openView(WorkspaceId{2}, b, 1800) != first);
        window.closeView(first);
        add(window, {hitAt(noon)});
        QCOMPARE(window.aggregate(first, UtcMs{noon}, true).hits, std::uint64_t(1));
        window.closeView(first);
        QCOMPARE(window.aggregate(first, UtcMs{noon}, true).windowSeconds, 0);
        QCOMPARE(window.views(), std::size_t(1));
    }

    void aFullRingSaysSinceWhenItIsExact()
    {
        LiveWindow window(10);
        const auto view = window.openView(acme, {}, 60);
        for (std::uint64_t i = 0; i < 15; ++i)
            add(window, {hitAt(noon + static_cast<std::int64_t>(i) * 100, i + 1)});
        const WindowAggregate aggregate = window.aggregate(view, UtcMs{noon + 2000}, false);
        QCOMPARE(aggregate.hits, std::uint64_t(10));
        QCOMPARE(aggregate.coveredFrom, UtcMs{noon + 401});
        QCOMPARE(window.size(), std::size_t(10));
    }

    void whatWasNotGivenIsSaid()
    {
        LiveWindow window(10);
        window.coverFrom(UtcMs{noon});
        const auto view = window.openView(acme, {}, 60);
        QCOMPARE(window.aggregate(view, UtcMs{noon + 1000}, false).coveredFrom, UtcMs{noon});
        QCOMPARE(window.aggregate(view, UtcMs{noon + 90'000}, false).coveredFrom, UtcMs{noon + 30'000});
    }

    void aClockSetBackLosesNothingAndCountsNothingTwice()
    {
        LiveWindow window(1000);
        const auto view = window.openView(acme, {}, 60);
        add(window, {hitAt(noon, 1)});
        QCOMPARE(window.aggregate(view, UtcMs{noon + 61'000}, false).hits, std::uint64_t(0));
        QCOMPARE(window.aggregate(view, UtcMs{noon}, false).hits, std::uint64_t(0));
        add(window, {hitAt(noon + 1, 2), hitAt(noon + 2000, 3)});
        const WindowAggregate aggregate = window.aggregate(view, UtcMs{noon + 2000}, false);
        QCOMPARE(aggregate.hits, std::uint64_t(1)); // the one behind the boundary reached before
        QCOMPARE(aggregate.coveredFrom, UtcMs{noon + 1000});
        window.expire(UtcMs{noon + 25 * msPerHour});
        QCOMPARE(window.size(), std::size_t(0));
        QCOMPARE(window.aggregate(view, UtcMs{noon + 25 * msPerHour}, false).hits, std::uint64_t(0));
    }

    void qrIsForThePlanThatHasIt()
    {
        LiveWindow window(10);
        const auto view = window.openView(acme, {}, 60);
        Hit scan = hitAt(noon);
        scan.touch = TouchType::Qr;
        add(window, {scan});
        QVERIFY(window.aggregate(view, UtcMs{noon}, false).qrCountries.empty());
        QCOMPARE(window.aggregate(view, UtcMs{noon}, true).qrCountries, (std::vector<NamedCount>{{"DE", 1}}));
        QCOMPARE(window.aggregate(view, UtcMs{noon}, false).scans, std::uint64_t(1));
    }

    void listsAreCutAndStable()
    {
        LiveWindow window(100'000);
        const auto view = window.openView(acme, {}, 60);
        HitBatch batch;
        for (std::uint64_t i = 0; i < 5000; ++i) {
            batch.push_back(hitAt(noon, i + 1));
            batch.back().referrer = "site-" + std::to_string(i % 1000);
        }
        batch.push_back(hitAt(noon, 5001));
        batch.back().referrer = "site-999";
        add(window, batch);
        const auto list = window.aggregate(view, UtcMs{noon}, false).topReferrers;
        QCOMPARE(list.size(), std::size_t(20));
        QCOMPARE(list[0], (NamedCount{"site-999", 6}));
        QCOMPARE(window.aggregate(view, UtcMs{noon}, false).topReferrers, list);
    }

    void aFloodOfNamesIsCountedTogether()
    {
        insight::StringTable table(3, 1000);
        const auto a = table.take("a"), b = table.take("b"), c = table.take("c");
        QCOMPARE(table.take("d"), insight::StringTable::other);
        QCOMPARE(table.take("a"), a);
        QCOMPARE(table.text(insight::StringTable::other), std::string("(other)"));
        table.release(a);
        QCOMPARE(table.text(a), std::string("a")); // still held once
        table.release(b);
        QCOMPARE(table.take("d"), b); // room again
        QVERIFY(table.take("e", true) > c);
        insight::StringTable small(100, 10);
        QVERIFY(small.take("123456") != insight::StringTable::other);
        QCOMPARE(small.take("78901"), insight::StringTable::other);
    }

    void aTableKeepsEveryTextWhateverComesAndGoes()
    {
        insight::StringTable table(100'000, 10'000'000);
        std::mt19937 random(6);
        std::map<std::string, std::pair<insight::StringTable::Id, int>> held;
        insight::StringTable::Id last = insight::StringTable::empty;
        for (int round = 0; round < 60'000; ++round) {
            const std::string text = "t" + std::to_string(random() % 3000);
            auto& [id, count] = held[text];
            if (count > 0 && random() % 5 < 3) {
                table.release(id);
                --count;
            } else {
                const auto taken = random() % 2 ? table.take(text) : table.takeLike(last, text);
                QVERIFY(count == 0 || taken == id);
                id = last = taken;
                ++count;
            }
        }
        std::size_t distinct = 0;
        for (const auto& [text, one] : held) {
            if (one.second == 0)
                continue;
            ++distinct;
            QCOMPARE(table.text(one.first), text);
            QCOMPARE(table.take(text), one.first);
        }
        QCOMPARE(table.size(), distinct);
    }

    void velocityHasSixtyToOneHundredAndEightySteps()
    {
        for (const std::int64_t seconds : {60, 300, 900, 1800, 3600, 7200, 14400, 43200, 86400}) {
            const std::int64_t steps = seconds / insight::bucketSecondsFor(seconds);
            QVERIFY2(steps >= 60 && steps <= 180, std::to_string(seconds).c_str());
        }
        QCOMPARE(insight::bucketSecondsFor(1800), 10);
        LiveWindow window(10);
        const auto view = window.openView(acme, {}, 1800);
        const auto velocity = window.aggregate(view, UtcMs{noon + 12'345}, false).velocity;
        QCOMPARE(velocity.size(), std::size_t(181));
        QCOMPARE(velocity.back().start, UtcMs{noon + 10'000});
        QCOMPARE(velocity.front().start, UtcMs{noon - 1'790'000});
    }

    void trendsNeedEvidence()
    {
        QCOMPARE(insight::trendOf(0, 0, 5), Trend::Unknown);
        QCOMPARE(insight::trendOf(4, 3, 5), Trend::Unknown);
        QCOMPARE(insight::trendOf(50, 200, 1), Trend::Unknown);
        QCOMPARE(insight::trendOf(12, 50, 5), Trend::Steady);
        QCOMPARE(insight::trendOf(1050, 5000, 5), Trend::Steady);
        QCOMPARE(insight::trendOf(40, 100, 5), Trend::Accelerating);
        QCOMPARE(insight::trendOf(2, 100, 5), Trend::Fading);
        QCOMPARE(insight::trendOf(0, 30, 5), Trend::Steady); // 5 expected: none at all is still within three deviations
        // A steady rate hardly ever looks like anything else: 2,000 minutes of 30 clicks each.
        std::mt19937 random(3);
        std::poisson_distribution<int> minute(30);
        int alarms = 0;
        for (int i = 0; i < 2000; ++i) {
            int before = 0;
            for (int k = 0; k < 5; ++k)
                before += minute(random);
            alarms += insight::trendOf(static_cast<std::uint64_t>(minute(random)), static_cast<std::uint64_t>(before),
                                       5) != Trend::Steady;
        }
        QVERIFY2(alarms < 20, std::to_string(alarms).c_str());
    }

    void velocityOfTheLastMinute()
    {
        LiveWindow window(10'000);
        const auto view = window.openView(acme, {}, 1800);
        HitBatch batch;
        for (std::int64_t ms = 0; ms < 10 * msPerMinute; ms += ms < 9 * msPerMinute ? 6000 : 1000)
            batch.push_back(hitAt(noon + ms, static_cast<std::uint64_t>(ms) + 1));
        add(window, batch);
        const WindowAggregate aggregate = window.aggregate(view, UtcMs{noon + 10 * msPerMinute + 300}, false);
        QCOMPARE(aggregate.clicksPerMinute, 60.0);
        QCOMPARE(aggregate.trend, Trend::Accelerating);
        const auto late = window.openView(acme, {}, 60);
        QVERIFY(window.catchUp(batch.size()));
        const WindowAggregate later = window.aggregate(late, UtcMs{noon + 10 * msPerMinute + 300}, false);
        QCOMPARE(later.trend, Trend::Accelerating); // a short window's trend looks further back than the window
    }

    void aNewViewCountsThePastInSteps()
    {
        LiveWindow window(10'000);
        HitBatch batch;
        for (std::int64_t second = 0; second < 100; ++second)
            batch.push_back(hitAt(noon + second * 1000, static_cast<std::uint64_t>(second) + 1));
        add(window, batch);
        const UtcMs now{noon + 100'000};
        window.expire(now);
        const auto view = window.openView(acme, {}, 300);
        QCOMPARE(window.aggregate(view, now, false).hits, 0U);
        QVERIFY(!window.catchUp(40));
        QCOMPARE(window.aggregate(view, now, false).hits, 40U);
        QCOMPARE(window.aggregate(view, now, false).coveredFrom, UtcMs{noon + 59'001});
        add(window, {hitAt(noon + 100'000, 101)});
        QCOMPARE(window.aggregate(view, now, false).hits, 41U);
        QVERIFY(window.catchUp(60));
        QCOMPARE(window.aggregate(view, now, false).hits, 101U);
        QCOMPARE(window.aggregate(view, now, false).coveredFrom, UtcMs{now.value - 300'000});
    }

    void silenceBeforeALaunchIsNoUsualRate()
    {
        LiveWindow window(10'000);
        const auto view = window.openView(acme, {}, 1800);
        HitBatch batch;
        for (std::int64_t ms = 0; ms < 3 * msPerMinute; ms += ms < 2 * msPerMinute ? 50 : 100)
            batch.push_back(hitAt(noon + ms, static_cast<std::uint64_t>(ms) + 1));
        add(window, batch);
        // Half the launch's rate is fading, although the five minutes before hold more silence than clicks.
        QCOMPARE(window.aggregate(view, UtcMs{noon + 3 * msPerMinute}, false).trend, Trend::Fading);
    }
};

QTEST_GUILESS_MAIN(TstLiveWindow)
#include "tst_live_window.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <array>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <map>
#include <new>
#include <thread>

#include "backend/protocol/limits.h"
#include "tests/backend/links/rule_samples.h"

// Every allocation of this program is counted.
namespace {
std::atomic<std::uint64_t> allocations{0};
}

void* operator new(std::size_t bytes)
{
    ++allocations;
    if (void* memory = std::malloc(bytes == 0 ? 1 : bytes))
        return memory;
    throw std::bad_alloc();
}
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept
{
    ++allocations;
    return std::malloc(bytes == 0 ? 1 : bytes);
}
void operator delete(void* memory) noexcept
{
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept
{
    std::free(memory);
}

using namespace links;
using Kind = ConditionKind;
using protocol::HitClass;
using protocol::HitReason;
using samples::condition;
using samples::rule;

namespace {

// What of a link stands before its redirect, from the first in the order of evaluation.
struct Obstacle {
    const char* name;
    void (*put)(Link&, Request&);
    Decision::Kind kind;
    int status;
    HitClass hitClass;
    HitReason reason;
};

const std::array<Obstacle, 6> obstacles = {{
    {"deleted", [](Link& link, Request&) { link.state = LinkState::Deleted; }, Decision::Kind::Gone, 410,
     HitClass::Miss, HitReason::LinkDeleted},
    {"expired", [](Link& link, Request& request) { link.expiresAt = request.now; }, Decision::Kind::Gone, 410,
     HitClass::Miss, HitReason::LinkExpired},
    {"limit",
     [](Link& link, Request& request) {
         link.clickLimit = 5;
         request.limitReached = true;
     },
     Decision::Kind::Gone, 410, HitClass::Miss, HitReason::ClickLimit},
    {"password", [](Link& link, Request&) { link.passwordHash = "$argon2id$…"; }, Decision::Kind::Password, 403,
     HitClass::Blocked, HitReason::PasswordNotPassed},
    {"paused",
     [](Link& link, Request&) {
         if (link.state == LinkState::Active)
             link.state = LinkState::Paused;
     },
     Decision::Kind::Unavailable, 404, HitClass::Miss, HitReason::LinkPaused},
    {"flagged", [](Link& link, Request&) { link.flagged = true; }, Decision::Kind::Forbidden, 403, HitClass::Blocked,
     HitReason::Flagged},
}};

std::vector<Rule> tenRules()
{
    std::vector<Rule> rules;
    for (int i = 0; i < 8; ++i)
        rules.push_back(rule("rule-" + std::to_string(i),
                             {condition(Kind::Country, {"DE", "AT", "CH"}), condition(Kind::Device, {"tablet"}),
                              condition(Kind::City, {"A city with a rather long name " + std::to_string(i)})}));
    rules.push_back(rule("rule-8", {condition(Kind::Query, {"ref=somebody with a long name"}),
                                    condition(Kind::Address, {"192.0.2.0/24", "2001:db8::/32"}, true)}));
    rules.push_back(
        rule("rule-9",
             {condition(Kind::Hours, {"mon-sun 00:00-24:00 Europe/Berlin"}),
              condition(Kind::Referrer, {"instagram.com"}), condition(Kind::Browser, {"Instagram"})},
             {{"a long name of a variant", "https://shop.example/a/long/path?utm_source=poster#there", 1},
              {"another name of a variant", "https://shop.example/b/long/path?utm_source=poster#there", 2}}));
    return rules;
}

Facts visitor(std::uint64_t key)
{
    Facts facts;
    facts.country = "DE";
    facts.region = "Bavaria";
    facts.city = "Munich";
    facts.device = protocol::DeviceType::Tablet;
    facts.os = "Android";
    facts.browser = "Instagram";
    facts.language = "de";
    facts.referrer = "l.instagram.com";
    facts.address = addressFrom("192.0.2.77");
    facts.stickiness = protocol::VisitorKey(key);
    return facts;
}

} // namespace

class TestEvaluation : public QObject {
    Q_OBJECT

private slots:
    void eachStepComesBeforeThoseAfterIt()
    {
        for (std::size_t first = 0; first < obstacles.size(); ++first) {
            Link link = samples::link({rule("r1", {})});
            Request request = samples::request();
            for (std::size_t i = first; i < obstacles.size(); ++i)
                obstacles[i].put(link, request);
            const Obstacle& wanted = obstacles[first];
            const Decision decision = decide(*samples::snapshot({link}), request, {});
            QVERIFY2(decision.kind == wanted.kind && decision.status == wanted.status &&
                         decision.hitClass == wanted.hitClass && decision.reason == wanted.reason,
                     wanted.name);
            QVERIFY(decision.location.empty() && decision.rule.empty());
        }
    }

    void aPasswordThatWasGivenOpensTheLink()
    {
        Link link = samples::link({});
        link.passwordHash = "$argon2id$…";
        Request request = samples::request();
        request.passwordPassed = true;
        QVERIFY(decide(*samples::snapshot({link}), request, {}).hitClass == HitClass::Click);
    }

    void aLinkThatIsOverGoesToItsFallbackAsAMiss()
    {
        Link link = samples::link({rule("r1", {})});
        link.status = 301;
        link.fallback = "https://shop.example/over";
        link.clickLimit = 5;
        Request request = samples::request("utm_source=x&qr=poster-a");
        QVERIFY(decide(*samples::snapshot({link}), request, {}).hitClass == HitClass::Click);
        const auto isFallback = [&](HitReason reason) {
            const Decision decision = decide(*samples::snapshot({link}), request, {});
            return decision.kind == Decision::Kind::Redirect && decision.hitClass == HitClass::Miss &&
                   decision.reason == reason && decision.status == 302 && decision.rule.empty() &&
                   decision.location == "https://shop.example/over" && decision.destination == decision.location &&
                   decision.placement == "poster-a";
        };
        request.limitReached = true;
        QVERIFY(isFallback(HitReason::ClickLimit));
        link.expiresAt = request.now;
        QVERIFY(isFallback(HitReason::LinkExpired));
        request.head = true;
        QVERIFY(decide(*samples::snapshot({link}), request, {}).hitClass == HitClass::Probe);
        request.head = false;
        for (const char* bad : {"https://go.example/sale", "javascript:alert(1)", "other://x"}) {
            link.fallback = bad;
            const Decision decision = decide(*samples::snapshot({link}), request, {});
            QVERIFY(decision.kind == Decision::Kind::Gone && decision.status == 410 && decision.location.empty());
        }
    }

    void appsOpenOnTheirSystemsInPlaceOfTheDestinationAlone()
    {
        Link link = samples::link({rule("r1", {condition(Kind::Country, {"FR"})})});
        link.iosApp = "acme://open?x=1";
        link.androidApp = "https://app.example/open";
        const auto where = [&](std::string_view os, std::string_view country = "DE") {
            Facts facts;
            facts.os = os;
            facts.country = country;
            const Decision decision = decide(*samples::snapshot({link}), samples::request("y=2"), facts);
            return decision.location + (decision.deepLink ? " app" : "");
        };
        QCOMPARE(where("iOS"), "acme://open?x=1&y=2 app");
        QCOMPARE(where("iPadOS"), "acme://open?x=1&y=2 app");
        QCOMPARE(where("Android"), "https://app.example/open?y=2 app");
        QCOMPARE(where("Windows"), "https://shop.example/p?y=2");
        QCOMPARE(where(""), "https://shop.example/p?y=2");
        QCOMPARE(where("iOS", "FR"), "https://r1.example/?y=2"); // a rule is more particular
        link.iosApp = "other://not-allowed";
        link.androidApp = "https://go.example/loop";
        QCOMPARE(where("iOS"), "https://shop.example/p?y=2");
        QCOMPARE(where("Android"), "https://shop.example/p?y=2");
    }

    void splitsFollowTheirWeights()
    {
        const std::array<std::uint32_t, 4> weights = {1, 2, 5, 92};
        std::vector<Variant> variants;
        for (std::size_t i = 0; i < weights.size(); ++i)
            variants.push_back({std::string(1, static_cast<char>('a' + i)), "https://shop.example/", weights[i]});
        const auto snapshot = samples::snapshot({samples::link({rule("r1", {}, variants)})});
        const Request request = samples::request();
        constexpr int visitors = 200'000;
        // Keys that follow each other, and keys that look random: both must be spread well.
        for (const std::uint64_t step : {std::uint64_t(1), std::uint64_t(0x9e3779b97f4a7c15)}) {
            std::map<std::string, double> counts;
            Decider decider;
            Decision decision;
            for (std::uint64_t i = 1; i <= visitors; ++i) {
                decider.begin(*snapshot, request, decision);
                decider.resolve(*snapshot, decision);
                decider.finish(*snapshot, request, visitor(i * step), decision);
                ++counts[decision.variant];
            }
            double chiSquared = 0;
            for (std::size_t i = 0; i < weights.size(); ++i) {
                const double expected = visitors * weights[i] / 100.0;
                chiSquared += std::pow(counts[variants[i].name] - expected, 2) / expected;
            }
            QVERIFY2(chiSquared < 16.27, qPrintable(QString::number(chiSquared))); // 3 degrees of freedom, p = 0.001
        }
    }

    void aVisitorStaysWithHisVariantAndRulesSplitApart()
    {
        const std::vector<Variant> half = {{"a", "https://shop.example/a", 1}, {"b", "https://shop.example/b", 1}};
        const auto snapshot = samples::snapshot({samples::link({rule("r1", {}, half)})});
        auto other = samples::link({rule("r2", {}, half)});
        const auto changed = snapshot->withLink(other);
        int same = 0;
        for (std::uint64_t key = 1; key <= 2000; ++key) {
            const Decision first = decide(*snapshot, samples::request(), visitor(key));
            Facts later = visitor(key);
            later.country = "FR";
            const Decision second = decide(*snapshot, samples::request("a=1", "2026-03-04T19:00:00Z"), later);
            QCOMPARE(first.variant, second.variant);
            same += first.variant == decide(*changed, samples::request(), visitor(key)).variant ? 1 : 0;
        }
        QVERIFY(same > 900 && same < 1100); // another rule's split is independent
    }

    void aWarmDecisionAllocatesNothing()
    {
        Link link = samples::link(tenRules());
        link.utm = {"a source with a long name", "a medium with a long name", "the campaign of this spring", "", ""};
        const auto snapshot = samples::snapshot({link});
        Request escaped = samples::request("qr=a-poster-with-a-long-name&a=1&utm_term=some+words+that+are%20long");
        escaped.path = "/%73ale";
        Request missing = samples::request();
        missing.path = "/a/slug/that/nobody/has/made";
        Request reference = samples::request("ref=somebody+with+a+long+name");
        const std::array<Request, 4> requests = {samples::request(), escaped, missing, reference};
        Decider decider;
        Decision decision;
        std::uint64_t before = 0;
        for (int round = 0; round < 10; ++round) {
            if (round == 2)
                before = allocations.load();
            for (const Request& request : requests) {
                // A miss keeps its slug by way of visibleText(), which is not this path.
                if (round >= 2 && &request == &requests[2])
                    continue;
                for (std::uint64_t key = 1; key < 50; ++key) {
                    decider.begin(*snapshot, request, decision);
                    decider.resolve(*snapshot, decision);
                    decider.finish(*snapshot, request, visitor(key), decision);
                }
            }
        }
        QCOMPARE(allocations.load() - before, 0U);
        QCOMPARE(decision.kind, Decision::Kind::Redirect);
        QVERIFY(decision.passedOver.starts_with("rule-0:city rule-1:city"));
    }

    void limitedClicksAreTakenOnceEach()
    {
        const auto snapshot = samples::snapshot({samples::link({})});
        ClickCount& count = *snapshot->link(protocol::LinkId(7))->clicks;
        std::atomic<int> taken{0};
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < 4; ++i)
                threads.emplace_back([&] {
                    for (int n = 0; n < 5000; ++n)
                        taken += count.take(7000) ? 1 : 0;
                });
        }
        QCOMPARE(taken.load(), 7000);
        QCOMPARE(count.taken(), 7000U);
        count.giveBack();
        QVERIFY(count.take(7000) && !count.take(7000) && count.take(0));
        QCOMPARE(count.taken(), 7001U);
    }

    void aCountLivesThroughItsLinksVersions()
    {
        const auto first = samples::snapshot({samples::link({})});
        first->link(protocol::LinkId(7))->clicks->take(0);
        Link changed = samples::link({});
        changed.clickLimit = 1;
        changed.slug = "other";
        const auto second = first->withLink(changed);
        const auto& count = second->link(protocol::LinkId(7))->clicks;
        QVERIFY(count == first->link(protocol::LinkId(7))->clicks);
        QVERIFY(!count->take(1) && !count->isWhole());
        count->addEarlier(3);
        QVERIFY(count->isWhole() && count->taken() == 4);
    }
};

QTEST_GUILESS_MAIN(TestEvaluation)
#include "tst_evaluation.moc"

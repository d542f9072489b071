// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "backend/links/rehearsal.h"
#include "backend/links/simulator.h"
#include "tests/backend/links/random_rules.h"

using namespace links;
using Kind = ConditionKind;
using samples::condition;
using samples::rule;

namespace {

Facts munich()
{
    Facts facts;
    facts.country = "DE";
    facts.city = "Munich";
    facts.device = protocol::DeviceType::Mobile;
    facts.os = "iOS";
    facts.address = addressFrom("192.0.2.7");
    facts.stickiness = protocol::VisitorKey(5);
    return facts;
}

// "reserved_path domain_known … !not_expired": failed steps with a mark, skipped ones left out.
QString steps(const Explanation& explanation)
{
    QStringList out;
    for (const Step& step : explanation.steps)
        if (step.state != Step::State::Skipped)
            out << (step.state == Step::State::Failed ? "!" : "") + QString::fromUtf8(word(step.code));
    return out.join(' ');
}

bool same(const Decision& a, const Decision& b)
{
    return a.kind == b.kind && a.hitClass == b.hitClass && a.reason == b.reason && a.status == b.status &&
           a.location == b.location && a.rule == b.rule && a.variant == b.variant && a.passedOver == b.passedOver;
}

// What would be stored of a visit.
protocol::Hit hitOf(const samples::Visit& visit, const Decision& decision)
{
    protocol::Hit hit;
    hit.time = visit.request.now;
    hit.link = decision.link->id;
    hit.hitClass = decision.hitClass;
    hit.reason = decision.reason;
    hit.touch = decision.touch;
    hit.placement = decision.placement;
    hit.country = visit.facts.country;
    hit.region = visit.facts.region;
    hit.city = visit.facts.city;
    hit.device = visit.facts.device;
    hit.os = visit.facts.os;
    hit.browser = visit.facts.browser;
    hit.language = visit.facts.language;
    hit.referrer = visit.facts.referrer;
    hit.visitor = visit.facts.stickiness;
    return hit;
}

} // namespace

class TestSimulator : public QObject {
    Q_OBJECT

private slots:
    void everyRuleAndConditionIsExplained()
    {
        auto off = rule("r2", {condition(Kind::Os, {"iOS"})});
        off.enabled = false;
        const auto snapshot = samples::snapshot({samples::link(
            {rule("r1", {condition(Kind::Country, {"FR", "DE"}), condition(Kind::Address, {"10.0.0.0/8"})}), off,
             rule("r3", {condition(Kind::Hours, {"wed 13:00-14:00 Europe/Berlin"}), condition(Kind::Query, {"a=1"})},
                  {{"x", "https://x.example/", 1}, {"y", "https://y.example/", 3}}),
             rule("r4", {condition(Kind::Country, {"Deutschland"}, true)})})});
        const Explanation out = explain(*snapshot, samples::request("a=1&b=%e2%80%ae"), munich());
        QCOMPARE(out.decision.rule, "r3");
        QCOMPARE(out.rules.size(), 4U);
        const auto& rules = out.rules;
        QVERIFY(!rules[0].holds && rules[0].conditions[0].holds && !rules[0].conditions[1].holds);
        QCOMPARE(rules[0].conditions[0].saw, "DE");
        QCOMPARE(rules[0].conditions[1].saw, "192.0.2.7");
        QVERIFY(!rules[1].enabled && rules[1].holds && !rules[1].decided);
        QVERIFY(rules[2].holds && rules[2].decided);
        QCOMPARE(rules[2].conditions[0].saw, "wed 13:00 Europe/Berlin");
        QVERIFY(rules[2].conditions[1].saw.starts_with("a=1, b=") &&
                rules[2].conditions[1].saw.find("\xe2\x80\xae") == std::string::npos);
        QCOMPARE(rules[2].variants[0].share, 0.25);
        QCOMPARE(rules[2].variants[1].share, 0.75);
        QVERIFY(!rules[3].holds && !rules[3].conditions[0].holds);
        QCOMPARE(steps(out), "reserved_path domain_known domain_ready slug_known not_deleted not_expired click_limit "
                             "password not_paused not_flagged rules destination");
        QCOMPARE(out.steps[10].detail, "r3");
    }

    void stepsEndWhereItWasDecided()
    {
        Link link = samples::link({rule("r1", {})});
        Request request = samples::request();
        const auto ask = [&] { return steps(explain(*samples::snapshot({link}), request, munich())); };
        request.path = "/robots.txt";
        QCOMPARE(ask(), "!reserved_path");
        request.path = "/nothing";
        QCOMPARE(ask(), "reserved_path domain_known domain_ready !slug_known");
        request.host = "else.example";
        QCOMPARE(ask(), "reserved_path !domain_known");
        request = samples::request();
        link.clickLimit = 3;
        request.limitReached = true;
        link.fallback = "https://over.example/";
        const Explanation over = explain(*samples::snapshot({link}), request, munich());
        QCOMPARE(steps(over), "reserved_path domain_known domain_ready slug_known not_deleted not_expired !click_limit "
                              "destination");
        QCOMPARE(over.steps[12].detail, "https://over.example/");
        QVERIFY(over.rules.size() == 1 && over.rules[0].holds && !over.rules[0].decided);
        link = samples::link({rule("r1", {}, {{"", "https://go.example/x", 1}})});
        QVERIFY(ask().endsWith("rules !destination"));
        link = samples::link({});
        link.iosApp = "acme://open";
        QVERIFY(ask().endsWith("rules deep_link destination"));
        request.head = true;
        link.state = LinkState::Paused;
        QVERIFY(ask().endsWith("password !not_paused"));
    }

    void itAgreesWithTheDecision()
    {
        samples::Random random(42);
        for (int round = 0; round < 2000; ++round) {
            Link link = samples::link(samples::randomRules(random, random.below(6)));
            if (random.oneIn(10))
                link.state = static_cast<LinkState>(1 + random.below(4));
            const auto snapshot = samples::snapshot({link});
            for (int i = 0; i < 20; ++i) {
                const samples::Visit visit(random);
                const Decision decision = decide(*snapshot, visit.request, visit.facts);
                const Explanation out = explain(*snapshot, visit.request, visit.facts);
                QVERIFY(same(decision, out.decision));
                // The rules as they are told lead to the same one.
                std::string first;
                for (const RuleSeen& seen : out.rules) {
                    bool all = true;
                    for (const ConditionSeen& one : seen.conditions)
                        all = all && one.holds;
                    QCOMPARE(all, seen.holds);
                    QCOMPARE(seen.decided, !decision.rule.empty() && seen.id == decision.rule);
                    if (first.empty() && seen.enabled && seen.holds)
                        first = seen.id;
                }
                if (decision.kind == Decision::Kind::Redirect)
                    QCOMPARE(first, decision.rule);
            }
        }
    }

    void rehearsalIsWhatHappensAfterwards()
    {
        samples::Random random(77);
        std::uint64_t changed = 0, same = 0;
        for (int round = 0; round < 300; ++round) {
            const Link before = samples::link(samples::randomRules(random, random.below(5), false));
            Link after = before;
            after.rules = samples::randomRules(random, random.below(5), false);
            if (random.oneIn(5))
                after.expiresAt = samples::request().now;
            if (random.oneIn(5))
                after.fallback = "https://over.example/";
            const auto now = samples::snapshot({before});
            const auto draft = now->withLink(after);
            Rehearsal rehearsal(now, draft, before.id);
            std::map<std::pair<Outcome, Outcome>, std::uint64_t> real;
            constexpr int visits = 100;
            for (int i = 0; i < visits; ++i) {
                const samples::Visit visit(random);
                const Decision was = decide(*now, visit.request, visit.facts);
                const Decision is = decide(*draft, visit.request, visit.facts);
                const auto outcome = [](const Decision& d) {
                    return Outcome{d.kind, d.reason, d.destination, d.rule, d.variant};
                };
                ++real[{outcome(was), outcome(is)}];
                rehearsal.add(hitOf(visit, was));
            }
            QCOMPARE(rehearsal.tried(), std::uint64_t(visits));
            QCOMPARE(rehearsal.unknown(), 0U);
            QCOMPARE(rehearsal.same() + rehearsal.changed(), rehearsal.tried());
            const auto groups = rehearsal.groups();
            QCOMPARE(groups.size(), real.size());
            for (const Rehearsal::Group& group : groups)
                QCOMPARE(group.count, (real[{group.before, group.after}]));
            changed += rehearsal.changed();
            same += rehearsal.same();
        }
        QVERIFY(changed > 5000 && same > 1000);
    }

    void rehearsalSaysWhatItCannotKnow()
    {
        const std::vector<Variant> split = {{"a", "https://a.example/", 1}, {"b", "https://b.example/", 1}};
        const auto now = samples::snapshot({samples::link({})});
        const auto draft = now->withLink(samples::link(
            {rule("r1", {condition(Kind::Country, {"DE"}), condition(Kind::Address, {"10.0.0.0/8"})}),
             rule("r2", {condition(Kind::Query, {"a"}), condition(Kind::Country, {"FR"})}),
             rule("r3", {condition(Kind::Country, {"AT"})}, split), rule("r4", {condition(Kind::Country, {"US"})})}));
        Rehearsal rehearsal(now, draft, protocol::LinkId(7));
        protocol::Hit hit;
        hit.link = protocol::LinkId(7);
        hit.time = samples::request().now;
        for (const char* country : {"DE", "FR", "AT", "US", "CH", "US"}) {
            hit.country = country;
            hit.seq = protocol::HitSeq(hit.seq.value + 1);
            rehearsal.add(hit);
        }
        hit.link = protocol::LinkId(8);
        rehearsal.add(hit);
        QCOMPARE(rehearsal.tried(), 6U);
        QCOMPARE(rehearsal.unknown(Decision::Uncertain::Address), 1U);
        QCOMPARE(rehearsal.unknown(Decision::Uncertain::Query), 1U);
        QCOMPARE(rehearsal.unknown(Decision::Uncertain::NoVisitor), 1U);
        QCOMPARE(rehearsal.unknown(), 3U);
        QVERIFY(rehearsal.same() == 1 && rehearsal.changed() == 2);
        QCOMPARE(rehearsal.samples().size(), 2U);
        QCOMPARE(rehearsal.samples()[0].seq.value, 4U);
        QCOMPARE(rehearsal.samples()[0].after.rule, "r4");
        QCOMPARE(rehearsal.groups()[0].count, 2U);
        QCOMPARE(rehearsal.groups()[0].after.destination, "https://r4.example/");
        QCOMPARE(word(Decision::Uncertain::NoVisitor), "no_visitor");
        // A condition that is known to fail settles a rule whatever the unknown ones say: France had no address rule.
        hit.link = protocol::LinkId(7);
        hit.country = "AT";
        hit.visitor = protocol::VisitorKey(3);
        rehearsal.add(hit);
        QCOMPARE(rehearsal.changed(), 3U);
    }
};

QTEST_GUILESS_MAIN(TestSimulator)
#include "tst_simulator.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include <QElapsedTimer>
#include <QTest>

#include <vector>

#include "tests/backend/links/rule_samples.h"

using namespace links;
using Kind = ConditionKind;
using samples::condition;
using samples::rule;

namespace {

// Ten rules as a team might have them; only the last one holds.
std::vector<Rule> tenRules()
{
    std::vector<Rule> rules = {
        rule("r1", {condition(Kind::Country, {"US", "CA", "GB", "IE", "AU", "NZ"})}),
        rule("r2", {condition(Kind::Country, {"DE"}), condition(Kind::Os, {"iOS", "iPadOS"})}),
        rule("r3", {condition(Kind::Country, {"DE"}), condition(Kind::Device, {"desktop"})}),
        rule("r4", {condition(Kind::Referrer, {"facebook.com", "instagram.com"}), condition(Kind::Language, {"en"})}),
        rule("r5", {condition(Kind::Query, {"ref=partner", "utm_source=partner"})}),
        rule("r6", {condition(Kind::Address, {"10.0.0.0/8", "192.168.0.0/16", "2001:db8::/32"})}),
        rule("r7", {condition(Kind::Between, {"2026-05-01T00:00:00Z/2026-06-01T00:00:00Z"})}),
        rule("r8", {condition(Kind::Hours, {"sat-sun 00:00-24:00 Europe/Berlin"})}),
        rule("r9", {condition(Kind::Touch, {"qr"}), condition(Kind::Placement, {"poster-b", "poster-c"})}),
        rule("r10", {condition(Kind::City, {"Munich"}), condition(Kind::Browser, {"Instagram"})})};
    rules.back().variants = {{"a", "https://shop.example/spring/a?utm_source=poster", 1},
                             {"b", "https://shop.example/spring/b?utm_source=poster", 3}};
    return rules;
}

} // namespace

// Nanoseconds for one decision, from the host's look-up to the location.
class BenchDecision : public QObject {
    Q_OBJECT

private slots:
    void decides_data()
    {
        QTest::addColumn<int>("links");
        QTest::addColumn<bool>("ruled");
        QTest::newRow("1,000 links without rules") << 1'000 << false;
        QTest::newRow("1,000 links with ten rules") << 1'000 << true;
        QTest::newRow("1,000,000 links without rules") << 1'000'000 << false;
        QTest::newRow("1,000,000 links, those asked for with ten rules") << 1'000'000 << true;
    }

    void decides()
    {
        QFETCH(int, links);
        QFETCH(bool, ruled);
        // Those asked for, spread over all of them.
        constexpr int asked = 1'000;
        const int step = links / asked;
        std::vector<Link> all(static_cast<std::size_t>(links));
        for (std::size_t i = 0; i < all.size(); ++i) {
            all[i] = samples::link({});
            all[i].id = protocol::LinkId(i + 1);
            all[i].slug = "slug-" + std::to_string(i);
            if (ruled && i % static_cast<std::size_t>(step) == 0)
                all[i].rules = tenRules();
        }
        const auto snapshot = samples::snapshot(std::move(all));
        std::vector<std::string> paths;
        for (int i = 0; i < asked; ++i)
            paths.push_back("/slug-" + std::to_string(i * 7919 % asked * step));
        Facts facts;
        facts.country = "DE";
        facts.region = "Bavaria";
        facts.city = "Munich";
        facts.device = protocol::DeviceType::Mobile;
        facts.os = "Android";
        facts.browser = "Instagram";
        facts.language = "de";
        facts.referrer = "l.instagram.com";
        facts.address = addressFrom("198.51.100.7");
        Request request = samples::request("qr=poster-a");
        Decider decider;
        Decision decision;
        constexpr int rounds = 100;
        QElapsedTimer timer;
        double best = 1e9;
        for (int round = 0; round < rounds; ++round) {
            timer.start();
            for (std::size_t i = 0; i < paths.size(); ++i) {
                request.path = paths[i];
                facts.stickiness = protocol::VisitorKey(i + 1);
                decider.begin(*snapshot, request, decision);
                decider.resolve(*snapshot, decision);
                decider.finish(*snapshot, request, facts, decision);
            }
            best = std::min(best, static_cast<double>(timer.nsecsElapsed()) / asked);
        }
        QCOMPARE(decision.rule, ruled ? "r10" : "");
        qInfo("%.0f ns a decision", best);
        QTest::setBenchmarkResult(best, QTest::WalltimeNanoseconds);
        QVERIFY2(best < 2000, "the limit is 2 microseconds");
    }
};

QTEST_GUILESS_MAIN(BenchDecision)
#include "bench_decision.moc"

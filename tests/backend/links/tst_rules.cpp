// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <array>

#include "backend/links/condition.h"
#include "backend/links/link_words.h"
#include "backend/links/rule_problem.h"
#include "backend/protocol/limits.h"
#include "tests/backend/links/rule_samples.h"

using namespace links;
using Kind = ConditionKind;
using samples::condition;
using samples::rule;

namespace {

Facts visitor()
{
    Facts facts;
    facts.country = "DE";
    facts.region = "Bavaria";
    facts.city = "Munich";
    facts.device = protocol::DeviceType::Mobile;
    facts.os = "iOS";
    facts.browser = "Instagram";
    facts.language = "de";
    facts.referrer = "l.instagram.com";
    facts.address = addressFrom("192.0.2.77");
    facts.stickiness = protocol::VisitorKey(99);
    return facts;
}

// True where a link's one rule with this one condition decided.
bool isTaken(const Condition& one, const Request& request, const Facts& facts)
{
    const auto snapshot = samples::snapshot({samples::link({rule("r1", {one})})});
    const Decision decision = decide(*snapshot, request, facts);
    return decision.kind == Decision::Kind::Redirect && decision.rule == "r1" &&
           decision.destination == "https://r1.example/";
}

} // namespace

class TestRules : public QObject {
    Q_OBJECT

private slots:
    void everyKindOfConditionHoldsAndFails_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QStringList>("values");
        QTest::addColumn<bool>("taken");
        const auto row = [](const char* name, Kind kind, QStringList values, bool taken) {
            QTest::newRow(name) << static_cast<int>(kind) << values << taken;
        };
        row("country", Kind::Country, {"AT", "DE"}, true);
        row("country, lower case", Kind::Country, {"de"}, true);
        row("other country", Kind::Country, {"FR", "US"}, false);
        row("region", Kind::Region, {"bavaria"}, true);
        row("city", Kind::City, {"Munich"}, true);
        row("other city", Kind::City, {"Munic", "Munich 2"}, false);
        row("device", Kind::Device, {"tablet", "mobile"}, true);
        row("other device", Kind::Device, {"desktop", "other"}, false);
        row("os", Kind::Os, {"ios"}, true);
        row("other os", Kind::Os, {"iPadOS"}, false);
        row("browser", Kind::Browser, {"Firefox", "instagram"}, true);
        row("language", Kind::Language, {"DE"}, true);
        row("other language", Kind::Language, {"en", "deu"}, false);
        row("referrer above", Kind::Referrer, {"instagram.com"}, true);
        row("referrer itself", Kind::Referrer, {"L.Instagram.com"}, true);
        row("referrer's end", Kind::Referrer, {"gram.com"}, false);
        row("referrer below", Kind::Referrer, {"a.l.instagram.com"}, false);
        row("query name", Kind::Query, {"ref"}, true);
        row("query value", Kind::Query, {"ref=a b"}, true);
        row("query other value", Kind::Query, {"ref=a"}, false);
        row("query other name", Kind::Query, {"re", "ref=", "other=x"}, false);
        row("query name with equals", Kind::Query, {"odd=1"}, false);
        row("query case", Kind::Query, {"REF"}, false);
        row("address", Kind::Address, {"192.0.2.0/24"}, true);
        row("address alone", Kind::Address, {"192.0.2.77"}, true);
        row("address mapped", Kind::Address, {"::ffff:192.0.2.0/120"}, true);
        row("address other", Kind::Address, {"192.0.3.0/24", "192.0.2.78", "2001:db8::/32"}, false);
        row("everything v4", Kind::Address, {"0.0.0.0/0"}, true);
        row("everything", Kind::Address, {"::/0"}, true);
        row("between", Kind::Between, {"2026-03-04T12:00:00Z/2026-03-04T12:00:01Z"}, true);
        row("between's end", Kind::Between, {"2026-03-04T11:00:00Z/2026-03-04T12:00:00Z"}, false);
        row("from", Kind::Between, {"2026-03-04T12:00:00Z/.."}, true);
        row("until", Kind::Between, {"../2026-03-04T12:00:00Z"}, false);
        row("hours", Kind::Hours, {"wed 12:00-12:01 UTC"}, true);
        row("hours other day", Kind::Hours, {"thu-tue 00:00-24:00 UTC"}, false);
        row("touch", Kind::Touch, {"qr"}, true);
        row("touch other", Kind::Touch, {"link"}, false);
        row("placement", Kind::Placement, {"poster-a"}, true);
        row("placement case", Kind::Placement, {"Poster-A"}, false);
    }

    void everyKindOfConditionHoldsAndFails()
    {
        QFETCH(int, kind);
        QFETCH(QStringList, values);
        QFETCH(bool, taken);
        Condition one{static_cast<Kind>(kind), false, {}};
        for (const QString& value : values)
            one.values.push_back(value.toStdString());
        const Request request = samples::request("ref=a+b&odd%3D1&qr=poster-a");
        QCOMPARE(isTaken(one, request, visitor()), taken);
        one.negate = true;
        QCOMPARE(isTaken(one, request, visitor()), !taken);
        // What is unknown is none of the values, whatever they are.
        const bool always =
            one.kind == Kind::Device || one.kind == Kind::Touch || one.kind == Kind::Between || one.kind == Kind::Hours;
        if (!always) {
            QVERIFY(isTaken(one, samples::request(), {}));
            one.negate = false;
            QVERIFY(!isTaken(one, samples::request(), {}));
        }
    }

    void networksOfBothKindsAreTold()
    {
        const auto has = [](const char* network, const char* address) {
            return Network::from(network)->contains(*addressFrom(address));
        };
        QVERIFY(has("2001:db8::/32", "2001:db8:ffff::1") && !has("2001:db8::/32", "2001:db9::1"));
        QVERIFY(has("2001:db8::/33", "2001:db8:7fff::1") && !has("2001:db8::/33", "2001:db8:8000::1"));
        QVERIFY(has("10.1.2.3/9", "10.127.0.1") && !has("10.1.2.3/9", "10.128.0.1"));
        QVERIFY(has("10.0.0.0/8", "::ffff:10.2.3.4") && !has("10.0.0.0/8", "::10.2.3.4"));
        QVERIFY(!has("0.0.0.0/0", "2001:db8::1"));
        for (const char* wrong : {"", "10.0.0.0/33", "10.0.0.0/", "10.0.0/8", "::/129", "10.0.0.0/-1", "x",
                                  "1.2.3.4/8x", "010.0.0.1", "fe80::1%eth0"})
            QVERIFY2(!Network::from(wrong), wrong);
    }

    void hoursFollowTheZonesWallClock_data()
    {
        QTest::addColumn<QString>("hours");
        QTest::addColumn<QString>("time");
        QTest::addColumn<bool>("taken");
        const auto row = [](const char* hours, const char* time, bool taken) {
            QTest::addRow("%s at %s", hours, time) << hours << time << taken;
        };
        const char* const office = "mon-fri 09:00-17:00 Europe/Berlin";
        row(office, "2026-03-27T08:00:00Z", true);  // Friday 09:00, winter
        row(office, "2026-03-27T07:59:59Z", false); //
        row(office, "2026-03-27T15:59:59Z", true);
        row(office, "2026-03-27T16:00:00Z", false);
        row(office, "2026-03-28T10:00:00Z", false); // Saturday
        row(office, "2026-03-30T07:00:00Z", true);  // Monday 09:00, summer
        row(office, "2026-03-30T06:59:59Z", false);
        row(office, "2026-03-30T15:00:00Z", false);
        const char* const night = "fri 22:00-02:00 UTC";
        row(night, "2026-03-06T21:59:00Z", false);
        row(night, "2026-03-06T22:00:00Z", true);
        row(night, "2026-03-07T01:59:59Z", true);
        row(night, "2026-03-07T02:00:00Z", false);
        row(night, "2026-03-06T01:00:00Z", false);                // the night before is Thursday's
        row("sun 23:00-01:00 UTC", "2026-03-09T00:30:00Z", true); // over the end of the week
        row("sun 23:00-01:00 UTC", "2026-03-08T00:30:00Z", false);
        row("fri-mon 00:00-24:00 UTC", "2026-03-08T12:00:00Z", true);
        row("fri-mon 00:00-24:00 UTC", "2026-03-10T00:00:00Z", false);
        row("mon,wed 10:00-11:00 UTC", "2026-03-04T10:30:00Z", true);
        row("mon,wed 10:00-11:00 UTC", "2026-03-03T10:30:00Z", false);
        // The hour that does not exist, and the one that comes twice.
        row("sun 02:00-03:00 Europe/Berlin", "2026-03-29T00:59:59Z", false);
        row("sun 02:00-03:00 Europe/Berlin", "2026-03-29T01:00:00Z", false);
        row("sun 02:00-03:00 Europe/Berlin", "2026-10-25T00:30:00Z", true);
        row("sun 02:00-03:00 Europe/Berlin", "2026-10-25T01:30:00Z", true);
        row("sun 02:00-03:00 Europe/Berlin", "2026-10-25T02:00:00Z", false);
        row("thu 00:00-01:00 Asia/Kolkata", "2026-03-04T18:30:00Z", true); // half hours
        row("thu 00:00-01:00 Asia/Kolkata", "2026-03-04T19:30:00Z", false);
        row("wed 23:00-24:00 UTC", "1969-12-31T23:59:00Z", true); // before the epoch
    }

    void hoursFollowTheZonesWallClock()
    {
        QFETCH(QString, hours);
        QFETCH(QString, time);
        QFETCH(bool, taken);
        const std::string text = time.toStdString();
        QCOMPARE(isTaken(condition(Kind::Hours, {hours.toStdString()}), samples::request({}, text.c_str()), {}), taken);
    }

    void theFirstRuleThatHoldsDecidesAndTheOthersAreNamed()
    {
        auto off = rule("r3", {});
        off.enabled = false;
        const auto snapshot = samples::snapshot({samples::link(
            {rule("r1", {condition(Kind::Country, {"FR"})}),
             rule("r2", {condition(Kind::Country, {"DE"}), condition(Kind::Device, {"desktop"})}), off,
             rule("r4", {condition(Kind::Os, {"iOS"})}, {{"a", "https://four.example/?x=1", 1}}), rule("r5", {})})});
        const Decision decision = decide(*snapshot, samples::request("y=2"), visitor());
        QCOMPARE(decision.rule, "r4");
        QCOMPARE(decision.ruleVersion, 3U);
        QCOMPARE(decision.variant, "a");
        QCOMPARE(decision.passedOver, "r1:country r2:device");
        QCOMPARE(decision.location, "https://four.example/?x=1&y=2");
        QVERIFY(decision.hitClass == protocol::HitClass::Click);
    }

    void passedOverIsCutBetweenEntries()
    {
        std::vector<Rule> rules;
        for (std::size_t i = 0; i < protocol::limits::rulesPerLink; ++i)
            rules.push_back(rule(std::string(29, 'x') + std::to_string(100 + i), {condition(Kind::Country, {"FR"})}));
        const auto snapshot = samples::snapshot({samples::link(rules)});
        const Decision decision = decide(*snapshot, samples::request(), visitor());
        QVERIFY(decision.passedOver.size() <= protocol::limits::passedOverBytes);
        QVERIFY(decision.passedOver.size() > protocol::limits::passedOverBytes - 45);
        QVERIFY(decision.passedOver.ends_with(":country"));
        QCOMPARE(decision.destination, "https://shop.example/p");
    }

    void aRuleThatCannotBeReadNeverHolds()
    {
        for (const Condition& bad :
             {condition(Kind::Country, {"Germany"}, true), condition(Kind::Address, {"10.0.0.0/99"}, true),
              condition(Kind::Hours, {"mon 09:00-10:00 Mars/Base"}, true), condition(Kind::Country, {}, true),
              condition(static_cast<Kind>(99), {"x"}, true)}) {
            const auto snapshot = samples::snapshot({samples::link({rule("r1", {bad})})});
            const Decision decision = decide(*snapshot, samples::request(), visitor());
            QCOMPARE(decision.rule, "");
            QCOMPARE(decision.passedOver, "r1:unusable");
        }
        Rule empty = rule("r1", {});
        empty.variants.clear();
        QCOMPARE(decide(*samples::snapshot({samples::link({empty})}), samples::request(), {}).rule, "");
    }

    void rulesDestinationsAreCheckedToo()
    {
        const auto to = [](const char* destination) {
            const auto snapshot = samples::snapshot({samples::link({rule("r1", {}, {{"", destination, 1}})})});
            return decide(*snapshot, samples::request(), {});
        };
        QVERIFY(to("https://go.example/else").reason == protocol::HitReason::Loop);
        QVERIFY(to("javascript:alert(1)").reason == protocol::HitReason::Flagged);
        QVERIFY(to("other://open").reason == protocol::HitReason::Flagged);
        QCOMPARE(to("acme://open/7").location, "acme://open/7");
        QCOMPARE(to("ACME:open").location, "ACME:open");
    }

    void problemsNameTheirPlace_data()
    {
        QTest::addColumn<QString>("value");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("code");
        const auto row = [](const char* value, Kind kind, const char* code) {
            QTest::addRow("%s", value) << value << static_cast<int>(kind) << code;
        };
        row("DEU", Kind::Country, "country");
        row("", Kind::City, "empty");
        row("a\tb", Kind::City, "control");
        row("phone", Kind::Device, "unknown");
        row("english language", Kind::Language, "language");
        row("https://x.example", Kind::Referrer, "host");
        row("=x", Kind::Query, "empty");
        row("10.0.0.1/40", Kind::Address, "network");
        row("2026-03-01/..", Kind::Between, "window");
        row("2026-03-02T00:00:00Z/2026-03-01T00:00:00Z", Kind::Between, "window");
        row("mon 9:00-17:00 UTC", Kind::Hours, "hours");
        row("mon 09:00-09:00 UTC", Kind::Hours, "hours");
        row("moon 09:00-10:00 UTC", Kind::Hours, "hours");
        row("mon, 09:00-10:00 UTC", Kind::Hours, "hours");
        row("mon 24:00-10:00 UTC", Kind::Hours, "hours");
        row("mon 09:00-10:00", Kind::Hours, "unknown_zone");
        row("mon 09:00-10:00 Europe/Nowhere", Kind::Hours, "unknown_zone");
        row("scan", Kind::Touch, "unknown");
    }

    void problemsNameTheirPlace()
    {
        QFETCH(QString, value);
        QFETCH(int, kind);
        QFETCH(QString, code);
        const auto snapshot = samples::snapshot({});
        const Condition good = condition(Kind::Country, {"DE"});
        const auto bad = condition(static_cast<Kind>(kind), {value.toStdString()});
        const RuleProblem problem = ruleProblem({rule("r1", {good}), rule("r2", {good, bad})}, snapshot->zones());
        QCOMPARE(QString::fromStdString(problem.code), code);
        QCOMPARE(problem.field, "rules.1.conditions.1.values.0");
        QVERIFY(!ruleProblem({rule("r1", {good})}, snapshot->zones()));
    }
};

QTEST_GUILESS_MAIN(TestRules)
#include "tst_rules.moc"

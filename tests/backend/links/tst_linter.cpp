// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "backend/links/linter.h"
#include "tests/backend/links/dead_rules.h"

using namespace links;
using Kind = ConditionKind;
using samples::condition;
using samples::rule;

namespace {

// "r2 unreachable by r1 (0)", one for each finding.
QStringList findings(std::vector<Rule> rules)
{
    const auto snapshot = samples::snapshot({});
    QStringList out;
    for (const Finding& one : lint(samples::link(std::move(rules)), *snapshot, samples::lintedAt)) {
        QString text = QString::fromStdString(one.rule + " " + one.code);
        if (!one.by.empty())
            text += QString::fromStdString(" by " + one.by);
        if (one.condition >= 0)
            text += QString(" (%1)").arg(one.condition);
        out << text;
    }
    return out;
}

QStringList pair(std::vector<Condition> first, std::vector<Condition> second)
{
    return findings({rule("r1", std::move(first)), rule("r2", std::move(second))});
}

} // namespace

class TestLinter : public QObject {
    Q_OBJECT

private slots:
    void earlierRulesTakeEverything_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<bool>("firstNegated");
        QTest::addColumn<QStringList>("first");
        QTest::addColumn<bool>("secondNegated");
        QTest::addColumn<QStringList>("second");
        QTest::addColumn<QString>("found");
        const auto row = [](const char* name, Kind kind, bool n1, QStringList first, bool n2, QStringList second,
                            const char* found) {
            QTest::newRow(name) << static_cast<int>(kind) << n1 << first << n2 << second << found;
        };
        const char* const dead = "r2 unreachable by r1";
        row("subset", Kind::Country, false, {"DE", "AT"}, false, {"at"}, dead);
        row("part", Kind::Country, false, {"DE"}, false, {"DE", "FR"}, "r2 shadowed by r1 (0)");
        row("other", Kind::Country, false, {"DE"}, false, {"FR"}, "");
        row("other than", Kind::Country, true, {"DE"}, false, {"FR"}, dead);
        row("other than itself", Kind::Country, true, {"DE"}, false, {"DE"}, "");
        row("none of more", Kind::Country, true, {"DE"}, true, {"DE", "FR"}, dead);
        row("none of fewer", Kind::Country, true, {"DE", "FR"}, true, {"DE"}, "");
        row("unknown is neither", Kind::Country, false, {"DE"}, true, {"DE"}, "");
        row("host below", Kind::Referrer, false, {"example.org"}, false, {"a.example.org"}, dead);
        row("host above", Kind::Referrer, false, {"a.example.org"}, false, {"example.org"}, "");
        row("no host below", Kind::Referrer, true, {"a.example.org"}, true, {"example.org"}, dead);
        row("network within", Kind::Address, false, {"10.0.0.0/8"}, false, {"10.1.0.0/16"}, dead);
        row("network around", Kind::Address, false, {"10.1.0.0/16"}, false, {"10.0.0.0/8"}, "");
        row("network apart", Kind::Address, true, {"10.0.0.0/8"}, false, {"2001:db8::/32"}, dead);
        row("parameter", Kind::Query, false, {"a"}, false, {"a=1"}, dead);
        row("no parameter", Kind::Query, true, {"a=1"}, true, {"a"}, dead);
        row("another parameter may be there too", Kind::Query, true, {"b"}, false, {"a"}, "");
        row("devices", Kind::Device, false, {"mobile", "tablet"}, true, {"desktop", "other"}, dead);
        row("window", Kind::Between, false, {"2026-03-01T00:00:00Z/.."}, false,
            {"2026-04-01T00:00:00Z/2026-05-01T00:00:00Z"}, dead);
        row("windows together", Kind::Between, false,
            {"2026-03-01T00:00:00Z/2026-04-15T00:00:00Z", "2026-04-15T00:00:00Z/2026-06-01T00:00:00Z"}, false,
            {"2026-04-01T00:00:00Z/2026-05-01T00:00:00Z"}, dead);
        row("outside a window", Kind::Between, true, {"2026-04-01T00:00:00Z/2026-05-01T00:00:00Z"}, false,
            {"2026-05-01T00:00:00Z/.."}, dead);
        row("hours", Kind::Hours, false, {"mon-fri 09:00-17:00 UTC"}, false, {"wed 10:00-12:00 UTC"}, dead);
        row("hours of another zone", Kind::Hours, false, {"mon-fri 09:00-17:00 UTC"}, false,
            {"wed 12:00-12:30 Europe/Berlin"}, "");
        row("outside hours", Kind::Hours, true, {"sat-sun 00:00-24:00 UTC"}, false, {"fri 22:00-24:00 UTC"}, dead);
    }

    void earlierRulesTakeEverything()
    {
        QFETCH(int, kind);
        QFETCH(bool, firstNegated);
        QFETCH(QStringList, first);
        QFETCH(bool, secondNegated);
        QFETCH(QStringList, second);
        QFETCH(QString, found);
        const auto make = [&](bool negate, const QStringList& values) {
            Condition made{static_cast<Kind>(kind), negate, {}};
            for (const QString& value : values)
                made.values.push_back(value.toStdString());
            return made;
        };
        QCOMPARE(pair({make(firstNegated, first)}, {make(secondNegated, second)}).join(", "), found);
        // What the later rule asks for besides changes nothing; what the earlier one does, everything.
        const Condition more = condition(Kind::Os, {"iOS"});
        QCOMPARE(pair({make(firstNegated, first)}, {make(secondNegated, second), more}).join(", "), found);
        QCOMPARE(pair({make(firstNegated, first), more}, {make(secondNegated, second)}).join(", "), "");
    }

    void ordersOfSeveralRules()
    {
        const Condition germany = condition(Kind::Country, {"DE"}), france = condition(Kind::Country, {"FR"});
        const Condition both = condition(Kind::Country, {"DE", "FR"});
        QCOMPARE(findings({rule("r1", {}), rule("r2", {germany})}), QStringList{"r2 unreachable by r1"});
        QCOMPARE(findings({rule("r1", {germany}), rule("r2", {france}), rule("r3", {both})}),
                 QStringList{"r3 unreachable by r1 (0)"});
        // A rule that is off, or cannot be read, takes nothing.
        Rule off = rule("r1", {});
        off.enabled = false;
        QCOMPARE(findings({off, rule("r2", {germany})}), QStringList{"r1 disabled"});
        QCOMPARE(findings({rule("r1", {condition(Kind::Country, {"Germany"}, true)}), rule("r2", {germany})}),
                 QStringList{"r1 unknown_value (0)"});
        // The same, down to the destination.
        Rule twin = rule("r1", {germany, condition(Kind::Os, {"iOS"})});
        Rule again = rule("r2", {condition(Kind::Os, {"ios"}), germany}, twin.variants);
        QCOMPARE(findings({twin, again}), QStringList{"r2 duplicate by r1"});
    }

    void rulesAloneAreLookedAt()
    {
        const Condition germany = condition(Kind::Country, {"DE"});
        QCOMPARE(findings({rule("r1", {germany, condition(Kind::Os, {"iOS"}), condition(Kind::Country, {"FR"})})}),
                 QStringList{"r1 contradiction (2)"});
        QCOMPARE(findings({rule("r1", {germany, condition(Kind::Country, {"DE"}, true)})}),
                 QStringList{"r1 contradiction (1)"});
        QCOMPARE(findings({rule("r1", {condition(Kind::Query, {"a=1"}), condition(Kind::Query, {"a"}, true)})}),
                 QStringList{"r1 contradiction (1)"});
        QCOMPARE(findings({rule("r1", {condition(Kind::Query, {"a=1"}), condition(Kind::Query, {"a=2"})})}),
                 QStringList{}); // both may be there
        QCOMPARE(findings({rule("r1", {condition(Kind::Address, {"10.0.0.0/8"}),
                                       condition(Kind::Address, {"10.1.0.0/16", "10.0.0.0/7"}, true)})}),
                 QStringList{"r1 contradiction (1)"});
        QCOMPARE(findings({rule("r1", {condition(Kind::Device, {"mobile", "tablet", "desktop", "other"}, true)})}),
                 QStringList{"r1 contradiction (0)"});
        QCOMPARE(findings({rule("r1", {condition(Kind::Hours, {"mon 09:00-10:00 UTC"}),
                                       condition(Kind::Hours, {"tue 09:00-10:00 UTC"})})}),
                 QStringList{"r1 contradiction (1)"});
        QCOMPARE(findings({rule("r1", {germany, condition(Kind::Between, {"../2026-03-04T12:00:00Z"})})}),
                 QStringList{"r1 never (1)"});
        QCOMPARE(findings({rule("r1", {condition(Kind::Between, {"../2026-03-04T12:00:01Z"})})}), QStringList{});
        QCOMPARE(findings({rule("r1", {germany}, {{"", "https://GO.example/x", 1}})}), QStringList{"r1 loop"});
        QCOMPARE(findings({rule("r1", {germany}, {{"a", "https://e.org/", 1}, {"b", "https://e.org/", 2}})}),
                 QStringList{"r1 variant_same"});
    }

    void severitiesHaveTheirWords()
    {
        const auto snapshot = samples::snapshot({});
        const auto found = lint(samples::link({rule("r1", {}), rule("r2", {})}), *snapshot, samples::lintedAt);
        QCOMPARE(found.size(), 1U);
        QCOMPARE(word(found[0].severity), "error");
        QCOMPARE(word(Finding::Severity::Warning), "warning");
        QCOMPARE(word(Finding::Severity::Info), "info");
    }

    void deadRulesAreNeverHit()
    {
        samples::Tally tally;
        QVERIFY(samples::neverHits(20260304, 300'000, tally));
        // It must have had something to say, too.
        QVERIFY2(tally.dead * 5 > tally.rules, qPrintable(QString("%1 of %2").arg(tally.dead).arg(tally.rules)));
    }

    void hugeRuleListsAreStillLintedSoon()
    {
        std::vector<Rule> rules;
        for (int r = 0; r < 64; ++r) {
            Rule& made = rules.emplace_back(rule("r" + std::to_string(r), {}));
            for (int c = 0; c < 16; ++c) {
                Condition& one = made.conditions.emplace_back(condition(Kind::City, {}));
                for (int v = 0; v < 256; ++v)
                    one.values.push_back("city " + std::to_string(v + r % 3));
            }
        }
        const auto snapshot = samples::snapshot({});
        QElapsedTimer timer;
        timer.start();
        lint(samples::link(rules), *snapshot, samples::lintedAt);
        QVERIFY2(timer.elapsed() < 20'000, qPrintable(QString::number(timer.elapsed())));
    }
};

QTEST_GUILESS_MAIN(TestLinter)
#include "tst_linter.moc"

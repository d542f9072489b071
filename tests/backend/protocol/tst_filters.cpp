// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <random>

#include "backend/protocol/filter_expression.h"
#include "backend/protocol/limits.h"
#include "tests/backend/protocol/message_samples.h"

using namespace protocol;

namespace {

bool holds(std::string_view text, const Hit& hit)
{
    const FilterParse parse = parseFilter(text);
    if (!parse.error.empty())
        qWarning("%s: %s", std::string(text).c_str(), parse.error.c_str());
    return parse.error.empty() && matches(parse.root, hit);
}

FilterNode randomNode(std::mt19937& random, int depth)
{
    static const std::vector<std::string> terms{"bot",
                                                "human",
                                                "scan",
                                                "miss",
                                                "country:DE,US",
                                                "city:\"New York\"",
                                                "slug~lau",
                                                "status>=400",
                                                "time<2026-03-01T12:00:00Z",
                                                "link:localhost/launch",
                                                "word",
                                                "\"two words\"",
                                                "campaign!=\"\"",
                                                "referrer!~\"a b\"",
                                                "seq>1.5",
                                                "\"not\"",
                                                "utm_term:\"\\\"x\\\\\""};
    const auto kind = random() % (depth > 0 ? 5 : 2);
    if (kind < 2)
        return parseFilter(terms[random() % terms.size()]).root;
    FilterNode node;
    node.kind = kind == 2 ? FilterNode::Kind::Not : kind == 3 ? FilterNode::Kind::And : FilterNode::Kind::Or;
    for (auto children = kind == 2 ? 1UL : random() % 4; children > 0; --children)
        node.children.push_back(randomNode(random, depth - 1));
    return node;
}

} // namespace

class TstFilters : public QObject {
    Q_OBJECT

private slots:
    void fieldsAndWordsMatch_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("plain"); // human click by link on localhost/launch, FR, mobile, 302
        QTest::addColumn<bool>("full");  // blocked QR bot on go.acme.example, DE, tablet, 429
        const auto row = [](const char* text, bool plain, bool full) {
            QTest::newRow(text) << QString::fromUtf8(text) << plain << full;
        };
        row("", true, true);
        row("bot", false, true);
        row("human", true, false);
        row("qr", false, true);
        row("scan", false, false);
        row("click", true, false);
        row("BLOCKED", false, true);
        row("country:fr,de", true, true);
        row("country!=FR", false, true);
        row("placement:\"\"", true, false);
        row("link:LocalHost/launch", true, false);
        row("link:localhost", false, false);
        row("status>=400", false, true);
        row("status<429", true, false);
        row("status<=429 status>428", false, true);
        row("slug~LAUN", true, false);
        row("slug!~laun", false, true);
        row("M\u00FCnch", false, true);
        row("time<2026-03-01T12:00:00.100Z", true, false);
        row("time>=2026-03-01", true, true);
        row("channel:social.example", true, false);
        row("reason:rate_limit late:true visitor:fedcba9876543210", false, true);
        row("not bot and country:FR", true, false);
        row("bot or country:FR and device:tablet", false, true);
        row("(bot or country:FR) and device:mobile", true, false);
        row("not (bot or qr)", true, false);
        row("not not bot", false, true);
        row("country:FR or country:DE", true, true);
        row("device:mobile, tablet", true, true);
        row("\"bot\"", false, true); // the quoted word is text: "agent:Slackbot"
    }

    void fieldsAndWordsMatch()
    {
        QFETCH(QString, text);
        QFETCH(bool, plain);
        QFETCH(bool, full);
        QCOMPARE(holds(text.toStdString(), samples::plainHit(1)), plain);
        QCOMPARE(holds(text.toStdString(), samples::fullHit()), full);
    }

    void errorsSayWhatAndWhere_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("error");
        QTest::addColumn<int>("at");
        QTest::addColumn<QString>("piece");
        const auto row = [](const char* text, const char* error, int at, const char* piece) {
            QTest::newRow(text) << text << error << at << piece;
        };
        row("bot land:DE", "unknown_field", 4, "land");
        row("country:", "missing_value", 8, "");
        row("country:DE,", "missing_value", 11, "");
        row("class:clack", "unknown_value", 6, "clack");
        row("status>many", "not_a_number", 7, "many");
        row("city>5", "not_comparable", 5, "5");
        row("time>noon", "not_a_time", 5, "noon");
        row("(bot or qr", "unbalanced", 0, "(");
        row("bot) qr", "unbalanced", 3, ")");
        row("city:\"New", "unterminated", 5, "\"New");
        row("bot or", "missing_term", 6, "");
        row("and bot", "missing_term", 0, "and");
        row("()", "missing_term", 1, "");
        row("not", "missing_term", 3, "");
    }

    void errorsSayWhatAndWhere()
    {
        QFETCH(QString, text);
        QFETCH(QString, error);
        QFETCH(int, at);
        QFETCH(QString, piece);
        const FilterParse parse = parseFilter(text.toStdString());
        QCOMPARE(QString::fromStdString(parse.error), error);
        QCOMPARE(static_cast<int>(parse.errorAt), at);
        QCOMPARE(QString::fromStdString(parse.errorText), piece);
    }

    void limitsHold()
    {
        QCOMPARE(parseFilter(std::string(limits::filterTextBytes + 1, 'x')).error, std::string("too_long"));
        QCOMPARE(parseFilter(std::string(limits::filterValueBytes + 1, 'x')).error, std::string("too_long"));
        QCOMPARE(parseFilter(std::string(2000, '(')).error, std::string("too_deep"));
        std::string nots, values = "slug:a";
        for (int i = 0; i < 1000; ++i)
            nots += "not ";
        for (int i = 0; i < 300; ++i)
            values += ",a";
        QCOMPARE(parseFilter(nots + "bot").error, std::string("too_deep"));
        QCOMPARE(parseFilter(values).error, std::string("too_many_values"));
    }

    void textRoundTrips()
    {
        QCOMPARE(filterText(parseFilter(" class:click   and (country:us OR touch:qr) not bot:true ").root),
                 std::string("click (country:US or qr) not bot"));
        std::mt19937 random(5);
        for (int round = 0; round < 5000; ++round) {
            const std::string text = filterText(randomNode(random, 4));
            const FilterParse parse = parseFilter(text);
            QVERIFY2(parse.error.empty() || text.size() > limits::filterTextBytes, (parse.error + ": " + text).c_str());
            QVERIFY2(parseFilter(filterText(parse.root)).root == parse.root, text.c_str());
        }
    }

    void simplifyingKeepsTheMeaning()
    {
        std::mt19937 random(6);
        for (int round = 0; round < 3000; ++round) {
            const FilterNode node = randomNode(random, 3);
            const FilterNode again = parseFilter(filterText(node)).root;
            for (const Hit& hit : {samples::plainHit(3), samples::fullHit()})
                QVERIFY2(matches(again, hit) == matches(node, hit), filterText(node).c_str());
        }
    }

    void garbageNeverCrashes()
    {
        std::mt19937 random(8);
        constexpr std::string_view alphabet = "()\"\\:=!~<>, abnotrd\xC3\xBC";
        for (int round = 0; round < 50'000; ++round) {
            std::string text;
            for (std::size_t i = random() % 24; i > 0; --i)
                text += alphabet[random() % alphabet.size()];
            const FilterParse parse = parseFilter(text);
            QVERIFY(parse.errorAt <= text.size());
            if (parse.error.empty())
                QVERIFY2(parseFilter(filterText(parse.root)).root == parse.root, text.c_str());
        }
    }

    void streamFilterWhereThereIsOne()
    {
        const auto filter =
            streamFilterOf(parseFilter("country:us,de not bot class:miss link:A.example/x device:mobile").root);
        QVERIFY(filter.has_value());
        QCOMPARE(filter->countries, (std::vector<std::string>{"DE", "US"}));
        QVERIFY(filter->bot == std::optional(false));
        QCOMPARE(filter->links, std::vector<std::string>{"a.example/x"});
        QVERIFY(streamFilterOf(parseFilter("").root)->isEmpty());
        for (const char* text :
             {"bot or qr", "slug~x", "status>1", "country!=DE", "word", "country:DE country:US", "city:Berlin"})
            QVERIFY2(!streamFilterOf(parseFilter(text).root), text);
    }

    void streamFilterMatchesFieldByField()
    {
        const Hit hit = samples::fullHit();
        StreamFilter filter;
        QVERIFY(filter.isEmpty() && filter.matches(viewOf(hit)));
        filter.links = {"go.acme.example/spring/\u00FCber"};
        filter.domains = {"GO.acme.example"};
        filter.countries = {"de", "de"};
        filter.normalise();
        filter.bot = true;
        filter.classes = {HitClass::Blocked};
        QVERIFY(filter.matches(viewOf(hit)));
        QCOMPARE(filter.countries, std::vector<std::string>{"DE"});
        for (auto change :
             {+[](Hit& h) { h.slug = "other"; }, +[](Hit& h) { h.domain = "x"; }, +[](Hit& h) { h.country.clear(); },
              +[](Hit& h) { h.botCategory = BotCategory::Human; }, +[](Hit& h) { h.hitClass = HitClass::Click; }}) {
            Hit other = hit;
            change(other);
            QVERIFY(!filter.matches(viewOf(other)));
        }
        QVERIFY(filter.problem().empty());
        filter.campaigns.resize(limits::filterValues);
        QCOMPARE(filter.problem(), std::string("filter 256"));
    }

    // Links are looked up in their order there, and one by one here.
    void aNormalisedFilterMatchesTheSame()
    {
        const std::vector<std::string> domains{"a", "a.example", "a.example.org", "b"},
            slugs{"", "/", "x", "x/y", "xy", "\xC3\xBC"};
        std::mt19937 random(5);
        int matched = 0;
        for (int round = 0; round < 2000; ++round) {
            StreamFilter filter;
            for (unsigned i = random() % 12; i > 0; --i)
                filter.links.push_back(domains[random() % domains.size()] + (random() % 8 ? "/" : "") +
                                       slugs[random() % slugs.size()]);
            if (random() % 3 == 0)
                filter.countries = {"DE"};
            filter.normalise();
            for (const std::string& domain : domains) {
                for (const std::string& slug : slugs) {
                    Hit hit;
                    hit.domain = domain;
                    hit.slug = slug;
                    hit.country = random() % 2 ? "DE" : "FR";
                    QCOMPARE(filter.matchesNormalised(viewOf(hit)), filter.matches(viewOf(hit)));
                    matched += filter.matches(viewOf(hit)) ? 1 : 0;
                }
            }
        }
        QVERIFY(matched > 1000);
    }

    void namesForCompletion()
    {
        const auto fields = filterFields();
        QCOMPARE(fields.size(), hitColumnCount + 1);
        QCOMPARE(fields.front(), std::string_view("link"));
    }
};

QTEST_GUILESS_MAIN(TstFilters)
#include "tst_filters.moc"

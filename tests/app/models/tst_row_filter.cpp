// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "app/models/row_filter.h"
#include "tests/app/models/random_hits.h"

using protocol::FilterNode;
using protocol::Hit;
using protocol::HitColumn;

namespace {

FilterNode randomLeaf(const Hit& example, std::mt19937& random)
{
    using Kind = FilterNode::Kind;
    static constexpr Kind kinds[] = {Kind::Equals,      Kind::Contains, Kind::Less,
                                     Kind::LessOrEqual, Kind::Greater,  Kind::GreaterOrEqual,
                                     Kind::AnyContains, Kind::Equals,   Kind::Contains};
    FilterNode node;
    node.kind = kinds[random() % std::size(kinds)];
    node.column = static_cast<HitColumn>(random() % protocol::hitColumnCount);
    node.linkColumn = random() % 8 == 0;
    std::string value =
        node.linkColumn ? example.domain + '/' + example.slug : protocol::hitValue(example, node.column);
    if (node.kind == Kind::AnyContains)
        value = random() % 2 == 0 ? example.city : example.referrer;
    if ((node.kind == Kind::Contains || node.kind == Kind::AnyContains) && value.size() > 3) {
        value = value.substr(random() % (value.size() - 2), 1 + random() % 4);
        if (random() % 2 == 0)
            value[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(value[0])));
    }
    node.values = {value};
    if (random() % 4 == 0)
        node.values.push_back("nothing");
    node.number = node.column == HitColumn::Seq    ? static_cast<double>(example.seq.value)
                  : node.column == HitColumn::Time ? static_cast<double>(example.time.value)
                                                   : 350.0;
    return node;
}

FilterNode randomNode(const Hit& example, std::mt19937& random, int depth)
{
    if (depth == 0 || random() % 2 == 0)
        return randomLeaf(example, random);
    FilterNode node;
    static constexpr FilterNode::Kind kinds[] = {FilterNode::Kind::And, FilterNode::Kind::Or, FilterNode::Kind::Not};
    node.kind = kinds[random() % 3];
    for (auto n = random() % 3 + 1; n > 0; --n)
        node.children.push_back(randomNode(example, random, depth - 1));
    return node;
}

std::vector<std::uint32_t> selected(models::RowFilter& filter, const state::HitRing& ring)
{
    std::vector<std::uint32_t> rows;
    filter.select(ring, ring.firstRow(), ring.endRow(), rows);
    return rows;
}

} // namespace

class TestRowFilter : public QObject {
    Q_OBJECT

private slots:
    void meansWhatTheProtocolMeans();
    void followsTheDictionariesAsTheyChange();
    void comparesTheVisitorsDigits();
    void understandsTypedFilters();
    void letsEverythingPassWithoutAFilter();
};

void TestRowFilter::meansWhatTheProtocolMeans()
{
    std::mt19937 random(11);
    state::HitRing ring(300);
    for (std::uint64_t seq = 1; seq <= 777; ++seq) {
        const Hit hit = randomHit(seq, random);
        ring.append({&hit, 1});
    }
    int passed = 0;
    for (int round = 0; round < 1500; ++round) {
        const Hit example = ring.hitAt(ring.firstRow() + random() % ring.size());
        const FilterNode node = randomNode(example, random, 3);
        models::RowFilter filter;
        filter.compile(node);
        std::vector<std::uint32_t> expected;
        for (auto row = ring.firstRow(); row < ring.endRow(); ++row) {
            if (protocol::matches(node, ring.hitAt(row)))
                expected.push_back(static_cast<std::uint32_t>(row));
        }
        passed += expected.empty() ? 0 : 1;
        QVERIFY2(selected(filter, ring) == expected, qPrintable(QString::fromStdString(protocol::filterText(node))));
    }
    QVERIFY(passed > 300); // or the test would show nothing
}

void TestRowFilter::followsTheDictionariesAsTheyChange()
{
    // Dictionary numbers are used again for other texts as rows leave; a verdict must never outlive its text.
    std::mt19937 random(12);
    state::HitRing ring(20);
    FilterNode node;
    node.kind = FilterNode::Kind::Contains;
    node.column = HitColumn::Slug;
    node.values = {"7"};
    models::RowFilter filter;
    filter.compile(node);
    for (std::uint64_t seq = 1; seq <= 2000; ++seq) {
        Hit hit;
        hit.seq = protocol::HitSeq(seq);
        hit.slug = std::to_string(random() % 1000);
        ring.append({&hit, 1});
        std::vector<std::uint32_t> rows;
        filter.select(ring, ring.endRow() - 1, ring.endRow(), rows);
        QCOMPARE(!rows.empty(), hit.slug.find('7') != std::string::npos);
        if (seq % 500 == 0)
            ring.clear();
    }
}

void TestRowFilter::comparesTheVisitorsDigits()
{
    state::HitRing ring(10);
    const std::uint64_t visitors[] = {0x00000000000000ffULL, 0xdeadbeefdeadbeefULL, 0, 0x0123456789abcdefULL};
    for (std::uint64_t i = 0; i < std::size(visitors); ++i) {
        Hit hit;
        hit.seq = protocol::HitSeq(i + 1);
        hit.visitor = protocol::VisitorKey(visitors[i]);
        ring.append({&hit, 1});
    }
    for (const char* needle : {"ff", "00", "BEEF", "0123456789abcdef", "0", "g", "12345678901234567", "", "eefd"}) {
        FilterNode node;
        node.kind = FilterNode::Kind::Contains;
        node.column = HitColumn::Visitor;
        node.values = {needle};
        models::RowFilter filter;
        filter.compile(node);
        std::vector<std::uint32_t> expected;
        for (std::uint32_t row = 0; row < 4; ++row) {
            if (protocol::matches(node, ring.hitAt(row)))
                expected.push_back(row);
        }
        QVERIFY2(selected(filter, ring) == expected, needle);
    }
}

void TestRowFilter::understandsTypedFilters()
{
    std::mt19937 random(13);
    state::HitRing ring(500);
    for (std::uint64_t seq = 1; seq <= 500; ++seq) {
        const Hit hit = randomHit(seq, random);
        ring.append({&hit, 1});
    }
    for (const char* text : {"country:DE,US and not bot", "link:go1.acme.example/spring/2 or slug~SPRING",
                             "class:miss (placement:poster-0 or placement:poster-1)", "status>=400", "qr", "münchen",
                             "channel~medium", "seq<100", "time~2026-03"}) {
        const protocol::FilterParse parse = protocol::parseFilter(text);
        QVERIFY2(parse.error.empty(), text);
        models::RowFilter filter;
        filter.compile(parse.root);
        std::size_t expected = 0;
        for (auto row = ring.firstRow(); row < ring.endRow(); ++row)
            expected += protocol::matches(parse.root, ring.hitAt(row)) ? 1 : 0;
        QVERIFY2(selected(filter, ring).size() == expected, text);
        QVERIFY2(expected > 0, text);
    }
}

void TestRowFilter::letsEverythingPassWithoutAFilter()
{
    std::mt19937 random(14);
    state::HitRing ring(7);
    for (std::uint64_t seq = 1; seq <= 10; ++seq) {
        const Hit hit = randomHit(seq, random);
        ring.append({&hit, 1});
    }
    models::RowFilter filter;
    filter.compile({});
    QCOMPARE(selected(filter, ring), (std::vector<std::uint32_t>{3, 4, 5, 6, 7, 8, 9}));
}

QTEST_GUILESS_MAIN(TestRowFilter)
#include "tst_row_filter.moc"

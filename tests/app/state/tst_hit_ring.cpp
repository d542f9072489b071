// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include <deque>
#include <limits>
#include <map>
#include <random>

#include "app/state/hit_columns.h"

using protocol::Hit;
using protocol::HitSeq;

namespace {

Hit sampleHit(std::uint64_t seq, std::mt19937& random)
{
    const auto pick = [&](const char* prefix, unsigned of) { return prefix + std::to_string(random() % of); };
    Hit hit;
    hit.seq = HitSeq(seq);
    hit.time = protocol::UtcMs(1'772'366'400'000 + static_cast<std::int64_t>(seq) * 7);
    hit.link = protocol::LinkId(random() % 50);
    hit.visitor = protocol::VisitorKey(random() % 10 == 0 ? 0 : random() % 400 + 1);
    hit.hitClass = static_cast<protocol::HitClass>(random() % 5 + 1);
    hit.reason = static_cast<protocol::HitReason>(random() % 14);
    hit.touch = static_cast<protocol::TouchType>(random() % 2 + 1);
    hit.device = static_cast<protocol::DeviceType>(random() % 4);
    hit.botCategory = static_cast<protocol::BotCategory>(random() % 13);
    hit.late = random() % 2 == 0;
    hit.status = static_cast<std::uint16_t>(random() % 600);
    hit.ruleVersion = static_cast<std::uint32_t>(random() % 5);
    hit.botReason = pick("agent:", 20);
    hit.domain = pick("go", 3) + ".acme.example";
    hit.slug = random() % 9 == 0 ? "" : pick("spring/", 40);
    hit.placement = random() % 2 == 0 ? "" : pick("poster-", 5);
    hit.country = random() % 5 == 0 ? "" : "DE";
    hit.region = pick("Region ", 16);
    hit.city = pick("München ", 30);
    hit.os = pick("os", 4);
    hit.browser = pick("browser", 5);
    hit.language = pick("l", 3);
    hit.referrer = random() % 3 == 0 ? "" : pick("site", 30) + ".example";
    hit.campaign = pick("c", 4);
    hit.utmSource = pick("s", 4);
    hit.utmMedium = pick("m", 3);
    hit.utmTerm = random() % 2 == 0 ? "" : pick("t", 9);
    hit.utmContent = pick("k", 2);
    hit.destination = pick("https://shop.example/", 20);
    hit.rule = pick("r", 3);
    hit.variant = pick("v", 2);
    hit.passedOver = pick("r1:c", 2);
    return hit;
}

} // namespace

class TestHitRing : public QObject {
    Q_OBJECT

private slots:
    void keepsEveryColumnOfEveryHit();
    void aChunkOfColumnsIsTakenAsItsHitsAre();
    void bytesThatAreNoColumnsAreRefused();
    void takesAtMostFortyEightBytesARow();
    void losesNothingWhenItsColumnsGrowWider();
    void movesItsBaseAlongWithTheTimes();
    void letsTheOldestGoWhenFull();
    void refusesWhatIsNotNewer();
    void putsOlderHitsIntoTheirPlaces();
    void behavesAsASortedListWould();
    void aMillionDifferentTextsCannotGrowIt();
    void forgetsTextsWithTheirLastRow();
    void aDictionaryAnswersAsAMapWould();
    void keepsTheFirstFieldWhenADictionaryIsFull();
    void survivesSeparatorsAndForeignNumbers();
    void marksRepeatsWithinTheWindowOnly();
    void timesAtTheirEndsAreNoRepeats();
    void repeatsAgreeWithAPlainMap();
    void remembersEveryVisitorOfItsRows();
};

void TestHitRing::keepsEveryColumnOfEveryHit()
{
    std::mt19937 random(1);
    state::HitRing ring(1000);
    std::vector<Hit> hits;
    for (std::uint64_t seq = 1; seq <= 700; ++seq)
        hits.push_back(sampleHit(seq, random));
    QCOMPARE(ring.append(hits), 0U);
    for (std::size_t i = 0; i < hits.size(); ++i)
        QVERIFY(ring.hitAt(i) == hits[i]);
    QCOMPARE(ring.overflowed(), 0U);
}

void TestHitRing::aChunkOfColumnsIsTakenAsItsHitsAre()
{
    for (const std::size_t capacity : {50U, 1000U, 5000U}) { // less than a chunk, less than all of them, enough
        std::mt19937 random(4);
        state::HitRing plain(capacity), chunked(capacity);
        std::uint64_t seq = 0;
        for (int chunk = 0; chunk < 9; ++chunk) {
            std::vector<Hit> hits;
            for (int i = 0; i < 200; ++i)
                hits.push_back(sampleHit(seq += 1 + random() % 3, random));
            plain.append(hits);
            const state::ColumnsPtr read = state::decodeColumns(state::encodeColumns(state::columnsOf(hits)), 200);
            QVERIFY(read);
            chunked.append(*read);
        }
        while (chunked.markMoreRepeats(70))
            continue;
        QCOMPARE(chunked.size(), plain.size());
        QCOMPARE(chunked.evicted(), plain.evicted());
        for (state::RowNumber row = plain.firstRow(); row < plain.endRow(); ++row) {
            QVERIFY(chunked.hitAt(row) == plain.hitAt(row));
            if (plain.evicted() == 0) // later marks know nothing of rows that have left
                QCOMPARE(chunked.isRepeat(row), plain.isRepeat(row));
        }
        // Each text is used by as many rows as have it: with the rows the texts leave too.
        for (std::size_t i = 0; i < state::groupCount; ++i)
            QCOMPARE(chunked.dictionary(static_cast<state::Group>(i)).size(),
                     plain.dictionary(static_cast<state::Group>(i)).size());
    }
}

void TestHitRing::bytesThatAreNoColumnsAreRefused()
{
    std::mt19937 random(5);
    std::vector<Hit> hits;
    for (std::uint64_t seq = 1; seq <= 20; ++seq)
        hits.push_back(sampleHit(seq, random));
    const std::string bytes = state::encodeColumns(state::columnsOf(hits));
    QVERIFY(state::decodeColumns(bytes, 20));
    QVERIFY(!state::decodeColumns(bytes, 19));
    QVERIFY(!state::decodeColumns(bytes + '\0', 20));
    for (std::size_t length = 0; length < bytes.size(); ++length)
        QVERIFY(!state::decodeColumns(std::string_view(bytes).substr(0, length), 20));
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        std::string changed = bytes;
        changed[at] = static_cast<char>(changed[at] ^ 0x81);
        if (const state::ColumnsPtr read = state::decodeColumns(changed, 20)) {
            state::HitRing ring(100);
            ring.append(*read);
            for (std::size_t row = 0; row < read->size(); ++row)
                QVERIFY(ring.hitAt(row).seq == HitSeq(read->seqs[row])); // and its texts can be read
        }
    }
}

void TestHitRing::takesAtMostFortyEightBytesARow()
{
    // Full, with traffic as varied as a large campaign's; dictionaries and the repeat table counted in. The table model
    // adds four bytes.
    constexpr std::size_t rows = 1'000'000;
    constexpr std::size_t indexBytes = 4;
    state::HitRing ring(rows);
    std::mt19937 random(2);
    Hit hit;
    for (std::uint64_t seq = 1; seq <= rows; ++seq) {
        if (seq % 16 == 1) {
            hit = sampleHit(seq, random);
            // As in life, and unlike in the other tests, class, reason and status go together.
            hit.reason =
                hit.hitClass == protocol::HitClass::Miss ? protocol::HitReason::UnknownSlug : protocol::HitReason::None;
            hit.status = hit.hitClass == protocol::HitClass::Miss ? 404 : 302;
        }
        hit.seq = HitSeq(seq);
        hit.time = protocol::UtcMs(static_cast<std::int64_t>(seq));
        hit.visitor = protocol::VisitorKey(random() % 300'000 + 1);
        ring.append({&hit, 1});
    }
    QCOMPARE(ring.size(), rows);
    const double perRow = static_cast<double>(ring.bytes()) / rows;
    qInfo("%.1f bytes of columns, %.1f bytes a row in all", ring.columnBytesPerRow(), perRow);
    QVERIFY2(perRow + indexBytes <= 48, qPrintable(QString::number(perRow)));
}

// Sequences far apart, times of any year, more links than two bytes count: the columns grow wider, in any order and
// while rows leave, and every row still reads as it came.
void TestHitRing::losesNothingWhenItsColumnsGrowWider()
{
    constexpr std::size_t rows = 70'000;
    state::HitRing ring(rows);
    std::vector<Hit> hits;
    std::uint64_t seq = 0;
    for (std::size_t i = 0; i < 2 * rows + 100; ++i) {
        Hit hit;
        // At first one by one, then a thousand days apart, at last beyond all that four bytes span.
        seq += i < rows / 2 ? 1 : i < rows ? 86'400'000ULL * 1000 : 1ULL << 45;
        hit.seq = HitSeq(seq);
        const auto step = static_cast<std::int64_t>(i);
        hit.time = protocol::UtcMs(i < rows ? step : (i % 2 ? -1 : 1) * (step << 30));
        hit.domain = "go.acme.example";
        hit.slug = std::to_string(i);
        hits.push_back(hit);
        QCOMPARE(ring.append({&hits.back(), 1}), 0U);
        if (i == rows / 2 - 1)
            QVERIFY(ring.columnBytesPerRow() < 35);
    }
    QCOMPARE(ring.size(), rows);
    for (std::size_t i = 0; i < rows; ++i)
        QVERIFY(ring.hitAt(ring.firstRow() + i) == hits[hits.size() - rows + i]);
    QVERIFY(ring.columnBytesPerRow() > 44);
    ring.clear();
    QVERIFY(ring.columnBytesPerRow() < 35);
    QCOMPARE(ring.append({hits.data(), 10}), 0U);
    QVERIFY(ring.hitAt(9) == hits[9]);
}

// Times that jump back and forth below the span: the base moves, the column stays narrow.
void TestHitRing::movesItsBaseAlongWithTheTimes()
{
    state::HitRing ring(100);
    std::vector<Hit> hits;
    std::mt19937_64 random(11);
    for (std::uint64_t seq = 1; seq <= 20'000; ++seq) {
        Hit hit;
        hit.seq = HitSeq(seq * 10'000'000);
        const auto drift = static_cast<std::int64_t>(seq * 5'000'000);
        hit.time = protocol::UtcMs((seq < 10'000 ? drift : 100'000'000'000 - drift) +
                                   static_cast<std::int64_t>(random() % 1'000'000));
        hits.push_back(hit);
        ring.append({&hits.back(), 1});
        if (seq % 97 == 0) {
            for (std::size_t i = 0; i < ring.size(); ++i)
                QVERIFY(ring.hitAt(ring.firstRow() + i) == hits[hits.size() - ring.size() + i]);
        }
    }
    QVERIFY(ring.columnBytesPerRow() < 35);
}

void TestHitRing::letsTheOldestGoWhenFull()
{
    std::mt19937 random(3);
    state::HitRing ring(100);
    for (std::uint64_t seq = 1; seq <= 250; ++seq) {
        const Hit hit = sampleHit(seq, random);
        ring.append({&hit, 1});
    }
    QCOMPARE(ring.size(), 100U);
    QCOMPARE(ring.firstRow(), 150U);
    QCOMPARE(ring.endRow(), 250U);
    QCOMPARE(ring.seqAt(150).value, 151U);
    QCOMPARE(ring.evicted(), 150U);
    QVERIFY(!ring.holds(149));
    QVERIFY(!ring.rowOf(HitSeq(150)));
    QCOMPARE(*ring.rowOf(HitSeq(151)), 150U);
}

void TestHitRing::refusesWhatIsNotNewer()
{
    std::mt19937 random(4);
    state::HitRing ring(100);
    const std::vector<Hit> hits = {sampleHit(5, random), sampleHit(5, random), sampleHit(4, random),
                                   sampleHit(0, random), sampleHit(9, random)};
    QCOMPARE(ring.append(hits), 3U);
    QCOMPARE(ring.size(), 2U);
    QCOMPARE(ring.seqAt(1).value, 9U);
}

void TestHitRing::putsOlderHitsIntoTheirPlaces()
{
    std::mt19937 random(5);
    state::HitRing ring(6);
    const std::vector<Hit> live = {sampleHit(10, random), sampleHit(13, random), sampleHit(20, random)};
    ring.append(live);
    const std::vector<Hit> older = {sampleHit(15, random), sampleHit(12, random), sampleHit(13, random),
                                    sampleHit(12, random)};
    auto done = ring.insertOlder(older);
    QCOMPARE(done.rows, (std::vector<state::RowNumber>{1, 3}));
    QCOMPARE(done.known, 2U);
    std::vector<std::uint64_t> seqs;
    for (auto row = ring.firstRow(); row < ring.endRow(); ++row)
        seqs.push_back(ring.seqAt(row).value);
    QCOMPARE(seqs, (std::vector<std::uint64_t>{10, 12, 13, 15, 20}));
    QVERIFY(ring.hitAt(3) == older[0]);
    QVERIFY(ring.hitAt(4) == live[2]);

    // Full: the oldest leave, and nothing older than them comes back.
    const std::vector<Hit> more = {sampleHit(1, random), sampleHit(14, random), sampleHit(16, random)};
    done = ring.insertOlder(more);
    QCOMPARE(done.rows.size(), 2U);
    QCOMPARE(done.tooOld, 1U);
    QCOMPARE(ring.size(), 6U);
    const std::vector<Hit> gone = {sampleHit(2, random)};
    QCOMPARE(ring.insertOlder(gone).tooOld, 1U);
}

void TestHitRing::behavesAsASortedListWould()
{
    std::mt19937 random(6);
    for (int round = 0; round < 30; ++round) {
        const std::size_t capacity = random() % 60 + 1;
        state::HitRing ring(capacity);
        std::map<std::uint64_t, Hit> all; // what a ring without limits would hold
        std::uint64_t newest = 0;
        std::uint64_t oldestLost = 0; // the newest sequence that had to leave
        for (int step = 0; step < 60; ++step) {
            std::vector<Hit> hits;
            if (random() % 3 != 0) {
                for (auto n = random() % 12; n > 0; --n)
                    hits.push_back(sampleHit(newest += random() % 4 + 1, random));
                ring.append(hits);
            } else if (newest > 0) {
                for (auto n = random() % 12; n > 0; --n)
                    hits.push_back(sampleHit(random() % newest + 1, random));
                ring.insertOlder(hits);
            }
            for (const Hit& hit : hits) {
                if (hit.seq.value > oldestLost)
                    all.emplace(hit.seq.value, hit);
            }
            while (all.size() > ring.size()) {
                oldestLost = all.begin()->first;
                all.erase(all.begin());
            }
            QVERIFY(ring.size() <= capacity);
            QCOMPARE(all.size(), ring.size());
            auto row = ring.firstRow();
            for (const auto& [seq, hit] : all)
                QVERIFY2(ring.hitAt(row++) == hit, qPrintable(QString::number(seq)));
        }
    }
}

void TestHitRing::aMillionDifferentTextsCannotGrowIt()
{
    state::HitRing ring(200'000);
    const std::string tail(200, 'x');
    Hit hit;
    for (std::uint64_t seq = 1; seq <= 1'000'000; ++seq) {
        hit.seq = HitSeq(seq);
        hit.referrer = std::to_string(seq) + tail;
        hit.domain = "go.acme.example";
        hit.slug = hit.referrer;
        hit.placement = std::to_string(seq);
        ring.append({&hit, 1});
    }
    QVERIFY(ring.overflowed() > 0);
    // Two dictionaries full of text, one full of entries, and the columns.
    QVERIFY2(ring.bytes() < 100U * 1024 * 1024, qPrintable(QString::number(ring.bytes())));
    const Hit last = ring.hitAt(ring.endRow() - 1);
    QCOMPARE(last.referrer, std::string(state::Dictionary::overflowText));
    QCOMPARE(last.domain, std::string("go.acme.example"));
    QCOMPARE(last.slug, std::string(state::Dictionary::overflowText));
}

void TestHitRing::forgetsTextsWithTheirLastRow()
{
    state::HitRing ring(10);
    Hit hit;
    for (std::uint64_t seq = 1; seq <= 5000; ++seq) {
        hit.seq = HitSeq(seq);
        hit.slug = "s" + std::to_string(seq);
        ring.append({&hit, 1});
    }
    QCOMPARE(ring.dictionary(state::Group::Link).size(), 10U);
    QVERIFY(ring.dictionary(state::Group::Link).endEntry() <= 11U);
    QCOMPARE(ring.hitAt(4990).slug, std::string("s4991"));
    ring.clear();
    QCOMPARE(ring.dictionary(state::Group::Link).size(), 0U);
    hit.seq = HitSeq(1);
    ring.append({&hit, 1});
    QCOMPARE(ring.size(), 1U);
}

// Values come and go in any order, numbers are used again: beside a map.
void TestHitRing::aDictionaryAnswersAsAMapWould()
{
    state::Dictionary dictionary(100'000, 1 << 20, 1);
    std::mt19937 random(31);
    std::map<std::string, std::pair<std::uint32_t, int>> truth; // number and uses
    std::uint32_t hint = 0;
    for (int round = 0; round < 200'000; ++round) {
        // First ever more values, then ever fewer.
        const bool adds = random() % 100 < (round < 100'000 ? 65U : 35U);
        const std::string value =
            std::to_string(random() % 3000) + (random() % 2 ? "" : "/a longer text that needs memory");
        const auto known = truth.find(value);
        if (adds) {
            const std::uint32_t number = dictionary.intern(value, random() % 3 ? hint : random() % 5000);
            hint = number;
            QCOMPARE(dictionary.value(number), std::string_view(value));
            if (known != truth.end())
                QCOMPARE(number, known->second.first);
            auto& entry = truth[value];
            entry.first = number;
            ++entry.second;
        } else if (known != truth.end()) {
            dictionary.release(known->second.first);
            if (--known->second.second == 0)
                truth.erase(known);
        }
        QCOMPARE(dictionary.size(), truth.size());
    }
    for (auto& [value, entry] : truth)
        QCOMPARE(dictionary.intern(value), entry.first);
    QCOMPARE(dictionary.overflowed(), 0U);
}

void TestHitRing::keepsTheFirstFieldWhenADictionaryIsFull()
{
    state::Dictionary places(2, 1000, 2);
    const std::string sep(1, state::Dictionary::separator);
    const auto a = places.intern("DE" + sep + "Munich");
    QCOMPARE(places.intern("DE" + sep + "Berlin"), a + 1);
    const auto c = places.intern("FR" + sep + "Paris");
    QCOMPARE(places.field(c, 0), std::string_view("FR"));
    QCOMPARE(places.field(c, 1), state::Dictionary::overflowText);
    QCOMPARE(places.intern("FR" + sep + "Lyon"), c);
    QCOMPARE(places.overflowed(), 2U);
    const auto serial = places.serial(a);
    places.release(a);
    QCOMPARE(places.serial(a), 0U);
    places.release(c);
    places.release(c);
    const auto again = places.intern("US" + sep + "Ohio");
    QVERIFY(places.serial(again) != serial);
    QCOMPARE(places.field(again, 1), std::string_view("Ohio"));
}

void TestHitRing::survivesSeparatorsAndForeignNumbers()
{
    state::HitRing ring(4);
    Hit hit;
    hit.seq = HitSeq(1);
    hit.domain = "a\xff";
    hit.slug = std::string("b\0c\xff", 4);
    hit.hitClass = static_cast<protocol::HitClass>(200);
    hit.status = 65535;
    hit.botCategory = static_cast<protocol::BotCategory>(255);
    ring.append({&hit, 1});
    const Hit back = ring.hitAt(0);
    QCOMPARE(back.domain, std::string("a\xEF\xBF\xBD"));
    QCOMPARE(back.slug, std::string("b\0c\xEF\xBF\xBD", 6));
    QCOMPARE(static_cast<int>(back.hitClass), 200);
    QCOMPARE(static_cast<int>(back.status), 65535);
    QCOMPARE(static_cast<int>(back.botCategory), 255);
}

void TestHitRing::marksRepeatsWithinTheWindowOnly()
{
    state::HitRing ring(10);
    ring.setRepeatWindow(1000);
    Hit hit;
    const auto add = [&](std::uint64_t seq, std::int64_t time, std::uint64_t visitor) {
        hit.seq = HitSeq(seq);
        hit.time = protocol::UtcMs(time);
        hit.visitor = protocol::VisitorKey(visitor);
        ring.append({&hit, 1});
        return ring.isRepeat(ring.endRow() - 1);
    };
    QVERIFY(!add(1, 0, 7));
    QVERIFY(add(2, 1000, 7));
    QVERIFY(!add(3, 2001, 7));
    QVERIFY(!add(4, 2001, 0));
    QVERIFY(!add(5, 2001, 0)); // no key: nobody knows
    ring.setRepeatWindow(5000);
    QVERIFY(ring.markMoreRepeats(2));
    QVERIFY(!add(6, 7100, 7)); // not yet: marking has not come so far
    while (ring.markMoreRepeats(2)) {
    }
    QVERIFY(!ring.isRepeat(5));
    QVERIFY(add(7, 7200, 7));
    QVERIFY(ring.isRepeat(2));
    QVERIFY(!ring.isRepeat(0));
}

// Found by fuzzing: their difference is more than 64 bits hold.
void TestHitRing::timesAtTheirEndsAreNoRepeats()
{
    constexpr std::int64_t first = std::numeric_limits<std::int64_t>::min();
    constexpr std::int64_t last = std::numeric_limits<std::int64_t>::max();
    state::HitRing ring(10);
    Hit hit;
    std::uint64_t seq = 0;
    const auto add = [&](std::int64_t time, std::uint64_t visitor) {
        hit.seq = HitSeq(++seq);
        hit.time = protocol::UtcMs(time);
        hit.visitor = protocol::VisitorKey(visitor);
        ring.append({&hit, 1});
        return ring.isRepeat(ring.endRow() - 1);
    };
    QVERIFY(!add(first, 7));
    QVERIFY(!add(last, 7));
    QVERIFY(add(last, 7));
    QVERIFY(add(first, 7));                                  // back in time, as a clock that was put right
    for (std::uint64_t visitor = 8; visitor < 30; ++visitor) // more than are remembered: the oldest are looked through
        QVERIFY(!add(visitor % 2 == 0 ? first : last, visitor));
}

void TestHitRing::repeatsAgreeWithAPlainMap()
{
    std::mt19937 random(8);
    state::HitRing ring(500);
    ring.setRepeatWindow(300 * 7);
    std::deque<std::pair<std::uint64_t, std::int64_t>> held;
    for (std::uint64_t seq = 1; seq <= 20'000; ++seq) {
        Hit hit = sampleHit(seq, random);
        if (held.size() == 500)
            held.pop_front();
        bool repeat = false;
        for (const auto& [visitor, time] : held)
            repeat = repeat || (hit.visitor && visitor == hit.visitor.value && hit.time.value - time <= 300 * 7);
        held.emplace_back(hit.visitor.value, hit.time.value);
        ring.append({&hit, 1});
        QCOMPARE(ring.isRepeat(ring.endRow() - 1), repeat);
    }
}

// However many they are: those of the rows held, and no others.
void TestHitRing::remembersEveryVisitorOfItsRows()
{
    for (const std::uint64_t rows : {1, 2, 21, 1000, 1024}) {
        state::HitRing ring(rows);
        std::uint64_t seq = 0;
        const auto isRepeat = [&](std::uint64_t visitor) {
            Hit hit;
            hit.seq = HitSeq(++seq);
            hit.visitor = protocol::VisitorKey(visitor);
            ring.append({&hit, 1});
            return ring.isRepeat(ring.endRow() - 1);
        };
        for (std::uint64_t visitor = 1; visitor <= 20 * rows; ++visitor)
            QVERIFY(!isRepeat(visitor));
        // The oldest row has left when its visitor comes again; the one after it is held.
        QVERIFY(!isRepeat(19 * rows));
        for (std::uint64_t visitor = 19 * rows + 3; visitor <= 20 * rows; ++visitor)
            QVERIFY2(isRepeat(visitor), qPrintable(QStringLiteral("%1 of %2").arg(visitor).arg(rows)));
    }
}

QTEST_GUILESS_MAIN(TestHitRing)
#include "tst_hit_ring.moc"

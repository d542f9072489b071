// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <set>

#include "backend/rollups/pack.h"

using rollups::CellPack;
using rollups::Counts;
using rollups::VisitorPack;
using rollups::VisitorSet;

namespace {

CellPack randomCells(std::mt19937_64& random, std::size_t count)
{
    CellPack pack;
    pack.words = {"", "DE", "DE/Bavaria", "US"};
    for (std::int64_t day = 0; day < 5; ++day)
        pack.buckets.push_back((day - 1) * protocol::msPerDay - 3'600'000);
    for (std::size_t at = 0; at < count; ++at)
        pack.entries.push_back({random() % 200, static_cast<std::uint32_t>(random() % 4),
                                static_cast<std::uint32_t>(random() % 5),
                                Counts{random() % 1000 + 900, random() % 900, 0, random() % 2}});
    rollups::makeCanonical(pack);
    return pack;
}

std::vector<std::uint64_t> hashes(std::uint64_t first, std::uint64_t count)
{
    std::set<std::uint64_t> sorted;
    for (std::uint64_t key = first; key < first + count; ++key)
        sorted.insert(rollups::visitorHash(key));
    return {sorted.begin(), sorted.end()};
}

VisitorSet setOf(std::uint64_t first, std::uint64_t count, int precision = VisitorSet::linkPrecision)
{
    return VisitorSet(precision, hashes(first, count));
}

} // namespace

class PackTest : public QObject {
    Q_OBJECT

private slots:
    void bytesComeBackAsTheyWere()
    {
        std::mt19937_64 random(1);
        const CellPack pack = randomCells(random, 2'000);
        CellPack back;
        QVERIFY(rollups::decode(rollups::encode(pack), back));
        QVERIFY(back.words == pack.words && back.buckets == pack.buckets);
        QCOMPARE(rollups::encode(back), rollups::encode(pack));
        VisitorPack sets;
        sets.words = {"poster-a"};
        sets.buckets = {0, protocol::msPerDay};
        sets.entries.push_back({7, 0, 0, setOf(1, 3)});
        sets.entries.push_back({7, 0, 1, setOf(1, 5'000)});
        VisitorPack setsBack;
        QVERIFY(rollups::decode(rollups::encode(sets), setsBack));
        QVERIFY(setsBack.entries[0].payload == sets.entries[0].payload);
        QVERIFY(setsBack.entries[1].payload == sets.entries[1].payload);
    }

    void mergingInAnyGroupingGivesTheSameBytes()
    {
        std::mt19937_64 random(2);
        std::vector<CellPack> packs;
        for (int at = 0; at < 7; ++at)
            packs.push_back(randomCells(random, 300));
        auto all = packs;
        const std::string wanted = rollups::encode(rollups::merged(std::move(all)));
        for (int round = 0; round < 5; ++round) {
            std::shuffle(packs.begin(), packs.end(), random);
            CellPack sum;
            for (const CellPack& pack : packs) {
                std::vector<CellPack> two{sum, pack};
                sum = rollups::merged(std::move(two));
            }
            QCOMPARE(rollups::encode(sum), wanted);
        }
    }

    // However the cells come, in whatever pieces, capped each time: the bytes are those of the whole, capped once.
    void whatIsTooManyIsSummedWhateverTheCut()
    {
        constexpr std::size_t most = 7;
        std::mt19937_64 random(4);
        CellPack whole;
        std::map<std::pair<std::uint64_t, std::int64_t>, std::map<std::string, std::uint64_t>> hits;
        std::vector<CellPack> pieces(12);
        for (int at = 0; at < 3'000; ++at) {
            // Of the same length and of different ones, and sometimes the sum's own code.
            std::string word = random() % 50 == 0 ? std::string(protocol::otherValues)
                                                  : std::string(random() % 4, 'a' + char(random() % 26)) + "x";
            const std::uint64_t link = 1 + random() % 5;
            const auto bucket = static_cast<std::int64_t>(random() % 3);
            for (CellPack* pack : {&whole, &pieces[random() % pieces.size()]}) {
                pack->words.push_back(word);
                pack->buckets.push_back(bucket);
                const auto place = static_cast<std::uint32_t>(pack->words.size() - 1);
                pack->entries.push_back({link, place, place, Counts{1, 1, 0, 0}});
            }
            ++hits[{link, bucket}][word];
        }
        rollups::makeCanonical(whole);
        rollups::cap(whole, most);
        const std::string wanted = rollups::encode(whole);
        for (int round = 0; round < 5; ++round) {
            std::shuffle(pieces.begin(), pieces.end(), random);
            CellPack sum;
            for (const CellPack& piece : pieces) {
                std::vector<CellPack> two{sum, piece};
                rollups::makeCanonical(two[1]);
                rollups::cap(two[1], most);
                sum = rollups::merged(std::move(two));
                rollups::cap(sum, most);
            }
            QCOMPARE(rollups::encode(sum), wanted);
        }
        QVERIFY(rollups::hasOthers(whole));
        std::map<std::pair<std::uint64_t, std::int64_t>, std::map<std::string, std::uint64_t>> kept;
        for (const auto& entry : whole.entries)
            kept[{entry.link, whole.buckets[entry.bucket]}][whole.words[entry.word]] = entry.payload.hits;
        for (auto& [cell, values] : kept) {
            QCOMPARE(values.size(), most + 1);
            std::uint64_t sum = 0, all = 0;
            for (const auto& [word, count] : values) {
                sum += count;
                QVERIFY(word == protocol::otherValues || count == hits[cell][word]);
            }
            for (const auto& [word, count] : hits[cell])
                all += count;
            QCOMPARE(sum, all);
        }
    }

    void onlyWhatStrangersWriteIsCapped()
    {
        const auto none = std::numeric_limits<std::size_t>::max();
        QCOMPARE(rollups::valuesMax(rollups::PackKind::Days, protocol::Dimension::City), none);
        QCOMPARE(rollups::valuesMax(rollups::PackKind::Visitors, protocol::Dimension::Campaign), none);
        for (const auto dimension : {protocol::Dimension::Referrer, protocol::Dimension::UtmTerm,
                                     protocol::Dimension::Placement, protocol::Dimension::Channel})
            QVERIFY(rollups::valuesMax(rollups::PackKind::Minutes, dimension) <
                    rollups::valuesMax(rollups::PackKind::Visitors, dimension));
    }

    void aPartHoldsOnlyItsOwnWords()
    {
        CellPack pack;
        pack.words = {"DE", "FR", "US"};
        pack.buckets = {0, 60'000};
        pack.entries = {{1, 0, 0, {1, 1, 1, 0}}, {2, 2, 1, {2, 2, 2, 0}}};
        const CellPack second = rollups::part(pack, 1, 2);
        QCOMPARE(second.words, std::vector<std::string>{"US"});
        QCOMPARE(second.buckets, std::vector<std::int64_t>{60'000});
        QCOMPARE(second.entries.front().word, 0U);
    }

    // Whatever the bytes, an answer comes: torn at every place, and with every byte turned over.
    void brokenBytesAreRefusedOrRead()
    {
        std::mt19937_64 random(3);
        const std::string bytes = rollups::encode(randomCells(random, 60));
        CellPack pack;
        for (std::size_t length = 0; length < bytes.size(); ++length)
            QVERIFY(!rollups::decode(std::string_view(bytes).substr(0, length), pack));
        QVERIFY(!rollups::decode(bytes + '\0', pack));
        for (std::size_t at = 0; at < bytes.size(); ++at)
            for (const int turned : {0x01, 0x80, 0xff}) {
                std::string broken = bytes;
                broken[at] = static_cast<char>(broken[at] ^ turned);
                if (!rollups::decode(broken, pack))
                    continue;
                for (const auto& entry : pack.entries)
                    QVERIFY(entry.word < pack.words.size() && entry.bucket < pack.buckets.size());
            }
        VisitorPack sets;
        sets.words = {""};
        sets.buckets = {0};
        sets.entries.push_back({1, 0, 0, setOf(1, 40)});
        const std::string setBytes = rollups::encode(sets);
        rollups::VisitorViews views;
        for (std::size_t length = 0; length < setBytes.size(); ++length) {
            QVERIFY(!rollups::decode(std::string_view(setBytes).substr(0, length), sets));
            QVERIFY(!rollups::decode(std::string_view(setBytes).substr(0, length), views));
        }
    }

    void fewVisitorsAreCountedExactly()
    {
        for (const int precision : {VisitorSet::linkPrecision, VisitorSet::totalPrecision}) {
            const std::uint64_t most = VisitorSet::exactMax(precision);
            QCOMPARE(setOf(1, most, precision).count(), most);
            QVERIFY(!setOf(1, most, precision).isEstimated());
            QVERIFY(setOf(1, most + 1, precision).isEstimated());
        }
        VisitorSet set = setOf(1, 100);
        set += setOf(51, 100);
        QCOMPARE(set.count(), std::uint64_t(150));
        QCOMPARE(VisitorSet().count(), std::uint64_t(0));
    }

    void theOrderAndGroupingOfVisitorsDoNotMatter()
    {
        const VisitorSet whole = setOf(1, 3'000);
        for (const std::uint64_t piece : {1, 7, 400, 511, 1'000}) {
            VisitorSet set;
            for (std::uint64_t first = 3'001; first > 1;) {
                const std::uint64_t count = std::min(piece, first - 1);
                first -= count;
                set += setOf(first, count);
            }
            QVERIFY(set == whole);
        }
    }

    // Reports count what lies in the bytes; it is what the sets themselves would say.
    void setsAreCountedAndUnitedUnread()
    {
        std::mt19937_64 random(5);
        rollups::VisitorUnion sum; // used again and again
        for (int round = 0; round < 60; ++round) {
            const int precision = round % 2 ? VisitorSet::linkPrecision : VisitorSet::totalPrecision;
            VisitorPack pack;
            pack.words = {""};
            pack.buckets = {0};
            VisitorSet whole(precision);
            for (std::uint64_t link = 1; link <= 1 + random() % 6; ++link) {
                const std::uint64_t size = round % 3 ? random() % 300 : random() % 6'000;
                pack.entries.push_back({link, 0, 0, setOf(random() % 2'000, size, precision)});
                whole += pack.entries.back().payload;
            }
            const std::string bytes = rollups::encode(pack);
            rollups::VisitorViews views;
            QVERIFY(rollups::decode(bytes, views));
            QCOMPARE(views.entries.size(), pack.entries.size());
            sum.begin(precision);
            for (std::size_t at = 0; at < views.entries.size(); ++at) {
                QCOMPARE(views.entries[at].payload.count(), pack.entries[at].payload.count());
                QCOMPARE(views.entries[at].payload.isEstimated, pack.entries[at].payload.isEstimated());
                sum.add(views.entries[at].payload);
            }
            QCOMPARE(sum.count(), whole.count());
            QCOMPARE(sum.isEstimated(), whole.isEstimated());
        }
    }

    void manyVisitorsAreEstimatedWithinTheErrorStated()
    {
        for (const auto& [precision, error] :
             {std::pair(VisitorSet::linkPrecision, 0.016), std::pair(VisitorSet::totalPrecision, 0.008)}) {
            double squares = 0;
            int samples = 0;
            for (const std::uint64_t count : {3'000, 10'000, 40'000, 100'000})
                for (std::uint64_t trial = 0; trial < 8; ++trial, ++samples) {
                    const auto got = static_cast<double>(setOf(trial << 32, count, precision).count());
                    squares += std::pow(got / static_cast<double>(count) - 1, 2);
                }
            const double rms = std::sqrt(squares / samples);
            QVERIFY2(rms < 1.3 * error, qPrintable(QString::number(rms)));
        }
    }
};

QTEST_GUILESS_MAIN(PackTest)
#include "tst_pack.moc"

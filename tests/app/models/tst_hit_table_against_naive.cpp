// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemModelTester>
#include <QtTest>

#include <map>

#include "app/models/hit_table_model.h"
#include "tests/app/models/random_hits.h"

using models::HitTableModel;
using protocol::Hit;
using protocol::HitSeq;

namespace {

// What the table should show, told as plainly as possible: everything received, by sequence.
struct Naive {
    std::map<std::uint64_t, Hit> held; // what a ring of this capacity holds
    protocol::FilterNode filter;
    std::vector<std::uint64_t> shown; // newest first
    bool frozen = false;

    std::vector<std::uint64_t> passing() const
    {
        std::vector<std::uint64_t> result;
        for (auto hit = held.rbegin(); hit != held.rend(); ++hit) {
            if (protocol::matches(filter, hit->second))
                result.push_back(hit->first);
        }
        return result;
    }
    void settle()
    {
        if (!frozen)
            shown = passing();
    }
};

protocol::FilterNode randomFilter(std::mt19937& random)
{
    static const char* const texts[] = {
        "",        "bot",    "not bot",    "country:DE",    "slug~2 or qr", "class:miss,click",
        "medium1", "seq>40", "country:XX", "referrer:\"\"", "late:true"};
    return protocol::parseFilter(texts[random() % std::size(texts)]).root;
}

} // namespace

class TestHitTableAgainstNaive : public QObject {
    Q_OBJECT

private slots:
    void showsWhatANaiveModelShows_data();
    void showsWhatANaiveModelShows();

private:
    void check(const HitTableModel& model, const Naive& naive);
};

void TestHitTableAgainstNaive::showsWhatANaiveModelShows_data()
{
    QTest::addColumn<unsigned>("seed");
    for (unsigned seed = 1; seed <= 60; ++seed)
        QTest::addRow("seed %u", seed) << seed;
}

void TestHitTableAgainstNaive::check(const HitTableModel& model, const Naive& naive)
{
    QCOMPARE(model.rowCount(), static_cast<int>(naive.shown.size()));
    for (int row = 0; row < model.rowCount(); ++row) {
        const std::uint64_t seq = naive.shown[static_cast<std::size_t>(row)];
        const auto hit = naive.held.find(seq);
        if (hit == naive.held.end()) {
            QVERIFY(naive.frozen);
            QVERIFY(!model.hitAt(row));
            QCOMPARE(model.index(row, 0).data().toString(), QStringLiteral("…"));
        } else {
            QCOMPARE(model.seqAt(row).value, seq);
            QVERIFY(*model.hitAt(row) == hit->second);
            QCOMPARE(model.rowOf(HitSeq(seq)), row);
        }
    }
    std::size_t waiting = 0;
    if (naive.frozen) {
        for (const std::uint64_t seq : naive.passing())
            waiting += std::find(naive.shown.begin(), naive.shown.end(), seq) == naive.shown.end() ? 1 : 0;
    }
    QCOMPARE(model.pendingRows(), waiting);
}

void TestHitTableAgainstNaive::showsWhatANaiveModelShows()
{
    QFETCH(unsigned, seed);
    std::mt19937 random(seed);
    const std::size_t capacity = 1 + random() % 80;
    state::LiveState live(capacity);
    HitTableModel model(live);
    model.setNow([] { return 1'772'366'400'000; });
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    Naive naive;
    std::uint64_t cursor = 0;
    std::vector<Hit> missed; // dropped by the stream, still to be fetched

    for (int step = 0; step < 120; ++step) {
        switch (random() % 8) {
        case 0:
        case 1:
        case 2:
        case 3: { // a frame, of which some hits may be dropped
            auto frame = std::make_shared<protocol::Frame>();
            frame->first = HitSeq(cursor + 1);
            for (auto n = random() % 15; n > 0; --n) {
                const Hit hit = randomHit(++cursor, random);
                if (random() % 6 == 0)
                    missed.push_back(hit);
                else
                    frame->hits.push_back(hit);
            }
            frame->last = HitSeq(++cursor);
            live.applyFrame(frame);
            for (const Hit& hit : frame->hits)
                naive.held.emplace(hit.seq.value, hit);
            break;
        }
        case 4: { // what was dropped is fetched
            auto page = std::make_shared<protocol::Frame>();
            page->hits = missed;
            missed.clear();
            live.applyFetched(page);
            for (const Hit& hit : page->hits) {
                if (live.ring().rowOf(hit.seq))
                    naive.held.emplace(hit.seq.value, hit);
            }
            break;
        }
        case 5:
            naive.filter = randomFilter(random);
            model.setDisplayFilter(naive.filter);
            if (naive.frozen) {
                // A new filter shows what was there when the table was held; hits fetched for that time come along.
                naive.shown.clear();
                const quint64 pending = model.pendingRows();
                naive.shown = naive.passing();
                naive.shown.erase(naive.shown.begin(), naive.shown.begin() + static_cast<std::ptrdiff_t>(pending));
            }
            break;
        case 6:
            naive.frozen = !naive.frozen;
            model.setHeld(HitTableModel::Paused, naive.frozen);
            break;
        default:
            if (random() % 10 == 0) {
                live.startOver();
                naive.held.clear();
                naive.shown.clear();
                missed.clear();
                cursor = 0;
            }
        }
        while (naive.held.size() > live.ring().size())
            naive.held.erase(naive.held.begin());
        QCOMPARE(naive.held.size(), live.ring().size());
        naive.settle();
        check(model, naive);
        if (QTest::currentTestFailed())
            return;
    }
}

QTEST_MAIN(TestHitTableAgainstNaive)
#include "tst_hit_table_against_naive.moc"

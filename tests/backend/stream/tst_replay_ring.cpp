// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "backend/protocol/limits.h"
#include "backend/stream/frame_maker.h"
#include "tests/backend/stream/stream_fixture.h"

using namespace protocol;
using stream::ReplayRing;

namespace {

std::vector<std::uint64_t> visited(const ReplayRing& ring, std::uint64_t after, std::uint64_t upTo)
{
    std::vector<std::uint64_t> found;
    ring.visit(HitSeq{after}, HitSeq{upTo}, [&](const HitView& hit) {
        found.push_back(hit.seq.value);
        return true;
    });
    return found;
}

} // namespace

class TstReplayRing : public QObject {
    Q_OBJECT

private slots:
    void anyRangeIsFound()
    {
        ReplayRing ring(1000, SIZE_MAX);
        QCOMPARE(ring.size(), std::size_t(0));
        for (std::uint64_t first = 1; first <= 91; first += 10)
            ring.append(fixture::hits(first, first + 9), 0);
        for (std::uint64_t after = 0; after <= 100; after += 7)
            for (std::uint64_t upTo = after; upTo <= 100; upTo += 9)
                QCOMPARE(visited(ring, after, upTo), fixture::range(after + 1, upTo));
    }

    // Read once for all, or by each that looks: the same hits.
    void whatIsRecentIsFoundInEitherWay()
    {
        ReplayRing ring(1000, SIZE_MAX);
        ring.append(fixture::hits(1, 10), 0);
        QCOMPARE(ring.recent().size(), std::size_t(10));
        ring.forgetRecent();
        ring.append(fixture::hits(5, 20), 6);
        ring.append(fixture::hits(21, 30), 0);
        QCOMPARE(ring.recent().size(), std::size_t(20));
        for (int round = 0; round < 2; ++round, ring.forgetRecent())
            for (std::uint64_t after = 0; after <= 30; ++after)
                QCOMPARE(visited(ring, after, 29), fixture::range(after + 1, 29));
    }

    void theOldestLeaveByHitsAndByBytes()
    {
        ReplayRing ring(25, SIZE_MAX);
        for (std::uint64_t first = 1; first <= 91; first += 10)
            ring.append(fixture::hits(first, first + 9), 0);
        QCOMPARE(ring.first(), HitSeq{81});
        QCOMPARE(visited(ring, 0, 100), fixture::range(81, 100));
        ReplayRing heavy(1000, 3 * (fixture::hits(1, 10)->footprint() + 200));
        for (std::uint64_t first = 1; first <= 91; first += 10)
            heavy.append(fixture::hits(first, first + 9), 0);
        QVERIFY(heavy.size() <= 30);
        QCOMPARE(heavy.last(), HitSeq{100});
    }

    void ofALongBatchTheEndIsKept()
    {
        ReplayRing ring(5000, SIZE_MAX);
        ring.append(fixture::hits(1, 30'000), 0);
        QCOMPARE(ring.last(), HitSeq{30'000});
        QVERIFY(ring.size() <= 5000 && ring.size() > 500);
        QCOMPARE(visited(ring, 29'990, 30'000), fixture::range(29'991, 30'000));
        ring.startAfter(HitSeq{40'000});
        QCOMPARE(ring.size(), std::size_t(0));
        ring.append(fixture::hits(39'990, 40'010), 11);
        QCOMPARE(visited(ring, 0, 50'000), fixture::range(40'001, 40'010));
    }

    // However long the texts are, and whatever stands in them.
    void framesStayUnderTheLimit()
    {
        for (const Encoding encoding : {Encoding::Cbor, Encoding::Json}) {
            HitBatch batch;
            for (std::uint64_t seq = 1; seq <= 3000; ++seq) {
                batch.push_back(fixture::hit(seq));
                batch.back().destination =
                    std::string(limits::destinationBytes, encoding == Encoding::Json ? '\x01' : '\xFF');
            }
            ReplayRing ring(10'000, SIZE_MAX);
            ring.append(fixture::packed(batch), 0);
            const stream::Selection selection{WorkspaceId{1}, {}, encoding};
            std::uint64_t hits = 0, after = 0;
            while (after < 3000) {
                const stream::MadeFrame frame = stream::makeFrame(ring, selection, HitSeq{after + 1}, HitSeq{after},
                                                                  HitSeq{3000}, false, fixture::noon);
                QVERIFY(frame.bytes.bytes <= limits::serverMessageBytes);
                QVERIFY(frame.last.value > after);
                hits += frame.hits;
                after = frame.last.value;
            }
            QCOMPARE(hits, std::uint64_t(3000));
        }
    }
};

QTEST_GUILESS_MAIN(TstReplayRing)
#include "tst_replay_ring.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QtTest>

#include "app/state/live_state.h"

using protocol::HitSeq;
using state::LiveState;

namespace {

state::FramePtr frameOf(std::uint64_t first, std::uint64_t last, std::vector<std::uint64_t> seqs,
                        std::uint64_t dropped = 0)
{
    auto frame = std::make_shared<protocol::Frame>();
    frame->first = HitSeq(first);
    frame->last = HitSeq(last);
    frame->dropped = dropped;
    for (const auto seq : seqs) {
        protocol::Hit hit;
        hit.seq = HitSeq(seq);
        hit.slug = std::to_string(seq);
        frame->hits.push_back(hit);
    }
    return frame;
}

protocol::Hello helloOf(const std::string& dataId, std::uint64_t last = 0)
{
    protocol::Hello hello;
    hello.dataId = dataId;
    hello.lastSeq = HitSeq(last);
    return hello;
}

protocol::SessionStatus statusOf(std::uint64_t sent, std::uint64_t dropped = 0)
{
    protocol::SessionStatus status;
    status.sentHits = sent;
    status.droppedHits = dropped;
    return status;
}

} // namespace

class TestLiveState : public QObject {
    Q_OBJECT

private slots:
    void countsWhatArrives();
    void refusesSequencesThatGoBack();
    void refusesHitsOutsideTheirFrame();
    void countsOnAcrossSessions();
    void noticesABackendThatMiscounts();
    void emitsOneSignalOfEachKindAFrame();
    void putsFetchedHitsInOrder();
    void keepsGapsBounded();
    void startsOver();
    void forgetsMarksOfAnotherDataFolder();
    void saysHowManyAreNotRolledUp();
    void measuresLag();
};

void TestLiveState::countsWhatArrives()
{
    LiveState live(100);
    live.applyHello(helloOf("a", 10));
    live.applySubscribed({1, HitSeq(10)}, {});
    QCOMPARE(live.counters().cursor.value, 10U);
    live.applyFrame(frameOf(11, 20, {12, 15}));
    live.applyFrame(frameOf(21, 25, {}));
    live.applyStatus(statusOf(2));
    QCOMPARE(live.counters().received, 2U);
    QCOMPARE(live.counters().sent, 2U);
    QCOMPARE(live.counters().cursor.value, 25U);
    QCOMPARE(live.counters().violations, 0U);
    QCOMPARE(live.ring().size(), 2U);
}

void TestLiveState::refusesSequencesThatGoBack()
{
    LiveState live(100);
    live.applySubscribed({1, HitSeq(0)}, {});
    live.applyFrame(frameOf(1, 5, {1, 3, 5}));
    live.applyFrame(frameOf(4, 8, {4, 5, 6, 6, 8}));
    QCOMPARE(live.counters().doubles, 3U);
    QCOMPARE(live.counters().violations, 1U);
    QCOMPARE(live.counters().lastViolation, QStringLiteral("sequence_back"));
    QCOMPARE(live.counters().received, 5U);
    QCOMPARE(live.ring().size(), 5U);
    QCOMPARE(live.counters().cursor.value, 8U);
    live.applyFrame(frameOf(1, 2, {}));
    QCOMPARE(live.counters().cursor.value, 8U);
}

void TestLiveState::refusesHitsOutsideTheirFrame()
{
    LiveState live(100);
    live.applySubscribed({1, HitSeq(0)}, {});
    live.applyFrame(frameOf(1, 5, {2, 900}));
    live.applyFrame(frameOf(6, 9, {7}));
    QCOMPARE(live.counters().doubles, 1U);
    QCOMPARE(live.ring().size(), 2U);
    QCOMPARE(live.ring().seqAt(1).value, 7U);
}

void TestLiveState::countsOnAcrossSessions()
{
    LiveState live(100);
    live.applyHello(helloOf("a"));
    live.applySubscribed({1, HitSeq(0)}, {});
    live.applyFrame(frameOf(1, 3, {1, 2, 3}));
    live.applyStatus(statusOf(5, 1)); // two more were on their way when the line broke
    QCOMPARE(live.counters().sent, 5U);
    live.applyHello(helloOf("a"));
    live.applySubscribed({2, HitSeq(3)}, {});
    live.applyFrame(frameOf(4, 6, {4, 5, 6}));
    live.applyStatus(statusOf(3));
    QCOMPARE(live.counters().received, 6U);
    QCOMPARE(live.counters().sent, 6U);
    QCOMPARE(live.counters().dropped, 1U);
}

void TestLiveState::noticesABackendThatMiscounts()
{
    LiveState live(100);
    live.applyHello(helloOf("a"));
    live.applyFrame(frameOf(1, 3, {1, 2, 3}));
    live.applyStatus(statusOf(1));
    QCOMPARE(live.counters().violations, 1U);
    QCOMPARE(live.counters().sent, 3U);
}

void TestLiveState::emitsOneSignalOfEachKindAFrame()
{
    LiveState live(10);
    QSignalSpy appended(&live, &LiveState::hitsAppended);
    QSignalSpy applied(&live, &LiveState::applied);
    QSignalSpy counters(&live, &LiveState::countersChanged);
    for (std::uint64_t i = 0; i < 20; ++i)
        live.applyFrame(frameOf(i * 100 + 1, i * 100 + 100, {i * 100 + 1, i * 100 + 2}));
    QCOMPARE(appended.size(), 20);
    QCOMPARE(applied.size(), 20);
    QCOMPARE(counters.size(), 0);
    QTRY_COMPARE(counters.size(), 1);
}

void TestLiveState::putsFetchedHitsInOrder()
{
    LiveState live(100);
    live.applySubscribed({1, HitSeq(0)}, {});
    live.applyFrame(frameOf(1, 9, {1, 9}, 3));
    QCOMPARE(live.counters().dropped, 3U);
    live.applyGap({1, 9, state::GapReport::State::Fetching, 0, {}});
    QCOMPARE(live.counters().gapsOpen, 1U);
    QCOMPARE(live.counters().missingSequences, 9U);
    QSignalSpy inserted(&live, &LiveState::olderInserted);
    live.applyFetched(frameOf(1, 9, {1, 4, 5, 6, 9}));
    live.applyGap({1, 9, state::GapReport::State::Fetched, 9, {}});
    QCOMPARE(inserted.size(), 1);
    QCOMPARE(live.counters().fetched, 3U);
    QCOMPARE(live.counters().gapsOpen, 0U);
    QCOMPARE(live.counters().gapsFetched, 1U);
    QCOMPARE(live.counters().missingSequences, 0U);
    QCOMPARE(live.ring().size(), 5U);
    QCOMPARE(live.counters().doubles, 0U);
}

void TestLiveState::keepsGapsBounded()
{
    LiveState live(10);
    for (std::uint64_t i = 1; i <= 5000; ++i)
        live.applyGap({i * 10, i * 10 + 1, state::GapReport::State::Missing, 0, {}});
    QCOMPARE(live.gaps().size(), LiveState::gapsMax);
}

void TestLiveState::startsOver()
{
    LiveState live(10);
    live.applyHello(helloOf("a"));
    live.applyFrame(frameOf(1, 9, {1, 9}, 3));
    live.setMarked(HitSeq(9), true);
    QSignalSpy cleared(&live, &LiveState::cleared);
    live.startOver();
    QCOMPARE(cleared.size(), 1);
    QCOMPARE(live.ring().size(), 0U);
    QCOMPARE(live.counters().received, 0U);
    QVERIFY(live.annotation(HitSeq(9)).marked);
    live.applyHello(helloOf("a"));
    live.applySubscribed({1, HitSeq(4)}, {});
    live.applyFrame(frameOf(5, 5, {5}));
    QCOMPARE(live.ring().size(), 1U);
    QCOMPARE(live.counters().violations, 0U);
}

void TestLiveState::forgetsMarksOfAnotherDataFolder()
{
    LiveState live(10);
    live.applyHello(helloOf("a"));
    live.setComment(HitSeq(9), QString(5000, QLatin1Char('x')));
    QCOMPARE(live.annotation(HitSeq(9)).comment.size(), qsizetype(LiveState::commentCharsMax));
    live.applyHello(helloOf("a"));
    QVERIFY(!live.annotation(HitSeq(9)).comment.isEmpty());
    live.applyHello(helloOf("b"));
    QVERIFY(live.annotation(HitSeq(9)).comment.isEmpty());
}

void TestLiveState::saysHowManyAreNotRolledUp()
{
    LiveState live(10);
    QCOMPARE(live.notYetRolledUp(), 0U);
    protocol::Watermark watermark;
    watermark.seq = HitSeq(100);
    watermark.lastSeq = HitSeq(150);
    live.applyWatermark(watermark);
    QCOMPARE(live.notYetRolledUp(), 50U);
    live.applyFrame(frameOf(151, 160, {151}));
    QCOMPARE(live.notYetRolledUp(), 60U);
    watermark.seq = HitSeq(900); // a backend that contradicts itself
    live.applyWatermark(watermark);
    QCOMPARE(live.notYetRolledUp(), 0U);
}

void TestLiveState::measuresLag()
{
    LiveState live(1000);
    QVERIFY(!live.lag().p50Ms());
    live.applyClock(3, 10);
    for (std::uint64_t i = 1; i <= 100; ++i) {
        auto frame = std::make_shared<protocol::Frame>(*frameOf(i, i, {i}));
        frame->lagMs = static_cast<std::int32_t>(i);
        live.applyFrame(frame);
    }
    auto resumed = std::make_shared<protocol::Frame>(*frameOf(101, 101, {101}));
    resumed->resumed = true;
    resumed->lagMs = 99'999;
    live.applyFrame(resumed);
    QCOMPARE(*live.lag().p50Ms(), 55);
    QCOMPARE(*live.lag().p95Ms(), 100);
    QVERIFY(qAbs(live.serverNowMs() - QDateTime::currentMSecsSinceEpoch() - 3) < 1000);
}

QTEST_GUILESS_MAIN(TestLiveState)
#include "tst_live_state.moc"

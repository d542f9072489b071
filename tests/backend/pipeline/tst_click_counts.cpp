// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QTest>

#include "backend/pipeline/editor.h"
#include "tests/backend/pipeline/pipeline_rig.h"

namespace {

constexpr std::int64_t day = protocol::msPerDay;

} // namespace

// What a limited link has taken, told from storage when it matters, and counted on from there.
class ClickCountsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<PipelineRig> m_rig;
    protocol::LinkId m_link;

    std::string folder() const { return m_dir->path().toStdString(); }

    const links::HeldLink& link() const { return *m_rig->snapshot().current()->link(m_link); }

    void start()
    {
        m_rig.reset();
        m_rig = std::make_unique<PipelineRig>(folder());
        QTRY_VERIFY(m_rig->snapshot().current()->version() > 0);
    }

    void put(links::Link changed)
    {
        std::atomic<bool> done{false};
        m_rig->pipeline().putLink(std::move(changed), false, 0, "test", [&](const auto& edited) {
            m_link = edited.value.id;
            done = edited.problem.empty();
        });
        QTRY_VERIFY(done);
    }

    void setLimit(std::uint64_t limit)
    {
        links::Link changed = link();
        changed.clickLimit = limit;
        put(changed);
    }

    // As a redirect loop does: taken, then handed on.
    void click(int times, std::int64_t timeMs = support::noon)
    {
        for (int i = 0; i < times; ++i) {
            QVERIFY(link().clicks->take(link().clickLimit));
            QVERIFY(m_rig->send(m_link, timeMs));
        }
    }

    void waitUntilStored()
    {
        QTRY_COMPARE(m_rig->counters().stored.load() + m_rig->counters().lost.load(), m_rig->sent());
    }

private slots:
    void init()
    {
        m_rig.reset();
        m_dir = std::make_unique<QTemporaryDir>();
        start();
        links::Link draft;
        draft.domain = m_rig->snapshot().current()->domain("localhost")->id;
        draft.slug = "sale";
        draft.destination = "https://shop.example/";
        put(draft);
    }

    void cleanup() { m_rig.reset(); }

    void aNewLinksLimitCountsFromNothing()
    {
        QVERIFY(link().clicks->isWhole() && link().clicks->taken() == 0);
        setLimit(5);
        click(5);
        QVERIFY(!link().clicks->take(5));
        QCOMPARE(link().clicks->taken(), 5U);
        setLimit(6);
        QVERIFY(link().clicks->take(6) && !link().clicks->take(6));
    }

    void aRestartCountsWhatIsStored()
    {
        setLimit(10);
        click(3, support::noon);
        click(4, support::noon + day);
        start();
        QVERIFY(link().clicks->isWhole());
        QCOMPARE(link().clicks->taken(), 7U);
        click(3);
        QVERIFY(!link().clicks->take(10));
    }

    void aLimitSetLaterCountsWhatCameBefore()
    {
        click(2);
        start();
        QVERIFY(!link().clicks->isWhole());
        QCOMPARE(link().clicks->taken(), 0U);
        click(3, support::noon + day); // stored in this run
        waitUntilStored();
        m_rig->pipeline().rollUpNow();
        QTRY_COMPARE(m_rig->counters().watermark.load(), 5U);
        click(1); // stored, not rolled up
        waitUntilStored();
        QVERIFY(link().clicks->take(0)); // on its way
        setLimit(100);
        QVERIFY(link().clicks->isWhole());
        QCOMPARE(link().clicks->taken(), 7U);
        setLimit(0);
        setLimit(50);
        QCOMPARE(link().clicks->taken(), 7U); // once only
    }

    void otherHitsAndOtherLinksDoNotCount()
    {
        setLimit(10);
        click(2);
        for (const auto hitClass : {protocol::HitClass::Probe, protocol::HitClass::Miss, protocol::HitClass::Blocked})
            QVERIFY(m_rig->send(m_link, support::noon, hitClass));
        QVERIFY(m_rig->send(protocol::LinkId(99), support::noon));
        waitUntilStored();
        start();
        QCOMPARE(link().clicks->taken(), 2U);
    }

    void theSnapshotOfAnEarlierLoadIsKept()
    {
        // As serve does: loaded before redirects begin, and counted from then on.
        setLimit(10);
        m_rig.reset();
        runtime::SystemClock clock;
        storage::Store store({folder()});
        links::SnapshotHolder snapshot;
        pipeline::HitQueue queue(10);
        pipeline::Editor(store, snapshot, clock, {}).loadSnapshot();
        QVERIFY(snapshot.current()->link(m_link)->clicks->take(10));
        pipeline::Pipeline pipeline({}, store, snapshot, queue, clock, {});
        std::thread thread([&] { pipeline.run(); });
        pipeline.stop();
        thread.join();
        QCOMPARE(snapshot.current()->link(m_link)->clicks->taken(), 1U);
    }

    void manyLimitedLinksAreLoadedTogether()
    {
        std::vector<protocol::LinkId> ids;
        for (int i = 0; i < 70; ++i) {
            links::Link draft = link();
            draft.id = {};
            draft.slug = "s" + std::to_string(i);
            draft.clickLimit = 1000;
            put(draft);
            ids.push_back(m_link);
        }
        for (std::size_t i = 0; i < ids.size(); ++i)
            for (std::size_t n = 0; n < i % 4; ++n)
                QVERIFY(m_rig->send(ids[i], support::noon + static_cast<std::int64_t>(n) * day));
        waitUntilStored();
        start();
        for (std::size_t i = 0; i < ids.size(); ++i)
            QCOMPARE(m_rig->snapshot().current()->link(ids[i])->clicks->taken(), i % 4);
    }
};

QTEST_GUILESS_MAIN(ClickCountsTest)
#include "tst_click_counts.moc"

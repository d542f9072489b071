// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QTest>

#include <future>

#include "tests/backend/pipeline/pipeline_rig.h"

class PipelineTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    std::string folder() const { return m_dir->path().toStdString(); }

private slots:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }

    void storesReleasesAndPublishesInOrder()
    {
        PipelineRig rig(folder());
        for (int round = 0; round < 50; ++round)
            QVERIFY(rig.send(20));
        QTRY_COMPARE(rig.releases().count(), std::size_t(1000));
        // Released means stored: a reader sees it without waiting.
        const auto stored = storedHits(folder());
        QCOMPARE(stored.size(), std::size_t(1000));
        QCOMPARE(disorder(stored), std::string());
        QTRY_COMPARE(rig.published().size(), std::size_t(1000));
        QCOMPARE(rig.published(), stored);
        QVERIFY(!rig.releases().anyTwice());
        QCOMPARE(rig.counters().stored.load(), std::uint64_t(1000));
        QCOMPARE(rig.counters().lost.load(), std::uint64_t(0));
    }

    void storesWhatIsInTheQueueWhenStopped()
    {
        PipelineRig rig(folder());
        QVERIFY(rig.send(5000));
        rig.stop();
        QCOMPARE(rig.releases().count(), std::size_t(5000));
        QCOMPARE(storedHits(folder()).size(), std::size_t(5000));
        // Rolled up whole, too.
        QCOMPARE(storage::Reader(folder()).totals().watermark, protocol::HitSeq(5000));
        QVERIFY(rig.watermarks() > 0);
    }

    void storesABatchAcrossMidnight()
    {
        const std::int64_t midnight = support::noon + protocol::msPerDay / 2;
        PipelineRig rig(folder());
        for (int at = 0; at < 50; ++at)
            QVERIFY(rig.send(1, at % 2 == 0 ? midnight : midnight - 1));
        rig.stop();
        QCOMPARE(disorder(storedHits(folder())), std::string());
        QCOMPARE(storedHits(folder()).size(), std::size_t(50));
    }

    void rollsUpWhenAsked()
    {
        PipelineRig rig(folder());
        QVERIFY(rig.send(10));
        QTRY_COMPARE(rig.releases().count(), std::size_t(10));
        rig.pipeline().rollUpNow();
        QTRY_COMPARE(rig.pipeline().watermark().seq, protocol::HitSeq(10));
        QCOMPARE(rig.counters().watermark.load(), std::uint64_t(10));
        QVERIFY(rig.pipeline().watermark().rolledAt.value > 0);
    }

    void carriesOutEditsBetweenBatches()
    {
        PipelineRig rig(folder());
        QTRY_VERIFY(rig.snapshot().current()->domain("localhost"));
        links::Link link;
        link.domain = rig.snapshot().current()->domain("localhost")->id;
        link.slug = "spring";
        link.destination = "https://acme.example/";
        std::promise<std::string> done;
        rig.pipeline().putLink(link, false, 0, "test", [&](pipeline::Edited<links::Link> outcome) {
            // Visible to the redirect loops before anybody is told.
            const auto* seen = rig.snapshot().current()->link(link.domain, "spring");
            done.set_value(outcome.problem.empty() && seen && seen->id == outcome.value.id ? "ok"
                                                                                           : outcome.problem + "!");
        });
        auto result = done.get_future();
        QVERIFY(result.wait_for(std::chrono::seconds(5)) == std::future_status::ready);
        QCOMPARE(result.get(), std::string("ok"));
        QTRY_COMPARE(rig.edits(), 1);
    }

    void answersEditsThatComeTooLate()
    {
        PipelineRig rig(folder());
        rig.stop();
        std::string problem;
        rig.pipeline().createToken({protocol::WorkspaceId(1), "x", storage::Role::Viewer}, "test",
                                   [&](pipeline::Edited<storage::NewToken> outcome) { problem = outcome.problem; });
        QCOMPARE(problem, std::string("stopping"));
    }

    // Who is told that an edit is done may rely on it: it lies in the store, and the next redirect goes by it.
    void anEditIsStoredThenVisibleThenTold()
    {
        PipelineRig rig(folder());
        QTRY_VERIFY(rig.snapshot().current()->domain("localhost"));
        links::Link link;
        link.domain = rig.snapshot().current()->domain("localhost")->id;
        link.slug = "spring";
        link.destination = "https://acme.example/0";
        std::atomic<int> told{0}, wrong{0};
        const auto expect = [&](const pipeline::Edited<links::Link>& edited) {
            const links::Link* visible = rig.snapshot().current()->link(edited.value.id);
            std::optional<links::Link> stored;
            storage::Reader(folder()).forEachLink([&](links::Link&& one) { stored = std::move(one); });
            const bool isAsTold = edited.problem.empty() && visible && stored && *stored == edited.value &&
                                  static_cast<const links::Link&>(*visible) == edited.value;
            wrong += isAsTold ? 0 : 1;
            ++told;
        };
        rig.pipeline().putLink(link, false, 0, "test", expect);
        QTRY_COMPARE(told.load(), 1);
        link.id = rig.snapshot().current()->link(link.domain, "spring")->id;
        for (int at = 1; at < 20; ++at) {
            link.destination = "https://acme.example/" + std::to_string(at);
            QVERIFY(rig.send(5));
            rig.pipeline().putLink(link, false, 0, "test", expect);
            rig.pipeline().undoLink(link.id, 0, "test", expect);
        }
        QTRY_COMPARE(told.load(), 39);
        QCOMPARE(wrong.load(), 0);
        rig.stop();
        QCOMPARE(rig.edits(), 39);
        QCOMPARE(rig.releases().count(), std::size_t(95));
    }

    void makesAVerifiedDomainReadyWhenItsHostIsReached()
    {
        PipelineRig rig(folder());
        QTRY_VERIFY(rig.snapshot().current()->domain("localhost"));
        links::Domain domain;
        domain.workspace = rig.snapshot().current()->workspace("default")->id;
        domain.host = "go.acme.example";
        domain.state = links::DomainState::Verified;
        rig.pipeline().putDomain(domain, "test", {});
        QTRY_VERIFY(rig.snapshot().current()->domain("go.acme.example"));
        const auto id = rig.snapshot().current()->domain("go.acme.example")->id;
        for (int at = 0; at < 100; ++at)
            rig.pipeline().hostReached(id);
        QTRY_COMPARE(rig.snapshot().current()->domain(id)->state, links::DomainState::Ready);
        rig.stop();
        QCOMPARE(rig.edits(), 2);
    }

    void dropsDaysBeyondTheRetention()
    {
        {
            storage::initFolder(folder());
            PipelineRig rig(folder());
            QVERIFY(rig.send(3, support::noon - 1000 * protocol::msPerDay));
            QVERIFY(rig.send(4, runtime::SystemClock().utcMs()));
        }
        PipelineRig rig(folder());
        QTRY_COMPARE(storedHits(folder()).size(), std::size_t(4));
    }
};

QTEST_GUILESS_MAIN(PipelineTest)
#include "tst_pipeline.moc"

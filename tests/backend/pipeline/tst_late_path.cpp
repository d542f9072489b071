// SPDX-License-Identifier: GPL-3.0-or-later
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <random>
#include <sys/resource.h>
#include <system_error>

#include "backend/storage/hits/hit_store.h"
#include "backend/storage/spill_file.h"
#include "tests/backend/pipeline/pipeline_rig.h"
#include "tests/support/faulty_files.h"

namespace {

// No file of this process may grow beyond `bytes`: what a full disk is to a writer.
class FilesEndAt {
public:
    explicit FilesEndAt(rlim_t bytes)
    {
        std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &m_before);
        rlimit now = m_before;
        now.rlim_cur = bytes;
        ::setrlimit(RLIMIT_FSIZE, &now);
    }
    ~FilesEndAt() { ::setrlimit(RLIMIT_FSIZE, &m_before); }

private:
    rlimit m_before{};
};

// The spill file's writes fail while told so, torn as a full disk tears; the log's hang while held, as on a disk that
// has stopped answering.
class LatePathFiles final : public support::FaultyFiles {
public:
    std::atomic<bool> fail{false};

    std::size_t taken(const std::string& path, std::size_t bytes) override
    {
        if (path.find("/hits/") != std::string::npos)
            m_held.wait(true);
        return fail && path.find("/spill/") != std::string::npos ? bytes / 2 : bytes;
    }
    void hold() { m_held = true; }
    void letGo()
    {
        m_held = false;
        m_held.notify_all();
    }

private:
    std::atomic<bool> m_held{false};
};

class LogHeld {
public:
    explicit LogHeld(LatePathFiles& files) : m_files(files) { m_files.hold(); }
    ~LogHeld() { m_files.letGo(); }
    void letGo() { m_files.letGo(); }

private:
    LatePathFiles& m_files;
};

} // namespace

class LatePathTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    std::string folder() const { return m_dir->path().toStdString(); }

    // Sends the first hits and waits until nothing is late any more: on a busy machine the first commit, which makes
    // the day file, may itself be late. Returns how many were.
    static std::uint64_t warmUp(PipelineRig& rig, std::size_t count)
    {
        [&] {
            QVERIFY(rig.send(count));
            QTRY_COMPARE(rig.releases().count(), count);
            QTRY_COMPARE(rig.counters().pending.load(), std::uint64_t(0));
            QTRY_COMPARE(rig.published().size(), count);
        }();
        return rig.counters().late;
    }

    void verifyWhole(PipelineRig& rig)
    {
        rig.stop();
        const auto stored = storedHits(folder());
        QCOMPARE(disorder(stored), std::string());
        QCOMPARE(stored.size() + rig.counters().lost, rig.sent());
        QCOMPARE(rig.counters().pending.load(), std::uint64_t(0));
        QCOMPARE(rig.releases().count(), std::size_t(rig.sent()));
        QVERIFY(!rig.releases().anyTwice());
        const auto totals = storage::Reader(folder()).totals();
        QCOMPARE(totals.hits, stored.size());
        QCOMPARE(totals.lost, rig.counters().lost.load());
        QCOMPARE(totals.late, rig.counters().late.load());
        QCOMPARE(rig.published(), stored);
    }

private slots:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }

    void letsRedirectsGoWhenACommitHangs()
    {
        LatePathFiles files;
        PipelineRig rig(folder(), pipeline::Options(), &files);
        const std::uint64_t before = warmUp(rig, 5);
        LogHeld held(files);
        QElapsedTimer timer;
        timer.start();
        QVERIFY(rig.send(3));
        QTRY_COMPARE(rig.releases().count(), std::size_t(8));
        QVERIFY2(timer.elapsed() < 3000, "the redirects waited for the store");
        // And whoever comes while it still hangs.
        QVERIFY(rig.send(4));
        QTRY_COMPARE(rig.releases().count(), std::size_t(12));
        QCOMPARE(rig.counters().late.load(), before + 7);
        QCOMPARE(storedHits(folder()).size(), std::size_t(5));
        held.letGo();
        QTRY_COMPARE(storedHits(folder()).size(), std::size_t(12));
        QTRY_COMPARE(rig.counters().pending.load(), std::uint64_t(0));
        QVERIFY(rig.send(1));
        QTRY_COMPARE(rig.releases().count(), std::size_t(13));
        verifyWhole(rig);
    }

    void keepsLateHitsInMemoryWhenTheSpillFileFails()
    {
        LatePathFiles files;
        pipeline::Options options;
        options.spillMemoryHits = 50;
        PipelineRig rig(folder(), options, &files);
        const std::uint64_t before = warmUp(rig, 5);
        LogHeld held(files);
        files.fail = true;
        QVERIFY(rig.send(30));
        QTRY_COMPARE(rig.releases().count(), std::size_t(35));
        QVERIFY(rig.send(40));
        QTRY_COMPARE(rig.releases().count(), std::size_t(75));
        // Fifty fit into memory, in whatever way the two lots were split over batches; the rest of the second lot is
        // lost.
        QTRY_COMPARE(rig.counters().lost.load(), std::uint64_t(20));
        held.letGo();
        QTRY_COMPARE(storedHits(folder()).size(), std::size_t(55));
        files.fail = false;
        QTRY_COMPARE(rig.counters().pending.load(), std::uint64_t(0));
        QVERIFY(rig.send(2));
        QTRY_COMPARE(rig.releases().count(), std::size_t(77));
        QVERIFY(rig.counters().late >= before + 50);
        verifyWhole(rig);
    }

    void survivesAFullDisk()
    {
        PipelineRig rig(folder(), pipeline::Options());
        const std::uint64_t before = warmUp(rig, 2000);
        {
            // The day's log is longer than this already, the spill file is not.
            const FilesEndAt full(100'000);
            QVERIFY(rig.send(100));
            QTRY_COMPARE(rig.releases().count(), std::size_t(2100));
            QTRY_VERIFY(rig.counters().commitFailures > 0);
            QTRY_COMPARE(rig.counters().late.load(), before + 100);
            QCOMPARE(storedHits(folder()).size(), std::size_t(2000));
        }
        QTRY_COMPARE(storedHits(folder()).size(), std::size_t(2100));
        QTRY_COMPARE(rig.counters().pending.load(), std::uint64_t(0));
        verifyWhole(rig);
    }

    void takesTheSpillInAtTheNextStart()
    {
        std::uint64_t before = 0;
        {
            PipelineRig rig(folder(), pipeline::Options());
            before = warmUp(rig, 2000);
            const FilesEndAt full(100'000);
            QVERIFY(rig.send(150));
            QTRY_COMPARE(rig.releases().count(), std::size_t(2150));
            rig.stop();
            QCOMPARE(rig.counters().late.load(), before + 150);
        }
        QCOMPARE(storedHits(folder()).size(), std::size_t(2000));
        PipelineRig rig(folder(), pipeline::Options());
        QTRY_COMPARE(storedHits(folder()).size(), std::size_t(2150));
        QTRY_COMPARE(rig.published().size(), std::size_t(150));
        rig.stop();
        QCOMPARE(disorder(storedHits(folder())), std::string());
        QCOMPARE(storage::Reader(folder()).totals().late, before + 150);
        QVERIFY(rig.store().spill().isEmpty());
    }

    void doesNotDoubleWhatWasCommittedBeforeACrash()
    {
        // As a process leaves it that died after the commit and before the spill file was cut: two of four are stored.
        {
            storage::initFolder(folder());
            storage::Store store({folder()});
            auto hits = support::hitsFrom(1, 4);
            for (auto& hit : hits)
                hit.ruleVersion = static_cast<std::uint32_t>(hit.seq.value);
            store.spill().append(hits);
            store.hits().append(std::span(hits).first(2));
        }
        PipelineRig rig(folder(), pipeline::Options());
        QTRY_COMPARE(storedHits(folder()).size(), std::size_t(4));
        rig.stop();
        QCOMPARE(disorder(storedHits(folder())), std::string());
        for (const auto& hit : storedHits(folder()))
            QVERIFY(hit.late);
        QCOMPARE(storage::Reader(folder()).totals().late, std::uint64_t(4));
    }

    void staysGaplessUnderRandomFailures()
    {
        LatePathFiles files;
        pipeline::Options options;
        options.lateAfterMs = 10;
        options.spillMemoryHits = 200;
        PipelineRig rig(folder(), options, &files);
        const std::uint64_t before = warmUp(rig, 2000);
        std::mt19937_64 random(3);
        for (int round = 0; round < 40; ++round) {
            files.fail = random() % 3 == 0;
            std::unique_ptr<LogHeld> held;
            std::unique_ptr<FilesEndAt> full;
            if (random() % 2 == 0)
                held = std::make_unique<LogHeld>(files);
            else if (random() % 2 == 0)
                full = std::make_unique<FilesEndAt>(100'000 + random() % 100'000);
            const std::size_t lots = 1 + random() % 4;
            for (std::size_t lot = 0; lot < lots; ++lot) {
                QVERIFY(rig.send(1 + random() % 100));
                QTRY_COMPARE(rig.releases().count(), std::size_t(rig.sent()));
            }
        }
        files.fail = false;
        QTRY_COMPARE(rig.counters().pending.load(), std::uint64_t(0));
        QTRY_COMPARE(storedHits(folder()).size() + rig.counters().lost, rig.sent());
        qInfo("late %llu, lost %llu of %llu", static_cast<unsigned long long>(rig.counters().late.load()),
              static_cast<unsigned long long>(rig.counters().lost.load()), static_cast<unsigned long long>(rig.sent()));
        QVERIFY(rig.counters().late > before);
        verifyWhole(rig);
    }
};

QTEST_GUILESS_MAIN(LatePathTest)
#include "tst_late_path.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <random>
#include <sys/resource.h>
#include <system_error>

#include "backend/storage/spill_file.h"
#include "backend/storage/sqlite/database.h"
#include "backend/storage/sqlite/day_files.h"
#include "backend/storage/sqlite/hit_store.h"
#include "tests/backend/pipeline/pipeline_rig.h"

namespace {

// Holds a day file as a process with a long transaction would: every commit has to wait.
class DayFileHeld {
public:
    explicit DayFileHeld(const std::string& folder)
        : m_database(storage::dayFilePath(folder, storage::dayOf(protocol::UtcMs(support::noon))),
                     storage::Database::Mode::Write, 5000),
          m_transaction(std::make_unique<storage::Transaction>(m_database))
    {
    }
    void letGo() { m_transaction.reset(); }

private:
    storage::Database m_database;
    std::unique_ptr<storage::Transaction> m_transaction;
};

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

// Files whose writing fails while told so.
class FailingFiles final : public runtime::Files {
public:
    std::atomic<bool> fail{false};

    std::unique_ptr<runtime::File> openAppend(const std::string& path) override
    {
        return std::make_unique<FailingFile>(m_real.openAppend(path), fail);
    }
    std::unique_ptr<runtime::File> openRead(const std::string& path) override { return m_real.openRead(path); }
    bool exists(const std::string& path) override { return m_real.exists(path); }
    void rename(const std::string& from, const std::string& to) override { m_real.rename(from, to); }
    void remove(const std::string& path) override { m_real.remove(path); }
    void syncFolder(const std::string& path) override { m_real.syncFolder(path); }
    void makeFolder(const std::string& path) override { m_real.makeFolder(path); }
    std::vector<std::string> list(const std::string& path) override { return m_real.list(path); }

private:
    class FailingFile final : public runtime::File {
    public:
        FailingFile(std::unique_ptr<runtime::File> real, std::atomic<bool>& failing)
            : m_file(std::move(real)), m_fail(failing)
        {
        }
        void append(std::string_view bytes) override
        {
            if (m_fail) {
                m_file->append(bytes.substr(0, bytes.size() / 2)); // torn, as a full disk tears
                throw std::system_error(ENOSPC, std::generic_category(), "cannot write");
            }
            m_file->append(bytes);
        }
        std::string read(std::uint64_t offset, std::size_t bytes) override { return m_file->read(offset, bytes); }
        std::uint64_t size() override { return m_file->size(); }
        void truncate(std::uint64_t bytes) override { m_file->truncate(bytes); }
        void sync() override { m_file->sync(); }

    private:
        std::unique_ptr<runtime::File> m_file;
        std::atomic<bool>& m_fail;
    };

    runtime::SystemFiles m_real;
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
        PipelineRig rig(folder(), pipeline::Options());
        const std::uint64_t before = warmUp(rig, 5);
        DayFileHeld held(folder());
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
        FailingFiles files;
        pipeline::Options options;
        options.spillMemoryHits = 50;
        PipelineRig rig(folder(), options, &files);
        const std::uint64_t before = warmUp(rig, 5);
        DayFileHeld held(folder());
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
            // The log of the day file is longer than this already, the spill file is not.
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
        FailingFiles files;
        pipeline::Options options;
        options.lateAfterMs = 10;
        options.spillMemoryHits = 200;
        PipelineRig rig(folder(), options, &files);
        const std::uint64_t before = warmUp(rig, 2000);
        std::mt19937_64 random(3);
        for (int round = 0; round < 40; ++round) {
            files.fail = random() % 3 == 0;
            std::unique_ptr<DayFileHeld> held;
            std::unique_ptr<FilesEndAt> full;
            if (random() % 2 == 0)
                held = std::make_unique<DayFileHeld>(folder());
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

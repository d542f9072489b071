// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QtTest>
#include <atomic>
#include <csignal>
#include <system_error>

#include "backend/runtime/bounded_queue.h"
#include "backend/runtime/files.h"
#include "backend/runtime/huge_pages.h"
#include "backend/runtime/stop_signal.h"
#include "backend/runtime/thread_owner.h"

class TestMachine : public QObject {
    Q_OBJECT

private slots:
    void filesWriteReadTruncateAndReplace()
    {
        QTemporaryDir folder;
        runtime::SystemFiles files;
        const std::string inner = folder.filePath("a/b").toStdString();
        files.makeFolder(inner);
        files.makeFolder(inner);
        const std::string path = inner + "/spill";
        QVERIFY(!files.exists(path));
        {
            const auto file = files.openWrite(path);
            file->write(0, "hello ");
            file->write(6, "w0rld");
            file->write(7, "o");
            file->sync();
            QCOMPARE(file->size(), 11U);
            QCOMPARE(file->read(6, 100), "world");
            QCOMPARE(file->read(100, 5), "");
            file->truncate(5);
            file->write(5, "!");
        }
        QCOMPARE(runtime::readWhole(files, path, 100), "hello!");
        QVERIFY_THROWS_EXCEPTION(std::system_error, runtime::readWhole(files, path, 5));
        runtime::writeWhole(files, path, "new");
        QCOMPARE(runtime::readWhole(files, path, 100), "new");
        QCOMPARE(files.list(inner), std::vector<std::string>{"spill"});
        files.rename(path, path + "2");
        files.syncFolder(inner);
        files.remove(path + "2");
        files.remove(path + "2");
        QVERIFY(files.list(inner).empty());
    }

    void memoryMovesToHugePagesAsItIs()
    {
        // Below malloc's threshold for a mapping of its own, so that it lies on the heap.
        std::vector<std::string> texts;
        for (int at = 0; at < 5'000; ++at)
            texts.push_back(std::string(2'000, static_cast<char>('a' + at % 26)) + std::to_string(at));
        QCOMPARE(runtime::moveHeapToHugePages() % (2U * 1024 * 1024), 0U); // none where the kernel cannot
        for (int at = 0; at < 5'000; ++at)
            QCOMPARE(texts[std::size_t(at)], std::string(2'000, static_cast<char>('a' + at % 26)) + std::to_string(at));
    }

    void fileErrorsNameThePath()
    {
        QTemporaryDir folder;
        runtime::SystemFiles files;
        const std::string path = folder.filePath("missing/file").toStdString();
        try {
            files.openWrite(path);
            QFAIL("opened a file in a missing folder");
        } catch (const std::system_error& error) {
            QCOMPARE(error.code().value(), ENOENT);
            QVERIFY(std::string_view(error.what()).find(path) != std::string_view::npos);
        }
    }

    void threadsAreJoinedAndTheirFailuresTold()
    {
        std::string failed;
        std::atomic<int> ran = 0;
        {
            runtime::ThreadOwner threads([&](std::string_view name, std::string_view what) {
                failed = std::string(name) + ": " + std::string(what);
            });
            threads.start("worker", [&] { ++ran; });
            threads.start("breaker", [] { throw std::runtime_error("broke"); });
        }
        QCOMPARE(ran.load(), 1);
        QCOMPARE(failed, "breaker: broke");
    }

    void stopSignalWakesTheWaiter()
    {
        runtime::StopSignal stop;
        std::raise(SIGTERM);
        QCOMPARE(stop.wait(), SIGTERM);
    }

    void cancelledStopSignalReturnsZero()
    {
        runtime::StopSignal stop;
        runtime::ThreadOwner threads;
        threads.start("cancel", [&] { stop.cancel(); });
        QCOMPARE(stop.wait(), 0);
    }

    void aQueueCountsWhatAnItemHolds()
    {
        runtime::BoundedQueue<std::string> queue(5);
        QVERIFY(queue.tryPush("abc"));
        QVERIFY(!queue.tryPush("def"));
        QVERIFY(queue.tryPush("de"));
        QCOMPARE(queue.size(), std::size_t(5));
        std::vector<std::string> taken;
        QVERIFY(queue.popAll(taken, std::chrono::milliseconds(0)));
        QCOMPARE(taken, (std::vector<std::string>{"abc", "de"}));
        QCOMPARE(queue.size(), std::size_t(0));
        QVERIFY(queue.tryReserve(4) && !queue.tryReserve(2));
        QVERIFY(queue.pushReserved("abcd"));
        QVERIFY(queue.popAll(taken, std::chrono::milliseconds(0)));
        QCOMPARE(queue.size(), std::size_t(0));
    }

    void queueRefusesWhenFullAndDrainsWhenClosed()
    {
        runtime::BoundedQueue<int> queue(2);
        QVERIFY(queue.tryPush(1));
        QVERIFY(queue.tryPush(2));
        QVERIFY(!queue.tryPush(3));
        queue.close();
        std::vector<int> out;
        QVERIFY(queue.popAll(out, std::chrono::seconds(10)));
        QCOMPARE(out, (std::vector<int>{1, 2}));
        QVERIFY(!queue.popAll(out, std::chrono::seconds(10)));
        QVERIFY(!queue.tryPush(4));
    }
};

QTEST_GUILESS_MAIN(TestMachine)
#include "tst_machine.moc"

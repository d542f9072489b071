// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>

#include <QTemporaryDir>
#include <QTest>

#include "backend/pipeline/editor.h"
#include "tests/backend/pipeline/pipeline_rig.h"

namespace {

constexpr int linksInAll = 100'000;
constexpr int linksAtOnce = 1'000;
constexpr int edits = 500;

} // namespace

// Milliseconds from asking for an edit until it is committed, synced and seen by who takes the snapshot, among 100,000
// links and with hits coming in.
class BenchEdits : public QObject {
    Q_OBJECT

    static void fill(const std::string& folder)
    {
        storage::initFolder(folder);
        storage::Store store({folder});
        links::SnapshotHolder snapshot;
        const runtime::SystemClock clock;
        pipeline::Editor editor(store, snapshot, clock, {});
        editor.loadSnapshot();
        for (int made = 0; made < linksInAll; made += linksAtOnce) {
            std::vector<pipeline::LinkDraft> drafts(linksAtOnce);
            for (pipeline::LinkDraft& draft : drafts) {
                draft.link.domain = snapshot.current()->domain("localhost")->id;
                draft.link.destination = "https://acme.example/";
                draft.generateSlug = true;
            }
            QCOMPARE(editor.addLinks(std::move(drafts), {}, "bench").problem, std::string());
        }
    }

private slots:
    void commitToVisible()
    {
        QTemporaryDir dir;
        const std::string folder = dir.filePath("data").toStdString();
        fill(folder);
        PipelineRig rig(folder);
        QTRY_COMPARE(rig.snapshot().current()->linkCount(), std::size_t(linksInAll));
        std::mutex mutex;
        std::condition_variable done;
        std::vector<double> took;
        for (int at = 0; at < edits; ++at) {
            links::Link link = *rig.snapshot().current()->link(protocol::LinkId(1 + 197 * at));
            link.destination = "https://acme.example/new";
            QVERIFY(rig.send(10));
            const auto asked = std::chrono::steady_clock::now();
            rig.pipeline().putLink(link, false, 1, "bench", [&](const pipeline::Edited<links::Link>& edited) {
                const bool isVisible = rig.snapshot().current()->link(edited.value.id)->version == 2;
                const std::chrono::duration<double, std::milli> passed = std::chrono::steady_clock::now() - asked;
                const std::lock_guard lock(mutex);
                took.push_back(isVisible ? passed.count() : 1e9);
                done.notify_one();
            });
            std::unique_lock lock(mutex);
            done.wait(lock, [&] { return took.size() == static_cast<std::size_t>(at + 1); });
        }
        std::sort(took.begin(), took.end());
        qInfo("commit to visible among %d links: p50 %.2f ms, p99 %.2f ms, most %.2f ms", linksInAll,
              took[took.size() / 2], took[took.size() * 99 / 100], took.back());
        QVERIFY(took.back() < 1e9);
    }
};

QTEST_GUILESS_MAIN(BenchEdits)
#include "bench_edits.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <random>
#include <sys/wait.h>
#include <unistd.h>

#include "backend/storage/hits/hit_store.h"
#include "backend/storage/hits/sealer.h"
#include "backend/storage/reader.h"
#include "backend/storage/store.h"
#include "tests/support/hit_samples.h"

namespace {

// The child: commits batches over two days and says after each commit, through a pipe, how far it got. Until it is
// killed.
[[noreturn]] void commitForEver(const std::string& folder, int out, unsigned seed)
{
    storage::Store store({folder});
    storage::Sealer sealer(store.files(),
                           {folder, true, 0, [&] { return store.hits().lastSeq(); },
                            [&] { return store.hits().openPieces(); },
                            [&](storage::Day day, std::uint64_t name) { return store.hits().removePiece(day, name); }});
    std::mt19937 random(seed);
    std::uint64_t next = store.hits().lastSeq().value + 1;
    while (true) {
        const std::size_t count = 1 + random() % 40;
        const std::int64_t midnight = support::noon + protocol::msPerDay / 2;
        const auto hits = support::hitsFrom(next, count, midnight - static_cast<std::int64_t>(random() % 40));
        store.hits().append(hits);
        next += count;
        const std::uint64_t acknowledged = next - 1;
        if (::write(out, &acknowledged, sizeof acknowledged) != sizeof acknowledged)
            ::_exit(1);
        if (random() % 50 == 0)
            sealer.sealAll();
    }
}

} // namespace

class KillTest : public QObject {
    Q_OBJECT

private slots:
    void everyAcknowledgedHitSurvivesKill()
    {
        const QTemporaryDir dir;
        const std::string folder = dir.path().toStdString();
        std::mt19937 random(17);
        std::uint64_t acknowledged = 0;
        for (int round = 0; round < 20; ++round) {
            int ends[2];
            QCOMPARE(::pipe(ends), 0);
            const pid_t child = ::fork();
            if (child == 0) {
                ::close(ends[0]);
                commitForEver(folder, ends[1], static_cast<unsigned>(round));
            }
            ::close(ends[1]);
            const std::uint64_t before = acknowledged;
            const std::uint64_t target = before + 1 + random() % 3000;
            while (acknowledged < target &&
                   ::read(ends[0], &acknowledged, sizeof acknowledged) == sizeof acknowledged) {
            }
            ::kill(child, SIGKILL);
            // What it acknowledged between our last read and its death counts as well.
            while (::read(ends[0], &acknowledged, sizeof acknowledged) == sizeof acknowledged) {
            }
            ::close(ends[0]);
            int status = 0;
            ::waitpid(child, &status, 0);
            QVERIFY(WIFSIGNALED(status));
            QVERIFY(acknowledged > before);

            const storage::Store store({folder});
            QVERIFY(store.notices().empty());
            protocol::HitSeq covered;
            const auto hits = storage::Reader(folder).hitsAfter({}, 10'000'000, {}, {}, covered);
            QVERIFY(hits.size() >= acknowledged);
            for (std::size_t at = 0; at < hits.size(); ++at)
                QCOMPARE(hits[at].seq.value, at + 1);
            QCOMPARE(storage::Reader(folder).totals().hits, hits.size());
        }
    }
};

QTEST_GUILESS_MAIN(KillTest)
#include "tst_kill.moc"

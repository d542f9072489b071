// SPDX-License-Identifier: GPL-3.0-or-later
// Fills a data folder with days of hits that end yesterday, rolled up as the backend would have: a past for
// measurements of what a past costs.
//
//     bench_fill FOLDER DAYS HITS_A_DAY LINKS
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "backend/pipeline/rollup_job.h"
#include "backend/storage/hits/hit_store.h"
#include "backend/storage/hits/sealer.h"
#include "backend/storage/store.h"
#include "tests/bench/rollups/year.h"

int main(int argc, char** argv)
{
    if (argc != 5) {
        std::fputs("bench_fill FOLDER DAYS HITS_A_DAY LINKS\n", stderr);
        return 2;
    }
    const std::int64_t days = std::max(1, std::atoi(argv[2]));
    const std::uint64_t hits = std::strtoull(argv[3], nullptr, 10) * static_cast<std::uint64_t>(days);
    const auto nowMs =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
            .count();
    const std::int64_t today = nowMs / protocol::msPerDay * protocol::msPerDay;
    storage::Store store({argv[1], false});
    Year year(hits, std::strtoull(argv[4], nullptr, 10));
    for (std::uint64_t seq = 0; seq < hits;) {
        protocol::HitBatch batch;
        for (; batch.size() < pipeline::RollupJob::pieceHitsDefault && seq < hits; ++seq) {
            protocol::Hit hit = year.next();
            // The year's course, in as many days as asked for.
            const auto through = static_cast<double>(hit.time.value - Year::start) / static_cast<double>(Year::days);
            hit.time = protocol::UtcMs(today - days * protocol::msPerDay +
                                       static_cast<std::int64_t>(through * static_cast<double>(days)));
            batch.push_back(std::move(hit));
        }
        store.hits().append(batch);
    }
    storage::Sealer(store.files(), {argv[1], false, 0, [&] { return store.hits().lastSeq(); },
                                    [] { return std::vector<storage::OpenPiece>(); },
                                    // Its own last pieces too: nothing is written any more.
                                    [&](storage::Day day, std::uint64_t name) {
                                        store.files().remove(storage::piecePath(store.folder(), day, name));
                                        return true;
                                    }})
        .sealAll();
    pipeline::RollupJob(store).run(protocol::UtcMs(nowMs));
    store.rollups().packAll();
    std::printf("{\"hits\":%llu}\n", static_cast<unsigned long long>(hits));
    return 0;
}

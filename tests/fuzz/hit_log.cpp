// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/hits/hit_log.h"

#include "tests/fuzz/fuzzer.h"
#include "tests/fuzz/one_file.h"

// A piece of a day's log, torn or changed: what is whole is read, once as it is opened for mending and once as a reader
// beside the writer sees it.
FUZZER(hit_log)
{
    std::string contents = fuzz::framed(bytes);
    fuzz::OneFile files(contents);
    std::uint64_t counted = 0;
    {
        const auto file = files.openRead("/");
        storage::LogReader log(*file, 0);
        std::vector<storage::LateMark> marks;
        std::uint64_t end = 0, inFrame = 0;
        const auto count = [&](const protocol::HitView& hit) { inFrame += hit.seq.value > 0 ? 1 : 0; };
        for (; log.next(count, marks); inFrame = 0) {
            fuzz::require(log.at() > end, "frames are read forward");
            end = log.at();
            counted += inFrame;
        }
        counted += inFrame; // of a frame that goes wrong after its first hits
        storage::FrameReader beyond(*file, end);
        while (beyond.skipDamage()) {
            std::string_view payload;
            fuzz::require(beyond.next(payload), "a frame found behind damage is whole");
        }
    }
    storage::PieceIndex piece(files.openRead("/"), 1);
    piece.refresh(0);
    std::uint64_t indexed = 0;
    for (const auto& [workspace, totals] : piece.totals())
        indexed += totals.hits;
    fuzz::require(indexed == counted, "every hit is counted once");
    piece.scan(0, ~std::uint64_t{0}, [](const protocol::HitView& hit) { return hit.hit().status < 600; });
    piece.firstSince({});
}

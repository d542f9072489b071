// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>

#include "backend/pipeline/late_cells.h"
#include "backend/protocol/ids.h"
#include "backend/storage/reader.h"
#include "backend/storage/sqlite/rollup_store.h"
#include "backend/storage/store.h"

namespace pipeline {

// How long rollups are kept; packs go whole, so a period's length may come on top.
inline constexpr std::int64_t minutesKeptDays = 14;
inline constexpr std::int64_t hoursKeptDays = 400;
// An hour counts as reported so long after its end: hits may be on their way to the store until then, and a report that
// old has said that it was complete.
inline constexpr std::int64_t reportedAfterMs = protocol::msPerMinute;

// Folds what was stored since the watermark, piece by piece, each piece and its watermark in one transaction: killed at
// any point, every hit still counts once. A rebuild goes the same way, from the first hit, beside what is in use. The
// rollup worker's thread alone. Throws StoreError; call again later.
class RollupJob {
public:
    static constexpr std::size_t pieceHitsDefault = 50'000;

    // `isLate` is asked between two pieces: run() then leaves the rest to the next time. Empty: never.
    explicit RollupJob(storage::Store& store, std::function<bool()> isLate = {});

    // Up to the newest hit stored when called, and by one piece at least. Memory is bounded by the piece.
    storage::RollupMark run(protocol::UtcMs now, std::size_t pieceHits = pieceHitsDefault);

    // run(), and a piece of the rebuild where one is under way or asked for: what the worker calls again and again, at
    // once where goesOn().
    storage::RollupMark turn(protocol::UtcMs now, bool rebuild);
    bool goesOn() const { return m_goesOn; }

    // Starts anew where one is under way. A workspace whose zone was changed is a reason too: run() begins it then.
    void beginRebuild();
    bool isRebuilding() const;
    // One piece more, or the end: both shelves are brought to the newest hit and change places. True where it has
    // ended.
    bool rebuildPiece(protocol::UtcMs now, std::size_t pieceHits = pieceHitsDefault);

private:
    using Shelf = storage::RollupStore::Shelf;
    // Hits in (from.seq, last], at most so many.
    storage::RollupMark foldPiece(Shelf shelf, const storage::RollupMark& from, protocol::HitSeq last,
                                  protocol::UtcMs now, std::size_t pieceHits);
    void foldUpTo(Shelf shelf, protocol::HitSeq last, protocol::UtcMs now, std::size_t pieceHits);
    storage::RollupZones knownZones() const;
    void meetZones();
    rollups::Fold& foldOf(Shelf shelf);
    protocol::UtcMs keptBefore(protocol::UtcMs now) const;
    void keepHouse(protocol::UtcMs now);

    // The clocks of one shelf's zones, and the fold that asks for them.
    struct Folding {
        WorkspaceZones zones;
        std::unique_ptr<rollups::Fold> fold;
    };
    storage::Store& m_store;
    storage::Reader m_reader;
    const std::function<bool()> m_isLate;
    std::map<Shelf, Folding> m_foldings;
    std::int64_t m_housekeptAt = 0;
    bool m_goesOn = false;
};

} // namespace pipeline

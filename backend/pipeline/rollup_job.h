// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "backend/pipeline/zone_days.h"
#include "backend/protocol/ids.h"
#include "backend/storage/reader.h"
#include "backend/storage/sqlite/rollup_store.h"
#include "backend/storage/store.h"

namespace pipeline {

// Folds what was stored since the watermark, piece by piece, each piece and its watermark in one transaction: killed at
// any point, every hit still counts once. The rollup worker's thread alone. Throws StoreError; call again later.
class RollupJob {
public:
    explicit RollupJob(storage::Store& store);

    // Up to the newest hit stored when called. Memory is bounded by the piece.
    storage::RollupMark run(protocol::UtcMs now, std::size_t pieceHits = 50'000);

private:
    protocol::UtcMs dayStart(protocol::WorkspaceId workspace, protocol::UtcMs time);
    void dropOld(protocol::UtcMs now);

    storage::Store& m_store;
    storage::Reader m_reader;
    std::map<std::uint32_t, ZoneDays> m_zones; // by workspace
    std::int64_t m_droppedAt = 0;
};

} // namespace pipeline

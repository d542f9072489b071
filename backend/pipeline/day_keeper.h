// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "backend/links/snapshot.h"
#include "backend/runtime/log.h"
#include "backend/storage/hits/hit_store.h"

namespace pipeline {

// Sees to it that a day's folder is there before its first hit, and gone when no workspace keeps hits that long. On the
// pipeline's thread, looked in on between two batches; cheap where there is nothing to do.
class DayKeeper {
public:
    // `log` may be null.
    DayKeeper(storage::HitStore& hits, const runtime::Log* log) : m_hits(hits), m_log(log) {}

    void look(protocol::UtcMs now, const links::Snapshot& snapshot);

private:
    void prepare(protocol::UtcMs now);
    void dropOld(protocol::UtcMs now, const links::Snapshot& snapshot);

    storage::HitStore& m_hits;
    const runtime::Log* m_log;
    storage::Day m_prepared = -1;
    std::int64_t m_droppedAtMs = 0;
};

} // namespace pipeline

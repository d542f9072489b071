// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "backend/storage/sqlite/database.h"
#include "backend/storage/sqlite/day_files.h"

namespace storage {

// What happens behind the writer's back: the write-ahead logs are synced and carried into the day files, and the
// sequence reached is noted in settings.db, so that a lost day file cannot make sequences start again. One thread of
// its own; a failure is counted and tried again at the next tick.
class Checkpointer {
public:
    // `syncLogs`: durability `process`, where commits themselves do not sync. `lastSeq` is asked at each tick.
    Checkpointer(std::string folder, bool syncLogs, std::function<protocol::HitSeq()> lastSeq);
    ~Checkpointer();

    // Call every 100 ms: a power cut costs at most what was committed since.
    void tick();
    std::uint64_t failures() const { return m_failures; }

private:
    struct Log {
        std::uint64_t bytes = 0;
        std::int64_t changedAt = 0;
        Database database; // open while the day is written
    };
    void serve(const std::string& path, Log& log, bool active);
    void noteSequence();

    const std::string m_folder;
    const bool m_syncLogs;
    const std::function<protocol::HitSeq()> m_lastSeq;
    std::map<std::string, Log> m_logs; // by the database's path
    Database m_settings;
    std::uint64_t m_noted = 0;
    std::uint64_t m_ticks = 0;
    std::uint64_t m_failures = 0;
};

} // namespace storage

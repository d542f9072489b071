// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "backend/protocol/ids.h"
#include "backend/rollups/fold.h"
#include "backend/storage/sqlite/database.h"

namespace storage {

inline constexpr int rollupsVersion = 1;

struct RollupMark {
    protocol::HitSeq seq;     // cells hold every hit up to this one and none beyond
    protocol::UtcMs time;     // of that hit
    protocol::UtcMs rolledAt; // when the job last ran
};

// Writer of rollups.db: cells and watermark move in one transaction, so that after a crash at any point every hit
// counts once. One thread. The file can always be made again from the raw hits: a damaged one is set aside and the fold
// starts from the first hit.
class RollupStore {
public:
    RollupStore(std::string folder, std::vector<std::string>& notices);

    RollupMark mark() const;
    // Adds cells and visitors of the hits in (mark().seq, to.seq].
    void add(const std::vector<rollups::Cell>& cells, const std::vector<rollups::DailyVisitors>& visitors,
             const RollupMark& to);
    // Nothing new: only the time of the run.
    void touch(protocol::UtcMs rolledAt);
    // Minute cells older than one, and hour and day cells older than the other, go.
    void dropBefore(protocol::UtcMs minutes, protocol::UtcMs hoursAndDays);

private:
    void open();
    void addCells(const std::vector<rollups::Cell>& cells);
    void addVisitors(const std::vector<rollups::DailyVisitors>& visitors);
    void setMark(const RollupMark& to);

    const std::string m_folder;
    Database m_database;
};

} // namespace storage

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <string>

#include "backend/protocol/rollup.h"
#include "backend/storage/sqlite/rollup_store.h"

namespace storage {

// Reads rollups.db beside its writer. One thread. A folder without the file has no cells and the watermark 0.
class RollupQueries {
public:
    explicit RollupQueries(std::string folder);

    RollupMark mark();
    // Adds to each link named in `clicks` what it has taken up to the watermark, which is returned; all of one moment.
    RollupMark addClicks(protocol::WorkspaceId workspace, std::map<std::uint64_t, std::uint64_t>& clicks);
    // In the order bucket, link, value; all rows of one query are of one moment. `settings` gives the links their
    // names.
    void run(const RollupQuery& query, const Database& settings,
             const std::function<bool(const protocol::RollupRow&)>& row);

private:
    bool open();

    const std::string m_folder;
    std::uint64_t m_inode = 0;
    Database m_database;
};

} // namespace storage

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "backend/rollups/hit_facts.h"
#include "backend/storage/rollup_report.h"
#include "backend/storage/sqlite/day_files.h"
#include "backend/storage/sqlite/hit_rows.h"

namespace storage {

// What a reader knows of a day file without opening it again.
struct DaySummary {
    std::uint64_t firstSeq = 0, lastSeq = 0;   // 0 = no hits
    std::map<std::uint32_t, HitTotals> totals; // by workspace; counts only
};

// Read-only connections to the day files of a folder, the few used last kept open. What was read of a file that lies
// still (no log beside it) is remembered until the file changes. One thread. A file that vanishes, by retention, has no
// hits.
class DayReader {
public:
    explicit DayReader(std::string folder);
    ~DayReader();

    DaySummary summary(Day day);
    // Calls `hit` for those in (after, to] in the order of their sequence; `wanted` none = all workspaces.
    void forEach(Day day, std::uint64_t after, std::uint64_t to, protocol::WorkspaceId wanted,
                 const std::function<void(protocol::Hit&&)>& hit);
    // The same as facts, their texts as numbers of `words`.
    void forEachFacts(Day day, std::uint64_t after, std::uint64_t to, rollups::Words& words,
                      const std::function<void(const rollups::HitFacts&)>& facts);
    // Adds to each link named in `clicks` those of its hits in (after, to] that are clicks.
    void addClicks(Day day, std::uint64_t after, std::uint64_t to, std::map<std::uint64_t, std::uint64_t>& clicks);
    // Adds the hits of a workspace with a time in the range and a sequence up to the end, by link.
    struct RawRange {
        protocol::UtcMs from, to;
        std::uint64_t watermark = 0, end = 0;
    };
    void countRaw(Day day, protocol::WorkspaceId workspace, const RawRange& range,
                  std::map<std::uint64_t, RawCounts>& counts);
    // The first sequence whose time is not before `from`, by bisection; 0 = none.
    std::uint64_t firstSince(Day day, protocol::UtcMs from);

private:
    struct Stamp {
        std::uint64_t inode = 0, bytes = 0;
        std::int64_t changedAt = 0;
        bool still = false; // no log: what is read now stays true while the stamp does

        friend bool operator==(const Stamp&, const Stamp&) = default;
    };
    struct OpenFile {
        std::uint64_t inode = 0;
        std::uint64_t usedAt = 0;
        Database database;
        WordReader words;
        Statement select, at, facts;
        std::vector<std::uint32_t> factIds; // by word of this file: its number in the Words of `factEpoch`, from 1
        std::uint64_t factEpoch = 0;
    };
    std::uint32_t factId(OpenFile& file, std::int64_t word, rollups::Words& words);
    struct Known {
        Stamp stamp;
        DaySummary summary;
    };
    Stamp stampOf(Day day) const;
    bool isGone(Day day,
                std::uint64_t inode) const; // dropped or set aside, so that whatever failed on it does not matter
    OpenFile* open(Day day);                // null where there is no such file

    const std::string m_folder;
    std::uint64_t m_uses = 0;
    std::map<Day, std::unique_ptr<OpenFile>> m_open;
    std::map<Day, Known> m_known;
};

} // namespace storage

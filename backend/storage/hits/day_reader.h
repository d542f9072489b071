// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "backend/rollups/hit_facts.h"
#include "backend/storage/hits/day_folder.h"
#include "backend/storage/hits/hit_block.h"
#include "backend/storage/hits/hit_log.h"

namespace storage {

// What a reader knows of a day without reading it again.
struct DaySummary {
    std::uint64_t firstSeq = 0, lastSeq = 0; // 0 = no hits
    TotalsByWorkspace totals;
};

// Reads the days of a data folder, beside the writer and the sealer, who tell it nothing: it lists a day's pieces and
// opens them before it looks at what is sealed, so that a hit that moves from one to the other meanwhile is seen in one
// of them at least; the sequence tells whom it has seen. One thread. What is read of a day is remembered until it
// changes. A day that vanishes, by retention, has no hits. Bytes that are damaged are passed over and counted. Throws
// StoreError where a file cannot be read.
class DayReader {
public:
    explicit DayReader(std::string folder);
    ~DayReader();

    DaySummary summary(Day day);
    // Calls `hit` for those in (after, to] in the order of their sequence; false ends it.
    void scan(Day day, std::uint64_t after, std::uint64_t to, const std::function<bool(const protocol::HitView&)>& hit);
    // The same as facts, their texts as numbers of `words`.
    void scanFacts(Day day, std::uint64_t after, std::uint64_t to, rollups::Words& words,
                   const std::function<void(const rollups::HitFacts&)>& facts);
    // The first sequence whose time is not before `from`, in hits that lie in the order of their time; 0 = none.
    std::uint64_t firstSince(Day day, protocol::UtcMs from);
    // Hits that could not be read since this was made, for their block is damaged.
    std::uint64_t damagedHits() const { return m_damagedHits; }

private:
    struct KnownDay {
        std::uint64_t folderInode = 0;
        std::int64_t folderChangedAt = 0;
        bool isStill = false; // all of it is sealed: what is known stays true while the folder does
        std::uint64_t sealedInode = 0, sealedBytes = 0;
        std::vector<BlockInfo> blocks;
        std::vector<std::unique_ptr<PieceIndex>> pieces;
        std::unordered_set<std::uint64_t> late;
        DaySummary summary;

        std::uint64_t sealedTo() const;
    };
    struct UsedBlock {
        Day day = 0;
        std::uint64_t inode = 0, at = 0;
        std::shared_ptr<const HitBlock> block;
    };
    KnownDay* look(Day day); // null where there is no such day; throws StoreError
    bool openPieces(Day day, KnownDay& known);
    void readSealed(Day day, KnownDay& known);
    static void sumUp(KnownDay& known);
    std::shared_ptr<const HitBlock> block(Day day, const KnownDay& known, const BlockInfo& info,
                                          std::unique_ptr<runtime::File>& file);

    const std::string m_folder;
    runtime::SystemFiles m_files;
    std::map<Day, KnownDay> m_days;
    std::vector<UsedBlock> m_used;                               // the last few
    std::set<std::pair<std::uint64_t, std::uint64_t>> m_damaged; // blocks: their file and place
    std::uint64_t m_damagedHits = 0;                             // in them
};

} // namespace storage

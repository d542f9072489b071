// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "backend/protocol/hit.h"
#include "backend/storage/sqlite/day_files.h"
#include "backend/storage/store.h"

namespace storage {

// The writer of the day files. One thread, but for lastSeq(). Every hit stands in the file of its own UTC day under its
// sequence. A batch that spans days is committed run by run in the order of the sequences, so what is stored is always
// a prefix: every sequence up to lastSeq() is there, whenever the process dies. Disk full or broken: StoreError, and
// lastSeq() says how far it got.
class HitStore {
public:
    // Opens and mends what is there; `afterCrash` looks closer at the newest file. What had to be set aside is told in
    // `notices`.
    HitStore(std::string folder, bool powerDurable, bool afterCrash, std::vector<std::string>& notices);
    ~HitStore();

    // The newest hit stored. Any thread.
    protocol::HitSeq lastSeq() const { return protocol::HitSeq(m_lastSeq.load(std::memory_order_acquire)); }
    // Sequences continue after `seq`: those up to it may have been seen outside although no file holds them any more.
    void continueAfter(protocol::HitSeq seq);
    bool newestWasDamaged() const { return m_newestWasDamaged; }

    // Makes a day's file ahead of its first hit: that takes syncs, for which no redirect should wait.
    void prepare(Day day);
    // Sequences must grow, the first beyond lastSeq(). Commits, one transaction per run of hits of one day.
    void append(std::span<const protocol::Hit> hits);
    // For hits that may be stored already: marks those as late that are, and says which they were.
    std::vector<bool> markLateWhereStored(std::span<const protocol::Hit> hits);

    // Returns once everything committed is on the disk.
    void sync();
    // Unlinks the files of days before `day`; the newest stays. Returns how many went.
    std::size_t dropBefore(Day day);

private:
    struct DayFile;
    DayFile& open(Day day);
    void closeAfterFailure(Day day, const StoreError& error);
    void appendRun(Day day, std::span<const protocol::Hit> run);
    // The last sequence of a day's file, or 0. Sets a damaged file aside.
    std::uint64_t examine(Day day, bool isNewest, bool afterCrash, std::vector<std::string>& notices);

    const std::string m_folder;
    const bool m_powerDurable;
    bool m_newestWasDamaged = false;
    std::atomic<std::uint64_t> m_lastSeq{0};
    std::map<Day, std::unique_ptr<DayFile>> m_open;
};

} // namespace storage

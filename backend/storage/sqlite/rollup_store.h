// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "backend/protocol/ids.h"
#include "backend/rollups/fold.h"
#include "backend/storage/restatement.h"
#include "backend/storage/sqlite/database.h"
#include "backend/storage/sqlite/rollup_shelf.h"

namespace storage {

inline constexpr int rollupsVersion = 3;

struct RollupMark {
    protocol::HitSeq seq;     // packs hold every hit up to this one and none beyond
    protocol::UtcMs time;     // of that hit
    protocol::UtcMs rolledAt; // when the job last ran
    // Hours that ended before it have been reported as complete: what comes into one of them restates it.
    protocol::UtcMs completeTo{};
};

// How a rebuild ends.
struct RebuildEnd {
    protocol::UtcMs now;
    protocol::UtcMs keptBefore;   // buckets that began before, whose hits are gone, stay what they were; 0 = none
    protocol::UtcMs comparedFrom; // days that began before are on their way out: their figures are not compared
    std::function<protocol::UtcMs(protocol::WorkspaceId, protocol::UtcMs)> dayEnd; // of the day that began then
};

// The reporting zone that each workspace's days were folded with.
using RollupZones = std::map<std::uint32_t, std::string>;

// Writer of rollups.db: packs and watermark move in one transaction, so that after a crash at any point every hit
// counts once. One thread. The file can always be made again from the raw hits: a damaged one is set aside and the fold
// starts from the first hit. While it is rebuilt, a second shelf with a watermark of its own grows beside the one in
// use, and takes its place in one transaction.
class RollupStore {
public:
    enum class Shelf { InUse, Rebuilt };

    RollupStore(std::string folder, std::vector<std::string>& notices);

    RollupMark mark(Shelf shelf = Shelf::InUse) const;
    RollupZones zones(Shelf shelf = Shelf::InUse) const;
    void setZone(Shelf shelf, protocol::WorkspaceId workspace, const std::string& zone);
    // Adds what was folded of the hits in (mark().seq, to.seq], and what of it restates figures.
    void add(rollups::Fold& fold, const RollupMark& to, Shelf shelf = Shelf::InUse,
             const std::vector<Restatement>& restated = {});
    // The end of a run: its time, and what has been reported as complete by then.
    void touch(protocol::UtcMs rolledAt, protocol::UtcMs completeTo);
    // Minutes older than one, and everything else older than the other, go, by whole periods; restatements by when they
    // were noted.
    void dropBefore(protocol::UtcMs minutes, protocol::UtcMs others);
    // Packs what is loose of periods that are over, at most so many keys; true where there may be more.
    bool packClosed(protocol::UtcMs now, std::size_t keys);
    // Packs everything: the form in which equal rollups are equal byte for byte.
    void packAll();

    bool isRebuilding() const;
    void beginRebuild(const RollupZones& zones);
    // The rebuilt shelf takes the place of the other, in the moment in which both have reached the same hit. Where
    // their figures differ, that is noted as a restatement.
    void finishRebuild(const RebuildEnd& end);

private:
    void open();
    void makeTables(const std::string& prefix);
    void dropTables(const std::string& prefix);
    void setMark(Shelf shelf, const RollupMark& to);
    void noteDifferences(const RebuildEnd& end);

    const std::string m_folder;
    Database m_database;
};

} // namespace storage

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "backend/protocol/ids.h"
#include "backend/rollups/fold.h"
#include "backend/storage/sqlite/database.h"
#include "backend/storage/sqlite/rollup_shelf.h"

namespace storage {

inline constexpr int rollupsVersion = 2;

struct RollupMark {
    protocol::HitSeq seq;     // packs hold every hit up to this one and none beyond
    protocol::UtcMs time;     // of that hit
    protocol::UtcMs rolledAt; // when the job last ran
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
    // Adds what was folded of the hits in (mark().seq, to.seq].
    void add(rollups::Fold& fold, const RollupMark& to, Shelf shelf = Shelf::InUse);
    // Nothing new: only the time of the run.
    void touch(protocol::UtcMs rolledAt);
    // Minutes older than one, and everything else older than the other, go, by whole periods.
    void dropBefore(protocol::UtcMs minutes, protocol::UtcMs others);
    // Packs what is loose of periods that are over, at most so many keys; true where there may be more.
    bool packClosed(protocol::UtcMs now, std::size_t keys);
    // Packs everything: the form in which equal rollups are equal byte for byte.
    void packAll();

    bool isRebuilding() const;
    void beginRebuild(const RollupZones& zones);
    // The rebuilt shelf takes the place of the other, in the moment in which both have reached the same hit. Buckets
    // that began before `keptBefore`, whose hits are gone, stay what they were.
    void finishRebuild(protocol::UtcMs keptBefore);

private:
    void open();
    void makeTables(const std::string& prefix);
    void dropTables(const std::string& prefix);
    void setMark(Shelf shelf, const RollupMark& to);

    const std::string m_folder;
    Database m_database;
};

} // namespace storage

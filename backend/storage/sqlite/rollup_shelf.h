// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "backend/rollups/pack.h"
#include "backend/storage/sqlite/database.h"

namespace storage {

// A pack as it lies in its row. Throws SqliteError (damage) where it is none.
template <class Pack> Pack packOf(std::string_view data);
// The same for readers who look into the bytes: they become `bytes`, which must outlive it.
rollups::VisitorViews viewsOf(std::string_view data, std::string& bytes);
extern template rollups::CellPack packOf(std::string_view);
extern template rollups::VisitorPack packOf(std::string_view);
bool holdsVisitors(rollups::PackKind kind);

// The table of packs. What a run adds is put beside what is there, as loose rows of level 0; eight rows of a level
// become one of the next, so a cell is written once for each level, of which there are log₈ of the runs in a period.
// Once a period is over its loose rows are packed: one row for each 64 links, written anew only when a late hit comes.
// What is asked for is always the sum of a key's rows. The caller opens and commits the transactions; one thread.
class RollupShelf {
public:
    static constexpr int packedLevel = 100;
    static constexpr std::uint64_t linksPerPack = 64;

    // `prefix` of the table's name: the shelf that is being rebuilt stands beside the one in use.
    RollupShelf(const Database& database, std::string prefix);
    void makeTable();
    void dropTable();
    // The table takes the name of the shelf with the other prefix, which must be gone.
    void renameTo(const std::string& prefix);

    void add(const rollups::PackKey& key, const rollups::CellPack& pack);
    void add(const rollups::PackKey& key, const rollups::VisitorPack& pack);

    // Keys with loose rows whose period ended before `now`; none = all keys with loose rows.
    std::vector<rollups::PackKey> looseKeys(std::optional<protocol::UtcMs> now, std::size_t limit);
    void pack(const rollups::PackKey& key);
    // Periods that ended before one go whole: minutes before the one, everything else before the other.
    void dropBefore(protocol::UtcMs minutes, protocol::UtcMs others);
    // Adds what `from` holds of buckets that began before `end`, and drops such buckets of its own first.
    void takeOlder(RollupShelf& from, protocol::UtcMs end);

    // The periods that a workspace has days of, summed over the values; and what one of them holds.
    std::vector<rollups::PackKey> dayKeys() const;
    rollups::CellPack cells(const rollups::PackKey& key) const;

private:
    template <class Pack> void insert(const rollups::PackKey& key, int level, const Pack& pack);
    template <class Pack> void addLoose(const rollups::PackKey& key, const Pack& pack);
    template <class Pack> Pack read(const rollups::PackKey& key, const std::string& condition) const;
    template <class Pack> Pack take(const rollups::PackKey& key, const std::string& condition);
    template <class Pack> void packKey(const rollups::PackKey& key);
    template <class Pack> void takeOlderOf(RollupShelf& from, const rollups::PackKey& key, protocol::UtcMs end);
    template <class Pack> void dropOlderOf(const rollups::PackKey& key, protocol::UtcMs end);
    std::vector<rollups::PackKey> keysFrom(protocol::UtcMs end) const;
    std::int64_t rowsAt(const rollups::PackKey& key, int level) const;

    const Database& m_database;
    std::string m_table;
};

} // namespace storage

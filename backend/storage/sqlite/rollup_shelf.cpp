// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/sqlite/rollup_shelf.h"

#include <sqlite3.h>

#include "backend/storage/packed_bytes.h"

namespace storage {

using rollups::CellPack;
using rollups::PackKey;
using rollups::PackKind;
using rollups::VisitorPack;

namespace {

constexpr std::int64_t rowsPerLevel = 8;
// Loose rows live for hours, packed ones for a year.
constexpr int looseCompression = 1, packedCompression = 6;

const char* const keyColumns = "(kind, dimension, workspace, period, level, first_link, last_link, others)";
const char* const keyIs = " WHERE kind = ?1 AND dimension = ?2 AND workspace = ?3 AND period = ?4";

void bindKey(Statement& statement, const PackKey& key)
{
    statement.bind(1, static_cast<int>(key.kind)).bind(2, static_cast<int>(key.dimension));
    statement.bind(3, key.workspace).bind(4, key.period);
}

PackKey keyOf(const Statement& row, int column)
{
    return {static_cast<std::uint32_t>(row.integer(column + 2)), static_cast<PackKind>(row.integer(column)),
            static_cast<protocol::Dimension>(row.integer(column + 1)), row.integer(column + 3)};
}

[[noreturn]] void refuse()
{
    throw SqliteError("rollups.db holds a pack that cannot be read: run `clickroomd rollups rebuild`", SQLITE_CORRUPT);
}

} // namespace

template <class Pack> Pack packOf(std::string_view data)
{
    std::string bytes;
    Pack pack;
    if (!unpackBytes(data, bytes) || !rollups::decode(bytes, pack))
        refuse();
    return pack;
}

rollups::VisitorViews viewsOf(std::string_view data, std::string& bytes)
{
    rollups::VisitorViews views;
    if (!unpackBytes(data, bytes) || !rollups::decode(bytes, views))
        refuse();
    return views;
}

template CellPack packOf(std::string_view);
template VisitorPack packOf(std::string_view);

bool holdsVisitors(PackKind kind)
{
    return kind == PackKind::Visitors || kind == PackKind::Scanners;
}

RollupShelf::RollupShelf(const Database& database, std::string prefix)
    : m_database(database), m_table(std::move(prefix) + "packs")
{
}

// The order of the index is that of the queries. Rows with large blobs stay out of it, so that it remains small.
void RollupShelf::makeTable()
{
    m_database.run("CREATE TABLE " + m_table +
                   "(id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, dimension INTEGER NOT NULL, workspace INTEGER NOT "
                   "NULL, period INTEGER NOT NULL, level INTEGER NOT NULL, first_link INTEGER NOT NULL, last_link "
                   "INTEGER NOT NULL, others INTEGER NOT NULL, data BLOB NOT NULL)");
    m_database.run("CREATE INDEX " + m_table + "_key ON " + m_table + keyColumns);
    m_database.run("CREATE INDEX " + m_table + "_loose ON " + m_table +
                   "(kind, period, dimension, workspace) WHERE level < 100");
}

void RollupShelf::dropTable()
{
    m_database.run("DROP TABLE IF EXISTS " + m_table);
}

void RollupShelf::renameTo(const std::string& prefix)
{
    const std::string name = prefix + "packs";
    m_database.run("ALTER TABLE " + m_table + " RENAME TO " + name);
    // An index keeps its name when its table is renamed: made anew under the new one, or the next rebuild meets it.
    for (const char* const suffix : {"_key", "_loose"})
        m_database.run("DROP INDEX " + m_table + suffix);
    m_database.run("CREATE INDEX " + name + "_key ON " + name + keyColumns);
    m_database.run("CREATE INDEX " + name + "_loose ON " + name +
                   "(kind, period, dimension, workspace) WHERE level < 100");
    m_table = name;
}

template <class Pack> void RollupShelf::insert(const PackKey& key, int level, const Pack& pack)
{
    const std::string data =
        packedBytes(rollups::encode(pack), level == packedLevel ? packedCompression : looseCompression);
    Statement put =
        m_database.prepare("INSERT INTO " + m_table +
                           "(kind, dimension, workspace, period, level, first_link, last_link, others, data) "
                           "VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9)");
    bindKey(put, key);
    put.bind(5, level).bind(6, pack.firstLink()).bind(7, pack.lastLink());
    put.bind(8, rollups::hasOthers(pack)).bindBlob(9, data).run();
}

std::int64_t RollupShelf::rowsAt(const PackKey& key, int level) const
{
    Statement count = m_database.prepare("SELECT count(*) FROM " + m_table + keyIs + " AND level = ?5");
    bindKey(count, key);
    count.bind(5, level);
    return count.step() ? count.integer(0) : 0;
}

// The sum of a key's rows of some levels.
template <class Pack> Pack RollupShelf::read(const PackKey& key, const std::string& condition) const
{
    std::vector<Pack> packs;
    Statement rows = m_database.prepare("SELECT data FROM " + m_table + keyIs + " AND " + condition);
    bindKey(rows, key);
    while (rows.step())
        packs.push_back(packOf<Pack>(rows.blob(0)));
    Pack sum = rollups::merged(std::move(packs));
    rollups::cap(sum, rollups::valuesMax(key.kind, key.dimension));
    return sum;
}

// The same, and the rows are gone.
template <class Pack> Pack RollupShelf::take(const PackKey& key, const std::string& condition)
{
    Pack pack = read<Pack>(key, condition);
    Statement gone = m_database.prepare("DELETE FROM " + m_table + keyIs + " AND " + condition);
    bindKey(gone, key);
    gone.run();
    return pack;
}

template <class Pack> void RollupShelf::addLoose(const PackKey& key, const Pack& pack)
{
    insert(key, 0, pack);
    for (int level = 0; level < packedLevel - 1 && rowsAt(key, level) >= rowsPerLevel; ++level)
        insert(key, level + 1, take<Pack>(key, "level = " + std::to_string(level)));
}

void RollupShelf::add(const PackKey& key, const CellPack& pack)
{
    addLoose(key, pack);
}

void RollupShelf::add(const PackKey& key, const VisitorPack& pack)
{
    addLoose(key, pack);
}

std::vector<PackKey> RollupShelf::looseKeys(std::optional<protocol::UtcMs> now, std::size_t limit)
{
    std::vector<PackKey> keys;
    for (int kind = static_cast<int>(PackKind::Minutes); kind <= static_cast<int>(PackKind::Scanners); ++kind) {
        // The period that is running, and for a day after its end the one before, take hits yet.
        const std::int64_t before =
            now ? rollups::periodOf(static_cast<PackKind>(kind), now->value - protocol::msPerDay) : INT64_MAX;
        Statement rows = m_database.prepare("SELECT DISTINCT kind, dimension, workspace, period FROM " + m_table +
                                            " WHERE level < 100 AND kind = ?1 AND period < ?2 LIMIT ?3");
        rows.bind(1, kind).bind(2, before).bind(3, std::uint64_t{limit - keys.size()});
        while (rows.step())
            keys.push_back(keyOf(rows, 0));
    }
    return keys;
}

void RollupShelf::pack(const PackKey& key)
{
    if (holdsVisitors(key.kind))
        packKey<VisitorPack>(key);
    else
        packKey<CellPack>(key);
}

template <class Pack> void RollupShelf::packKey(const PackKey& key)
{
    const Pack loose = take<Pack>(key, "level < 100");
    const auto& entries = loose.entries;
    for (std::size_t begin = 0; begin < entries.size();) {
        const std::uint64_t first = entries[begin].link / linksPerPack * linksPerPack;
        std::size_t end = begin;
        while (end < entries.size() && entries[end].link - first < linksPerPack)
            ++end;
        std::vector<Pack> both;
        both.push_back(take<Pack>(key, "level = 100 AND first_link >= " + std::to_string(first) + " AND first_link < " +
                                           std::to_string(first + linksPerPack)));
        both.push_back(rollups::part(loose, begin, end));
        Pack sum = rollups::merged(std::move(both));
        rollups::cap(sum, rollups::valuesMax(key.kind, key.dimension));
        insert(key, packedLevel, sum);
        begin = end;
    }
}

void RollupShelf::dropBefore(protocol::UtcMs minutes, protocol::UtcMs others)
{
    for (int kind = static_cast<int>(PackKind::Minutes); kind <= static_cast<int>(PackKind::Scanners); ++kind) {
        const auto end = kind == static_cast<int>(PackKind::Minutes) ? minutes : others;
        m_database.prepare("DELETE FROM " + m_table + " WHERE kind = ?1 AND period < ?2")
            .bind(1, kind)
            .bind(2, rollups::periodOf(static_cast<PackKind>(kind), end.value))
            .run();
    }
}

std::vector<PackKey> RollupShelf::dayKeys() const
{
    std::vector<PackKey> keys;
    Statement rows = m_database.prepare("SELECT DISTINCT kind, dimension, workspace, period FROM " + m_table +
                                        " WHERE kind = ?1 AND dimension = ?2");
    rows.bind(1, static_cast<int>(PackKind::Days)).bind(2, static_cast<int>(protocol::Dimension::None));
    while (rows.step())
        keys.push_back(keyOf(rows, 0));
    return keys;
}

CellPack RollupShelf::cells(const PackKey& key) const
{
    return read<CellPack>(key, "level >= 0");
}

// Those with buckets that began before `end`.
std::vector<PackKey> RollupShelf::keysFrom(protocol::UtcMs end) const
{
    std::vector<PackKey> keys;
    Statement rows = m_database.prepare("SELECT DISTINCT kind, dimension, workspace, period FROM " + m_table);
    while (rows.step())
        if (const PackKey key = keyOf(rows, 0); key.period <= rollups::periodOf(key.kind, end.value))
            keys.push_back(key);
    return keys;
}

template <class Pack> void RollupShelf::dropOlderOf(const PackKey& key, protocol::UtcMs end)
{
    Pack pack = take<Pack>(key, "level >= 0");
    std::erase_if(pack.entries, [&](const auto& entry) { return pack.buckets[entry.bucket] < end.value; });
    if (!pack.isEmpty())
        insert(key, 0, rollups::part(pack, 0, pack.entries.size()));
}

template <class Pack> void RollupShelf::takeOlderOf(RollupShelf& from, const PackKey& key, protocol::UtcMs end)
{
    Pack pack = from.read<Pack>(key, "level >= 0");
    std::erase_if(pack.entries, [&](const auto& entry) { return pack.buckets[entry.bucket] >= end.value; });
    if (!pack.isEmpty())
        addLoose(key, rollups::part(pack, 0, pack.entries.size()));
}

void RollupShelf::takeOlder(RollupShelf& from, protocol::UtcMs end)
{
    for (const PackKey& key : keysFrom(end))
        holdsVisitors(key.kind) ? dropOlderOf<VisitorPack>(key, end) : dropOlderOf<CellPack>(key, end);
    for (const PackKey& key : from.keysFrom(end))
        holdsVisitors(key.kind) ? takeOlderOf<VisitorPack>(from, key, end) : takeOlderOf<CellPack>(from, key, end);
}

} // namespace storage

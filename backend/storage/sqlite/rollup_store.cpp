// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/sqlite/rollup_store.h"

#include "backend/storage/hits/day_folder.h"
#include "backend/storage/sqlite/restatement_rows.h"

namespace storage {

namespace {

constexpr int busyTimeoutMs = 5'000;
// Loose keys of a whole year and of many workspaces; read in one go by packAll.
constexpr std::size_t keysMax = 1'000'000;

std::string prefixOf(RollupStore::Shelf shelf)
{
    return shelf == RollupStore::Shelf::InUse ? "" : "next_";
}

} // namespace

RollupStore::RollupStore(std::string folder, std::vector<std::string>& notices) : m_folder(std::move(folder))
{
    const std::string path = m_folder + "/rollups.db";
    try {
        open();
    } catch (const SqliteError& error) {
        if (!error.isDamage())
            throw;
        m_database = Database();
        notices.push_back(path + " is damaged; set aside as " + setAside(path) + "; it is made again from the hits");
        open();
    }
}

void RollupStore::open()
{
    const std::string path = m_folder + "/rollups.db";
    m_database = Database(path, Database::Mode::Create, busyTimeoutMs);
    m_database.run("PRAGMA journal_mode = WAL");
    // A power cut may cost the newest runs, whole: the hits are still there and are folded again.
    m_database.run("PRAGMA synchronous = NORMAL");
    m_database.run("PRAGMA cache_size = -32000");
    const std::int64_t version = m_database.integer("PRAGMA user_version");
    if (version > rollupsVersion)
        throw StoreError(path + " was written by a newer clickroomd: upgrade this one");
    if (version < rollupsVersion) {
        Transaction transaction(m_database);
        // Of an older version, made again from the hits.
        for (const char* table : {"cells", "visitors", "uniques", "words", "restatements"})
            m_database.run(std::string("DROP TABLE IF EXISTS ") + table);
        dropTables("");
        dropTables("next_");
        makeTables("");
        makeRestatements(m_database);
        m_database.run("PRAGMA user_version = " + std::to_string(rollupsVersion));
        transaction.commit();
    }
    mark();
}

void RollupStore::makeTables(const std::string& prefix)
{
    m_database.run("CREATE TABLE " + prefix +
                   "mark(id INTEGER PRIMARY KEY CHECK(id = 1), seq INTEGER NOT NULL, time INTEGER NOT NULL, rolled_at "
                   "INTEGER NOT NULL, complete_to INTEGER NOT NULL)");
    m_database.run("INSERT INTO " + prefix + "mark VALUES(1, 0, 0, 0, 0)");
    m_database.run("CREATE TABLE " + prefix + "zones(workspace INTEGER PRIMARY KEY, zone TEXT NOT NULL)");
    RollupShelf(m_database, prefix).makeTable();
}

void RollupStore::dropTables(const std::string& prefix)
{
    m_database.run("DROP TABLE IF EXISTS " + prefix + "mark");
    m_database.run("DROP TABLE IF EXISTS " + prefix + "zones");
    RollupShelf(m_database, prefix).dropTable();
}

RollupMark RollupStore::mark(Shelf shelf) const
{
    Statement select = m_database.prepare("SELECT seq, time, rolled_at, complete_to FROM " + prefixOf(shelf) + "mark");
    if (!select.step())
        return {};
    return {protocol::HitSeq(select.number(0)), protocol::UtcMs(select.integer(1)), protocol::UtcMs(select.integer(2)),
            protocol::UtcMs(select.integer(3))};
}

void RollupStore::setMark(Shelf shelf, const RollupMark& to)
{
    m_database.prepare("UPDATE " + prefixOf(shelf) + "mark SET seq = ?, time = ?, rolled_at = ?, complete_to = ?")
        .bind(1, to.seq.value)
        .bind(2, to.time.value)
        .bind(3, to.rolledAt.value)
        .bind(4, to.completeTo.value)
        .run();
}

RollupZones RollupStore::zones(Shelf shelf) const
{
    RollupZones zones;
    Statement select = m_database.prepare("SELECT workspace, zone FROM " + prefixOf(shelf) + "zones");
    while (select.step())
        zones[static_cast<std::uint32_t>(select.integer(0))] = select.text(1);
    return zones;
}

void RollupStore::setZone(Shelf shelf, protocol::WorkspaceId workspace, const std::string& zone)
{
    m_database.prepare("INSERT OR REPLACE INTO " + prefixOf(shelf) + "zones VALUES(?, ?)")
        .bind(1, workspace.value)
        .bind(2, std::string_view(zone))
        .run();
}

void RollupStore::add(rollups::Fold& fold, const RollupMark& to, Shelf shelf, const std::vector<Restatement>& restated)
{
    Transaction transaction(m_database);
    RollupShelf packs(m_database, prefixOf(shelf));
    fold.finish([&](const rollups::PackKey& key, rollups::CellPack&& pack) { packs.add(key, pack); },
                [&](const rollups::PackKey& key, rollups::VisitorPack&& pack) { packs.add(key, pack); });
    for (const Restatement& one : restated)
        noteRestatement(m_database, one);
    setMark(shelf, to);
    transaction.commit();
}

void RollupStore::touch(protocol::UtcMs rolledAt, protocol::UtcMs completeTo)
{
    m_database.prepare("UPDATE mark SET rolled_at = ?1, complete_to = ?2")
        .bind(1, rolledAt.value)
        .bind(2, completeTo.value)
        .run();
}

void RollupStore::dropBefore(protocol::UtcMs minutes, protocol::UtcMs others)
{
    Transaction transaction(m_database);
    RollupShelf(m_database, "").dropBefore(minutes, others);
    dropRestatements(m_database, others);
    transaction.commit();
}

bool RollupStore::packClosed(protocol::UtcMs now, std::size_t keys)
{
    RollupShelf packs(m_database, "");
    const auto loose = packs.looseKeys(now, keys);
    for (const rollups::PackKey& key : loose) {
        Transaction transaction(m_database);
        packs.pack(key);
        transaction.commit();
    }
    return loose.size() >= keys;
}

void RollupStore::packAll()
{
    RollupShelf packs(m_database, "");
    for (const rollups::PackKey& key : packs.looseKeys(std::nullopt, keysMax)) {
        Transaction transaction(m_database);
        packs.pack(key);
        transaction.commit();
    }
}

bool RollupStore::isRebuilding() const
{
    return m_database.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'next_mark'") > 0;
}

void RollupStore::beginRebuild(const RollupZones& zones)
{
    Transaction transaction(m_database);
    dropTables("next_");
    makeTables("next_");
    for (const auto& [workspace, zone] : zones)
        setZone(Shelf::Rebuilt, protocol::WorkspaceId(workspace), zone);
    transaction.commit();
}

void RollupStore::finishRebuild(const RebuildEnd& end)
{
    Transaction transaction(m_database);
    RollupShelf rebuilt(m_database, "next_"), old(m_database, "");
    if (end.keptBefore.value > 0)
        rebuilt.takeOlder(old, end.keptBefore);
    noteDifferences(end);
    RollupMark reached = mark(Shelf::Rebuilt);
    reached.rolledAt = mark().rolledAt;
    reached.completeTo = mark().completeTo;
    dropTables("");
    setMark(Shelf::Rebuilt, reached);
    rebuilt.renameTo("");
    m_database.run("ALTER TABLE next_mark RENAME TO mark");
    m_database.run("ALTER TABLE next_zones RENAME TO zones");
    transaction.commit();
}

} // namespace storage

// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/sqlite/rollup_store.h"

#include <unordered_map>

#include "backend/storage/sqlite/day_files.h"

namespace storage {

namespace {

constexpr int busyTimeoutMs = 5'000;

// The order of `cells`' key is that of the queries: one workspace, granularity and dimension over a range of buckets.
const char* const schema = R"(
CREATE TABLE IF NOT EXISTS mark(
  id INTEGER PRIMARY KEY CHECK(id = 1), seq INTEGER NOT NULL, time INTEGER NOT NULL, rolled_at INTEGER NOT NULL);
INSERT OR IGNORE INTO mark VALUES(1, 0, 0, 0);
CREATE TABLE IF NOT EXISTS words(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
INSERT OR IGNORE INTO words VALUES(0, '');
CREATE TABLE IF NOT EXISTS cells(
  workspace INTEGER NOT NULL, granularity INTEGER NOT NULL, dimension INTEGER NOT NULL, bucket INTEGER NOT NULL,
  link INTEGER NOT NULL, value INTEGER NOT NULL,
  hits INTEGER NOT NULL, clicks INTEGER NOT NULL, human_clicks INTEGER NOT NULL, scans INTEGER NOT NULL,
  PRIMARY KEY(workspace, granularity, dimension, bucket, link, value)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS visitors(
  workspace INTEGER NOT NULL, day INTEGER NOT NULL, link INTEGER NOT NULL, visitor INTEGER NOT NULL,
  PRIMARY KEY(workspace, day, link, visitor)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS uniques(
  workspace INTEGER NOT NULL, day INTEGER NOT NULL, link INTEGER NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY(workspace, day, link)) WITHOUT ROWID;
)";

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
        m_database.run(schema);
        m_database.run("PRAGMA user_version = " + std::to_string(rollupsVersion));
        transaction.commit();
    }
    mark();
}

RollupMark RollupStore::mark() const
{
    Statement select = m_database.prepare("SELECT seq, time, rolled_at FROM mark");
    if (!select.step())
        return {};
    return {protocol::HitSeq(select.number(0)), protocol::UtcMs(select.integer(1)), protocol::UtcMs(select.integer(2))};
}

void RollupStore::setMark(const RollupMark& to)
{
    m_database.prepare("UPDATE mark SET seq = ?, time = ?, rolled_at = ?")
        .bind(1, to.seq.value)
        .bind(2, to.time.value)
        .bind(3, to.rolledAt.value)
        .run();
}

void RollupStore::add(const std::vector<rollups::Cell>& cells, const std::vector<rollups::DailyVisitors>& visitors,
                      const RollupMark& to)
{
    Transaction transaction(m_database);
    addCells(cells);
    addVisitors(visitors);
    setMark(to);
    transaction.commit();
}

void RollupStore::touch(protocol::UtcMs rolledAt)
{
    m_database.prepare("UPDATE mark SET rolled_at = ?").bind(1, rolledAt.value).run();
}

void RollupStore::addCells(const std::vector<rollups::Cell>& cells)
{
    Statement find = m_database.prepare("SELECT id FROM words WHERE text = ?");
    Statement make = m_database.prepare("INSERT INTO words(text) VALUES(?)");
    Statement put = m_database.prepare(
        "INSERT INTO cells VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) "
        "ON CONFLICT(workspace, granularity, dimension, bucket, link, value) DO UPDATE SET hits = hits + ?7, "
        "clicks = clicks + ?8, human_clicks = human_clicks + ?9, scans = scans + ?10");
    std::unordered_map<std::string_view, std::int64_t> ids;
    for (const rollups::Cell& cell : cells) {
        const auto [word, isNew] = ids.try_emplace(cell.value, 0);
        if (isNew) {
            find.bind(1, std::string_view(cell.value));
            const bool known = find.step();
            word->second = known ? find.integer(0) : 0;
            find.reset();
            if (!known) {
                make.bind(1, std::string_view(cell.value)).run();
                word->second = m_database.lastRowId();
            }
        }
        put.bind(1, cell.workspace.value).bind(2, static_cast<int>(cell.granularity));
        put.bind(3, static_cast<int>(cell.dimension)).bind(4, cell.bucket.value).bind(5, cell.link.value);
        put.bind(6, word->second).bind(7, cell.counts.hits).bind(8, cell.counts.clicks);
        put.bind(9, cell.counts.humanClicks).bind(10, cell.counts.scans).run();
    }
}

void RollupStore::addVisitors(const std::vector<rollups::DailyVisitors>& visitors)
{
    Statement put = m_database.prepare("INSERT OR IGNORE INTO visitors VALUES(?, ?, ?, ?)");
    Statement count = m_database.prepare("INSERT INTO uniques VALUES(?1, ?2, ?3, ?4) ON CONFLICT(workspace, day, link) "
                                         "DO UPDATE SET count = count + ?4");
    for (const rollups::DailyVisitors& one : visitors) {
        std::int64_t added = 0;
        put.bind(1, one.workspace.value).bind(2, one.day.value).bind(3, one.link.value);
        for (const std::uint64_t key : one.keys) {
            put.bind(4, key).run();
            added += m_database.changes();
        }
        if (added == 0)
            continue;
        count.bind(1, one.workspace.value).bind(2, one.day.value).bind(3, one.link.value).bind(4, added).run();
    }
}

void RollupStore::dropBefore(protocol::UtcMs minutes, protocol::UtcMs hoursAndDays)
{
    Transaction transaction(m_database);
    Statement drop = m_database.prepare(
        "DELETE FROM cells WHERE workspace = ? AND granularity = ? AND dimension = ? AND bucket < ?");
    // From one workspace to the next by the key: reading all cells to find a few ids would take seconds.
    Statement next = m_database.prepare("SELECT min(workspace) FROM cells WHERE workspace > ?");
    std::int64_t workspace = 0;
    const auto advance = [&] {
        next.bind(1, workspace);
        workspace = next.step() ? next.integer(0) : 0;
        next.reset();
        return workspace > 0;
    };
    while (advance()) {
        for (int granularity = 1; granularity <= 3; ++granularity) {
            const auto before = granularity == static_cast<int>(protocol::Granularity::Minute) ? minutes : hoursAndDays;
            for (int dimension = 0; dimension <= static_cast<int>(protocol::Dimension::Referrer); ++dimension)
                drop.bind(1, workspace).bind(2, granularity).bind(3, dimension).bind(4, before.value).run();
        }
        for (const char* table : {"visitors", "uniques"})
            m_database.prepare(std::string("DELETE FROM ") + table + " WHERE workspace = ? AND day < ?")
                .bind(1, workspace)
                .bind(2, hoursAndDays.value)
                .run();
    }
    transaction.commit();
}

} // namespace storage

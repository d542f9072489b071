// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/sqlite/restatement_rows.h"

#include <algorithm>

namespace storage {

using protocol::UtcMs;

namespace {

// What concerns a range lies in a day that began no longer before it: none is longer than 25 hours.
constexpr std::int64_t wideDayMs = 25 * protocol::msPerHour;

const char* const keyIs = " WHERE noted_at = ?1 AND workspace = ?2 AND reason = ?3 AND several = ?4 AND link = ?5 AND "
                          "day = ?6";

void bindKey(Statement& statement, const Restatement& one)
{
    statement.bind(1, one.notedAt.value).bind(2, one.workspace.value).bind(3, static_cast<int>(one.reason));
    statement.bind(4, one.isOfSeveral).bind(5, one.link).bind(6, one.day.value);
}

void bindFigures(Statement& statement, const Restatement& one)
{
    statement.bind(7, one.from.value).bind(8, one.to.value);
    statement.bind(9, one.change.hits).bind(10, one.change.clicks);
    statement.bind(11, one.change.humanClicks).bind(12, one.change.scans);
    const rollups::Counts before = one.before.value_or(rollups::Counts());
    statement.bind(13, before.hits).bind(14, before.clicks).bind(15, before.humanClicks).bind(16, before.scans);
}

bool addTo(const Database& database, const Restatement& one)
{
    Statement add = database.prepare(
        std::string("UPDATE restatements SET from_ms = min(from_ms, ?7), to_ms = max(to_ms, ?8), hits = hits + ?9, "
                    "clicks = clicks + ?10, human_clicks = human_clicks + ?11, scans = scans + ?12, was_hits = "
                    "was_hits + ?13, was_clicks = was_clicks + ?14, was_human_clicks = was_human_clicks + ?15, "
                    "was_scans = was_scans + ?16") +
        keyIs);
    bindKey(add, one);
    bindFigures(add, one);
    add.run();
    return database.changes() > 0;
}

void insert(const Database& database, const Restatement& one)
{
    Statement put = database.prepare(
        "INSERT INTO restatements(noted_at, workspace, reason, several, link, day, from_ms, to_ms, hits, clicks, "
        "human_clicks, scans, was_hits, was_clicks, was_human_clicks, was_scans) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,"
        "?10,?11,?12,?13,?14,?15,?16)");
    bindKey(put, one);
    bindFigures(put, one);
    put.run();
}

std::size_t namedOfRun(const Database& database, const Restatement& one)
{
    Statement count = database.prepare("SELECT count(*) FROM restatements WHERE noted_at = ? AND workspace = ? AND "
                                       "several = 0");
    count.bind(1, one.notedAt.value).bind(2, one.workspace.value);
    return count.step() ? static_cast<std::size_t>(count.integer(0)) : 0;
}

Restatement rowOf(const Statement& row)
{
    Restatement one;
    one.id = row.number(0);
    one.notedAt = UtcMs(row.integer(1));
    one.workspace = protocol::WorkspaceId(static_cast<std::uint32_t>(row.integer(2)));
    one.reason = static_cast<RestatementReason>(row.integer(3));
    one.isOfSeveral = row.integer(4) != 0;
    one.link = row.number(5);
    one.day = UtcMs(row.integer(6));
    one.from = UtcMs(row.integer(7));
    one.to = UtcMs(row.integer(8));
    one.change = {row.integer(9), row.integer(10), row.integer(11), row.integer(12)};
    if (one.reason == RestatementReason::Rebuild)
        one.before = rollups::Counts{row.number(13), row.number(14), row.number(15), row.number(16)};
    return one;
}

// Of a workspace, those that concern [?2, ?3): a change of zone concerns more than a day.
Statement inRange(const Database& database, const std::string& more, protocol::WorkspaceId workspace, UtcMs from,
                  UtcMs to)
{
    Statement rows = database.prepare(
        "SELECT id, noted_at, workspace, reason, several, link, day, from_ms, to_ms, hits, clicks, human_clicks, "
        "scans, was_hits, was_clicks, was_human_clicks, was_scans FROM restatements WHERE workspace = ?1 AND day < ?3 "
        "AND (day >= ?4 OR reason = 3) AND from_ms < ?3 AND to_ms > ?2" +
        more);
    rows.bind(1, workspace.value).bind(2, from.value).bind(3, to.value).bind(4, from.value - wideDayMs);
    return rows;
}

bool concerns(const Restatement& one, const std::optional<std::vector<std::uint64_t>>& links)
{
    return !links || one.isOfSeveral || std::binary_search(links->begin(), links->end(), one.link);
}

} // namespace

Change& Change::operator+=(const Change& other)
{
    hits += other.hits;
    clicks += other.clicks;
    humanClicks += other.humanClicks;
    scans += other.scans;
    return *this;
}

Change changeFrom(const rollups::Counts& before, const rollups::Counts& after)
{
    const auto less = [](std::uint64_t a, std::uint64_t b) { return static_cast<std::int64_t>(a - b); };
    return {less(after.hits, before.hits), less(after.clicks, before.clicks),
            less(after.humanClicks, before.humanClicks), less(after.scans, before.scans)};
}

void makeRestatements(const Database& database)
{
    database.run("CREATE TABLE restatements(id INTEGER PRIMARY KEY AUTOINCREMENT, noted_at INTEGER NOT NULL, workspace "
                 "INTEGER NOT NULL, reason INTEGER NOT NULL, several INTEGER NOT NULL, link INTEGER NOT NULL, day "
                 "INTEGER NOT NULL, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL, hits INTEGER NOT NULL, clicks "
                 "INTEGER NOT NULL, human_clicks INTEGER NOT NULL, scans INTEGER NOT NULL, was_hits INTEGER NOT NULL, "
                 "was_clicks INTEGER NOT NULL, was_human_clicks INTEGER NOT NULL, was_scans INTEGER NOT NULL)");
    database.run("CREATE UNIQUE INDEX restatements_key ON restatements(noted_at, workspace, several, link, day, "
                 "reason)");
    database.run("CREATE INDEX restatements_day ON restatements(workspace, day)");
}

void noteRestatement(const Database& database, const Restatement& one)
{
    Restatement put = one;
    if (addTo(database, put))
        return;
    if (!put.isOfSeveral && namedOfRun(database, put) >= restatementsPerRun) {
        put.isOfSeveral = true;
        put.link = 0;
        if (addTo(database, put))
            return;
    }
    insert(database, put);
}

void dropRestatements(const Database& database, UtcMs notedBefore)
{
    database.prepare("DELETE FROM restatements WHERE noted_at < ?").bind(1, notedBefore.value).run();
    database
        .prepare("DELETE FROM restatements WHERE id <= (SELECT id FROM restatements ORDER BY id DESC LIMIT 1 OFFSET ?)")
        .bind(1, std::uint64_t{restatementsMax})
        .run();
}

std::vector<Restatement> restatementsOf(const Database& database, const RestatementQuery& query)
{
    std::vector<Restatement> found;
    Statement rows =
        inRange(database, " AND (?5 = 0 OR id < ?5) ORDER BY id DESC", query.workspace, query.from, query.to);
    rows.bind(5, query.before);
    while (found.size() < query.limit && rows.step())
        if (Restatement one = rowOf(rows); concerns(one, query.links))
            found.push_back(std::move(one));
    return found;
}

RestatedSum restatedIn(const Database& database, const ReportQuery& query)
{
    RestatedSum sum;
    Statement rows = inRange(database, "", query.workspace, query.from, query.to);
    while (rows.step()) {
        const Restatement one = rowOf(rows);
        if (!concerns(one, query.links))
            continue;
        ++sum.count;
        sum.ofSeveral += one.isOfSeveral ? 1 : 0;
        sum.beyond += one.from < query.from || one.to > query.to ? 1 : 0;
        sum.last = std::max(sum.last, one.notedAt);
        if (!query.links || !one.isOfSeveral)
            sum.change += one.change;
    }
    return sum;
}

} // namespace storage

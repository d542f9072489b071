// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/sqlite/rollup_query.h"

#include <limits>
#include <sys/stat.h>
#include <unordered_map>
#include <utility>

namespace storage {

namespace {

constexpr int busyTimeoutMs = 5'000;

// Domain and slug of links, asked for once each.
class LinkNames {
public:
    explicit LinkNames(const Database& settings)
        : m_select(
              settings.prepare("SELECT domains.host, links.slug FROM links JOIN domains ON domains.id = links.domain "
                               "WHERE links.id = ?"))
    {
    }

    const std::pair<std::string, std::string>& of(protocol::LinkId link)
    {
        const auto [name, isNew] = m_names.try_emplace(link.value);
        if (isNew && link) {
            m_select.bind(1, link.value);
            if (m_select.step())
                name->second = {std::string(m_select.text(0)), std::string(m_select.text(1))};
            m_select.reset();
        }
        return name->second;
    }

private:
    Statement m_select;
    std::unordered_map<std::uint64_t, std::pair<std::string, std::string>> m_names;
};

std::string cellsSql(const RollupQuery& query)
{
    const bool keepsLink = query.perLink || query.link;
    std::string sql = std::string("SELECT bucket, ") + (keepsLink ? "link" : "0") +
                      ", words.text, sum(hits), sum(clicks), sum(human_clicks), sum(scans) "
                      "FROM cells JOIN words ON words.id = cells.value WHERE granularity = ?1 AND dimension = ?2 "
                      "AND bucket >= ?3 AND bucket < ?4";
    if (query.workspace)
        sql += " AND workspace = " + std::to_string(query.workspace.value);
    if (query.link)
        sql += " AND link = " + std::to_string(query.link->value);
    return sql +
           (keepsLink ? " GROUP BY bucket, link, words.text ORDER BY bucket, link, words.text"
                      : " GROUP BY bucket, words.text ORDER BY bucket, words.text") +
           " LIMIT ?5";
}

} // namespace

RollupQueries::RollupQueries(std::string folder) : m_folder(std::move(folder)) {}

bool RollupQueries::open()
{
    const std::string path = m_folder + "/rollups.db";
    struct stat info{};
    if (::stat(path.c_str(), &info) != 0) {
        m_database = Database();
        return false;
    }
    if (m_database && m_inode == info.st_ino)
        return true;
    try {
        m_database = Database(path, Database::Mode::Read, busyTimeoutMs);
        m_inode = info.st_ino;
        if (m_database.integer("PRAGMA user_version") == rollupsVersion)
            return true;
    } catch (const SqliteError& error) {
        if (!error.isMissing() && !error.isDamage())
            throw;
    }
    m_database = Database(); // being made, or to be made again by the writer
    return false;
}

RollupMark RollupQueries::mark()
{
    if (!open())
        return {};
    Statement select = m_database.prepare("SELECT seq, time, rolled_at FROM mark");
    if (!select.step())
        return {};
    return {protocol::HitSeq(select.number(0)), protocol::UtcMs(select.integer(1)), protocol::UtcMs(select.integer(2))};
}

RollupMark RollupQueries::addClicks(protocol::WorkspaceId workspace, std::map<std::uint64_t, std::uint64_t>& clicks)
{
    if (!open())
        return {};
    const Transaction moment(m_database, Transaction::Kind::Read);
    const RollupMark reached = mark();
    // From day to day: a link's cells lie far apart, so that few links are sought and many are read over.
    const std::string cells = " FROM cells WHERE workspace = ?1 AND granularity = ?2 AND dimension = ?3 AND bucket ";
    Statement next = m_database.prepare("SELECT min(bucket)" + cells + "> ?4");
    Statement one = m_database.prepare("SELECT sum(clicks)" + cells + "= ?4 AND link = ?5");
    Statement all = m_database.prepare("SELECT link, sum(clicks)" + cells + "= ?4 GROUP BY link");
    const auto bind = [&](Statement& statement, std::int64_t bucket) {
        statement.bind(1, workspace.value).bind(2, static_cast<int>(protocol::Granularity::Day));
        statement.bind(3, static_cast<int>(protocol::Dimension::None)).bind(4, bucket);
    };
    constexpr std::size_t fewLinks = 64;
    std::int64_t bucket = std::numeric_limits<std::int64_t>::min();
    while (true) {
        bind(next, bucket);
        const bool found = next.step() && !next.text(0).empty();
        bucket = found ? next.integer(0) : 0;
        next.reset();
        if (!found)
            return reached;
        if (clicks.size() <= fewLinks) {
            for (auto& [link, count] : clicks) {
                bind(one, bucket);
                one.bind(5, link);
                count += one.step() ? one.number(0) : 0;
                one.reset();
            }
            continue;
        }
        bind(all, bucket);
        while (all.step())
            if (const auto wanted = clicks.find(all.number(0)); wanted != clicks.end())
                wanted->second += all.number(1);
        all.reset();
    }
}

void RollupQueries::run(const RollupQuery& query, const Database& settings,
                        const std::function<bool(const protocol::RollupRow&)>& row)
{
    if (!open())
        return;
    LinkNames names(settings);
    const bool keepsLink = query.perLink || query.link;
    const bool withUniques = query.granularity == protocol::Granularity::Day && query.by == protocol::Dimension::None;
    // Link 0 holds a workspace's visitors over all links.
    Statement uniques =
        m_database.prepare(std::string("SELECT sum(count) FROM uniques WHERE day = ? AND link = ?") +
                           (query.workspace ? " AND workspace = " + std::to_string(query.workspace.value) : ""));
    Statement cells = m_database.prepare(cellsSql(query));
    cells.bind(1, static_cast<int>(query.granularity)).bind(2, static_cast<int>(query.by));
    cells.bind(3, query.from.value).bind(4, query.to.value).bind(5, std::uint64_t{query.rowsMax});
    while (cells.step()) {
        protocol::RollupRow out;
        out.bucket = protocol::UtcMs(cells.integer(0));
        out.link = protocol::LinkId(cells.number(1));
        out.value = cells.text(2);
        out.hits = cells.number(3);
        out.clicks = cells.number(4);
        out.humanClicks = cells.number(5);
        out.scans = cells.number(6);
        if (keepsLink)
            std::tie(out.domain, out.slug) = names.of(out.link);
        if (withUniques && keepsLink && !out.link) {
            out.uniques = 0; // a hit without a link is no click
        } else if (withUniques) {
            uniques.bind(1, out.bucket.value).bind(2, out.link.value);
            out.uniques = uniques.step() ? uniques.number(0) : 0;
            uniques.reset();
        }
        if (!row(out))
            break;
    }
}

} // namespace storage

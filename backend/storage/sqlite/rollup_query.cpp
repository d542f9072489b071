// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/sqlite/rollup_query.h"

#include <algorithm>
#include <limits>
#include <sys/stat.h>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "backend/storage/sqlite/restatement_rows.h"

namespace storage {

using protocol::Dimension;
using protocol::Granularity;
using rollups::CellPack;
using rollups::PackKind;
using rollups::VisitorPack;
using rollups::VisitorSet;

namespace {

constexpr int busyTimeoutMs = 5'000;
// A table of sums may be so much larger than what is summed: values that hardly ever come twice need another way.
constexpr std::size_t sumsPerEntryMax = 4;

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

// By link only where it is asked for; else over all links.
std::uint64_t linkOf(const RollupQuery& query, std::uint64_t link)
{
    return query.perLink || query.link ? link : 0;
}

// Days hold sets of these; in the order bucket, link and value, like the cells.
bool hasUniques(const RollupQuery& query)
{
    return query.granularity == Granularity::Day &&
           (query.by == Dimension::None || query.by == Dimension::Placement || query.by == Dimension::Campaign);
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

std::string RollupQueries::zone(protocol::WorkspaceId workspace)
{
    if (!open())
        return {};
    Statement select = m_database.prepare("SELECT zone FROM zones WHERE workspace = ?");
    select.bind(1, workspace.value);
    return select.step() ? std::string(select.text(0)) : std::string();
}

std::vector<Restatement> RollupQueries::restatements(const RestatementQuery& query)
{
    return open() ? restatementsOf(m_database, query) : std::vector<Restatement>();
}

std::optional<protocol::HitSeq> RollupQueries::rebuilt()
{
    if (!open())
        return std::nullopt;
    const Transaction moment(m_database, Transaction::Kind::Read);
    if (m_database.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'next_mark'") == 0)
        return std::nullopt;
    return protocol::HitSeq(static_cast<std::uint64_t>(m_database.integer("SELECT seq FROM next_mark")));
}

std::vector<std::int64_t> RollupQueries::periods(protocol::WorkspaceId workspace, const Range& range)
{
    std::vector<std::int64_t> found;
    Statement rows = m_database.prepare("SELECT DISTINCT period FROM packs WHERE kind = ?1 AND dimension = ?2 AND "
                                        "workspace = ?3 AND period BETWEEN ?4 AND ?5 ORDER BY period");
    rows.bind(1, static_cast<int>(range.kind)).bind(2, static_cast<int>(range.dimension)).bind(3, workspace.value);
    rows.bind(4, rollups::periodOf(range.kind, range.from)).bind(5, rollups::periodOf(range.kind, range.to - 1));
    while (rows.step())
        found.push_back(rows.integer(0));
    return found;
}

std::set<std::int64_t> RollupQueries::mixedPeriods(protocol::WorkspaceId workspace, const Range& range)
{
    std::set<std::int64_t> found;
    if (rollups::valuesMax(range.kind, range.dimension) == std::numeric_limits<std::size_t>::max())
        return found;
    Statement rows =
        m_database.prepare("SELECT period FROM packs WHERE kind = ?1 AND dimension = ?2 AND workspace = ?3 "
                           "AND period BETWEEN ?4 AND ?5 GROUP BY period HAVING max(others) = 1 AND "
                           "min(level) < 100");
    rows.bind(1, static_cast<int>(range.kind)).bind(2, static_cast<int>(range.dimension)).bind(3, workspace.value);
    rows.bind(4, rollups::periodOf(range.kind, range.from)).bind(5, rollups::periodOf(range.kind, range.to - 1));
    while (rows.step())
        found.insert(rows.integer(0));
    return found;
}

Statement RollupQueries::packRows(protocol::WorkspaceId workspace, const Range& range)
{
    Statement rows =
        m_database.prepare("SELECT period, data FROM packs WHERE kind = ?1 AND dimension = ?2 AND workspace "
                           "= ?3 AND period BETWEEN ?4 AND ?5 AND first_link <= ?6 AND last_link >= ?7 "
                           "ORDER BY period");
    rows.bind(1, static_cast<int>(range.kind)).bind(2, static_cast<int>(range.dimension)).bind(3, workspace.value);
    rows.bind(4, rollups::periodOf(range.kind, range.from)).bind(5, rollups::periodOf(range.kind, range.to - 1));
    // SQLite's numbers are signed; ids of links are counted up from 1.
    rows.bind(6, std::min<std::uint64_t>(range.lastLink, INT64_MAX)).bind(7, range.firstLink);
    return rows;
}

template <class Pack>
void RollupQueries::forEachPack(protocol::WorkspaceId workspace, const Range& range,
                                const std::function<void(const Pack&)>& take)
{
    const std::set<std::int64_t> mixed = mixedPeriods(workspace, range);
    std::vector<Pack> held; // of one period
    std::int64_t heldPeriod = 0;
    const auto giveHeld = [&] {
        Pack sum = rollups::merged(std::move(held));
        rollups::cap(sum, rollups::valuesMax(range.kind, range.dimension));
        take(sum);
        held.clear();
    };
    Statement rows = packRows(workspace, range);
    while (rows.step()) {
        Pack pack = packOf<Pack>(rows.blob(1));
        const std::int64_t period = rows.integer(0);
        if (!held.empty() && heldPeriod != period)
            giveHeld();
        if (!mixed.contains(period)) {
            take(pack);
            continue;
        }
        held.push_back(std::move(pack));
        heldPeriod = period;
    }
    if (!held.empty())
        giveHeld();
}

std::vector<rollups::VisitorViews> RollupQueries::setsOf(protocol::WorkspaceId workspace, const Range& period,
                                                         std::deque<std::string>& bytes)
{
    std::vector<rollups::VisitorViews> sets;
    if (!mixedPeriods(workspace, period).empty()) {
        forEachPack<VisitorPack>(workspace, period, [&](const VisitorPack& pack) {
            rollups::decode(bytes.emplace_back(rollups::encode(pack)), sets.emplace_back());
        });
        return sets;
    }
    for (Statement rows = packRows(workspace, period); rows.step();)
        sets.push_back(viewsOf(rows.blob(1), bytes.emplace_back()));
    return sets;
}

template void RollupQueries::forEachPack(protocol::WorkspaceId, const Range&,
                                         const std::function<void(const CellPack&)>&);
template void RollupQueries::forEachPack(protocol::WorkspaceId, const Range&,
                                         const std::function<void(const VisitorPack&)>&);

RollupMark RollupQueries::addClicks(protocol::WorkspaceId workspace, std::map<std::uint64_t, std::uint64_t>& clicks)
{
    if (!open())
        return {};
    const Transaction moment(m_database, Transaction::Kind::Read);
    Range range;
    if (!clicks.empty()) {
        range.firstLink = clicks.begin()->first;
        range.lastLink = clicks.rbegin()->first;
        forEachPack<CellPack>(workspace, range, [&](const CellPack& pack) {
            auto wanted = clicks.begin();
            for (const auto& entry : pack.entries) {
                while (wanted != clicks.end() && wanted->first < entry.link)
                    ++wanted;
                if (wanted == clicks.end())
                    break;
                if (wanted->first == entry.link)
                    wanted->second += entry.payload.clicks;
            }
        });
    }
    return mark();
}

// The rows of one period, which are sorted and given before the next is read.
struct RollupQueries::PeriodRows {
    using Key = std::tuple<std::int64_t, std::uint64_t, std::uint32_t>; // bucket, link, value
    struct Hash {
        std::size_t operator()(const Key& key) const
        {
            return rollups::mixed(rollups::mixed(static_cast<std::uint64_t>(std::get<0>(key)) ^ std::get<1>(key)) +
                                  std::get<2>(key));
        }
    };
    rollups::Words words;
    std::unordered_map<Key, rollups::Counts, Hash> cells;
    std::unordered_map<Key, VisitorSet, Hash> visitors;

    template <class Pack> std::vector<std::uint32_t> idsOf(const Pack& pack)
    {
        std::vector<std::uint32_t> ids;
        for (const std::string& word : pack.words)
            ids.push_back(words.idOf(word));
        return ids;
    }
};

void RollupQueries::addUniques(const RollupQuery& query, const Range& range, PeriodRows& rows)
{
    Range sets = range;
    sets.kind = PackKind::Visitors;
    const bool wantsTotals = query.by == Dimension::None && !query.perLink && !query.link;
    forEachPack<VisitorPack>(query.workspace, sets, [&](const VisitorPack& pack) {
        const auto ids = rows.idsOf(pack);
        for (const auto& entry : pack.entries) {
            if ((query.by == Dimension::None && (entry.link == 0) != wantsTotals) ||
                (query.link && entry.link != query.link->value))
                continue;
            const PeriodRows::Key key(pack.buckets[entry.bucket], linkOf(query, entry.link), ids[entry.word]);
            if (const auto [set, isNew] = rows.visitors.try_emplace(key, entry.payload); !isNew)
                set->second += entry.payload;
        }
    });
}

// Summed over links in a table of the pack's own words and buckets before they are looked up: hundreds of links share
// few of either.
void RollupQueries::addCells(const RollupQuery& query, const CellPack& pack, PeriodRows& rows)
{
    const auto ids = rows.idsOf(pack);
    const bool overLinks = !query.perLink && !query.link &&
                           pack.words.size() * pack.buckets.size() <= sumsPerEntryMax * pack.entries.size();
    std::vector<rollups::Counts> sums(overLinks ? pack.words.size() * pack.buckets.size() : 0);
    for (const auto& entry : pack.entries) {
        const std::int64_t bucket = pack.buckets[entry.bucket];
        if (bucket < query.from.value || bucket >= query.to.value || (query.link && entry.link != query.link->value))
            continue;
        if (overLinks)
            sums[entry.word * pack.buckets.size() + entry.bucket] += entry.payload;
        else
            rows.cells[{bucket, linkOf(query, entry.link), ids[entry.word]}] += entry.payload;
    }
    for (std::size_t at = 0; at < sums.size(); ++at)
        if (sums[at].hits > 0)
            rows.cells[{pack.buckets[at % pack.buckets.size()], 0, ids[at / pack.buckets.size()]}] += sums[at];
}

bool RollupQueries::runPeriod(const RollupQuery& query, const Range& range,
                              const std::function<bool(protocol::RollupRow&&)>& row)
{
    PeriodRows rows;
    forEachPack<CellPack>(query.workspace, range, [&](const CellPack& pack) { addCells(query, pack, rows); });
    if (hasUniques(query))
        addUniques(query, range, rows);
    std::vector<PeriodRows::Key> keys;
    for (const auto& [key, counts] : rows.cells)
        keys.push_back(key);
    std::sort(keys.begin(), keys.end(), [&](const PeriodRows::Key& a, const PeriodRows::Key& b) {
        return std::tuple(std::get<0>(a), std::get<1>(a), rows.words.text(std::get<2>(a))) <
               std::tuple(std::get<0>(b), std::get<1>(b), rows.words.text(std::get<2>(b)));
    });
    for (const PeriodRows::Key& key : keys) {
        const rollups::Counts& counts = rows.cells[key];
        protocol::RollupRow out;
        out.bucket = protocol::UtcMs(std::get<0>(key));
        out.link = protocol::LinkId(std::get<1>(key));
        out.value = rows.words.text(std::get<2>(key));
        out.hits = counts.hits;
        out.clicks = counts.clicks;
        out.humanClicks = counts.humanClicks;
        out.scans = counts.scans;
        if (hasUniques(query)) {
            const auto set = rows.visitors.find(key);
            out.uniques = set == rows.visitors.end() ? 0 : set->second.count();
        }
        if (!row(std::move(out)))
            return false;
    }
    return true;
}

void RollupQueries::run(const RollupQuery& query, const Database& settings,
                        const std::function<bool(const protocol::RollupRow&)>& row)
{
    if (!open() || query.from >= query.to)
        return;
    const Transaction moment(m_database, Transaction::Kind::Read);
    LinkNames names(settings);
    std::size_t left = query.rowsMax;
    Range range{rollups::kindOf(query.granularity), query.by, query.from.value, query.to.value};
    if (query.link)
        range.firstLink = range.lastLink = query.link->value;
    const std::int64_t length = rollups::periodMs(range.kind);
    for (const std::int64_t period : periods(query.workspace, range)) {
        range.from = period * length;
        range.to = range.from + length;
        const bool goesOn = runPeriod(query, range, [&](protocol::RollupRow&& out) {
            if (left-- == 0)
                return false;
            if (query.perLink || query.link)
                std::tie(out.domain, out.slug) = names.of(out.link);
            return row(out) && left > 0;
        });
        if (!goesOn)
            return;
    }
}

} // namespace storage

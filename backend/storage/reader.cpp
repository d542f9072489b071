// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/reader.h"

#include <algorithm>
#include <limits>
#include <sodium.h>

#include "backend/storage/hits/day_reader.h"
#include "backend/storage/sqlite/edit_rows.h"
#include "backend/storage/sqlite/rollup_query.h"
#include "backend/storage/sqlite/settings_rows.h"

namespace storage {

using protocol::HitSeq;
using protocol::UtcMs;

namespace {

constexpr int busyTimeoutMs = 5'000;
// Rows looked at in one transaction: no more than asked for at first, more and more where few of them match.
constexpr std::uint64_t stepMin = 16, stepMax = 50'000;

} // namespace

struct Reader::Parts {
    explicit Parts(const std::string& path) : folder(path), days(path), rollups(path) {}

    const Database& settingsFile()
    {
        if (!settings) {
            try {
                settings = Database(folder + "/settings.db", Database::Mode::Read, busyTimeoutMs);
            } catch (const SqliteError& error) {
                if (error.isMissing())
                    throw StoreError("there is no data in " + folder + ": run `clickroomd init --data " + folder + "`");
                throw;
            }
        }
        return settings;
    }

    template <class Make>
    auto all(const std::string& sql, Make make) -> std::vector<decltype(make(std::declval<const Statement&>()))>
    {
        std::vector<decltype(make(std::declval<const Statement&>()))> rows;
        Statement select = settingsFile().prepare(sql);
        while (select.step())
            rows.push_back(make(select));
        return rows;
    }

    std::string meta(std::string_view key)
    {
        Statement select = settingsFile().prepare("SELECT value FROM meta WHERE key = ?");
        select.bind(1, key);
        return select.step() ? std::string(select.text(0)) : std::string();
    }

    // The newest sequence up to which everything can be seen from now on. Runs of one batch are committed file by file
    // in the order of their sequences, so whoever saw the end of a batch can see all of it in files opened later, but
    // not in those read before.
    std::uint64_t visibleTo()
    {
        std::uint64_t last = 0;
        for (const Day day : daysIn(folder))
            last = std::max(last, days.summary(day).lastSeq);
        return last;
    }

    std::string folder;
    DayReader days;
    RollupQueries rollups;
    Database settings;
};

Reader::Reader(std::string folder) : m_parts(std::make_unique<Parts>(folder))
{
    m_parts->settingsFile();
}

Reader::~Reader() = default;

HitTotals Reader::totals() const
{
    return totals(protocol::WorkspaceId());
}

HitTotals Reader::totals(protocol::WorkspaceId workspace) const
{
    HitTotals sum;
    for (const Day day : daysIn(m_parts->folder)) {
        const DaySummary summary = m_parts->days.summary(day);
        if (summary.lastSeq == 0)
            continue;
        sum.lastSeq = std::max(sum.lastSeq, HitSeq(summary.lastSeq));
        if (!sum.firstSeq || sum.firstSeq.value > summary.firstSeq)
            sum.firstSeq = HitSeq(summary.firstSeq);
        for (const auto& [id, totals] : summary.totals) {
            if (workspace && workspace.value != id)
                continue;
            for (std::uint64_t HitTotals::* count :
                 {&HitTotals::hits, &HitTotals::click, &HitTotals::probe, &HitTotals::prefetch, &HitTotals::miss,
                  &HitTotals::blocked, &HitTotals::bots, &HitTotals::botClicks, &HitTotals::late})
                sum.*count += totals.*count;
        }
    }
    const std::string lost = m_parts->meta("lost");
    sum.lost = lost.empty() ? 0 : std::strtoull(lost.c_str(), nullptr, 10);
    const RollupMark mark = m_parts->rollups.mark();
    sum.watermark = mark.seq;
    sum.watermarkTime = mark.time;
    sum.rolledAt = mark.rolledAt;
    return sum;
}

protocol::HitBatch Reader::hitsAfter(HitSeq after, std::size_t limit, protocol::WorkspaceId workspace,
                                     const protocol::StreamFilter& filter, HitSeq& coveredTo) const
{
    const std::uint64_t end = m_parts->visibleTo();
    const bool takesAll = filter.isEmpty();
    // Listed again: a file made while the others were asked belongs to what is visible.
    const std::vector<Day> days = daysIn(m_parts->folder);
    std::vector<DaySummary> ranges;
    for (const Day day : days)
        ranges.push_back(m_parts->days.summary(day));

    protocol::HitBatch hits;
    std::uint64_t position = after.value;
    std::uint64_t step = std::clamp<std::uint64_t>(limit, stepMin, stepMax);
    while (position < end && hits.size() < limit) {
        // The next hit of any file, and one step of sequences from there; they are dense, so this bounds the rows too.
        std::uint64_t next = std::numeric_limits<std::uint64_t>::max();
        for (const DaySummary& range : ranges)
            if (range.lastSeq > position)
                next = std::min(next, std::max(range.firstSeq, position + 1));
        if (next > end)
            break;
        const std::uint64_t from = next - 1;
        const std::uint64_t to = std::min(end, from + step);
        const std::size_t start = hits.size();
        for (std::size_t at = 0; at < days.size(); ++at)
            if (ranges[at].lastSeq > from && ranges[at].firstSeq <= to)
                m_parts->days.scan(days[at], from, to, [&](const protocol::HitView& view) {
                    if (workspace && view.workspace != workspace)
                        return true;
                    if (takesAll || filter.matches(view))
                        hits.push_back(view.hit());
                    return true;
                });
        std::sort(hits.begin() + static_cast<std::ptrdiff_t>(start), hits.end(),
                  [](const protocol::Hit& a, const protocol::Hit& b) { return a.seq < b.seq; });
        position = to;
        step = std::min(step * 2, stepMax);
    }
    if (hits.size() > limit) {
        hits.resize(limit);
        coveredTo = limit > 0 ? hits.back().seq : after;
    } else {
        coveredTo = HitSeq(std::max(after.value, hits.size() == limit ? position : end));
    }
    return hits;
}

HitSeq Reader::factsAfter(HitSeq after, std::size_t limit, rollups::Words& words,
                          const std::function<void(const rollups::HitFacts&)>& take) const
{
    const std::uint64_t end = m_parts->visibleTo();
    const std::vector<Day> days = daysIn(m_parts->folder);
    std::vector<DaySummary> ranges;
    // Sequences may leap ahead, by a million after a loss: the window begins at the next that is there.
    std::uint64_t next = std::numeric_limits<std::uint64_t>::max();
    for (const Day day : days) {
        ranges.push_back(m_parts->days.summary(day));
        if (ranges.back().lastSeq > after.value)
            next = std::min(next, std::max(ranges.back().firstSeq, after.value + 1));
    }
    if (next > end)
        return HitSeq(std::max(after.value, end));
    const std::uint64_t to = std::min<std::uint64_t>(end, next - 1 + std::max<std::size_t>(limit, 1));
    for (std::size_t at = 0; at < days.size(); ++at)
        if (ranges[at].lastSeq >= next && ranges[at].firstSeq <= to)
            m_parts->days.scanFacts(days[at], next - 1, to, words, take);
    return HitSeq(to);
}

std::uint64_t Reader::damagedHits() const
{
    return m_parts->days.damagedHits();
}

HitSeq Reader::lastSeq() const
{
    return HitSeq(m_parts->visibleTo());
}

HitSeq Reader::firstSeqSince(UtcMs from) const
{
    std::uint64_t first = 0;
    for (const Day day : daysIn(m_parts->folder)) {
        if (day < dayOf(from))
            continue;
        const std::uint64_t seq = m_parts->days.firstSince(day, from);
        if (seq > 0 && (first == 0 || seq < first))
            first = seq;
    }
    return HitSeq(first);
}

void Reader::rollups(const RollupQuery& query, const std::function<bool(const protocol::RollupRow&)>& row) const
{
    m_parts->rollups.run(query, m_parts->settingsFile(), row);
}

ReportFigures Reader::report(const ReportQuery& query) const
{
    return m_parts->rollups.report(query);
}

std::vector<Restatement> Reader::restatements(const RestatementQuery& query) const
{
    return m_parts->rollups.restatements(query);
}

std::optional<std::map<std::uint64_t, RawCounts>>
Reader::countRaw(protocol::WorkspaceId workspace, UtcMs from, UtcMs to, HitSeq watermark, std::uint64_t hitsMax) const
{
    const std::uint64_t end = m_parts->visibleTo();
    std::vector<Day> days = daysIn(m_parts->folder);
    std::erase_if(days, [&](Day day) { return day < dayOf(from) || day > dayOf(UtcMs(to.value - 1)); });
    std::uint64_t hits = 0;
    for (const Day day : days)
        for (const auto& [id, totals] : m_parts->days.summary(day).totals)
            hits += totals.hits; // of all workspaces: that many rows are read
    if (hits > hitsMax)
        return std::nullopt;
    std::map<std::uint64_t, RawCounts> counts;
    for (const Day day : days)
        m_parts->days.scan(day, 0, end, [&](const protocol::HitView& hit) {
            if (hit.workspace != workspace || hit.time < from || hit.time >= to)
                return true;
            const bool isClick = hit.isClick();
            const rollups::Counts one{1, isClick ? 1U : 0U, isClick && !hit.isBot() ? 1U : 0U,
                                      isClick && hit.touch == protocol::TouchType::Qr ? 1U : 0U};
            RawCounts& sum = counts[hit.link.value];
            sum.all += one;
            if (hit.seq <= watermark)
                sum.rolled += one;
            sum.late += hit.late ? 1 : 0;
            return true;
        });
    return counts;
}

UtcMs Reader::wholeSince() const
{
    const std::vector<Day> days = daysIn(m_parts->folder);
    return totals().firstSeq.value <= 1 || days.empty() ? UtcMs() : UtcMs(days.front() * protocol::msPerDay);
}

std::string Reader::rollupZone(protocol::WorkspaceId workspace) const
{
    return m_parts->rollups.zone(workspace);
}

std::optional<HitSeq> Reader::rebuiltTo() const
{
    return m_parts->rollups.rebuilt();
}

void Reader::addClicks(protocol::WorkspaceId workspace, std::map<std::uint64_t, std::uint64_t>& clicks) const
{
    const RollupMark mark = m_parts->rollups.addClicks(workspace, clicks);
    const std::uint64_t end = m_parts->visibleTo();
    for (const Day day : daysIn(m_parts->folder))
        if (m_parts->days.summary(day).lastSeq > mark.seq.value)
            m_parts->days.scan(day, mark.seq.value, end, [&](const protocol::HitView& hit) {
                if (hit.isClick())
                    if (const auto wanted = clicks.find(hit.link.value); wanted != clicks.end())
                        ++wanted->second;
                return true;
            });
}

std::vector<links::Workspace> Reader::workspaces() const
{
    return m_parts->all(std::string(selectWorkspaces) + "ORDER BY id", workspaceOf);
}

std::vector<links::Domain> Reader::domains() const
{
    return m_parts->all(std::string(selectDomains) + "ORDER BY id", domainOf);
}

void Reader::forEachLink(const std::function<void(links::Link&&)>& link) const
{
    // In pieces, so that a slow caller holds no transaction open.
    constexpr std::size_t piece = 10'000;
    std::uint64_t after = 0;
    for (std::size_t got = piece; got == piece;) {
        auto links = m_parts->all(std::string(selectLinks) + "WHERE id > " + std::to_string(after) +
                                      " ORDER BY id LIMIT " + std::to_string(piece),
                                  linkOf);
        got = links.size();
        for (links::Link& one : links) {
            after = one.id.value;
            link(std::move(one));
        }
    }
}

std::vector<Token> Reader::tokens() const
{
    return m_parts->all(std::string(selectTokens) + "ORDER BY id",
                        [](const Statement& row) { return storage::tokenOf(row); });
}

std::optional<Token> Reader::tokenOf(std::string_view secret) const
{
    const std::string wanted = tokenHash(secret);
    std::optional<Token> found;
    Statement select = m_parts->settingsFile().prepare(selectTokens);
    while (select.step()) {
        const std::string_view hash = select.blob(6);
        const bool equal =
            hash.size() == wanted.size() && sodium_memcmp(hash.data(), wanted.data(), wanted.size()) == 0;
        if (equal && select.integer(5) == 0)
            found = storage::tokenOf(select);
    }
    return found;
}

std::string Reader::dataId() const
{
    return m_parts->meta("data_id");
}

std::vector<protocol::Edit> Reader::editsSince(UtcMs from, std::uint64_t before, std::size_t limit,
                                               protocol::WorkspaceId workspace, UtcMs until) const
{
    // The plus keeps SQLite from sorting all edits since then for the few newest.
    std::string sql = std::string(selectEdits) + "WHERE +time >= " + std::to_string(from.value);
    if (workspace)
        sql += " AND workspace = " + std::to_string(workspace.value);
    if (before > 0)
        sql += " AND id < " + std::to_string(before);
    if (until.value > 0)
        sql += " AND +time < " + std::to_string(until.value);
    return m_parts->all(sql + " ORDER BY id DESC LIMIT " + std::to_string(limit), editOf);
}

std::vector<EditMark> Reader::editMarks(const EditMarkQuery& query) const
{
    return storage::editMarks(m_parts->settingsFile(), query);
}

std::vector<protocol::Edit> Reader::editsOf(protocol::LinkId link, std::uint64_t before, std::size_t limit) const
{
    std::string sql = std::string(selectEdits) + "WHERE link = " + std::to_string(link.value);
    if (before > 0)
        sql += " AND id < " + std::to_string(before);
    return m_parts->all(sql + " ORDER BY id DESC LIMIT " + std::to_string(limit), editOf);
}

} // namespace storage

// SPDX-License-Identifier: GPL-3.0-or-later
// A report's figures, in one or two passes over the packs of its range.
#include <algorithm>
#include <numeric>
#include <tuple>
#include <unordered_map>

#include "backend/storage/sqlite/restatement_rows.h"
#include "backend/storage/sqlite/rollup_query.h"

namespace storage {

using protocol::Dimension;
using protocol::Granularity;
using rollups::CellPack;
using rollups::PackedSet;
using rollups::PackKind;
using rollups::VisitorViews;

namespace {

constexpr std::uint32_t nowhere = UINT32_MAX;

// Which entries of a pack a query looks at. Asked in the order of the entries.
class Chooser {
public:
    explicit Chooser(const ReportQuery& query) : m_query(query) {}

    template <class Pack> void begin(const Pack& pack)
    {
        m_inRange.clear();
        for (const std::int64_t bucket : pack.buckets)
            m_inRange.push_back(bucket >= m_query.from.value && bucket < m_query.to.value);
        m_word = nowhere;
        if (m_query.where) {
            const auto found = std::lower_bound(pack.words.begin(), pack.words.end(), *m_query.where);
            if (found != pack.words.end() && *found == *m_query.where)
                m_word = static_cast<std::uint32_t>(found - pack.words.begin());
        }
        m_hasLink = false;
    }
    template <class Entry> bool takes(const Entry& entry)
    {
        if (!m_inRange[entry.bucket] || (m_query.where && entry.word != m_word))
            return false;
        if (!m_query.links)
            return true;
        if (!m_hasLink || entry.link != m_link) {
            m_link = entry.link;
            m_hasLink = true;
            m_isWanted = std::binary_search(m_query.links->begin(), m_query.links->end(), m_link);
        }
        return m_isWanted;
    }

private:
    const ReportQuery& m_query;
    std::vector<bool> m_inRange;
    std::uint32_t m_word = nowhere;
    std::uint64_t m_link = 0;
    bool m_hasLink = false, m_isWanted = false;
};

// The values of a report, found by word or by link.
class ValueBook {
public:
    ValueBook(const ReportQuery& query, std::vector<ReportValue>& values) : m_query(query), m_values(values)
    {
        for (std::uint32_t at = 0; at < values.size(); ++at)
            if (query.by == ReportQuery::By::Link)
                m_byLink[values[at].link] = at;
            else
                m_byWord[values[at].value] = at;
    }

    template <class Pack> void begin(const Pack& pack) { m_ofWord.assign(pack.words.size(), nowhere); }

    template <class Pack, class Entry> ReportValue& of(const Pack& pack, const Entry& entry)
    {
        if (m_query.by == ReportQuery::By::Link)
            return m_values[placeOf(m_byLink, entry.link, [&](ReportValue& made) { made.link = entry.link; })];
        std::uint32_t& place = m_ofWord[entry.word];
        if (place == nowhere) {
            const std::string& word = pack.words[entry.word];
            place = placeOf(m_byWord, word, [&](ReportValue& made) { made.value = word; });
        }
        return m_values[place];
    }

private:
    template <class Map, class Name> std::uint32_t placeOf(Map& map, const typename Map::key_type& key, Name name)
    {
        const auto [place, isNew] = map.try_emplace(key, static_cast<std::uint32_t>(m_values.size()));
        if (isNew)
            name(m_values.emplace_back());
        return place->second;
    }

    const ReportQuery& m_query;
    std::vector<ReportValue>& m_values;
    std::unordered_map<std::string, std::uint32_t> m_byWord;
    std::unordered_map<std::uint64_t, std::uint32_t> m_byLink;
    std::vector<std::uint32_t> m_ofWord;
};

// Every set of a day in one: the workspace's own where all links are asked for, else those of the links.
struct TotalPlaces {
    bool knowsTotals, takesTotals;

    void begin(const VisitorViews&) {}
    std::uint32_t of(const VisitorViews&, const rollups::PackEntry<PackedSet>& entry) const
    {
        return knowsTotals && (entry.link == 0) != takesTotals ? nowhere : 0;
    }
};

struct ValuePlaces {
    ValueBook& book;
    const std::vector<ReportValue>& values;

    void begin(const VisitorViews& pack) { book.begin(pack); }
    std::uint32_t of(const VisitorViews& pack, const rollups::PackEntry<PackedSet>& entry) const
    {
        return entry.link == 0 ? nowhere : static_cast<std::uint32_t>(&book.of(pack, entry) - values.data());
    }
};

// A set that a report asks for, and the place and the day it belongs to.
struct Chosen {
    std::size_t cell;
    const PackedSet* set;
};

// By counting, where the cells are not many more than the sets: millions of them are moved once.
void sortByCell(std::vector<Chosen>& chosen)
{
    const auto isBefore = [](const Chosen& a, const Chosen& b) { return a.cell < b.cell; };
    if (std::is_sorted(chosen.begin(), chosen.end(), isBefore))
        return;
    const std::size_t cells = std::max_element(chosen.begin(), chosen.end(), isBefore)->cell + 1;
    if (cells / 4 > chosen.size())
        return std::sort(chosen.begin(), chosen.end(), isBefore);
    std::vector<std::size_t> starts(cells + 1, 0);
    for (const Chosen& one : chosen)
        ++starts[one.cell + 1];
    std::partial_sum(starts.begin(), starts.end(), starts.begin());
    std::vector<Chosen> sorted(chosen.size());
    for (const Chosen& one : chosen)
        sorted[starts[one.cell]++] = one;
    chosen = std::move(sorted);
}

bool hasSets(Dimension dimension)
{
    return dimension == Dimension::None || dimension == Dimension::Placement || dimension == Dimension::Campaign;
}

std::optional<std::uint64_t>& countOf(Figures& figures, PackKind kind)
{
    return kind == PackKind::Visitors ? figures.uniques : figures.scanners;
}

void addTo(Figures& figures, PackKind kind, std::uint64_t count)
{
    auto& sum = countOf(figures, kind);
    sum = sum.value_or(0) + count;
}

bool comesFirst(const ReportValue& a, const ReportValue& b)
{
    const rollups::Counts &x = a.figures.counts, &y = b.figures.counts;
    return std::tie(y.clicks, y.hits, a.value, a.link) < std::tie(x.clicks, x.hits, b.value, b.link);
}

} // namespace

void RollupQueries::reportCells(const ReportQuery& query, ReportFigures& figures)
{
    Range range{rollups::kindOf(query.granularity), query.dimension, query.from.value, query.to.value};
    if (query.links && !query.links->empty()) {
        range.firstLink = query.links->front();
        range.lastLink = query.links->back();
    }
    const auto pass = [&](bool onlySeries) {
        Chooser chooser(query);
        ValueBook book(query, figures.values);
        forEachPack<CellPack>(query.workspace, range, [&](const CellPack& pack) {
            chooser.begin(pack);
            book.begin(pack);
            std::vector<rollups::Counts> sums(pack.buckets.size());
            for (const auto& entry : pack.entries) {
                if (!chooser.takes(entry))
                    continue;
                if (!onlySeries)
                    sums[entry.bucket] += entry.payload;
                if (query.by == ReportQuery::By::Nothing)
                    continue;
                ReportValue& value = book.of(pack, entry);
                if (!onlySeries)
                    value.figures.counts += entry.payload;
                else if (static_cast<std::size_t>(&value - figures.values.data()) < query.seriesOf)
                    value.series[pack.buckets[entry.bucket]].counts += entry.payload;
            }
            for (std::size_t at = 0; at < sums.size(); ++at) {
                if (sums[at].hits == 0)
                    continue;
                figures.series[pack.buckets[at]].counts += sums[at];
                figures.totals.counts += sums[at];
            }
        });
    };
    pass(false);
    std::sort(figures.values.begin(), figures.values.end(), comesFirst);
    if (query.seriesOf > 0 && query.by != ReportQuery::By::Nothing)
        pass(true);
}

// Sets are united over the links of a day, and the days added up. One period at a time is in memory.
template <class Places, class Take>
void RollupQueries::unite(const ReportQuery& query, const Range& range, Places places, const Take& take)
{
    const std::int64_t length = rollups::periodMs(range.kind);
    for (const std::int64_t period : periods(query.workspace, range)) {
        Range one = range;
        one.from = period * length;
        one.to = one.from + length;
        unitePeriod(query, one, places, take);
    }
}

// Most sets are alone in their place and day: their number is told without reading them.
template <class Places, class Take>
void RollupQueries::unitePeriod(const ReportQuery& query, const Range& period, Places& places, const Take& take)
{
    std::deque<std::string> bytes;
    const std::vector<VisitorViews> packs = setsOf(query.workspace, period, bytes);
    std::vector<std::int64_t> days;
    for (const VisitorViews& pack : packs)
        days.insert(days.end(), pack.buckets.begin(), pack.buckets.end());
    std::sort(days.begin(), days.end());
    days.erase(std::unique(days.begin(), days.end()), days.end());
    std::vector<Chosen> chosen;
    Chooser chooser(query);
    for (const VisitorViews& pack : packs) {
        chooser.begin(pack);
        places.begin(pack);
        std::vector<std::size_t> dayOf;
        for (const std::int64_t bucket : pack.buckets)
            dayOf.push_back(
                static_cast<std::size_t>(std::lower_bound(days.begin(), days.end(), bucket) - days.begin()));
        for (const auto& entry : pack.entries)
            if (const std::uint32_t place = chooser.takes(entry) ? places.of(pack, entry) : nowhere; place != nowhere)
                chosen.push_back({place * days.size() + dayOf[entry.bucket], &entry.payload});
    }
    sortByCell(chosen);
    rollups::VisitorUnion sum;
    for (std::size_t at = 0; at < chosen.size();) {
        const std::size_t cell = chosen[at].cell, first = at;
        while (at < chosen.size() && chosen[at].cell == cell)
            ++at;
        const auto place = static_cast<std::uint32_t>(cell / days.size());
        const std::int64_t day = days[cell % days.size()];
        if (at - first == 1) {
            take(place, day, chosen[first].set->count(), chosen[first].set->isEstimated);
            continue;
        }
        sum.begin(chosen[first].set->precision);
        for (std::size_t one = first; one < at; ++one)
            sum.add(*chosen[one].set);
        take(place, day, sum.count(), sum.isEstimated());
    }
}

void RollupQueries::reportTotalVisitors(const ReportQuery& query, PackKind kind, ReportFigures& figures)
{
    const Dimension dimension = query.where ? query.dimension : Dimension::None;
    if (!hasSets(dimension))
        return;
    const bool byDay = query.granularity == Granularity::Day;
    countOf(figures.totals, kind) = 0;
    for (auto& [bucket, one] : figures.series)
        if (byDay)
            countOf(one, kind) = 0;
    const TotalPlaces places{dimension == Dimension::None, !query.links};
    Range range{kind, dimension, query.from.value, query.to.value};
    if (query.links) {
        range.firstLink = query.links->front();
        range.lastLink = query.links->back();
    } else if (places.knowsTotals) {
        range.firstLink = range.lastLink = 0;
    }
    unite(query, range, places, [&](std::uint32_t, std::int64_t day, std::uint64_t count, bool isEstimated) {
        figures.isEstimated = figures.isEstimated || isEstimated;
        addTo(figures.totals, kind, count);
        if (byDay)
            addTo(figures.series[day], kind, count);
    });
}

void RollupQueries::reportValueVisitors(const ReportQuery& query, PackKind kind, ReportFigures& figures)
{
    if (query.by == ReportQuery::By::Nothing || !hasSets(query.dimension))
        return;
    const bool byDay = query.granularity == Granularity::Day;
    for (ReportValue& value : figures.values) {
        countOf(value.figures, kind) = 0;
        for (auto& [bucket, one] : value.series)
            if (byDay)
                countOf(one, kind) = 0;
    }
    ValueBook book(query, figures.values);
    unite(query, {kind, query.dimension, query.from.value, query.to.value}, ValuePlaces{book, figures.values},
          [&](std::uint32_t place, std::int64_t day, std::uint64_t count, bool isEstimated) {
              ReportValue& value = figures.values[place];
              figures.isEstimated = figures.isEstimated || isEstimated;
              addTo(value.figures, kind, count);
              if (byDay && place < query.seriesOf)
                  addTo(value.series[day], kind, count);
          });
}

ReportFigures RollupQueries::report(const ReportQuery& query)
{
    ReportFigures figures;
    if (!open())
        return figures;
    const Transaction moment(m_database, Transaction::Kind::Read);
    figures.upTo = mark().seq;
    if (query.from >= query.to || (query.links && query.links->empty()))
        return figures;
    figures.restated = restatedIn(m_database, query);
    reportCells(query, figures);
    if (query.uniques)
        for (const PackKind kind : {PackKind::Visitors, PackKind::Scanners}) {
            reportTotalVisitors(query, kind, figures);
            reportValueVisitors(query, kind, figures);
        }
    return figures;
}

} // namespace storage

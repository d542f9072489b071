// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/rollups/fold.h"

#include <algorithm>
#include <tuple>

namespace rollups {

using protocol::Dimension;
using protocol::UtcMs;

namespace {

// Distinct texts kept from piece to piece.
constexpr std::size_t wordsMax = 1'000'000;
constexpr std::size_t wordBytesMax = 64 * 1024 * 1024;

std::int64_t startOf(std::int64_t time, std::int64_t step)
{
    const std::int64_t rest = time % step;
    return time - (rest < 0 ? rest + step : rest);
}

bool hasSets(Dimension dimension)
{
    return dimension == Dimension::None || dimension == Dimension::Placement || dimension == Dimension::Campaign;
}

} // namespace

BucketStarts utcStarts(protocol::WorkspaceId, UtcMs time)
{
    return {UtcMs(startOf(time.value, protocol::msPerHour)), UtcMs(startOf(time.value, protocol::msPerDay))};
}

Counts countsOf(const HitFacts& facts)
{
    const bool isClick = facts.hitClass == protocol::HitClass::Click;
    const bool isHuman = isClick && facts.bot == protocol::BotCategory::Human;
    const bool isScan = isClick && facts.touch == protocol::TouchType::Qr;
    return {1, isClick ? 1U : 0U, isHuman ? 1U : 0U, isScan ? 1U : 0U};
}

std::vector<Dimension> FoldScope::allDimensions()
{
    std::vector<Dimension> all;
    for (std::size_t at = 0; at < protocol::dimensionCount; ++at)
        all.push_back(static_cast<Dimension>(at));
    return all;
}

Fold::Fold(StartsOf startsOf, FoldScope scope) : m_startsOf(std::move(startsOf)), m_scope(std::move(scope))
{
    m_columns.resize(m_scope.dimensions.size());
    makeFixedIds();
}

void Fold::keepFrom(std::int64_t minutes, std::int64_t others)
{
    m_scope.minutesFrom = minutes;
    m_scope.from = others;
}

void Fold::add(const HitFacts& facts)
{
    if (facts.time < m_scope.from)
        return;
    Row row;
    row.link = facts.link;
    row.time = facts.time;
    // Asked for now, while the hits come in the order of their time.
    const BucketStarts starts = m_startsOf(protocol::WorkspaceId(facts.workspace), UtcMs(facts.time));
    row.hour = starts.hour.value;
    row.day = starts.day.value;
    row.visitor = visitorHash(facts.visitor);
    row.workspace = facts.workspace;
    const Counts counts = countsOf(facts);
    row.click = static_cast<std::uint8_t>(counts.clicks);
    row.human = static_cast<std::uint8_t>(counts.humanClicks);
    row.scan = static_cast<std::uint8_t>(counts.scans);
    row.isVisit = counts.humanClicks > 0 && facts.visitor != 0 ? 1 : 0;
    m_rows.push_back(row);
    for (const Dimension dimension : m_scope.dimensions)
        m_values.push_back(valueOf(dimension, facts));
}

void Fold::sortRows()
{
    struct Place {
        std::uint64_t link;
        std::int64_t time;
        std::uint32_t workspace, at;
    };
    std::vector<Place> order;
    order.reserve(m_rows.size());
    for (std::uint32_t at = 0; at < m_rows.size(); ++at)
        order.push_back({m_rows[at].link, m_rows[at].time, m_rows[at].workspace, at});
    std::sort(order.begin(), order.end(), [](const Place& a, const Place& b) {
        return std::tie(a.workspace, a.link, a.time, a.at) < std::tie(b.workspace, b.link, b.time, b.at);
    });
    std::vector<Row> rows(m_rows.size());
    const std::size_t width = m_columns.size();
    for (auto& column : m_columns)
        column.resize(m_rows.size());
    for (std::size_t at = 0; at < order.size(); ++at) {
        rows[at] = m_rows[order[at].at];
        for (std::size_t column = 0; column < width; ++column)
            m_columns[column][at] = m_values[order[at].at * width + column];
    }
    m_rows = std::move(rows);
    m_values.clear();
}

std::uint32_t Fold::bucketAt(std::int64_t start)
{
    const auto [place, isNew] = m_bucketPlaces.try_emplace(start, static_cast<std::uint32_t>(m_buckets.size()));
    if (isNew)
        m_buckets.push_back(start);
    return place->second;
}

std::uint32_t Fold::keyAt(PackKind kind, std::uint32_t workspace, std::int64_t bucket)
{
    const std::pair key(workspace, periodOf(kind, bucket));
    const auto [place, isNew] = m_keyPlaces.try_emplace(key, static_cast<std::uint32_t>(m_keys.size()));
    if (isNew)
        m_keys.push_back(key);
    return place->second;
}

void Fold::group(PackKind kind)
{
    m_groups.clear();
    m_keys.clear();
    m_keyPlaces.clear();
    m_buckets.clear();
    m_bucketPlaces.clear();
    std::int64_t bucketBefore = 0;
    for (std::uint32_t at = 0; at < m_rows.size(); ++at) {
        const Row& row = m_rows[at];
        if (kind == PackKind::Minutes && row.time < m_scope.minutesFrom)
            continue;
        const std::int64_t bucket = kind == PackKind::Minutes ? startOf(row.time, protocol::msPerMinute)
                                    : kind == PackKind::Hours ? row.hour
                                                              : row.day;
        if (!m_groups.empty() && m_groups.back().end == at && bucket == bucketBefore &&
            m_rows[at - 1].link == row.link && m_rows[at - 1].workspace == row.workspace) {
            m_groups.back().end = at + 1;
            continue;
        }
        bucketBefore = bucket;
        m_groups.push_back({at, at + 1, bucketAt(bucket), keyAt(kind, row.workspace, bucket)});
    }
}

// From numbers of m_words and m_buckets to words and buckets of the pack's own.
template <class Payload> void Fold::name(Pack<Payload>& pack)
{
    const std::uint32_t stamp = ++m_stamp;
    constexpr std::uint32_t unmet = UINT32_MAX;
    std::vector<std::uint32_t> buckets(m_buckets.size(), unmet);
    for (auto& entry : pack.entries) {
        if (m_stamps[entry.word] != stamp) {
            m_stamps[entry.word] = stamp;
            m_places[entry.word] = static_cast<std::uint32_t>(pack.words.size());
            pack.words.emplace_back(m_words.text(entry.word));
        }
        std::uint32_t& bucket = buckets[entry.bucket];
        if (bucket == unmet) {
            bucket = static_cast<std::uint32_t>(pack.buckets.size());
            pack.buckets.push_back(m_buckets[entry.bucket]);
        }
        entry.word = m_places[entry.word];
        entry.bucket = bucket;
    }
    makeCanonical(pack);
}

template <class Payload, class Take>
void Fold::handOver(PackKind kind, Dimension dimension, std::vector<Pack<Payload>>& packs, const Take& take)
{
    for (std::size_t at = 0; at < packs.size(); ++at) {
        if (packs[at].isEmpty())
            continue;
        name(packs[at]);
        cap(packs[at], valuesMax(kind, dimension));
        take(PackKey{m_keys[at].first, kind, dimension, m_keys[at].second}, std::move(packs[at]));
    }
}

void Fold::foldCells(PackKind kind, std::size_t column, const TakeCells& take)
{
    std::vector<CellPack> packs(m_keys.size());
    const std::vector<std::uint32_t>& words = m_columns[column];
    for (const Group& group : m_groups) {
        auto& entries = packs[group.key].entries;
        const std::uint32_t stamp = ++m_stamp;
        for (std::uint32_t at = group.begin; at < group.end; ++at) {
            const std::uint32_t word = words[at];
            const Row& row = m_rows[at];
            if (m_stamps[word] != stamp) {
                m_stamps[word] = stamp;
                m_places[word] = static_cast<std::uint32_t>(entries.size());
                entries.push_back({row.link, word, group.bucket, {}});
            }
            Counts& counts = entries[m_places[word]].payload;
            ++counts.hits;
            counts.clicks += row.click;
            counts.humanClicks += row.human;
            counts.scans += row.scan;
        }
    }
    handOver(kind, m_scope.dimensions[column], packs, take);
}

void Fold::foldSets(PackKind kind, std::size_t column, const TakeVisitors& take)
{
    std::vector<VisitorPack> packs(m_keys.size());
    std::vector<std::pair<std::uint32_t, std::uint64_t>> visits; // word, visitor
    for (const Group& group : m_groups) {
        if (m_rows[group.begin].link == 0) // there the totals stand
            continue;
        visits.clear();
        for (std::uint32_t at = group.begin; at < group.end; ++at)
            if (m_rows[at].isVisit != 0 && (kind == PackKind::Visitors || m_rows[at].scan != 0))
                visits.emplace_back(m_columns[column][at], m_rows[at].visitor);
        std::sort(visits.begin(), visits.end());
        visits.erase(std::unique(visits.begin(), visits.end()), visits.end());
        for (std::size_t at = 0; at < visits.size();) {
            const std::uint32_t word = visits[at].first;
            std::vector<std::uint64_t> hashes;
            for (; at < visits.size() && visits[at].first == word; ++at)
                hashes.push_back(visits[at].second);
            packs[group.key].entries.push_back({m_rows[group.begin].link, word, group.bucket,
                                                VisitorSet(VisitorSet::linkPrecision, std::move(hashes))});
        }
    }
    handOver(kind, m_scope.dimensions[column], packs, take);
}

void Fold::foldTotals(PackKind kind, const TakeVisitors& take)
{
    std::vector<std::tuple<std::uint32_t, std::uint32_t, std::uint64_t>> visits; // key, bucket, visitor
    for (const Group& group : m_groups)
        for (std::uint32_t at = group.begin; at < group.end; ++at)
            if (m_rows[at].isVisit != 0 && (kind == PackKind::Visitors || m_rows[at].scan != 0))
                visits.emplace_back(group.key, group.bucket, m_rows[at].visitor);
    std::sort(visits.begin(), visits.end());
    visits.erase(std::unique(visits.begin(), visits.end()), visits.end());
    std::vector<VisitorPack> packs(m_keys.size());
    for (std::size_t at = 0; at < visits.size();) {
        const auto [key, bucket, first] = visits[at];
        std::vector<std::uint64_t> hashes;
        for (; at < visits.size() && std::get<0>(visits[at]) == key && std::get<1>(visits[at]) == bucket; ++at)
            hashes.push_back(std::get<2>(visits[at]));
        packs[key].entries.push_back({0, 0, bucket, VisitorSet(VisitorSet::totalPrecision, std::move(hashes))});
    }
    handOver(kind, Dimension::None, packs, take);
}

void Fold::finish(const TakeCells& cells, const TakeVisitors& visitors)
{
    sortRows();
    m_stamps.assign(m_words.size(), 0);
    m_places.assign(m_words.size(), 0);
    m_stamp = 0;
    const std::pair<PackKind, bool> kinds[] = {
        {PackKind::Minutes, m_scope.minutes}, {PackKind::Hours, m_scope.hours}, {PackKind::Days, m_scope.days}};
    for (const auto& [kind, isWanted] : kinds) {
        if (!isWanted)
            continue;
        group(kind);
        for (std::size_t column = 0; column < m_columns.size(); ++column)
            foldCells(kind, column, cells);
    }
    if (!m_scope.visitors)
        return;
    for (const PackKind kind : {PackKind::Visitors, PackKind::Scanners}) {
        group(kind);
        for (std::size_t column = 0; column < m_columns.size(); ++column)
            if (hasSets(m_scope.dimensions[column]))
                foldSets(kind, column, visitors);
        foldTotals(kind, visitors);
    }
}

void Fold::clear()
{
    m_rows.clear();
    m_values.clear();
    m_groups.clear();
    if (m_words.size() < wordsMax && m_words.bytes() < wordBytesMax)
        return;
    m_words.clear();
    for (PairIds* made : {&m_regions, &m_cities, &m_channels, &m_variants})
        made->clear();
    makeFixedIds();
}

} // namespace rollups

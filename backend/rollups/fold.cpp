// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/rollups/fold.h"

#include <algorithm>
#include <tuple>

#include "backend/protocol/words.h"

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

UtcMs utcDayStart(protocol::WorkspaceId, UtcMs time)
{
    return UtcMs(startOf(time.value, protocol::msPerDay));
}

std::vector<Dimension> FoldScope::allDimensions()
{
    std::vector<Dimension> all;
    for (std::size_t at = 0; at < protocol::dimensionCount; ++at)
        all.push_back(static_cast<Dimension>(at));
    return all;
}

Fold::Fold(DayStart dayStart, FoldScope scope) : m_dayStart(std::move(dayStart)), m_scope(std::move(scope))
{
    m_columns.resize(m_scope.dimensions.size());
    makeFixedIds();
}

void Fold::makeFixedIds()
{
    for (std::uint8_t at = 0; at < m_classIds.size(); ++at) {
        m_classIds[at] = m_words.idOf(protocol::word(static_cast<protocol::HitClass>(at)));
        m_touchIds[at] = m_words.idOf(protocol::word(static_cast<protocol::TouchType>(at)));
        m_deviceIds[at] = m_words.idOf(protocol::word(static_cast<protocol::DeviceType>(at)));
    }
    for (std::uint8_t at = 0; at < m_botIds.size(); ++at)
        m_botIds[at] = m_words.idOf(protocol::word(static_cast<protocol::BotCategory>(at)));
    m_statusIds.fill(0);
    m_true = m_words.idOf("true");
    m_false = m_words.idOf("false");
    m_direct = m_words.idOf("direct");
}

std::uint32_t Fold::statusId(std::uint16_t status)
{
    if (status >= m_statusIds.size())
        return m_words.idOf(std::to_string(status));
    if (m_statusIds[status] == 0)
        m_statusIds[status] = m_words.idOf(std::to_string(status));
    return m_statusIds[status];
}

std::uint32_t Fold::joined(PairIds& made, std::uint32_t first, const char* between, std::uint32_t second)
{
    if (second == 0)
        return 0;
    std::uint32_t& id = made.of(first, second);
    if (id == 0)
        id = m_words.idOf(std::string(m_words.text(first)).append(between).append(m_words.text(second)));
    return id;
}

std::uint32_t Fold::cityOf(std::uint32_t country, std::uint32_t region, std::uint32_t city)
{
    if (city == 0)
        return 0;
    if (const std::uint32_t place = joined(m_regions, country, "/", region); place != 0)
        return joined(m_cities, place, "/", city);
    return m_words.idOf(std::string(m_words.text(country)) + "//" + std::string(m_words.text(city)));
}

// As protocol/rollup.h says what each dimension's values are.
std::uint32_t Fold::valueOf(Dimension dimension, const HitFacts& facts)
{
    const auto& texts = facts.texts;
    switch (dimension) {
    case Dimension::None:
        return 0;
    case Dimension::Class:
        return m_classIds[static_cast<std::size_t>(facts.hitClass) % m_classIds.size()];
    case Dimension::Bot:
        return facts.bot == protocol::BotCategory::Human ? m_false : m_true;
    case Dimension::Touch:
        return m_touchIds[static_cast<std::size_t>(facts.touch) % m_touchIds.size()];
    case Dimension::Country:
        return texts[fact::Country];
    case Dimension::Device:
        return m_deviceIds[static_cast<std::size_t>(facts.device) % m_deviceIds.size()];
    case Dimension::Referrer:
        return texts[fact::Referrer];
    case Dimension::BotCategory:
        return m_botIds[static_cast<std::size_t>(facts.bot) % m_botIds.size()];
    case Dimension::Placement:
        return texts[fact::Placement];
    case Dimension::Region:
        return joined(m_regions, texts[fact::Country], "/", texts[fact::Region]);
    case Dimension::City:
        return cityOf(texts[fact::Country], texts[fact::Region], texts[fact::City]);
    case Dimension::Os:
        return texts[fact::Os];
    case Dimension::Browser:
        return texts[fact::Browser];
    case Dimension::Language:
        return texts[fact::Language];
    case Dimension::Channel:
        if (texts[fact::UtmSource] == 0)
            return texts[fact::Referrer] == 0 ? m_direct : texts[fact::Referrer];
        return texts[fact::UtmMedium] == 0 ? texts[fact::UtmSource]
                                           : joined(m_channels, texts[fact::UtmSource], " / ", texts[fact::UtmMedium]);
    case Dimension::Campaign:
        return texts[fact::Campaign];
    case Dimension::UtmSource:
        return texts[fact::UtmSource];
    case Dimension::UtmMedium:
        return texts[fact::UtmMedium];
    case Dimension::UtmTerm:
        return texts[fact::UtmTerm];
    case Dimension::UtmContent:
        return texts[fact::UtmContent];
    case Dimension::Destination:
        return texts[fact::Destination];
    case Dimension::Rule:
        return texts[fact::Rule];
    case Dimension::Variant:
        return joined(m_variants, texts[fact::Rule], "/", texts[fact::Variant]);
    case Dimension::Status:
        return statusId(facts.status);
    }
    return 0;
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
    row.day = m_dayStart(protocol::WorkspaceId(facts.workspace), UtcMs(facts.time)).value;
    row.visitor = visitorHash(facts.visitor);
    row.workspace = facts.workspace;
    const bool isClick = facts.hitClass == protocol::HitClass::Click;
    const bool isHuman = isClick && facts.bot == protocol::BotCategory::Human;
    row.click = isClick ? 1 : 0;
    row.human = isHuman ? 1 : 0;
    row.scan = isClick && facts.touch == protocol::TouchType::Qr ? 1 : 0;
    row.isVisit = isHuman && facts.visitor != 0 ? 1 : 0;
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
                                    : kind == PackKind::Hours ? startOf(row.time, protocol::msPerHour)
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

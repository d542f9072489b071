// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/insight/window_counts.h"

#include <algorithm>
#include <tuple>

#include "backend/protocol/limits.h"
#include "backend/protocol/words.h"

namespace insight {

using protocol::NamedCount;
using protocol::PlaceCount;
using protocol::VelocityBucket;

namespace {

namespace limits = protocol::limits;

constexpr std::int64_t velocityStepsMax = 182; // 180 whole ones, and a part at either end

std::uint64_t placeKey(const CompactHit& hit, CompactHit::Text name)
{
    return std::uint64_t{hit.texts[CompactHit::Country]} << 32 | hit.texts[name];
}

std::string_view secondName(const NamedCount&)
{
    return {};
}

std::string_view secondName(const PlaceCount& row)
{
    return row.country;
}

// The most frequent first; equal counts in the order of their names, so that rows do not jump about.
template <class Row> void sortRows(std::vector<Row>& rows)
{
    std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
        return a.count != b.count ? a.count > b.count
                                  : std::tuple(std::string_view(a.name), secondName(a)) <
                                        std::tuple(std::string_view(b.name), secondName(b));
    });
}

// Keys with the highest counts. Which of several equal ones stand at the list's end is left to their ids: a flood of
// names that were seen once must not cost a comparison of texts each.
template <class Counts>
std::vector<std::pair<std::uint32_t, std::uint64_t>> topKeys(const Counts& counts, std::size_t rowsMax)
{
    std::vector<std::pair<std::uint32_t, std::uint64_t>> ranked;
    ranked.reserve(counts.size());
    for (const auto& [key, count] : counts)
        ranked.emplace_back(count, key);
    const auto first = [](const auto& a, const auto& b) {
        return a.first != b.first ? a.first > b.first : a.second < b.second;
    };
    if (ranked.size() > rowsMax) {
        std::nth_element(ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(rowsMax), ranked.end(), first);
        ranked.resize(rowsMax);
    }
    return ranked;
}

template <class Counts>
std::vector<NamedCount> topOf(const Counts& counts, const StringTable& table, std::size_t rowsMax)
{
    std::vector<NamedCount> rows;
    for (const auto& [count, key] : topKeys(counts, rowsMax))
        rows.push_back({table.text(static_cast<StringTable::Id>(key)), count});
    sortRows(rows);
    return rows;
}

template <class Counts> std::vector<PlaceCount> topPlaces(const Counts& counts, const StringTable& table)
{
    std::vector<PlaceCount> rows;
    for (const auto& [count, key] : topKeys(counts, limits::topListRows))
        rows.push_back({table.text(static_cast<StringTable::Id>(key >> 32)),
                        table.text(static_cast<StringTable::Id>(key)), count});
    sortRows(rows);
    return rows;
}

// Enumerations of later versions count with the last place of their table.
template <class E, std::size_t size> std::size_t placeOf(E value, const std::array<std::uint64_t, size>&)
{
    return std::min(static_cast<std::size_t>(value), size - 1);
}

} // namespace

void WindowCounts::change(Counts& counts, std::uint64_t key, int by)
{
    const auto place = counts.try_emplace(key, 0).first;
    place->second += static_cast<std::uint32_t>(by);
    if (place->second == 0)
        counts.erase(place);
}

void WindowCounts::change(const CompactHit& hit, int by)
{
    const auto step = static_cast<std::uint64_t>(static_cast<std::int64_t>(by));
    m_hits += step;
    m_byClass[placeOf(hit.hitClass, m_byClass)] += step;
    if (hit.hitClass == protocol::HitClass::Miss)
        change(m_misses, hit.texts[CompactHit::Link], by);
    if (hit.isClick())
        changeClick(hit, by);
    if (hit.isClick() || hit.hitClass == protocol::HitClass::Miss) {
        const std::int64_t start = hit.timeMs - ((hit.timeMs % m_bucketMs) + m_bucketMs) % m_bucketMs;
        VelocityBucket& bucket = m_velocity[start];
        const auto part = static_cast<std::uint32_t>(by);
        bucket.clicks += hit.isClick() ? part : 0;
        bucket.humans += hit.isClick() && !hit.isBot() ? part : 0;
        bucket.scans += hit.isScan() ? part : 0;
        bucket.misses += hit.isClick() ? 0 : part;
        if (bucket.clicks == 0 && bucket.misses == 0)
            m_velocity.erase(start);
    }
}

void WindowCounts::changeClick(const CompactHit& hit, int by)
{
    const auto step = static_cast<std::uint64_t>(static_cast<std::int64_t>(by));
    if (hit.isScan()) {
        m_scans += step;
        change(m_placements, hit.texts[CompactHit::Placement], by);
        change(m_qrCountries, hit.texts[CompactHit::Country], by);
        change(m_qrRegions, placeKey(hit, CompactHit::Region), by);
        change(m_qrCities, placeKey(hit, CompactHit::City), by);
    }
    if (hit.isBot()) {
        m_bots += step;
        m_byBot[placeOf(hit.botCategory, m_byBot)] += step;
        return;
    }
    for (const auto list :
         {CompactHit::Link, CompactHit::Referrer, CompactHit::Channel, CompactHit::Country, CompactHit::Campaign})
        change(m_clicksBy[list], hit.texts[list], by);
    m_byDevice[placeOf(hit.device, m_byDevice)] += step;
    if (hit.visitor != 0)
        change(m_visitors, hit.visitor, by);
}

void WindowCounts::fill(protocol::WindowAggregate& a, const StringTable& table, bool withQr) const
{
    using protocol::HitClass;
    const auto ofClass = [&](HitClass value) { return m_byClass[static_cast<std::size_t>(value)]; };
    a.hits = m_hits;
    a.clicks = ofClass(HitClass::Click);
    a.bots = m_bots;
    a.humanClicks = a.clicks - a.bots;
    a.scans = m_scans;
    a.misses = ofClass(HitClass::Miss);
    a.probes = ofClass(HitClass::Probe);
    a.prefetches = ofClass(HitClass::Prefetch);
    a.blocked = ofClass(HitClass::Blocked);
    a.visitors = m_visitors.size();
    fillVelocity(a);
    fillWords(a);
    a.topLinks = topOf(m_clicksBy[CompactHit::Link], table, limits::topListRows);
    a.topReferrers = topOf(m_clicksBy[CompactHit::Referrer], table, limits::topListRows);
    a.topChannels = topOf(m_clicksBy[CompactHit::Channel], table, limits::topListRows);
    a.topCountries = topOf(m_clicksBy[CompactHit::Country], table, limits::topListRows);
    a.topCampaigns = topOf(m_clicksBy[CompactHit::Campaign], table, limits::topListRows);
    a.topPlacements = topOf(m_placements, table, limits::topListRows);
    a.topMisses = topOf(m_misses, table, limits::topListRows);
    if (!withQr)
        return;
    a.qrCountries = topOf(m_qrCountries, table, limits::windowCountries);
    a.qrRegions = topPlaces(m_qrRegions, table);
    a.qrCities = topPlaces(m_qrCities, table);
}

// One bucket for every step of the window, with or without hits.
void WindowCounts::fillVelocity(protocol::WindowAggregate& a) const
{
    a.bucketSeconds = static_cast<std::int32_t>(m_bucketMs / protocol::msPerSecond);
    const std::int64_t last = a.to.value - a.to.value % m_bucketMs;
    std::int64_t start = std::max(a.from.value - a.from.value % m_bucketMs, last - m_bucketMs * (velocityStepsMax - 1));
    for (; start <= last; start += m_bucketMs) {
        const auto found = m_velocity.find(start);
        VelocityBucket bucket = found == m_velocity.end() ? VelocityBucket{} : found->second;
        bucket.start = protocol::UtcMs{start};
        a.velocity.push_back(bucket);
    }
}

void WindowCounts::fillWords(protocol::WindowAggregate& a) const
{
    for (std::size_t i = 0; i < m_byDevice.size(); ++i)
        if (m_byDevice[i] > 0)
            a.topDevices.push_back({std::string(word(static_cast<protocol::DeviceType>(i))), m_byDevice[i]});
    for (std::size_t i = 0; i < m_byBot.size(); ++i)
        if (m_byBot[i] > 0)
            a.topBots.push_back({std::string(word(static_cast<protocol::BotCategory>(i))), m_byBot[i]});
    sortRows(a.topDevices);
    sortRows(a.topBots);
    a.topBots.resize(std::min(a.topBots.size(), limits::topListRows));
}

} // namespace insight

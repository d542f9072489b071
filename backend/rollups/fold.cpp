// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/rollups/fold.h"

#include <algorithm>

#include "backend/protocol/words.h"

namespace rollups {

using protocol::Dimension;
using protocol::Granularity;
using protocol::UtcMs;

namespace {

std::int64_t startOf(std::int64_t time, std::int64_t step)
{
    const std::int64_t rest = time % step;
    return time - (rest < 0 ? rest + step : rest);
}

std::uint64_t mixed(std::uint64_t x)
{
    // The finaliser of SplitMix64: every bit of the input reaches every bit of the output.
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

} // namespace

Counts& Counts::operator+=(const Counts& other)
{
    hits += other.hits;
    clicks += other.clicks;
    humanClicks += other.humanClicks;
    scans += other.scans;
    return *this;
}

UtcMs utcDayStart(protocol::WorkspaceId, UtcMs time)
{
    return UtcMs(startOf(time.value, protocol::msPerDay));
}

std::size_t Fold::KeyHash::operator()(const Key& key) const
{
    std::uint64_t hash = mixed(key.link + 1);
    hash = mixed(hash ^ static_cast<std::uint64_t>(key.bucket));
    hash = mixed(hash ^ (std::uint64_t{key.workspace} << 32 | key.value));
    return mixed(hash ^ (std::uint64_t{key.dimension} << 8 | key.granularity));
}

std::size_t Fold::VisitorsHash::operator()(const VisitorsKey& key) const
{
    return mixed(mixed(key.link + 1) ^ static_cast<std::uint64_t>(key.day)) ^ key.workspace;
}

Fold::Fold(DayStart dayStart) : m_dayStart(std::move(dayStart))
{
    clear();
}

std::uint32_t Fold::indexOf(std::string_view value)
{
    const auto [found, isNew] =
        m_valueIndex.try_emplace(std::string(value), static_cast<std::uint32_t>(m_values.size()));
    if (isNew)
        m_values.emplace_back(value);
    return found->second;
}

void Fold::add(const protocol::Hit& hit)
{
    const Counts one{1, hit.isClick() ? 1U : 0U, hit.isHumanClick() ? 1U : 0U, hit.isScan() ? 1U : 0U};
    Key key;
    key.link = hit.link.value;
    key.workspace = hit.workspace.value;
    key.bucket = startOf(hit.time.value, protocol::msPerMinute);
    key.granularity = static_cast<std::uint8_t>(Granularity::Minute);
    const auto count = [&](Dimension dimension, std::string_view value) {
        key.dimension = static_cast<std::uint8_t>(dimension);
        key.value = indexOf(value);
        m_minutes[key] += one;
    };
    count(Dimension::None, {});
    count(Dimension::Class, protocol::word(hit.hitClass));
    count(Dimension::Bot, hit.isBot() ? "true" : "false");
    count(Dimension::Touch, protocol::word(hit.touch));
    count(Dimension::Country, hit.country);
    count(Dimension::Device, protocol::word(hit.device));
    count(Dimension::Referrer, hit.referrer);
    if (!hit.visitor || !hit.isHumanClick())
        return;
    const std::int64_t day = m_dayStart(hit.workspace, hit.time).value;
    m_visitors[{hit.link.value, day, hit.workspace.value}].push_back(hit.visitor.value);
    if (hit.link)
        m_visitors[{0, day, hit.workspace.value}].push_back(hit.visitor.value);
}

std::vector<Cell> Fold::cells() const
{
    // Hours and days are summed from the minutes, which are far fewer than the hits; a day starts on a minute in every
    // zone.
    CellMap coarse;
    for (const auto& [minute, counts] : m_minutes) {
        Key key = minute;
        key.granularity = static_cast<std::uint8_t>(Granularity::Hour);
        key.bucket = startOf(minute.bucket, protocol::msPerHour);
        coarse[key] += counts;
        key.granularity = static_cast<std::uint8_t>(Granularity::Day);
        key.bucket = m_dayStart(protocol::WorkspaceId(minute.workspace), UtcMs(minute.bucket)).value;
        coarse[key] += counts;
    }
    std::vector<Cell> cells;
    cells.reserve(m_minutes.size() + coarse.size());
    for (const CellMap* map : {&m_minutes, static_cast<const CellMap*>(&coarse)}) {
        for (const auto& [key, counts] : *map)
            cells.push_back({protocol::WorkspaceId(key.workspace), static_cast<Granularity>(key.granularity),
                             UtcMs(key.bucket), protocol::LinkId(key.link), static_cast<Dimension>(key.dimension),
                             m_values[key.value], counts});
    }
    return cells;
}

std::vector<DailyVisitors> Fold::visitors() const
{
    std::vector<DailyVisitors> all;
    all.reserve(m_visitors.size());
    for (const auto& [key, keys] : m_visitors) {
        DailyVisitors one{protocol::WorkspaceId(key.workspace), UtcMs(key.day), protocol::LinkId(key.link), keys};
        std::sort(one.keys.begin(), one.keys.end());
        one.keys.erase(std::unique(one.keys.begin(), one.keys.end()), one.keys.end());
        all.push_back(std::move(one));
    }
    return all;
}

void Fold::clear()
{
    m_minutes.clear();
    m_visitors.clear();
    m_values.assign(1, std::string());
    m_valueIndex.clear();
    m_valueIndex.emplace(std::string(), 0);
}

} // namespace rollups

// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/insight/trend.h"

#include <algorithm>
#include <cmath>

namespace insight {

namespace {
constexpr std::uint64_t clicksMin = 12;
constexpr int minutesBeforeMin = 2;
constexpr double deviationsMin = 3;
constexpr double ratioMin = 1.2;
constexpr std::int64_t bucketsMax = 180;
} // namespace

void RecentSeconds::add(std::int64_t timeMs)
{
    if (timeMs < 0)
        return;
    const std::int64_t second = timeMs / protocol::msPerSecond;
    Slot& slot = m_slots[static_cast<std::size_t>(second) % slotCount];
    if (slot.second > second)
        return;
    if (slot.second < second)
        slot = {second, 0};
    ++slot.clicks;
}

std::uint64_t RecentSeconds::count(std::int64_t endSecond, std::int64_t seconds) const
{
    std::uint64_t clicks = 0;
    for (std::int64_t second = std::max<std::int64_t>(0, endSecond - seconds); second < endSecond; ++second) {
        const Slot& slot = m_slots[static_cast<std::size_t>(second) % slotCount];
        clicks += slot.second == second ? slot.clicks : 0;
    }
    return clicks;
}

std::int64_t RecentSeconds::activeSeconds(std::int64_t endSecond, std::int64_t seconds) const
{
    for (std::int64_t second = std::max<std::int64_t>(0, endSecond - seconds); second < endSecond; ++second) {
        const Slot& slot = m_slots[static_cast<std::size_t>(second) % slotCount];
        if (slot.second == second && slot.clicks > 0)
            return endSecond - second;
    }
    return 0;
}

protocol::Trend trendOf(std::uint64_t lastMinute, std::uint64_t before, int minutesBefore)
{
    const std::uint64_t all = lastMinute + before;
    if (minutesBefore < minutesBeforeMin || all < clicksMin)
        return protocol::Trend::Unknown;
    // Were the rate the same throughout, each click would fall in the last minute with this probability.
    const double share = 1.0 / (minutesBefore + 1);
    const double expected = static_cast<double>(all) * share;
    const double deviation = (static_cast<double>(lastMinute) - expected) / std::sqrt(expected * (1 - share));
    const double usual = static_cast<double>(before) / minutesBefore;
    if (deviation >= deviationsMin && static_cast<double>(lastMinute) >= usual * ratioMin)
        return protocol::Trend::Accelerating;
    if (deviation <= -deviationsMin && static_cast<double>(lastMinute) * ratioMin <= usual)
        return protocol::Trend::Fading;
    return protocol::Trend::Steady;
}

std::int32_t bucketSecondsFor(std::int64_t windowSeconds)
{
    for (const std::int32_t step : {1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600})
        if (windowSeconds <= step * bucketsMax)
            return step;
    return 1200;
}

} // namespace insight

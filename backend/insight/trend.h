// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>

#include "backend/protocol/window.h"

namespace insight {

// Clicks by second over the last quarter of an hour: what the velocity of this minute is measured by.
class RecentSeconds {
public:
    void add(std::int64_t timeMs);
    // Clicks in the `seconds` full seconds before `endSecond`.
    std::uint64_t count(std::int64_t endSecond, std::int64_t seconds) const;
    // Seconds from the first click of that time to its end; 0 without any.
    std::int64_t activeSeconds(std::int64_t endSecond, std::int64_t seconds) const;

private:
    static constexpr std::size_t slotCount = 1024;

    struct Slot {
        std::int64_t second = -1;
        std::uint32_t clicks = 0;
    };

    std::array<Slot, slotCount> m_slots{};
};

// Compares the last minute with the minutes before it. Clicks that come independently scatter by the root of their
// number, so a difference counts only when it is three standard deviations off and a fifth of the size; a handful of
// clicks says nothing.
protocol::Trend trendOf(std::uint64_t lastMinute, std::uint64_t before, int minutesBefore);

inline constexpr int trendMinutesBefore = 5;

// A step that divides the window in 60 to 180 parts, of those that people read easily: fine enough that a launch's
// first minute has a shape.
std::int32_t bucketSecondsFor(std::int64_t windowSeconds);

} // namespace insight

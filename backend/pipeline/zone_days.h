// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <string>

#include "backend/protocol/ids.h"

namespace pipeline {

// The days and the hours of one reporting zone. A zone that the system's time zone database does not know (or a system
// without one) counts as UTC.
class ZoneDays {
public:
    explicit ZoneDays(const std::string& zone = "UTC");

    static bool isKnown(const std::string& zone);
    // When the day that `time` falls into began.
    protocol::UtcMs dayStart(protocol::UtcMs time);
    protocol::UtcMs dayEnd(protocol::UtcMs time);
    // When the hour of the zone's clock did, and when it ends. Where the clock is set by less than an hour (Lord Howe's
    // half), the hours beside the change are shorter: one ends, or begins, with it.
    protocol::UtcMs hourStart(protocol::UtcMs time);
    protocol::UtcMs hourEnd(protocol::UtcMs time);

private:
    const std::chrono::time_zone* m_zone = nullptr; // null = UTC
    // The day and the hour asked for last: hits come in the order of time, so they nearly always are the ones.
    std::int64_t m_from = 0, m_to = 0;
    std::int64_t m_hourFrom = 0, m_hourTo = 0;
};

} // namespace pipeline

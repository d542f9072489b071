// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <string>

#include "backend/protocol/ids.h"

namespace pipeline {

// The days of one reporting zone. A zone that the system's time zone database does not know (or a system without one)
// counts as UTC.
class ZoneDays {
public:
    explicit ZoneDays(const std::string& zone = "UTC");

    static bool isKnown(const std::string& zone);
    // When the day that `time` falls into began.
    protocol::UtcMs dayStart(protocol::UtcMs time);

private:
    const std::chrono::time_zone* m_zone = nullptr; // null = UTC
    // The day asked for last: hits come in the order of time, so it nearly always is the one.
    std::int64_t m_from = 0, m_to = 0;
};

} // namespace pipeline

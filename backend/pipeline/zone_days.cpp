// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/pipeline/zone_days.h"

#include <stdexcept>

namespace pipeline {

namespace chrono = std::chrono;
using protocol::UtcMs;

namespace {

const chrono::time_zone* zoneNamed(const std::string& zone)
{
    try {
        return chrono::locate_zone(zone);
    } catch (const std::runtime_error&) {
        return nullptr;
    }
}

// The first moment of a local date; where a clock change skips midnight, the moment after the gap.
std::int64_t startOf(const chrono::time_zone& zone, chrono::local_days day)
{
    const auto start = zone.to_sys(chrono::local_time<chrono::milliseconds>(day), chrono::choose::earliest);
    return start.time_since_epoch().count();
}

} // namespace

ZoneDays::ZoneDays(const std::string& zone)
{
    if (zone != "UTC")
        m_zone = zoneNamed(zone);
}

bool ZoneDays::isKnown(const std::string& zone)
{
    return zone == "UTC" || zoneNamed(zone) != nullptr;
}

UtcMs ZoneDays::dayStart(UtcMs time)
{
    if (time.value >= m_from && time.value < m_to)
        return UtcMs(m_from);
    if (!m_zone) {
        const std::int64_t rest = time.value % protocol::msPerDay;
        m_from = time.value - (rest < 0 ? rest + protocol::msPerDay : rest);
        m_to = m_from + protocol::msPerDay;
        return UtcMs(m_from);
    }
    const chrono::sys_time<chrono::milliseconds> moment{chrono::milliseconds(time.value)};
    const auto day = chrono::floor<chrono::days>(m_zone->to_local(moment));
    m_from = startOf(*m_zone, day);
    m_to = startOf(*m_zone, day + chrono::days(1));
    return UtcMs(m_from);
}

} // namespace pipeline

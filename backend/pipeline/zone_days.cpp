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

std::int64_t floorTo(std::int64_t time, std::int64_t step)
{
    const std::int64_t rest = time % step;
    return time - (rest < 0 ? rest + step : rest);
}

// Whether the clock is set at this moment: the database also notes changes of the name alone.
bool isClockChange(const chrono::time_zone& zone, chrono::sys_seconds moment)
{
    return zone.get_info(moment).offset != zone.get_info(moment - chrono::seconds(1)).offset;
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
        m_from = floorTo(time.value, protocol::msPerDay);
        m_to = m_from + protocol::msPerDay;
        return UtcMs(m_from);
    }
    const chrono::sys_time<chrono::milliseconds> moment{chrono::milliseconds(time.value)};
    const auto day = chrono::floor<chrono::days>(m_zone->to_local(moment));
    m_from = startOf(*m_zone, day);
    m_to = startOf(*m_zone, day + chrono::days(1));
    return UtcMs(m_from);
}

UtcMs ZoneDays::dayEnd(UtcMs time)
{
    dayStart(time);
    return UtcMs(m_to);
}

UtcMs ZoneDays::hourStart(UtcMs time)
{
    if (time.value >= m_hourFrom && time.value < m_hourTo)
        return UtcMs(m_hourFrom);
    if (!m_zone) {
        m_hourFrom = floorTo(time.value, protocol::msPerHour);
        m_hourTo = m_hourFrom + protocol::msPerHour;
        return UtcMs(m_hourFrom);
    }
    const chrono::sys_seconds moment{
        chrono::seconds(floorTo(time.value, protocol::msPerSecond) / protocol::msPerSecond)};
    const chrono::sys_info info = m_zone->get_info(moment);
    const std::int64_t offset = info.offset.count() * protocol::msPerSecond;
    m_hourFrom = floorTo(time.value + offset, protocol::msPerHour) - offset;
    m_hourTo = m_hourFrom + protocol::msPerHour;
    const auto inMs = [](chrono::sys_seconds at) { return at.time_since_epoch().count() * protocol::msPerSecond; };
    if (info.begin > moment - chrono::hours(1) && inMs(info.begin) > m_hourFrom && isClockChange(*m_zone, info.begin))
        m_hourFrom = inMs(info.begin);
    if (info.end < moment + chrono::hours(1) && inMs(info.end) < m_hourTo && isClockChange(*m_zone, info.end))
        m_hourTo = inMs(info.end);
    return UtcMs(m_hourFrom);
}

UtcMs ZoneDays::hourEnd(UtcMs time)
{
    hourStart(time);
    return UtcMs(m_hourTo);
}

} // namespace pipeline

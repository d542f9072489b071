// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/pipeline/zone_offsets.h"

#include <chrono>
#include <stdexcept>
#include <string>

namespace pipeline {

namespace chrono = std::chrono;

namespace {

constexpr auto before = chrono::years(3);
constexpr auto after = chrono::years(12);

std::shared_ptr<const links::ZoneOffsets> offsetsOf(const chrono::time_zone& zone, chrono::sys_seconds from,
                                                    chrono::sys_seconds to)
{
    auto offsets = std::make_shared<links::ZoneOffsets>();
    for (chrono::sys_seconds at = from; at < to;) {
        const chrono::sys_info info = zone.get_info(at);
        const auto seconds = static_cast<std::int32_t>(info.offset.count());
        // Changes of the name alone are none.
        if (offsets->changes.empty() || offsets->changes.back().seconds != seconds)
            offsets->changes.push_back(
                {protocol::UtcMs(at.time_since_epoch().count() * protocol::msPerSecond), seconds});
        if (info.end <= at)
            break;
        at = info.end;
    }
    return offsets;
}

} // namespace

std::shared_ptr<const links::ZoneTable> zoneTable(protocol::UtcMs now)
{
    auto table = std::make_shared<links::ZoneTable>();
    const auto moment =
        chrono::floor<chrono::seconds>(chrono::sys_time<chrono::milliseconds>(chrono::milliseconds(now.value)));
    try {
        const chrono::tzdb& database = chrono::get_tzdb();
        for (const chrono::time_zone& zone : database.zones)
            table->put(std::string(zone.name()), offsetsOf(zone, moment - before, moment + after));
        for (const chrono::time_zone_link& link : database.links)
            if (auto offsets = table->find(link.target()))
                table->put(std::string(link.name()), std::move(offsets));
    } catch (const std::runtime_error&) {
        // No database, or an unreadable one: what was read is there.
    }
    return table;
}

} // namespace pipeline

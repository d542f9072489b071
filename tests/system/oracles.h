// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "backend/protocol/hit.h"

// What one oracle says of a workspace's year. Keys are texts, so that whatever gave the figures is compared alike.
struct Sum {
    std::uint64_t hits = 0, clicks = 0, humans = 0, scans = 0;

    bool operator==(const Sum&) const = default;
    Sum& operator+=(const Sum& other)
    {
        hits += other.hits;
        clicks += other.clicks;
        humans += other.humans;
        scans += other.scans;
        return *this;
    }
};
using Figures = std::map<std::string, Sum>;

struct Said {
    Figures days, countries, links, cells;         // cells: by day and country
    std::map<std::string, std::uint64_t> visitors; // by day: of the human clicks
    bool isOfSomeCells = false;                    // `cells` holds only those that were asked for

    void add(std::int64_t day, const std::string& country, std::uint64_t link, const Sum& sum)
    {
        days[std::to_string(day)] += sum;
        countries[country] += sum;
        links[std::to_string(link)] += sum;
        cells[std::to_string(day) + " " + country] += sum;
    }
};

inline Sum sumOf(const protocol::Hit& hit)
{
    return {1, hit.isClick() ? 1U : 0U, hit.isHumanClick() ? 1U : 0U, hit.isScan() ? 1U : 0U};
}

// How many keys do not have the same figures in both; of `other`'s alone where it was asked for some.
inline std::uint64_t differences(const Figures& truth, const Figures& other, bool isOfSome = false)
{
    std::uint64_t found = 0, met = 0;
    for (const auto& [key, sum] : other) {
        const auto same = truth.find(key);
        if (same == truth.end() || same->second != sum)
            ++found;
        met += same != truth.end() ? 1 : 0;
    }
    return found + (isOfSome ? 0 : truth.size() - met);
}

// The start of a local day, straight from the time zone database.
class ZoneDayStarts {
public:
    explicit ZoneDayStarts(const std::string& zone) : m_zone(std::chrono::locate_zone(zone)) {}

    std::int64_t of(std::int64_t time)
    {
        using namespace std::chrono;
        std::int64_t& start = m_known[time / quarterMs]; // all days begin with a quarter of an hour
        if (start == 0) {
            const auto day = floor<days>(m_zone->to_local(sys_time<milliseconds>(milliseconds(time))));
            start = m_zone->to_sys(local_time<milliseconds>(day), choose::earliest).time_since_epoch().count();
        }
        return start;
    }

private:
    static constexpr std::int64_t quarterMs = 15 * protocol::msPerMinute;
    const std::chrono::time_zone* m_zone;
    std::map<std::int64_t, std::int64_t> m_known;
};

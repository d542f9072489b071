// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "backend/protocol/ids.h"

namespace protocol {

struct NamedCount {
    std::string name; // "" = unknown
    std::uint64_t count = 0;

    friend bool operator==(const NamedCount&, const NamedCount&) = default;
};

struct PlaceCount {
    std::string country; // alpha-2, "" = unknown
    std::string name;    // region or city, "" = unknown
    std::uint64_t count = 0;

    friend bool operator==(const PlaceCount&, const PlaceCount&) = default;
};

// Counts of hits that fall in one step of the velocity series.
struct VelocityBucket {
    UtcMs start;
    std::uint32_t clicks = 0; // people and bots
    std::uint32_t humans = 0;
    std::uint32_t scans = 0;
    std::uint32_t misses = 0;

    friend bool operator==(const VelocityBucket&, const VelocityBucket&) = default;
};

enum class Trend : std::uint8_t { Unknown = 0, Accelerating = 1, Steady = 2, Fading = 3 };

// The live window's aggregates under one stream filter: what the tiles, top lists, map and velocity chart show. Exact
// over the hits that the window holds; `coveredFrom` says since when that is (later than the window's start after a
// restart or when full).
struct WindowAggregate {
    std::int64_t windowSeconds = 0;
    UtcMs from;        // start of the window
    UtcMs coveredFrom; // ≥ from
    UtcMs to;          // now, by the backend's clock
    HitSeq seq;        // complete up to this hit

    std::uint64_t hits = 0;
    std::uint64_t clicks = 0;
    std::uint64_t humanClicks = 0;
    std::uint64_t bots = 0;  // clicks that are bots
    std::uint64_t scans = 0; // clicks by QR
    std::uint64_t misses = 0;
    std::uint64_t probes = 0;
    std::uint64_t prefetches = 0;
    std::uint64_t blocked = 0;
    std::uint64_t visitors = 0; // distinct visitor keys among human clicks

    double clicksPerMinute = 0; // over the last full 60 s
    Trend trend = Trend::Unknown;
    std::int32_t bucketSeconds = 0;
    std::vector<VelocityBucket> velocity; // oldest first, last one partial

    // Over clicks, most first; links as "domain/slug". Human clicks only: bots do not make a top list.
    std::vector<NamedCount> topLinks, topReferrers, topChannels, topCountries, topDevices, topCampaigns;
    std::vector<NamedCount> topPlacements; // over scans
    std::vector<NamedCount> topBots;       // bot categories, over bot clicks
    std::vector<NamedCount> topMisses;     // "domain/slug", over misses

    // QR heatmap, over scans. Empty unless the plan is professional.
    std::vector<NamedCount> qrCountries; // every country, most first
    std::vector<PlaceCount> qrRegions, qrCities;

    friend bool operator==(const WindowAggregate&, const WindowAggregate&) = default;
};

} // namespace protocol

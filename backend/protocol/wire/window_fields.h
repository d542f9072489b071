// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <concepts>
#include <type_traits>

#include "backend/protocol/limits.h"
#include "backend/protocol/window.h"

// The live window's part of fields.h, and what both need.
namespace protocol::wire {

template <class M, class T>
concept Is = std::same_as<std::remove_const_t<M>, T>;

inline constexpr std::size_t nameBytesMax = 512; // texts that have no limit of their own
inline constexpr std::size_t velocityBucketsMax = 256;

template <class V, Is<NamedCount> M> void fields(V& visit, M& m)
{
    visit("name", m.name);
    visit("count", m.count);
}

template <class V, Is<PlaceCount> M> void fields(V& visit, M& m)
{
    visit("country", m.country);
    visit("name", m.name);
    visit("count", m.count);
}

template <class V, Is<VelocityBucket> M> void fields(V& visit, M& m)
{
    visit("start", m.start);
    visit("clicks", m.clicks);
    visit("humans", m.humans);
    visit("scans", m.scans);
    visit("misses", m.misses);
}

template <class V, Is<WindowAggregate> M> void fields(V& visit, M& m)
{
    visit("windowSeconds", m.windowSeconds);
    visit("from", m.from);
    visit("coveredFrom", m.coveredFrom);
    visit("to", m.to);
    visit("seq", m.seq);
    visit("hits", m.hits);
    visit("clicks", m.clicks);
    visit("humanClicks", m.humanClicks);
    visit("bots", m.bots);
    visit("scans", m.scans);
    visit("misses", m.misses);
    visit("probes", m.probes);
    visit("prefetches", m.prefetches);
    visit("blocked", m.blocked);
    visit("visitors", m.visitors);
    visit("clicksPerMinute", m.clicksPerMinute);
    visit("trend", m.trend);
    visit("bucketSeconds", m.bucketSeconds);
    visit("velocity", m.velocity, velocityBucketsMax);
    visit("topLinks", m.topLinks, limits::topListRows);
    visit("topReferrers", m.topReferrers, limits::topListRows);
    visit("topChannels", m.topChannels, limits::topListRows);
    visit("topCountries", m.topCountries, limits::topListRows);
    visit("topDevices", m.topDevices, limits::topListRows);
    visit("topCampaigns", m.topCampaigns, limits::topListRows);
    visit("topPlacements", m.topPlacements, limits::topListRows);
    visit("topBots", m.topBots, limits::topListRows);
    visit("topMisses", m.topMisses, limits::topListRows);
    visit("qrCountries", m.qrCountries, limits::windowCountries);
    visit("qrRegions", m.qrRegions, limits::topListRows);
    visit("qrCities", m.qrCities, limits::topListRows);
}

} // namespace protocol::wire

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "backend/protocol/hit.h"

// Hits for tests: every field set, and the same seed gives the same hits.
namespace support {

inline constexpr std::int64_t noon = 1'772'366'400'000; // 2026-03-01T12:00:00Z

inline protocol::Hit hitAt(std::int64_t timeMs, std::uint64_t seq = 0)
{
    protocol::Hit hit;
    hit.seq = protocol::HitSeq(seq);
    hit.time = protocol::UtcMs(timeMs);
    hit.workspace = protocol::WorkspaceId(1);
    hit.link = protocol::LinkId(7);
    hit.visitor = protocol::VisitorKey(0x8000'0000'0000'0001ULL + seq);
    hit.touch = protocol::TouchType::Qr;
    hit.device = protocol::DeviceType::Mobile;
    hit.status = 302;
    hit.ruleVersion = 3;
    hit.domain = "localhost";
    hit.slug = "spring/launch";
    hit.placement = "poster-a";
    hit.country = "DE";
    hit.region = "Berlin";
    hit.city = "Berlin";
    hit.os = "Android";
    hit.browser = "Firefox";
    hit.language = "de";
    hit.referrer = "news.example";
    hit.campaign = "spring";
    hit.utmSource = "newsletter";
    hit.utmMedium = "email";
    hit.utmTerm = "term";
    hit.utmContent = "content";
    hit.destination = "https://acme.example/spring";
    hit.rule = "rule-1";
    hit.variant = "b";
    hit.passedOver = "r1:country r3:hours";
    return hit;
}

inline std::vector<protocol::Hit> hitsFrom(std::uint64_t firstSeq, std::size_t count, std::int64_t timeMs = noon)
{
    std::vector<protocol::Hit> hits;
    for (std::size_t at = 0; at < count; ++at)
        hits.push_back(hitAt(timeMs + static_cast<std::int64_t>(at), firstSeq + at));
    return hits;
}

// Of every class, several links, workspaces, countries and days.
inline protocol::Hit randomHit(std::mt19937_64& random, std::uint64_t seq, std::int64_t spreadMs)
{
    const auto below = [&](std::uint64_t end) { return random() % end; };
    protocol::Hit hit = hitAt(noon + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(spreadMs))), seq);
    hit.workspace = protocol::WorkspaceId(static_cast<std::uint32_t>(1 + below(2)));
    hit.hitClass = static_cast<protocol::HitClass>(1 + below(5));
    hit.link = hit.hitClass == protocol::HitClass::Miss ? protocol::LinkId() : protocol::LinkId(1 + below(4));
    hit.touch = static_cast<protocol::TouchType>(1 + below(2));
    hit.device = static_cast<protocol::DeviceType>(below(4));
    hit.botCategory = static_cast<protocol::BotCategory>(below(3));
    hit.botReason = hit.isBot() ? "agent:Slackbot" : "";
    hit.visitor = protocol::VisitorKey(below(40));
    static const char* const countries[] = {"", "DE", "US", "FR"};
    hit.country = countries[below(4)];
    hit.referrer = below(3) == 0 ? "" : "site" + std::to_string(below(5)) + ".example";
    return hit;
}

} // namespace support

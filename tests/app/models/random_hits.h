// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <random>
#include <string>

#include "backend/protocol/hit.h"

// Hits with few values a column, so that filters meet some rows and miss others.
inline protocol::Hit randomHit(std::uint64_t seq, std::mt19937& random)
{
    const auto pick = [&random](const char* prefix, unsigned of) { return prefix + std::to_string(random() % of); };
    const auto maybe = [&](const char* prefix, unsigned of) {
        return random() % 3 == 0 ? std::string() : pick(prefix, of);
    };
    protocol::Hit hit;
    hit.seq = protocol::HitSeq(seq);
    hit.time = protocol::UtcMs(1'772'366'400'000 + static_cast<std::int64_t>(seq) * 37'123);
    hit.visitor = protocol::VisitorKey(random() % 4 == 0 ? 0 : 0xab'cd00'0000'0000ULL + random() % 40);
    hit.hitClass = static_cast<protocol::HitClass>(random() % 5 + 1);
    if (hit.hitClass == protocol::HitClass::Miss)
        hit.reason = static_cast<protocol::HitReason>(3 + random() % 7);
    hit.touch = static_cast<protocol::TouchType>(random() % 2 + 1);
    hit.device = static_cast<protocol::DeviceType>(random() % 4);
    hit.botCategory =
        random() % 2 == 0 ? protocol::BotCategory::Human : static_cast<protocol::BotCategory>(random() % 13);
    hit.late = random() % 5 == 0;
    hit.status = static_cast<std::uint16_t>(random() % 2 == 0 ? 302 : 404);
    hit.botReason = hit.isBot() ? pick("agent:Bot", 5) : "";
    hit.domain = pick("go", 3) + ".acme.example";
    hit.slug = maybe("spring/", 6);
    hit.placement = maybe("poster-", 3);
    hit.country = random() % 3 == 0 ? "" : random() % 2 == 0 ? "DE" : "US";
    hit.region = maybe("Region ", 4);
    hit.city = maybe("München ", 5);
    hit.os = pick("os", 3);
    hit.browser = pick("browser", 3);
    hit.language = pick("l", 3);
    hit.referrer = maybe("site", 6);
    hit.campaign = maybe("Spring", 3);
    hit.utmSource = maybe("source", 3);
    hit.utmMedium = maybe("medium", 2);
    hit.utmTerm = maybe("term", 3);
    hit.utmContent = maybe("content", 2);
    hit.destination = pick("https://shop.example/", 4);
    hit.rule = maybe("rule", 2);
    hit.variant = maybe("v", 2);
    hit.passedOver = maybe("r1:c", 2);
    return hit;
}

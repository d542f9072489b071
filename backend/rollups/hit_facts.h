// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <string>

#include "backend/protocol/hit.h"
#include "backend/rollups/words.h"

namespace rollups {

// The hit's texts that rollups look at, in the order of HitFacts::texts.
inline constexpr std::array<std::string protocol::Hit::*, 16> factTexts{
    &protocol::Hit::placement,  &protocol::Hit::country,     &protocol::Hit::region,    &protocol::Hit::city,
    &protocol::Hit::os,         &protocol::Hit::browser,     &protocol::Hit::language,  &protocol::Hit::referrer,
    &protocol::Hit::campaign,   &protocol::Hit::utmSource,   &protocol::Hit::utmMedium, &protocol::Hit::utmTerm,
    &protocol::Hit::utmContent, &protocol::Hit::destination, &protocol::Hit::rule,      &protocol::Hit::variant};
namespace fact {
enum Text : std::size_t {
    Placement,
    Country,
    Region,
    City,
    Os,
    Browser,
    Language,
    Referrer,
    Campaign,
    UtmSource,
    UtmMedium,
    UtmTerm,
    UtmContent,
    Destination,
    Rule,
    Variant
};
}

// What of a hit the fold needs, with numbers of a Words in place of texts: a million of them need no million strings.
struct HitFacts {
    std::uint64_t seq = 0;
    std::int64_t time = 0;
    std::uint64_t link = 0;
    std::uint64_t visitor = 0;
    std::uint32_t workspace = 0;
    std::uint16_t status = 0;
    protocol::HitClass hitClass = protocol::HitClass::Click;
    protocol::TouchType touch = protocol::TouchType::Link;
    protocol::DeviceType device = protocol::DeviceType::Other;
    protocol::BotCategory bot = protocol::BotCategory::Human;
    std::array<std::uint32_t, factTexts.size()> texts{};
};

inline HitFacts factsOf(const protocol::Hit& hit, Words& words)
{
    HitFacts facts{hit.seq.value,
                   hit.time.value,
                   hit.link.value,
                   hit.visitor.value,
                   hit.workspace.value,
                   hit.status,
                   hit.hitClass,
                   hit.touch,
                   hit.device,
                   hit.botCategory,
                   {}};
    for (std::size_t at = 0; at < factTexts.size(); ++at)
        facts.texts[at] = words.idOf(hit.*factTexts[at]);
    return facts;
}

} // namespace rollups

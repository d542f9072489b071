// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "backend/protocol/hit.h"

namespace protocol {

// The hit's texts in the order in which bytes keep them (hit_bytes.h, and every format of storage).
inline constexpr std::array<std::string Hit::*, 20> hitTexts{
    &Hit::botReason,  &Hit::domain,      &Hit::slug,      &Hit::placement, &Hit::country,
    &Hit::region,     &Hit::city,        &Hit::os,        &Hit::browser,   &Hit::language,
    &Hit::referrer,   &Hit::campaign,    &Hit::utmSource, &Hit::utmMedium, &Hit::utmTerm,
    &Hit::utmContent, &Hit::destination, &Hit::rule,      &Hit::variant,   &Hit::passedOver};
// Their places in it.
enum class HitText : std::uint8_t {
    BotReason,
    Domain,
    Slug,
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
    Variant,
    PassedOver,
};
static_assert(static_cast<std::size_t>(HitText::PassedOver) + 1 == hitTexts.size());

// A hit whose texts lie in somebody else's bytes: millions are looked at without a string made.
struct HitView {
    HitSeq seq;
    UtcMs time;
    WorkspaceId workspace;
    LinkId link;
    VisitorKey visitor;
    HitClass hitClass = HitClass::Click;
    HitReason reason{};
    TouchType touch = TouchType::Link;
    DeviceType device = DeviceType::Other;
    BotCategory botCategory = BotCategory::Human;
    bool late = false;
    std::uint16_t status = 0;
    std::uint32_t ruleVersion = 0;
    std::array<std::string_view, hitTexts.size()> texts{};

    std::string_view text(HitText which) const { return texts[static_cast<std::size_t>(which)]; }
    std::string_view& text(HitText which) { return texts[static_cast<std::size_t>(which)]; }
    bool isClick() const { return hitClass == HitClass::Click; }
    bool isBot() const { return botCategory != BotCategory::Human; }
    Hit hit() const;
};
HitView viewOf(const Hit& hit);

} // namespace protocol

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <type_traits>

#include "backend/protocol/hit_view.h"
#include "backend/protocol/limits.h"

namespace protocol::wire {

template <class H> decltype(auto) textOf(H& hit, HitText which)
{
    if constexpr (std::is_same_v<std::remove_const_t<H>, HitView>)
        return hit.text(which);
    else
        return (hit.*hitTexts[static_cast<std::size_t>(which)]);
}

// The positions of a hit in CBOR, append-only: the visitor is called once per position, in order. Enumerations are
// their numbers.
inline constexpr std::size_t hitPositions = 32;

template <class V, class H> void hitFields(V& visit, H& hit)
{
    using namespace limits;
    visit("seq", hit.seq);
    visit("time", hit.time);
    visit("class", hit.hitClass);
    visit("reason", hit.reason);
    visit("touch", hit.touch);
    visit("device", hit.device);
    visit("bot_category", hit.botCategory);
    visit("late", hit.late);
    visit("status", hit.status);
    visit("link_id", hit.link);
    visit("rule_version", hit.ruleVersion);
    visit("visitor", hit.visitor);
    visit("bot_reason", textOf(hit, HitText::BotReason), botReasonBytes);
    visit("domain", textOf(hit, HitText::Domain), domainBytes);
    visit("slug", textOf(hit, HitText::Slug), slugBytes);
    visit("placement", textOf(hit, HitText::Placement), placementBytes);
    visit("country", textOf(hit, HitText::Country), agentNameBytes);
    visit("region", textOf(hit, HitText::Region), placeNameBytes);
    visit("city", textOf(hit, HitText::City), placeNameBytes);
    visit("os", textOf(hit, HitText::Os), agentNameBytes);
    visit("browser", textOf(hit, HitText::Browser), agentNameBytes);
    visit("language", textOf(hit, HitText::Language), agentNameBytes);
    visit("referrer", textOf(hit, HitText::Referrer), referrerBytes);
    visit("campaign", textOf(hit, HitText::Campaign), utmBytes);
    visit("utm_source", textOf(hit, HitText::UtmSource), utmBytes);
    visit("utm_medium", textOf(hit, HitText::UtmMedium), utmBytes);
    visit("utm_term", textOf(hit, HitText::UtmTerm), utmBytes);
    visit("utm_content", textOf(hit, HitText::UtmContent), utmBytes);
    visit("destination", textOf(hit, HitText::Destination), destinationBytes);
    visit("rule", textOf(hit, HitText::Rule), utmBytes);
    visit("variant", textOf(hit, HitText::Variant), utmBytes);
    visit("passed_over", textOf(hit, HitText::PassedOver), passedOverBytes);
}

} // namespace protocol::wire

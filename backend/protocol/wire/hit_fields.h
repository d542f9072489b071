// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/protocol/hit_columns.h"
#include "backend/protocol/limits.h"

namespace protocol::wire {

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
    visit("bot_reason", hit.botReason, botReasonBytes);
    visit("domain", hit.domain, domainBytes);
    visit("slug", hit.slug, slugBytes);
    visit("placement", hit.placement, placementBytes);
    visit("country", hit.country, agentNameBytes);
    visit("region", hit.region, placeNameBytes);
    visit("city", hit.city, placeNameBytes);
    visit("os", hit.os, agentNameBytes);
    visit("browser", hit.browser, agentNameBytes);
    visit("language", hit.language, agentNameBytes);
    visit("referrer", hit.referrer, referrerBytes);
    visit("campaign", hit.campaign, utmBytes);
    visit("utm_source", hit.utmSource, utmBytes);
    visit("utm_medium", hit.utmMedium, utmBytes);
    visit("utm_term", hit.utmTerm, utmBytes);
    visit("utm_content", hit.utmContent, utmBytes);
    visit("destination", hit.destination, destinationBytes);
    visit("rule", hit.rule, utmBytes);
    visit("variant", hit.variant, utmBytes);
    visit("passed_over", hit.passedOver, passedOverBytes);
}

} // namespace protocol::wire

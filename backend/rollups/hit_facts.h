// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>

#include "backend/protocol/hit_view.h"
#include "backend/rollups/words.h"

namespace rollups {

// The hit's texts that rollups look at.
inline constexpr std::array<protocol::HitText, 16> factTexts{
    protocol::HitText::Placement,  protocol::HitText::Country,     protocol::HitText::Region,
    protocol::HitText::City,       protocol::HitText::Os,          protocol::HitText::Browser,
    protocol::HitText::Language,   protocol::HitText::Referrer,    protocol::HitText::Campaign,
    protocol::HitText::UtmSource,  protocol::HitText::UtmMedium,   protocol::HitText::UtmTerm,
    protocol::HitText::UtmContent, protocol::HitText::Destination, protocol::HitText::Rule,
    protocol::HitText::Variant};

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
    std::array<std::uint32_t, protocol::hitTexts.size()> texts{}; // 0 for those not in factTexts

    std::uint32_t text(protocol::HitText which) const { return texts[static_cast<std::size_t>(which)]; }
};

// `idOf` gives the number of one of the hit's texts.
template <class IdOf> HitFacts factsOf(const protocol::HitView& hit, IdOf idOf)
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
    for (const protocol::HitText which : factTexts)
        facts.texts[static_cast<std::size_t>(which)] = idOf(which);
    return facts;
}

inline HitFacts factsOf(const protocol::HitView& hit, Words& words)
{
    return factsOf(hit, [&](protocol::HitText which) { return words.idOf(hit.text(which)); });
}

} // namespace rollups

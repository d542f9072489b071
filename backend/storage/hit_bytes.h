// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "backend/protocol/hit.h"
#include "backend/protocol/varints.h"

namespace storage {

// The hit's texts in the order in which every format of this room keeps them; see FORMAT.md.
inline constexpr std::array<std::string protocol::Hit::*, 20> hitTexts{
    &protocol::Hit::botReason,   &protocol::Hit::domain,    &protocol::Hit::slug,     &protocol::Hit::placement,
    &protocol::Hit::country,     &protocol::Hit::region,    &protocol::Hit::city,     &protocol::Hit::os,
    &protocol::Hit::browser,     &protocol::Hit::language,  &protocol::Hit::referrer, &protocol::Hit::campaign,
    &protocol::Hit::utmSource,   &protocol::Hit::utmMedium, &protocol::Hit::utmTerm,  &protocol::Hit::utmContent,
    &protocol::Hit::destination, &protocol::Hit::rule,      &protocol::Hit::variant,  &protocol::Hit::passedOver};

// A stored hit whose texts lie in somebody else's bytes: millions are looked at without a string made.
struct HitView {
    protocol::HitSeq seq;
    protocol::UtcMs time;
    protocol::WorkspaceId workspace;
    protocol::LinkId link;
    protocol::VisitorKey visitor;
    protocol::HitClass hitClass = protocol::HitClass::Click;
    protocol::HitReason reason{};
    protocol::TouchType touch = protocol::TouchType::Link;
    protocol::DeviceType device = protocol::DeviceType::Other;
    protocol::BotCategory botCategory = protocol::BotCategory::Human;
    bool late = false;
    std::uint16_t status = 0;
    std::uint32_t ruleVersion = 0;
    std::array<std::string_view, hitTexts.size()> texts{};

    bool isClick() const { return hitClass == protocol::HitClass::Click; }
    bool isBot() const { return botCategory != protocol::BotCategory::Human; }
    protocol::Hit hit() const;
};
HitView viewOf(const protocol::Hit& hit);

// A hit as the log and the spill file hold it: numbers as varints, texts with their length.
void appendHitBytes(std::string& out, const protocol::Hit& hit);
// The next hit of several; false at the end, and where the bytes are no hit (then the reader is broken).
bool takeHit(protocol::VarintReader& bytes, HitView& hit);

// CRC-32 (IEEE 802.3), to tell a torn record from a whole one.
std::uint32_t crc32(std::string_view bytes);

} // namespace storage

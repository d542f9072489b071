// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "backend/protocol/hit.h"

namespace protocol {

// The columns of a hit in exports, JSON and filters. The order of the first 23 is the outward contract; new ones are
// added at the end and none is ever renamed.
enum class HitColumn : std::uint8_t {
    Seq,
    Time,
    Class,
    Domain,
    Slug,
    Touch,
    Placement,
    Country,
    Region,
    City,
    Device,
    Os,
    Browser,
    Language,
    Referrer,
    Bot,
    BotCategory,
    BotReason,
    Campaign,
    Destination,
    Rule,
    Variant,
    Status,
    Reason,
    Channel,
    UtmSource,
    UtmMedium,
    UtmTerm,
    UtmContent,
    Visitor,
    Late,
    RuleVersion,
    PassedOver,
};
inline constexpr std::size_t hitColumnCount = static_cast<std::size_t>(HitColumn::PassedOver) + 1;

struct HitColumnInfo {
    HitColumn column;
    std::string_view name; // "bot_category"
    bool number;           // written bare, never neutralised as text
};

std::span<const HitColumnInfo, hitColumnCount> hitColumns();
std::optional<HitColumn> hitColumnFrom(std::string_view name);

// The value as text; unknown = "". Time is RFC 3339, bot is "true" or "false", visitor is 16 hex digits.
std::string hitValue(const Hit& hit, HitColumn column);

// The hit's own text for columns that are stored as text; null for the others (numbers, words, derived).
const std::string* hitText(const Hit& hit, HitColumn column);

// 16 hex digits; empty = none.
std::string visitorText(VisitorKey visitor);

// Sets a column from the text hitValue makes; false where the text is none. Channel is derived and always accepted.
bool setHitValue(Hit& hit, HitColumn column, std::string_view text);

} // namespace protocol

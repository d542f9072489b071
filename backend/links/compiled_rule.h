// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "backend/links/network.h"
#include "backend/links/rule.h"
#include "backend/links/zone_table.h"

namespace links {

// How a destination may be opened, as far as its text tells: App needs the workspace's leave.
enum class Exit : std::uint8_t { None, Web, App, Refused };

// Half open.
struct TimeSpan {
    std::int64_t from = 0, to = 0;

    friend auto operator<=>(const TimeSpan&, const TimeSpan&) = default;
};

// Spans of one local week in minutes from Monday 00:00, sorted, apart from each other.
struct WeekHours {
    std::shared_ptr<const ZoneOffsets> zone;
    std::string zoneName;
    std::vector<TimeSpan> minutes;
};

// Words are sorted, in lower case where case does not count; a mask has one bit for each value of its enumeration.
using Words = std::vector<std::string>;
using Mask = std::uint32_t;
using ConditionValues = std::variant<Words, Mask, std::vector<Network>, std::vector<TimeSpan>, std::vector<WeekHours>>;

struct CompiledCondition {
    ConditionKind kind = ConditionKind::Country;
    bool negate = false;
    bool unreadable = false; // a value of it cannot be taken, or there is none: never holds
    ConditionValues values;
};

struct CompiledRule {
    bool usable = true; // false: a value of it cannot be read, so it never holds
    std::vector<CompiledCondition> conditions;
    std::vector<std::uint64_t> shares; // of the variants, each with all before it
    std::vector<Exit> exits;           // of the variants
};

inline constexpr std::int64_t minutesPerWeek = 7 * 24 * 60;

// Takes a value into a condition whose kind is set. What comes back is what is wrong with it: "empty", "too_long",
// "control", "country", "language", "host", "network", "window", "hours", "unknown_zone", "unknown"; empty = taken.
std::string_view takeValue(CompiledCondition& out, std::string_view value, const ZoneTable& zones);
// Puts the values that were taken in order, each once.
void settle(CompiledCondition& condition);
// Never fails: a rule with a value that cannot be taken becomes unusable.
CompiledRule compileRule(const Rule& rule, const ZoneTable& zones);

} // namespace links

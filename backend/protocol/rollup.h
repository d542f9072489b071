// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "backend/protocol/ids.h"

namespace protocol {

enum class Granularity : std::uint8_t { Minute = 1, Hour = 2, Day = 3 };

// What a rollup can be broken down by. Numbers are stored.
enum class Dimension : std::uint8_t {
    None = 0,
    Class = 1,
    Bot = 2,
    Touch = 3,
    Country = 4,
    Device = 5,
    Referrer = 6,
    BotCategory = 7, // of bots; "" = a person
    Placement = 8,
    Region = 9, // "DE/Bavaria": a region's name alone names several places
    City = 10,  // "DE/Bavaria/Munich"
    Os = 11,
    Browser = 12,
    Language = 13,
    Channel = 14, // "source / medium", else the referrer's host, else "direct"
    Campaign = 15,
    UtmSource = 16,
    UtmMedium = 17,
    UtmTerm = 18,
    UtmContent = 19,
    Destination = 20,
    Rule = 21,
    Variant = 22, // "rule-id/variant": variants are named within their rule
    Status = 23,
};
// In the place of a value: all those of the cell's bucket and link that were too many to be kept one by one. No hit
// holds a control character, so it is nobody's value.
inline constexpr std::string_view otherValues = "\x1a";

inline constexpr std::size_t dimensionCount = static_cast<std::size_t>(Dimension::Status) + 1;

// One cell as charts, the API and exports read it. A bucket holds hits of [start, start + granularity).
struct RollupRow {
    UtcMs bucket;
    LinkId link; // none: hits that found no link, or the sum over links
    std::string domain;
    std::string slug;
    std::string value; // of the dimension asked for; "" = unknown, or no dimension; or otherValues
    std::uint64_t hits = 0;
    std::uint64_t clicks = 0;
    std::uint64_t humanClicks = 0;
    std::uint64_t scans = 0;
    std::optional<std::uint64_t> uniques; // distinct visitors of the human clicks; only where they are kept: by day

    friend bool operator==(const RollupRow&, const RollupRow&) = default;
};

std::string_view word(Granularity value);
std::string_view word(Dimension value);
std::optional<Granularity> granularityFrom(std::string_view word);
std::optional<Dimension> dimensionFrom(std::string_view word);

} // namespace protocol

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "backend/protocol/hit_columns.h"
#include "backend/protocol/stream_filter.h"

namespace protocol {

// The typed filter language of both filters: `country:DE,US and not bot`, `link:go.acme.example/spring or slug~launch`,
// `class:miss (placement:poster-a or placement:poster-b)`, `status>=400`. Words side by side mean "and".
//   field:value[,value…]  equals any     field~text  contains, case-insensitive     field!=value     field>n >=n <n <=n
//   (numbers, time)
// Values are compared exactly, in the form they have in a hit: countries in upper case, hosts in lower case (the parser
// sees to both), everything else as it is. "Contains" ignores the case of ASCII letters. Quotes hold what would end a
// value: `city:"New York"`.
//   bare words: bot, human, qr, scan, click, miss, probe, prefetch, blocked; any other bare word searches all text
//   columns.
struct FilterNode {
    enum class Kind : std::uint8_t {
        True,
        And,
        Or,
        Not,
        Equals,
        Contains,
        Less,
        LessOrEqual,
        Greater,
        GreaterOrEqual,
        AnyContains
    };

    Kind kind = Kind::True;
    HitColumn column = HitColumn::Seq;
    bool linkColumn = false;         // the value is compared with "domain/slug" (field "link")
    std::vector<std::string> values; // Equals: any of them. Empty text = unknown
    double number = 0;
    std::vector<FilterNode> children;

    friend bool operator==(const FilterNode&, const FilterNode&) = default;
};

struct FilterParse {
    FilterNode root;
    // Code, empty = parsed: unknown_field, unknown_value, missing_value, missing_term, not_comparable, not_a_number,
    // not_a_time, unbalanced, unterminated, too_long, too_deep, too_many_values.
    std::string error;
    std::size_t errorAt = 0;
    std::string errorText; // the piece of text at fault
};

FilterParse parseFilter(std::string_view text);

// A short text that parses to the same node, for every node of the parser; for others, to one that means the same.
std::string filterText(const FilterNode& node);

bool matches(const FilterNode& node, const Hit& hit);

// Names that may stand before a colon, for completion.
std::vector<std::string_view> filterFields();

// The stream filter that means the same, where there is one: only and-joined equalities over the stream filter's
// fields.
std::optional<StreamFilter> streamFilterOf(const FilterNode& node);

} // namespace protocol

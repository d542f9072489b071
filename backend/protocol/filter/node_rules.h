// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "backend/protocol/filter_expression.h"

// Rules that the parser, the writer and the matcher of the filter language share.
namespace protocol::filter {

// Words with a meaning of their own: "bot", "human", "qr", "scan" and the classes. None for any other word.
bool nodeOfWord(std::string_view word, FilterNode& node);

// True for the language's own words, in any case: and, or, not.
bool isOperatorWord(std::string_view word);

FilterNode equals(HitColumn column, std::string value);

// And and Or without nesting, single children or True; no double Not. What the parser returns is always in this form.
FilterNode simplified(FilterNode node);

bool isNumeric(HitColumn column);
std::string foldedAscii(std::string_view text);

} // namespace protocol::filter

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>

#include "backend/links/link.h"

namespace links {

// The words of links' enumerations as they stand in JSON and in the audit log; an unknown number becomes "unknown", an
// unknown word becomes nothing.
std::string_view word(LinkState state);
std::string_view word(DomainState state);
std::string_view word(Plan plan);
std::string_view word(PrivacyMode mode);
std::string_view word(ConditionKind kind);

std::optional<LinkState> linkStateFrom(std::string_view word);
std::optional<ConditionKind> conditionKindFrom(std::string_view word);

} // namespace links

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "backend/links/link.h"
#include "backend/protocol/notices.h"
#include "backend/storage/store.h"

namespace storage {

// Links and settings as text, for the audit log and for a link's rules: "field: value" lines that are read by people,
// and back by linkFrom. What is empty, zero or false has no line. See FORMAT.md.
std::string textOf(const links::Workspace& workspace);
std::string textOf(const links::Domain& domain);
std::string textOf(const links::Link& link);
std::string textOf(const Token& token);
std::string textOf(const std::vector<links::Rule>& rules);

// Lines of another making are passed over.
links::Link linkFrom(std::string_view text);
std::vector<links::Rule> rulesFrom(std::string_view text);

// What differs between two texts, as it may be shown: a password's hash is "set", a rule is one field ("rules.r1").
std::vector<protocol::EditChange> changesBetween(std::string_view before, std::string_view after);

} // namespace storage

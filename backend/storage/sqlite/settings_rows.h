// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "backend/links/link.h"
#include "backend/protocol/messages.h"
#include "backend/storage/sqlite/database.h"

namespace storage {

// settings.db's tables and the rows of them, as its writer and its readers share them; see FORMAT.md.
inline constexpr int settingsVersion = 1;
extern const char* const settingsSchema;

extern const char* const selectWorkspaces; // each without WHERE and ORDER
extern const char* const selectDomains;
extern const char* const selectLinks;
extern const char* const selectTokens;
extern const char* const selectEdits;

links::Workspace workspaceOf(const Statement& row);
links::Domain domainOf(const Statement& row);
links::Link linkOf(const Statement& row);
Token tokenOf(const Statement& row);
protocol::Edit editOf(const Statement& row);

std::string joinTexts(const std::vector<std::string>& texts);

// The stored form of a token's secret. A secret is 32 random bytes, so one round of a keyed-less hash is enough.
std::string tokenHash(std::string_view secret);

} // namespace storage

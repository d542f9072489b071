// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backend/protocol/ids.h"

namespace storage {

// Days since 1970-01-01 UTC.
using Day = std::int32_t;

Day dayOf(protocol::UtcMs time);
// "2026-11-22.db"
std::string dayFileName(Day day);
std::optional<Day> dayFrom(std::string_view fileName);

std::string hitsFolder(const std::string& folder);
std::string dayFilePath(const std::string& folder, Day day);
// The days that have a file, oldest first. A folder that is not there has none.
std::vector<Day> daysIn(const std::string& folder);
// Removes a day file with what SQLite keeps beside it.
void removeDayFile(const std::string& folder, Day day);
// Renames a file of SQLite's, with its -wal, to the first free "NAME.damaged-N" and returns that path. Throws
// StoreError.
std::string setAside(const std::string& path);
std::size_t countDamaged(const std::string& folder);

} // namespace storage

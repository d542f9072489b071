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
// "2026-11-22"
std::string dayName(Day day);
std::optional<Day> dayFrom(std::string_view name);

std::string hitsFolder(const std::string& folder);
std::string dayFolder(const std::string& folder, Day day);
// The days that have a folder, oldest first. A data folder that is not there has none.
std::vector<Day> daysIn(const std::string& folder);

// A day's log lies in pieces, each named by its first sequence: "00000000000000000042.log". None is ever renamed:
// whoever lists the folder meanwhile could miss it.
std::string piecePath(const std::string& folder, Day day, std::uint64_t firstSeq);
// The first sequences of a day's pieces, in order. A day that is not there has none.
std::vector<std::uint64_t> piecesIn(const std::string& folder, Day day);
// What the day's finished pieces have become.
std::string sealedPath(const std::string& folder, Day day);

// Renames a file, with SQLite's log beside it, to the first free "NAME.damaged-N" and returns that path. Throws
// StoreError.
std::string setAside(const std::string& path);
// Of a whole data folder.
std::size_t countDamaged(const std::string& folder);

} // namespace storage

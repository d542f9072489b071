// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <QJsonObject>

#include "backend/protocol/table_file.h"
#include "backend/storage/reader.h"

namespace cli {

// One table of a workspace, as asked for.
struct TableAsked {
    std::string what; // "hits", "links" or "rollups"
    links::Workspace workspace;
    protocol::UtcMs from, to{INT64_MAX}; // hits by their time, rollups by their bucket; links know no range
    protocol::Granularity granularity = protocol::Granularity::Hour;
    protocol::Dimension by = protocol::Dimension::None;
};

bool isTable(std::string_view what);
std::vector<protocol::ExportColumn> columnsOf(const TableAsked& asked);
// Calls `row` for each row, in memory that does not grow with them; false from it stops.
void readTable(const storage::Reader& reader, const TableAsked& asked,
               const std::function<bool(std::span<const std::string>)>& row);
// For the file beside: where the figures come from, as of now.
QJsonObject factsOf(const storage::Reader& reader, const TableAsked& asked, protocol::UtcMs now);

} // namespace cli

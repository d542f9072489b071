// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "backend/storage/restatement.h"
#include "backend/storage/rollup_report.h"
#include "backend/storage/sqlite/database.h"

namespace storage {

// The table of restatements in rollups.db. Functions of whoever holds the connection; the writer's transactions are the
// caller's.
void makeRestatements(const Database& database);
// Adds to what the same run has noted of the same link and day, or makes a row; one that sums several links once there
// are `restatementsPerRun` of the run and the workspace.
void noteRestatement(const Database& database, const Restatement& one);
// Drops what was noted earlier, and the oldest beyond `restatementsMax`.
void dropRestatements(const Database& database, protocol::UtcMs notedBefore);

// Newest first.
std::vector<Restatement> restatementsOf(const Database& database, const RestatementQuery& query);
RestatedSum restatedIn(const Database& database, const ReportQuery& query);

} // namespace storage

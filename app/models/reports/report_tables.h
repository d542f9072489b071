// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "app/state/restatements.h"
#include "app/state/table_source.h"

// Reports as tables to export: their values as they came, with the facts of the question and its freshness beside.
namespace models {

std::unique_ptr<state::TableSource> breakdownTable(const state::Report& report);
// Bucket by bucket, those without hits among them.
std::unique_ptr<state::TableSource> seriesTable(const state::Report& report);
std::unique_ptr<state::TableSource> hoursTable(const state::HoursReport& hours);
std::unique_ptr<state::TableSource> reconciliationTable(const state::Reconciliation& reconciliation);
std::unique_ptr<state::TableSource> restatementsTable(const state::Restatements& restatements);

} // namespace models

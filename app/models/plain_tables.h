// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "app/models/rollup_series.h"
#include "app/state/links.h"
#include "app/state/table_source.h"
#include "backend/protocol/window.h"

// What charts and lists show, as tables to be exported: raw values, names as in the API.
namespace models {

std::unique_ptr<state::TableSource> catalogueTable(const std::vector<state::Link>& links);
std::unique_ptr<state::TableSource> rollupTable(const RollupSeries& series);
std::unique_ptr<state::TableSource> velocityTable(const protocol::WindowAggregate& window);
// The lists of the live window, one below the other: list, name, clicks.
std::unique_ptr<state::TableSource> topTable(const protocol::WindowAggregate& window);

} // namespace models

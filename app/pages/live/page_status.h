// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "app/models/hit_table_model.h"
#include "app/widgets/status_panel.h"

namespace live {

// Why a panel of the page shows nothing, or shows what is no longer new. Nothing: it shows what it should.
using OptionalStatus = std::optional<widgets::PanelStatus>;

OptionalStatus tableStatus(const state::LiveState& state, const models::HitTableModel& model,
                           const QString& redirectAddress, const QString& exampleLink);
OptionalStatus mapStatus(const state::LiveState& state, const QString& redirectAddress, const QString& exampleLink,
                         const QString& mapProblem);
OptionalStatus windowStatus(const state::LiveState& state);
OptionalStatus rollupStatus(const state::LiveState& state, bool hasRows, const QString& problem);

} // namespace live

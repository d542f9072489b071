// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "backend/links/zone_table.h"

namespace pipeline {

// Every zone of the system's time zone database as rules read it: its changes from three years before `now` (stored
// hits are rehearsed) to twelve years after. Made once, at the start; a system without that database knows UTC alone.
std::shared_ptr<const links::ZoneTable> zoneTable(protocol::UtcMs now);

} // namespace pipeline

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <iosfwd>

#include "backend/enrich/agent_catalogue.h"

namespace cli {

// One JSON line of `out` for each line of `in`, a User-Agent or a JSON object with hints.
void classifyLines(const enrich::AgentCatalogue& catalogue, std::istream& in, std::ostream& out);

} // namespace cli

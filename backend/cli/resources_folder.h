// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace cli {

// Where the shipped data lies (bots/, geo/): ../share/clickroom beside an installed program, otherwise the tree it was
// built from.
std::string resourcesFolder();

} // namespace cli

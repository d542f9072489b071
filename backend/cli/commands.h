// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>

namespace cli {

using Arguments = std::span<const std::string>;

// The commands of clickroomd but `serve`. Each gets what stands after its name, prints data on standard output and
// errors on standard error, and returns the process's exit status: 0 done, 1 failed, 2 not understood.
int runInit(Arguments arguments);
int runToken(Arguments arguments);
int runDomain(Arguments arguments);
int runLink(Arguments arguments);
int runImport(Arguments arguments);
int runWorkspace(Arguments arguments);
int runStats(Arguments arguments);
int runExport(Arguments arguments);
int runRollups(Arguments arguments);
int runCheck(Arguments arguments);
int runSimulate(Arguments arguments);
int runClassify(Arguments arguments);
int runGeo(Arguments arguments);
int runReplay(Arguments arguments);

} // namespace cli

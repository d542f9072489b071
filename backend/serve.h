// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/cli/commands.h"

// `clickroomd serve`: makes the rooms, joins them, runs their threads until a signal comes, and lets them go in order.
// Needs a QCoreApplication; the live stream runs on the calling thread. Returns the process's exit status.
int runServe(cli::Arguments arguments);

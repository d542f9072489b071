// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "backend/runtime/config.h"

// The TXT records of a name, asked of `resolver` (an address; none: the system's); blocks the calling thread for ten
// seconds at most. None where there are none or nobody answers.
std::vector<std::string> txtRecords(const std::string& name, const runtime::HostPort& resolver = {});

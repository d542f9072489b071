// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/cli/combined_log.h"
#include "tests/fuzz/fuzzer.h"

// An access log that is replayed.
FUZZER(combined_log)
{
    cli::CombinedLog log(fuzz::fileOf(bytes));
    std::uint64_t lines = 0;
    while (const auto line = log.next()) {
        ++lines;
        fuzz::require(!line->method.empty() && !line->target.empty(), "a request has a method and a target");
        for (const char c : line->target)
            fuzz::require(c > ' ' && c < 0x7f, "a target can be sent");
    }
    fuzz::require(lines + log.unreadable() <= bytes.size() + 1, "lines are counted once");
}

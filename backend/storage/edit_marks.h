// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "backend/protocol/messages.h"

namespace storage {

struct EditMarkQuery {
    protocol::WorkspaceId workspace;
    protocol::UtcMs from, to;                        // half open
    std::optional<std::vector<std::uint64_t>> links; // edits of these only; sorted
    std::size_t marksMax = 1;
};

// The edits of one stretch of a range: when the first and the last were, how many, and the newest.
struct EditMark {
    protocol::UtcMs first, last;
    std::uint64_t count = 0;
    protocol::Edit newest;
};

} // namespace storage

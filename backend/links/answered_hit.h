// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "backend/links/held_link.h"
#include "backend/protocol/hit.h"

namespace links {

// A hit on its way from the redirect to the store.
struct AnsweredHit {
    protocol::Hit hit;
    std::shared_ptr<ClickCount> clicks; // where the hit was counted; null: nowhere, or whoever needs it looks it up
};

} // namespace links

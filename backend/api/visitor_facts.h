// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "backend/protocol/hit.h"

namespace api {

// What a user agent and an address tell of a visitor who is only imagined; empty = unknown.
struct AgentFacts {
    protocol::DeviceType device = protocol::DeviceType::Other;
    std::string os, browser;
};

struct PlaceFacts {
    std::string country, region, city;
};

} // namespace api

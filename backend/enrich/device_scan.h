// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "backend/protocol/hit.h"

namespace enrich {

struct Device {
    protocol::DeviceType type = protocol::DeviceType::Other;
    std::string os;      // "iOS", "Android", "Windows", …; empty = unknown
    std::string browser; // "Chrome", "Instagram" (an app's own browser), …; empty = unknown

    friend bool operator==(const Device&, const Device&) = default;
};

// The agent as the scan reads it: client hints (empty = not sent) go before the User-Agent, as they are what browsers
// still tell truly.
struct AgentHeaders {
    std::string_view userAgent;
    std::string_view secChUa;
    std::string_view secChUaMobile;
    std::string_view secChUaPlatform;
};

// Looks for words in a fixed order, without patterns. Names come from tables of ours: never text of the request.
// Televisions, consoles, watches and glasses are Other.
Device scanDevice(const AgentHeaders& headers);

} // namespace enrich

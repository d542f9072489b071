// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>

#include "backend/links/network.h"
#include "backend/protocol/hit.h"

namespace links {

// What of a request decides where it goes. Views: valid while the request is.
struct Request {
    std::string_view host;  // lower case, no port
    std::string_view path;  // as received, with the leading slash, without the query
    std::string_view query; // as received, without '?'
    bool head = false;
    bool prefetch = false;
    protocol::UtcMs now;
    bool limitReached = false;   // the link has taken as many clicks as it may
    bool passwordPassed = false; // the visitor has given the link's password
};

// What is known of the visitor. Views: valid while their owner is. Empty = unknown.
struct Facts {
    std::string_view country, region, city, os, browser, language, referrer;
    protocol::DeviceType device = protocol::DeviceType::Other;
    std::optional<NetAddress> address;
    // What a split is sticky by: the visitor key, or where none is stored a hash that is not.
    protocol::VisitorKey stickiness;
    // False for what a stored hit does not tell. A rule that hangs on it leaves the decision uncertain.
    bool addressKnown = true, queryKnown = true, stickinessKnown = true;
};

// What a hit tells of its visitor. The stickiness is the caller's: a hit may have no visitor key.
inline Facts factsOf(const protocol::Hit& hit)
{
    Facts facts;
    facts.country = hit.country;
    facts.region = hit.region;
    facts.city = hit.city;
    facts.os = hit.os;
    facts.browser = hit.browser;
    facts.language = hit.language;
    facts.referrer = hit.referrer;
    facts.device = hit.device;
    return facts;
}

} // namespace links

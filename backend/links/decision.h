// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "backend/links/snapshot.h"
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
};

// The outcome of the evaluation order, with its reason; what a hit stores and the inspector explains.
struct Decision {
    enum class Kind : std::uint8_t { Reserved, Redirect, NotFound, Gone, Forbidden, Unavailable };

    Kind kind = Kind::NotFound;
    protocol::HitClass hitClass = protocol::HitClass::Miss;
    protocol::HitReason reason = protocol::HitReason::None;
    protocol::TouchType touch = protocol::TouchType::Link;
    std::string placement;
    std::string slug; // percent-decoded, cut to its limit; also of a miss
    std::uint16_t status = 404;
    std::string location;    // with the visitor's query merged in; only for Redirect
    std::string destination; // the same without what the visitor's query added
    Utm utm;          // as they stand in the location: the destination's own, else the link's, else the visitor's
    std::string rule; // id of the rule that decided; empty = the link's own destination
    std::uint32_t ruleVersion = 0;
    std::string variant;
    const Domain* domain = nullptr;       // all three owned by the snapshot
    const Workspace* workspace = nullptr; // `default` where the host is unknown
    const Link* link = nullptr;
};

// Pure: the same snapshot and request give the same decision.
Decision decide(const Snapshot& snapshot, const Request& request);

// True for /.well-known/*, /robots.txt, /favicon.ico and the health paths: never a hit.
bool isReservedPath(std::string_view path);

} // namespace links

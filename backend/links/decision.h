// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "backend/links/destination.h"
#include "backend/links/facts.h"
#include "backend/links/snapshot.h"
#include "backend/protocol/hit.h"

namespace links {

// The outcome of the evaluation order, with its reason; what a hit stores and the inspector explains. Filled again and
// again, it keeps the memory of its strings.
struct Decision {
    enum class Kind : std::uint8_t { Reserved, Redirect, NotFound, Gone, Forbidden, Unavailable, Password };
    // Why a decision for a stored hit (see Facts) is not certain.
    enum class Uncertain : std::uint8_t { No, Address, Query, NoVisitor };

    Kind kind = Kind::NotFound;
    // A redirect to the fallback of an expired or used up link is no click but a miss, with its reason.
    protocol::HitClass hitClass = protocol::HitClass::Miss;
    protocol::HitReason reason = protocol::HitReason::None;
    protocol::TouchType touch = protocol::TouchType::Link;
    Uncertain uncertain = Uncertain::No;
    bool deepLink = false; // the link's app in place of its destination
    std::uint16_t status = 404;
    std::string placement;
    std::string slug;        // percent-decoded, cut to its limit; also of a miss
    std::string location;    // with the visitor's query merged in; only for Redirect
    std::string destination; // the same without what the visitor's query added
    Utm utm;          // as they stand in the location: the destination's own, else the link's, else the visitor's
    std::string rule; // id of the rule that decided; empty = the link's own destination
    std::uint32_t ruleVersion = 0;
    std::string variant;
    std::string passedOver;               // as in the hit; a rule that cannot be read is "r1:unusable"
    const Domain* domain = nullptr;       // all three owned by the snapshot
    const Workspace* workspace = nullptr; // `default` where the host is unknown
    const HeldLink* link = nullptr;

    void clear();
};

// Decides. Pure: the same snapshot, request and facts give the same decision; what it holds is memory for reuse, so
// that a decision allocates nothing once the memory is warm. In steps, all with the same snapshot and request: because
// the link says what must be known of the visitor, and because its memory may be far away.
class Decider {
public:
    // Reserved path, touch, domain and workspace. Fills `decision` anew.
    void begin(const Snapshot& snapshot, const Request& request, Decision& decision);
    // May be called between these two, when something else has been done since begin(): the link then comes meanwhile.
    void sendForLink(const Snapshot& snapshot) const;
    // Link and slug.
    void resolve(const Snapshot& snapshot, Decision& decision);
    // The rest of the evaluation order.
    void finish(const Snapshot& snapshot, const Request& request, const Facts& facts, Decision& decision);
    // In place of begin() and resolve(), for a hit that is stored: its link, touch and placement are known.
    void resolved(const Snapshot& snapshot, const HeldLink& link, protocol::TouchType touch, std::string_view placement,
                  Decision& decision);

private:
    bool isOpen(const Snapshot& snapshot, const Request& request, Decision& decision);
    const Variant* applyRules(const Request& request, const Facts& facts, Decision& decision, Exit& exit);
    void leave(const Snapshot& snapshot, const Request& request, const Facts& facts, Decision& decision);
    void fallBack(const Snapshot& snapshot, Decision& decision);
    void sendTo(std::string_view destination, ExitState state, Decision& decision);

    QueryParameters m_query; // the visitor's
    TargetMaker m_target;
    std::string m_slug, m_host;
    std::string_view m_asked;               // the slug of the request, decoded where that was possible
    std::optional<Snapshot::Place> m_place; // of the link, where there may be one
};

// Both halves at once, with memory of its own: for commands and tests.
Decision decide(const Snapshot& snapshot, const Request& request, const Facts& facts = {});

// True for /.well-known/*, /robots.txt, /favicon.ico and the health paths: never a hit.
bool isReservedPath(std::string_view path);

} // namespace links

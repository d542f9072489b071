// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/links/decision.h"

#include "backend/links/destination.h"
#include "backend/protocol/limits.h"
#include "backend/protocol/words.h"

namespace links {

namespace {

using protocol::HitClass;
using protocol::HitReason;

constexpr std::string_view defaultWorkspace = "default";

void refuse(Decision& decision, Decision::Kind kind, std::uint16_t status, HitClass hitClass, HitReason reason)
{
    decision.kind = kind;
    decision.status = status;
    decision.hitClass = hitClass;
    decision.reason = reason;
}

// Finds domain and link, and the slug as it is stored. False: the decision is a miss.
bool resolve(const Snapshot& snapshot, const Request& request, Decision& decision)
{
    const std::string_view path = request.path.substr(request.path.starts_with('/') ? 1 : 0);
    const bool escaped = path.find('%') != std::string_view::npos;
    std::string plain;
    const bool readable = !escaped || percentDecode(path, false, plain);
    const std::string_view slug = escaped && readable ? std::string_view(plain) : path;
    const auto miss = [&](HitReason reason) {
        decision.slug = protocol::visibleText(slug, protocol::limits::slugBytes);
        refuse(decision, Decision::Kind::NotFound, 404, HitClass::Miss, reason);
        return false;
    };

    decision.domain = snapshot.domain(request.host);
    if (decision.domain == nullptr) {
        decision.workspace = snapshot.workspace(defaultWorkspace);
        return miss(HitReason::UnknownHost);
    }
    decision.workspace = snapshot.workspace(decision.domain->workspace);
    if (decision.domain->state != DomainState::Ready)
        return miss(HitReason::DomainNotReady);
    if (!readable)
        return miss(HitReason::UnknownSlug);
    decision.link = snapshot.link(decision.domain->id, slug);
    if (decision.link == nullptr)
        return miss(HitReason::UnknownSlug);
    decision.slug = decision.link->slug;
    return true;
}

// The link's own state. Paused answers 404, not 503: a proxy before us would take a row of 503 for a broken backend.
// False: no redirect.
bool isOpen(const Link& link, protocol::UtcMs now, Decision& decision)
{
    if (link.state == LinkState::Deleted)
        refuse(decision, Decision::Kind::Gone, 410, HitClass::Miss, HitReason::LinkDeleted);
    else if (link.state == LinkState::Expired || (link.expiresAt.value != 0 && link.expiresAt <= now))
        refuse(decision, Decision::Kind::Gone, 410, HitClass::Miss, HitReason::LinkExpired);
    else if (link.state == LinkState::Paused)
        refuse(decision, Decision::Kind::Unavailable, 404, HitClass::Miss, HitReason::LinkPaused);
    else if (link.flagged)
        refuse(decision, Decision::Kind::Forbidden, 403, HitClass::Blocked, HitReason::Flagged);
    else
        return true;
    return false;
}

void redirect(const Snapshot& snapshot, const Request& request, Decision& decision)
{
    const Link& link = *decision.link;
    const std::string problem = destinationProblem(link.destination, snapshot);
    if (problem == "own_domain") {
        refuse(decision, Decision::Kind::Forbidden, 403, HitClass::Blocked, HitReason::Loop);
        return;
    }
    if (!problem.empty()) {
        // Storage refuses such a destination; should one be there all the same, nobody is sent to it.
        refuse(decision, Decision::Kind::Forbidden, 403, HitClass::Blocked, HitReason::Flagged);
        return;
    }
    Target target = targetOf(link.destination, link.utm, request.query);
    decision.kind = Decision::Kind::Redirect;
    decision.hitClass = HitClass::Click;
    decision.status = link.status;
    decision.location = std::move(target.location);
    decision.destination = std::move(target.base);
    decision.utm = std::move(target.utm);
}

} // namespace

bool isReservedPath(std::string_view path)
{
    return path.starts_with("/.well-known/") || path == "/robots.txt" || path == "/favicon.ico" ||
           path == "/health/live" || path == "/health/ready";
}

Decision decide(const Snapshot& snapshot, const Request& request)
{
    Decision decision;
    if (isReservedPath(request.path)) {
        decision.kind = Decision::Kind::Reserved;
        return decision;
    }
    if (!request.query.empty()) {
        QrMarker marker = qrMarkerOf(request.query);
        decision.touch = marker.found ? protocol::TouchType::Qr : protocol::TouchType::Link;
        decision.placement = std::move(marker.placement);
    }
    if (resolve(snapshot, request, decision) && isOpen(*decision.link, request.now, decision))
        redirect(snapshot, request, decision);

    // The class of a HEAD or a prefetch says how it was asked, whatever came of it; the reason still says why there was
    // no redirect.
    if (request.head || request.prefetch) {
        decision.hitClass = request.head ? HitClass::Probe : HitClass::Prefetch;
        if (decision.reason == HitReason::None)
            decision.reason = request.head ? HitReason::Head : HitReason::PrefetchHeader;
    }
    return decision;
}

} // namespace links

// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/links/decision.h"

#include "backend/links/condition.h"
#include "backend/links/link_words.h"
#include "backend/protocol/limits.h"
#include "backend/protocol/words.h"

namespace links {

namespace {

using protocol::HitClass;
using protocol::HitReason;

constexpr std::string_view defaultWorkspace = "default";
constexpr std::string_view unusable = "unusable";
// A fallback stands in for as long as the link is over; nobody may remember it beyond that.
constexpr std::uint16_t fallbackStatus = 302;

void refuse(Decision& decision, Decision::Kind kind, std::uint16_t status, HitClass hitClass, HitReason reason)
{
    decision.kind = kind;
    decision.status = status;
    decision.hitClass = hitClass;
    decision.reason = reason;
}

// "r1:country", whole or, where there is no more room, not at all.
void passOver(Decision& decision, std::string_view rule, std::string_view why)
{
    std::string& text = decision.passedOver;
    if (text.size() + rule.size() + why.size() + 2 > protocol::limits::passedOverBytes)
        return;
    if (!text.empty())
        text += ' ';
    ((text += rule) += ':') += why;
}

Decision::Uncertain uncertaintyOf(ConditionKind kind)
{
    return kind == ConditionKind::Address ? Decision::Uncertain::Address : Decision::Uncertain::Query;
}

bool isApple(std::string_view os)
{
    return os == "iOS" || os == "iPadOS";
}

} // namespace

void Decision::clear()
{
    kind = Kind::NotFound;
    hitClass = HitClass::Miss;
    reason = HitReason::None;
    touch = protocol::TouchType::Link;
    uncertain = Uncertain::No;
    deepLink = false;
    status = 404;
    for (std::string* const text : {&placement, &slug, &location, &destination, &utm.source, &utm.medium, &utm.campaign,
                                    &utm.term, &utm.content, &rule, &variant, &passedOver})
        text->clear();
    ruleVersion = 0;
    domain = nullptr;
    workspace = nullptr;
    link = nullptr;
}

void Decider::begin(const Snapshot& snapshot, const Request& request, Decision& decision)
{
    decision.clear();
    m_query.clear();
    m_place.reset();
    if (isReservedPath(request.path)) {
        decision.kind = Decision::Kind::Reserved;
        return;
    }
    if (!request.query.empty()) {
        m_query.read(request.query);
        if (readQrMarker(m_query, decision.placement))
            decision.touch = protocol::TouchType::Qr;
    }
    const std::string_view path = request.path.substr(request.path.starts_with('/') ? 1 : 0);
    const bool isEscaped = path.find('%') != std::string_view::npos;
    const bool isReadable = !isEscaped || percentDecode(path, false, m_slug);
    m_asked = isEscaped && isReadable ? std::string_view(m_slug) : path;
    decision.domain = snapshot.domain(request.host);
    decision.workspace = decision.domain == nullptr ? snapshot.workspace(defaultWorkspace)
                                                    : snapshot.workspace(decision.domain->workspace);
    if (decision.domain == nullptr || decision.domain->state != DomainState::Ready || !isReadable)
        return;
    m_place = Snapshot::placeOf(decision.domain->id, m_asked);
    snapshot.sendForPlace(*m_place);
}

void Decider::sendForLink(const Snapshot& snapshot) const
{
    if (m_place)
        snapshot.sendForLink(*m_place);
}

void Decider::resolve(const Snapshot& snapshot, Decision& decision)
{
    if (decision.kind == Decision::Kind::Reserved)
        return;
    if (m_place)
        decision.link = snapshot.link(*m_place);
    if (decision.link != nullptr) {
        decision.slug = decision.link->slug;
        decision.link->sendForMore();
        return;
    }
    decision.slug = protocol::visibleText(m_asked, protocol::limits::slugBytes);
    const HitReason reason = decision.domain == nullptr                     ? HitReason::UnknownHost
                             : decision.domain->state != DomainState::Ready ? HitReason::DomainNotReady
                                                                            : HitReason::UnknownSlug;
    refuse(decision, Decision::Kind::NotFound, 404, HitClass::Miss, reason);
}

void Decider::resolved(const Snapshot& snapshot, const HeldLink& link, protocol::TouchType touch,
                       std::string_view placement, Decision& decision)
{
    decision.clear();
    m_query.clear();
    decision.touch = touch;
    decision.placement = placement;
    decision.slug = link.slug;
    decision.link = &link;
    decision.domain = snapshot.domain(link.domain);
    decision.workspace = decision.domain == nullptr ? nullptr : snapshot.workspace(decision.domain->workspace);
}

void Decider::finish(const Snapshot& snapshot, const Request& request, const Facts& facts, Decision& decision)
{
    if (decision.kind == Decision::Kind::Reserved)
        return;
    if (decision.link != nullptr && isOpen(snapshot, request, decision))
        leave(snapshot, request, facts, decision);

    // The class of a HEAD or a prefetch says how it was asked, whatever came of it; the reason still says why there was
    // no redirect.
    if (request.head || request.prefetch) {
        decision.hitClass = request.head ? HitClass::Probe : HitClass::Prefetch;
        if (decision.reason == HitReason::None)
            decision.reason = request.head ? HitReason::Head : HitReason::PrefetchHeader;
    }
}

// The link's own state. Paused answers 404, not 503: a proxy before us would take a row of 503 for a broken backend.
// False: it is decided.
bool Decider::isOpen(const Snapshot& snapshot, const Request& request, Decision& decision)
{
    const Link& link = *decision.link;
    if (link.state == LinkState::Deleted) {
        refuse(decision, Decision::Kind::Gone, 410, HitClass::Miss, HitReason::LinkDeleted);
    } else if (link.state == LinkState::Expired || (link.expiresAt.value != 0 && link.expiresAt <= request.now)) {
        refuse(decision, Decision::Kind::Gone, 410, HitClass::Miss, HitReason::LinkExpired);
        fallBack(snapshot, decision);
    } else if (link.clickLimit != 0 && request.limitReached) {
        refuse(decision, Decision::Kind::Gone, 410, HitClass::Miss, HitReason::ClickLimit);
        fallBack(snapshot, decision);
    } else if (!link.passwordHash.empty() && !request.passwordPassed) {
        refuse(decision, Decision::Kind::Password, 403, HitClass::Blocked, HitReason::PasswordNotPassed);
    } else if (link.state == LinkState::Paused) {
        refuse(decision, Decision::Kind::Unavailable, 404, HitClass::Miss, HitReason::LinkPaused);
    } else if (link.flagged) {
        refuse(decision, Decision::Kind::Forbidden, 403, HitClass::Blocked, HitReason::Flagged);
    } else {
        return true;
    }
    return false;
}

// The link is over: its visitors go where it says, as they are, and stay a miss with its reason. A fallback that may
// not be opened is none.
void Decider::fallBack(const Snapshot& snapshot, Decision& decision)
{
    const HeldLink& link = *decision.link;
    if (exitState(link.fallback, link.fallbackExit, snapshot, decision.workspace, m_host) != ExitState::Open)
        return;
    m_query.clear();
    m_target.make(link.fallback, {}, m_query, {decision.destination, decision.location, decision.utm});
    decision.kind = Decision::Kind::Redirect;
    decision.status = fallbackStatus;
}

// Rules, then the link's app, then its own destination. A rule is more particular than the app and goes before it.
void Decider::leave(const Snapshot& snapshot, const Request& request, const Facts& facts, Decision& decision)
{
    const HeldLink& link = *decision.link;
    Exit exit = link.exit;
    if (const Variant* const variant = applyRules(request, facts, decision, exit)) {
        sendTo(variant->destination, exitState(variant->destination, exit, snapshot, decision.workspace, m_host),
               decision);
        return;
    }
    if (decision.uncertain != Decision::Uncertain::No)
        return;
    const bool apple = link.iosExit != Exit::None && isApple(facts.os);
    if (apple || (link.androidExit != Exit::None && facts.os == "Android")) {
        const std::string& app = apple ? link.iosApp : link.androidApp;
        const Exit appExit = apple ? link.iosExit : link.androidExit;
        // An app that may not be opened (any more) leaves the destination, which is there for everybody.
        decision.deepLink = exitState(app, appExit, snapshot, decision.workspace, m_host) == ExitState::Open;
        if (decision.deepLink)
            return sendTo(app, ExitState::Open, decision);
    }
    sendTo(link.destination, exitState(link.destination, link.exit, snapshot, decision.workspace, m_host), decision);
}

// The variant of the first enabled rule that holds, with its exit; null where none does or where it is uncertain.
const Variant* Decider::applyRules(const Request& request, const Facts& facts, Decision& decision, Exit& exit)
{
    const HeldLink& link = *decision.link;
    if (!link.compiled)
        return nullptr;
    const Situation situation{request.now, facts, m_query, decision.touch, decision.placement};
    for (std::size_t i = 0; i < link.rules.size(); ++i) {
        const Rule& rule = link.rules[i];
        const CompiledRule& compiled = (*link.compiled)[i];
        if (!rule.enabled)
            continue;
        const RuleOutcome outcome = tryRule(compiled, situation);
        if (outcome.holds == Holding::Uncertain) {
            decision.uncertain = uncertaintyOf(outcome.kind);
            return nullptr;
        }
        if (outcome.holds == Holding::No) {
            passOver(decision, rule.id, compiled.usable ? word(outcome.kind) : unusable);
            continue;
        }
        if (rule.variants.size() > 1 && !facts.stickinessKnown) {
            decision.uncertain = Decision::Uncertain::NoVisitor;
            return nullptr;
        }
        const std::size_t variant = pickVariant(compiled, rule, link.id, facts.stickiness);
        decision.rule = rule.id;
        decision.ruleVersion = rule.version;
        decision.variant = rule.variants[variant].name;
        exit = compiled.exits[variant];
        return &rule.variants[variant];
    }
    return nullptr;
}

void Decider::sendTo(std::string_view destination, ExitState state, Decision& decision)
{
    if (state != ExitState::Open) {
        // Storage refuses such a destination; should one be there all the same, nobody is sent to it.
        refuse(decision, Decision::Kind::Forbidden, 403, HitClass::Blocked,
               state == ExitState::OwnDomain ? HitReason::Loop : HitReason::Flagged);
        return;
    }
    m_target.make(destination, decision.link->utm, m_query, {decision.destination, decision.location, decision.utm});
    decision.kind = Decision::Kind::Redirect;
    decision.hitClass = HitClass::Click;
    decision.status = decision.link->status;
}

bool isReservedPath(std::string_view path)
{
    return path.starts_with("/.well-known/") || path == "/robots.txt" || path == "/favicon.ico" ||
           path == "/health/live" || path == "/health/ready";
}

Decision decide(const Snapshot& snapshot, const Request& request, const Facts& facts)
{
    Decider decider;
    Decision decision;
    decider.begin(snapshot, request, decision);
    decider.resolve(snapshot, decision);
    decider.finish(snapshot, request, facts, decision);
    return decision;
}

} // namespace links

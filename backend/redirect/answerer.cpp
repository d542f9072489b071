// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/redirect/answerer.h"

#include <algorithm>

namespace redirect {

namespace {

links::NetAddress netAddress(const enrich::IpAddress& address)
{
    if (address.v6)
        return address.bytes;
    links::NetAddress mapped{};
    mapped[10] = mapped[11] = 0xff;
    std::copy_n(address.bytes.begin(), 4, mapped.begin() + 12);
    return mapped;
}

} // namespace

struct Answerer::Turn {
    enum class Password : std::uint8_t { NotChecked, Passed, Wrong };

    const RequestHead& head;
    const enrich::IpAddress& peer;
    std::uint64_t ticket;
    ResponseFrame frame;
    Password password = Password::NotChecked;

    bool posts() const { return head.method == RequestHead::Method::Post; }
};

Answerer::Answerer(Edge& edge, std::unique_ptr<enrich::Enricher> enricher, runtime::ReturnPath& back,
                   PasswordAnswers& checked)
    : m_edge(edge), m_enricher(std::move(enricher)), m_back(back), m_checked(checked)
{
}

void Answerer::refreshDate()
{
    m_nowMs = m_edge.clock.utcMs();
    const std::int64_t second = m_nowMs / protocol::msPerSecond;
    if (second != m_dateSecond) {
        m_dateSecond = second;
        m_date = httpDate(m_nowMs);
    }
}

void Answerer::beginRound()
{
    refreshDate();
}

void Answerer::endRound()
{
    // An idle loop must not keep an old snapshot of a million links alive.
    m_snapshot.reset();
    // Closed: the program ends, and whoever waits for these answers is cut off with the loop.
    if (m_round.size() == 0)
        return;
    m_roundHits = m_round.size();
    m_roundBytes = m_round.items.bytes();
    m_round.back = &m_back;
    m_edge.queue.pushReserved(std::move(m_round));
    m_round = {};
}

Answerer::Outcome Answerer::answer(const RequestHead& head, const enrich::IpAddress& peer, std::uint64_t ticket,
                                   bool close, std::string& out)
{
    m_edge.counters.requests.fetch_add(1, std::memory_order_relaxed);
    const bool isHead = head.method == RequestHead::Method::Head;
    const ResponseFrame frame{m_date, isHead, close, head.http10};
    if (head.method == RequestHead::Method::Other) {
        m_edge.counters.refused.fetch_add(1, std::memory_order_relaxed);
        appendPlain(out, frame, 405);
        return Outcome::Now;
    }
    if (links::isReservedPath(head.path)) {
        m_edge.counters.reserved.fetch_add(1, std::memory_order_relaxed);
        const bool ready =
            head.path != "/health/ready" || (!m_edge.stopping.load() && (!m_edge.ready || m_edge.ready()));
        appendReserved(out, frame, head.path, ready);
        return Outcome::Now;
    }
    return resolve({head, peer, ticket, frame}, out);
}

Answerer::Outcome Answerer::answerChecked(const RequestHead& head, const enrich::IpAddress& peer,
                                          const PasswordCheck& check, std::string& out)
{
    const ResponseFrame frame{m_date, false, check.close, head.http10};
    return resolve({head, peer, check.ticket, frame, check.passed ? Turn::Password::Passed : Turn::Password::Wrong},
                   out);
}

// True: the answer waits for the check. Else the prompt says why not.
bool Answerer::askForCheck(const Turn& turn, PasswordPrompt& prompt)
{
    auto password = passwordOf(turn.head.form);
    if (!password)
        return false;
    const enrich::IpAddress client =
        enrich::clientAddress(turn.peer, turn.head.forwarded, turn.head.xForwardedFor, m_edge.trusted);
    if (!m_edge.passwordAttempts.tryTake(client, m_decision.link->id, m_nowMs)) {
        prompt = PasswordPrompt::TooManyTries;
        m_decision.status = 429;
        m_decision.reason = protocol::HitReason::RateLimit;
        return false;
    }
    PasswordCheck check;
    check.request = turn.head.raw;
    check.hash = m_decision.link->passwordHash;
    check.password = std::move(*password);
    check.ticket = turn.ticket;
    check.close = turn.frame.close;
    check.back = &m_checked;
    if (m_edge.passwords.tryAsk(std::move(check)))
        return true;
    prompt = PasswordPrompt::Busy;
    m_decision.status = 503;
    return false;
}

void Answerer::appendResponse(const Turn& turn, PasswordPrompt prompt, std::string& out)
{
    if (m_decision.kind == links::Decision::Kind::Redirect) {
        // 307 and 308 would carry the password on to the destination.
        if (turn.posts())
            m_decision.status = 303;
        appendRedirect(out, turn.frame, m_decision.status, m_decision.location);
    } else if (m_decision.kind == links::Decision::Kind::Password) {
        appendPage(out, turn.frame, m_decision.status, passwordPage(prompt));
    } else {
        appendPlain(out, turn.frame, m_decision.status);
    }
}

Answerer::Outcome Answerer::resolve(const Turn& turn, std::string& out)
{
    const RequestHead& head = turn.head;
    if (!m_snapshot)
        m_snapshot = m_edge.snapshot.current();
    links::Request request;
    request.host = head.host;
    request.path = head.path;
    request.query = head.query;
    request.head = turn.frame.head;
    request.prefetch = head.prefetch;
    request.now = protocol::UtcMs(m_nowMs);
    request.passwordPassed = turn.password == Turn::Password::Passed;
    m_decider.begin(*m_snapshot, request, m_decision);
    const enrich::RequestFacts facts = factsOf(head, turn.peer);
    m_decider.sendForLink(*m_snapshot);
    enrich(facts);
    m_decider.resolve(*m_snapshot, m_decision);
    if (turn.posts() && (m_decision.link == nullptr || m_decision.link->passwordHash.empty())) {
        m_edge.counters.refused.fetch_add(1, std::memory_order_relaxed);
        appendPlain(out, turn.frame, 405);
        return Outcome::Now;
    }
    if (m_decision.domain != nullptr && m_decision.domain->state == links::DomainState::Verified && m_edge.hostReached)
        m_edge.hostReached(m_decision.domain->id);
    recognise(facts);
    const bool counted = decide(request);

    PasswordPrompt prompt = turn.password == Turn::Password::Wrong ? PasswordPrompt::Wrong : PasswordPrompt::First;
    if (m_decision.kind == links::Decision::Kind::Password && turn.posts() &&
        turn.password == Turn::Password::NotChecked && askForCheck(turn, prompt))
        return Outcome::OnCheck;
    const std::size_t start = out.size();
    appendResponse(turn, prompt, out);

    if (m_edge.queue.tryReserve()) {
        takeHit(head.host, counted, turn.ticket);
        return Outcome::OnRelease;
    }
    // Not recorded, so not redirected either: nothing that was answered is ever missing from the record.
    if (counted)
        m_decision.link->clicks->giveBack();
    m_edge.counters.queueFull.fetch_add(1, std::memory_order_relaxed);
    out.resize(start);
    appendPlain(out, turn.frame, 503);
    return Outcome::Now;
}

enrich::RequestFacts Answerer::factsOf(const RequestHead& head, const enrich::IpAddress& peer) const
{
    enrich::RequestFacts facts;
    facts.client = enrich::clientAddress(peer, head.forwarded, head.xForwardedFor, m_edge.trusted);
    facts.userAgent = head.userAgent;
    facts.referer = head.referer;
    facts.acceptLanguage = head.acceptLanguage;
    facts.accept = head.accept;
    facts.secChUa = head.secChUa;
    facts.secChUaMobile = head.secChUaMobile;
    facts.secChUaPlatform = head.secChUaPlatform;
    facts.globalPrivacyControl = head.globalPrivacyControl;
    return facts;
}

// What the request's headers and address tell. The address stays here, as rules may ask for it, until the next request.
void Answerer::enrich(const enrich::RequestFacts& facts)
{
    m_hit.time = protocol::UtcMs(m_nowMs);
    m_hit.workspace = m_decision.workspace != nullptr ? m_decision.workspace->id : protocol::WorkspaceId();
    m_address = netAddress(facts.client);
    if (m_enricher != nullptr)
        m_enricher->enrich(facts, m_hit);
}

void Answerer::recognise(const enrich::RequestFacts& facts)
{
    m_stickiness = m_hit.visitor = {};
    if (m_enricher == nullptr)
        return;
    if (m_decision.workspace == nullptr || m_decision.workspace->privacy != links::PrivacyMode::Strict)
        m_hit.visitor = m_enricher->visitorKey(facts, m_hit.workspace, m_hit.time);
    m_stickiness = m_hit.visitor;
    if (!m_stickiness && m_decision.link != nullptr && m_decision.link->hasSplits)
        m_stickiness = m_enricher->splitKey(facts, m_hit.workspace, m_hit.time);
}

// True where the click was counted. Several loops may ask for a link's last click at once: whoever comes too late
// decides again.
bool Answerer::decide(links::Request& request)
{
    links::Facts facts = links::factsOf(m_hit);
    facts.address = m_address;
    facts.stickiness = m_stickiness;
    const links::HeldLink* const link = m_decision.link;
    request.limitReached = link != nullptr && link->clickLimit != 0 && link->clicks->taken() >= link->clickLimit;
    m_decider.finish(*m_snapshot, request, facts, m_decision);
    if (link == nullptr || m_decision.hitClass != protocol::HitClass::Click)
        return false;
    if (link->clicks->take(link->clickLimit))
        return true;
    request.limitReached = true;
    m_decider.begin(*m_snapshot, request, m_decision);
    m_decider.resolve(*m_snapshot, m_decision);
    m_decider.finish(*m_snapshot, request, facts, m_decision);
    return false;
}

// The hit becomes bytes here, where all it is made of is at hand.
void Answerer::takeHit(std::string_view host, bool counted, std::uint64_t ticket)
{
    using protocol::HitText;
    const links::Decision& decision = m_decision;
    protocol::HitView hit = protocol::viewOf(m_hit);
    if (decision.link != nullptr) {
        hit.link = decision.link->id;
        hit.text(HitText::Campaign) =
            decision.link->campaign.empty() ? decision.link->utm.campaign : decision.link->campaign;
    }
    hit.hitClass = decision.hitClass;
    hit.reason = decision.reason;
    hit.touch = decision.touch;
    hit.status = decision.status;
    hit.ruleVersion = decision.ruleVersion;
    hit.text(HitText::Domain) = host;
    hit.text(HitText::Slug) = decision.slug;
    hit.text(HitText::Placement) = decision.placement;
    hit.text(HitText::UtmSource) = decision.utm.source;
    hit.text(HitText::UtmMedium) = decision.utm.medium;
    hit.text(HitText::UtmTerm) = decision.utm.term;
    hit.text(HitText::UtmContent) = decision.utm.content;
    hit.text(HitText::Destination) = decision.destination;
    hit.text(HitText::Rule) = decision.rule;
    hit.text(HitText::Variant) = decision.variant;
    hit.text(HitText::PassedOver) = decision.passedOver;
    if (m_round.size() == 0) {
        m_round.items.reserve(m_roundHits, m_roundBytes);
        m_round.tickets.reserve(m_roundHits);
    }
    m_round.items.add(hit, counted ? decision.link->clicks : nullptr);
    m_round.tickets.push_back(ticket);
}

void Answerer::refuse(std::uint16_t status, std::string& out)
{
    appendPlain(out, {m_date, false, true, false}, status);
}

} // namespace redirect

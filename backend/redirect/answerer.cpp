// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/redirect/answerer.h"

namespace redirect {

Answerer::Answerer(Edge& edge, std::unique_ptr<enrich::Enricher> enricher, runtime::ReturnPath& back)
    : m_edge(edge), m_enricher(std::move(enricher)), m_back(back)
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

void Answerer::beginBatch()
{
    refreshDate();
    m_snapshot = m_edge.snapshot.current();
}

// An idle loop must not keep an old snapshot of a million links alive.
void Answerer::endBatch()
{
    m_snapshot.reset();
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
    return resolve(head, peer, ticket, frame, out);
}

Answerer::Outcome Answerer::resolve(const RequestHead& head, const enrich::IpAddress& peer, std::uint64_t ticket,
                                    const ResponseFrame& frame, std::string& out)
{
    links::Request request;
    request.host = head.host;
    request.path = head.path;
    request.query = head.query;
    request.head = frame.head;
    request.prefetch = head.prefetch;
    request.now = protocol::UtcMs(m_nowMs);
    links::Decision decision = links::decide(*m_snapshot, request);
    if (decision.domain != nullptr && decision.domain->state == links::DomainState::Verified && m_edge.hostReached)
        m_edge.hostReached(decision.domain->id);

    const std::size_t start = out.size();
    if (decision.kind == links::Decision::Kind::Redirect)
        appendRedirect(out, frame, decision.status, decision.location);
    else
        appendPlain(out, frame, decision.status);

    runtime::Handed<protocol::Hit> handed{hitOf(head, peer, decision), &m_back, ticket};
    if (m_edge.queue.tryPush(std::move(handed)))
        return Outcome::OnRelease;
    // Not recorded, so not redirected either: nothing that was answered is ever missing from the record.
    m_edge.counters.queueFull.fetch_add(1, std::memory_order_relaxed);
    out.resize(start);
    appendPlain(out, frame, 503);
    return Outcome::Now;
}

protocol::Hit Answerer::hitOf(const RequestHead& head, const enrich::IpAddress& peer, links::Decision& decision)
{
    protocol::Hit hit;
    hit.time = protocol::UtcMs(m_nowMs);
    if (decision.workspace != nullptr)
        hit.workspace = decision.workspace->id;
    if (decision.link != nullptr) {
        hit.link = decision.link->id;
        hit.campaign = decision.link->campaign.empty() ? decision.link->utm.campaign : decision.link->campaign;
    }
    hit.hitClass = decision.hitClass;
    hit.reason = decision.reason;
    hit.touch = decision.touch;
    hit.status = decision.status;
    hit.domain = head.host;
    hit.slug = std::move(decision.slug);
    hit.placement = std::move(decision.placement);
    hit.utmSource = std::move(decision.utm.source);
    hit.utmMedium = std::move(decision.utm.medium);
    hit.utmTerm = std::move(decision.utm.term);
    hit.utmContent = std::move(decision.utm.content);
    hit.destination = std::move(decision.destination);
    hit.rule = std::move(decision.rule);
    hit.ruleVersion = decision.ruleVersion;
    hit.variant = std::move(decision.variant);
    if (m_enricher != nullptr) {
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
        const bool strict = decision.workspace != nullptr && decision.workspace->privacy == links::PrivacyMode::Strict;
        m_enricher->enrich(facts, !strict, hit);
    }
    return hit;
}

void Answerer::refuse(std::uint16_t status, std::string& out)
{
    refreshDate();
    appendPlain(out, {m_date, false, true, false}, status);
}

} // namespace redirect

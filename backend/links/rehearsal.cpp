// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/links/rehearsal.h"

#include <algorithm>

namespace links {

Rehearsal::Rehearsal(std::shared_ptr<const Snapshot> now, std::shared_ptr<const Snapshot> draft, protocol::LinkId link)
    : m_now(std::move(now)), m_draft(std::move(draft)), m_link(link), m_nowLink(m_now->link(link)),
      m_draftLink(m_draft->link(link))
{
}

void Rehearsal::add(const protocol::Hit& hit)
{
    if (hit.link != m_link || m_nowLink == nullptr || m_draftLink == nullptr)
        return;
    ++m_tried;
    Outcome before, after;
    Decision::Uncertain uncertain = outcomeOf(*m_now, *m_nowLink, hit, before);
    if (uncertain == Decision::Uncertain::No)
        uncertain = outcomeOf(*m_draft, *m_draftLink, hit, after);
    if (uncertain != Decision::Uncertain::No) {
        ++m_unknown[static_cast<std::size_t>(uncertain)];
        return;
    }
    const bool same = before.kind == after.kind && before.destination == after.destination;
    ++(same ? m_same : m_changed);
    if (!same && m_samples.size() < samplesMax)
        m_samples.push_back({hit.seq, hit.time, hit.country, hit.language, hit.device, before, after});
    ++m_groups[{std::move(before), std::move(after)}];
}

Decision::Uncertain Rehearsal::outcomeOf(const Snapshot& snapshot, const HeldLink& link, const protocol::Hit& hit,
                                         Outcome& outcome)
{
    Facts facts = factsOf(hit);
    facts.stickiness = hit.visitor;
    facts.addressKnown = false;
    facts.queryKnown = false;
    facts.stickinessKnown = static_cast<bool>(hit.visitor);
    Request request;
    request.now = hit.time;
    request.head = hit.hitClass == protocol::HitClass::Probe;
    request.prefetch = hit.hitClass == protocol::HitClass::Prefetch;
    // What was counted then is not counted again: a limit that is no higher refuses whom it refused.
    request.limitReached = hit.reason == protocol::HitReason::ClickLimit && link.clickLimit <= m_nowLink->clickLimit;
    // Who passed the password once is taken to pass; nobody has passed one that was not there.
    request.passwordPassed = !m_nowLink->passwordHash.empty() && hit.reason != protocol::HitReason::PasswordNotPassed;
    m_decider.resolved(snapshot, link, hit.touch, hit.placement, m_decision);
    m_decider.finish(snapshot, request, facts, m_decision);
    if (m_decision.uncertain != Decision::Uncertain::No)
        return m_decision.uncertain;
    // How it was asked is no outcome.
    const bool byClass =
        m_decision.reason == protocol::HitReason::Head || m_decision.reason == protocol::HitReason::PrefetchHeader;
    outcome = {m_decision.kind, byClass ? protocol::HitReason::None : m_decision.reason, m_decision.destination,
               m_decision.rule, m_decision.variant};
    return Decision::Uncertain::No;
}

std::vector<Rehearsal::Group> Rehearsal::groups() const
{
    std::vector<Group> groups;
    for (const auto& [outcomes, count] : m_groups)
        groups.push_back({outcomes.first, outcomes.second, count});
    std::stable_sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) { return a.count > b.count; });
    groups.resize(std::min(groups.size(), groupsMax));
    return groups;
}

} // namespace links

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "backend/links/decision.h"
#include "backend/redirect/edge.h"
#include "backend/redirect/password_page.h"
#include "backend/redirect/request_head.h"
#include "backend/redirect/responses.h"

namespace redirect {

// Turns one request into its response and, where it reached link resolution, into a hit on its way to the pipeline. One
// per loop.
class Answerer {
public:
    // OnRelease: the answer may leave once its ticket is released. OnCheck: it is made once its password is checked.
    enum class Outcome : std::uint8_t { Now, OnRelease, OnCheck };

    Answerer(Edge& edge, std::unique_ptr<enrich::Enricher> enricher, runtime::ReturnPath& back,
             PasswordAnswers& checked);

    // Around all that the loop does in one round: the date and the links are looked up once for it, and its hits are
    // handed over together, so that the pipeline is woken once for all.
    void beginRound();
    void endRound();
    // Appends the whole response to `out`. OnRelease: it may leave once `ticket` is released.
    Outcome answer(const RequestHead& head, const enrich::IpAddress& peer, std::uint64_t ticket, bool close,
                   std::string& out);
    // The same for a request whose password is checked.
    Outcome answerChecked(const RequestHead& head, const enrich::IpAddress& peer, const PasswordCheck& check,
                          std::string& out);
    // The response to what could not be read, was too slow or too much.
    void refuse(std::uint16_t status, std::string& out);

private:
    void refreshDate();
    struct Turn; // one request being answered
    Outcome resolve(const Turn& turn, std::string& out);
    bool askForCheck(const Turn& turn, PasswordPrompt& prompt);
    void appendResponse(const Turn& turn, PasswordPrompt prompt, std::string& out);
    enrich::RequestFacts factsOf(const RequestHead& head, const enrich::IpAddress& peer) const;
    void enrich(const enrich::RequestFacts& facts);
    void recognise(const enrich::RequestFacts& facts);
    bool decide(links::Request& request);
    void takeHit(std::string_view host, bool counted, std::uint64_t ticket);

    Edge& m_edge;
    std::unique_ptr<enrich::Enricher> m_enricher; // may be null: hits stay as decided
    runtime::ReturnPath& m_back;
    PasswordAnswers& m_checked;
    std::shared_ptr<const links::Snapshot> m_snapshot;
    // Of one request; kept for their memory.
    links::Decider m_decider;
    links::Decision m_decision;
    links::NetAddress m_address{};
    protocol::VisitorKey m_stickiness;
    protocol::Hit m_hit;                           // what was told of the visitor
    runtime::Handed<links::AnsweredHits> m_round;  // with a room in the queue for each hit
    std::size_t m_roundHits = 0, m_roundBytes = 0; // of the round before
    std::int64_t m_nowMs = 0;
    std::int64_t m_dateSecond = -1;
    std::string m_date;
};

} // namespace redirect

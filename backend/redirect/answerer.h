// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "backend/links/decision.h"
#include "backend/redirect/edge.h"
#include "backend/redirect/request_head.h"
#include "backend/redirect/responses.h"

namespace redirect {

// Turns one request into its response and, where it reached link resolution, into a hit on its way to the pipeline. One
// per loop.
class Answerer {
public:
    enum class Outcome : std::uint8_t { Now, OnRelease };

    Answerer(Edge& edge, std::unique_ptr<enrich::Enricher> enricher, runtime::ReturnPath& back);

    // The snapshot and the date are looked up once for a batch of requests.
    void beginBatch();
    void endBatch();
    // Appends the whole response to `out`. OnRelease: it may leave once `ticket` is released.
    Outcome answer(const RequestHead& head, const enrich::IpAddress& peer, std::uint64_t ticket, bool close,
                   std::string& out);
    // The response to what could not be read, was too slow or too much.
    void refuse(std::uint16_t status, std::string& out);

private:
    void refreshDate();
    Outcome resolve(const RequestHead& head, const enrich::IpAddress& peer, std::uint64_t ticket,
                    const ResponseFrame& frame, std::string& out);
    protocol::Hit enriched(const RequestHead& head, const enrich::IpAddress& peer);
    bool decide(links::Request& request, const protocol::Hit& hit);
    void takeDecision(protocol::Hit& hit);

    Edge& m_edge;
    std::unique_ptr<enrich::Enricher> m_enricher; // may be null: hits stay as decided
    runtime::ReturnPath& m_back;
    std::shared_ptr<const links::Snapshot> m_snapshot;
    // Of one request; kept for their memory.
    links::Decider m_decider;
    links::Decision m_decision;
    links::NetAddress m_address{};
    protocol::VisitorKey m_stickiness;
    std::int64_t m_nowMs = 0;
    std::int64_t m_dateSecond = -1;
    std::string m_date;
};

} // namespace redirect

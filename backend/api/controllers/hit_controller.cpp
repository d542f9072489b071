// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/api/controllers/controllers.h"
#include "backend/api/json_fields.h"
#include "backend/protocol/codec.h"
#include "backend/protocol/limits.h"

namespace api {

namespace {

namespace limits = protocol::limits;

bool wantsCbor(const Request& request)
{
    return request.accept.find("application/cbor") != std::string::npos;
}

// One `frame` message, so that a console reads it with the decoder it has. What does not fit one message is left for
// the next request.
Response cborPage(protocol::HitSeq after, protocol::HitSeq coveredTo, protocol::HitBatch hits)
{
    protocol::Frame frame;
    frame.first = protocol::HitSeq(after.value + 1);
    frame.last = coveredTo;
    frame.hits = std::move(hits);
    frame.resumed = true;
    Response response;
    response.contentType = "application/cbor";
    for (;;) {
        response.body = protocol::encode(frame, protocol::Encoding::Cbor);
        if (response.body.size() <= limits::serverMessageBytes || frame.hits.size() <= 1)
            break;
        frame.hits.resize(frame.hits.size() / 2);
        frame.last = frame.hits.back().seq;
    }
    response.headers.emplace_back("Clickroom-Covered-To", std::to_string(frame.last.value));
    return response;
}

Response jsonPage(protocol::HitSeq coveredTo, const protocol::HitBatch& hits, std::uint64_t lastSeq)
{
    Response response;
    response.body = "{\"hits\":[";
    for (std::size_t i = 0; i < hits.size(); ++i) {
        if (i > 0)
            response.body += ',';
        response.body += protocol::jsonOf(hits[i]);
    }
    response.body +=
        "],\"coveredTo\":" + std::to_string(coveredTo.value) + ",\"lastSeq\":" + std::to_string(lastSeq) + "}";
    return response;
}

void listHits(const Surroundings& around, const Call& call, const Respond& respond)
{
    const bool cbor = wantsCbor(call.request);
    const std::size_t most = cbor ? limits::hitsPerFrame : limits::hitsPageMax;
    const auto after = numberParameter(call, respond, "after", 0, 0, UINT64_MAX >> 1);
    if (!after)
        return;
    const auto limit = numberParameter(call, respond, "limit", 1000, 1, most);
    if (!limit)
        return;
    protocol::StreamFilter filter;
    if (const std::string* text = call.request.parameter("filter"); text && !text->empty()) {
        std::string error;
        const auto parsed =
            text->size() <= limits::clientMessageBytes ? protocol::streamFilterFrom(*text, error) : std::nullopt;
        if (!parsed)
            return respond(problem(400, "bad_filter", error.empty() ? "filter" : error));
        filter = *parsed;
        filter.normalise();
        if (const std::string field = filter.problem(); !field.empty())
            return respond(problem(400, "bad_filter", field));
    }
    const protocol::HitSeq from(*after);
    protocol::HitSeq coveredTo = from;
    auto hits = call.reader->hitsAfter(from, *limit, call.caller.workspace, filter, coveredTo);
    const std::uint64_t lastSeq = around.pipeline.counters().lastSeq.load();
    respond(cbor ? cborPage(from, coveredTo, std::move(hits)) : jsonPage(coveredTo, hits, lastSeq));
}

void totals(const Call& call, const Respond& respond)
{
    const storage::HitTotals totals = call.reader->totals(call.caller.workspace);
    const auto number = [](std::uint64_t value) { return static_cast<qint64>(value); };
    respond(json({{"hits", number(totals.hits)},
                  {"click", number(totals.click)},
                  {"probe", number(totals.probe)},
                  {"prefetch", number(totals.prefetch)},
                  {"miss", number(totals.miss)},
                  {"blocked", number(totals.blocked)},
                  {"bots", number(totals.bots)},
                  {"botClicks", number(totals.botClicks)},
                  {"firstSeq", number(totals.firstSeq.value)},
                  {"lastSeq", number(totals.lastSeq.value)},
                  {"watermark", number(totals.watermark.value)},
                  {"late", number(totals.late)},
                  {"lost", number(totals.lost)}}));
}

} // namespace

void addHitRoutes(Router& router, const Surroundings& around)
{
    router.add({"GET", "/v1/hits", Access::Viewer, RunsOn::Worker,
                [&around](const Call& call, const Respond& respond) { listHits(around, call, respond); }});
    router.add({"GET", "/v1/stats", Access::Viewer, RunsOn::Worker, totals});
}

} // namespace api

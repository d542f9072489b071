// SPDX-License-Identifier: GPL-3.0-or-later
// Figures that had been reported and have changed since: what, when, by how much.
#include "backend/api/controllers/controllers.h"
#include "backend/api/controllers/report_json.h"
#include "backend/api/controllers/report_request.h"

namespace api {

using storage::Restatement;
using storage::RestatementReason;

namespace {

const char* word(RestatementReason reason)
{
    switch (reason) {
    case RestatementReason::Rebuild:
        return "rebuild";
    case RestatementReason::Zone:
        return "zone";
    case RestatementReason::Late:
        break;
    }
    return "late";
}

void appendItem(std::string& out, const Restatement& one, const links::Snapshot& snapshot)
{
    const links::Link* known = one.link > 0 ? snapshot.link(protocol::LinkId(one.link)) : nullptr;
    const links::Domain* domain = known ? snapshot.domain(known->domain) : nullptr;
    out += "{\"id\":" + std::to_string(one.id) + ",\"noted_at\":" + quoted(one.notedAt) + ",\"reason\":\"" +
           word(one.reason) + "\",\"from\":" + quoted(one.from) + ",\"to\":" + quoted(one.to) +
           ",\"link\":" + std::to_string(one.link) +
           ",\"domain\":" + jsonString(domain ? domain->host : std::string()) +
           ",\"slug\":" + jsonString(known ? known->slug : std::string()) +
           ",\"several\":" + (one.isOfSeveral ? "true" : "false") + ",\"change\":";
    appendChange(out, one.change);
    out += ",\"before\":";
    if (one.before)
        appendChange(out, storage::changeFrom({}, *one.before));
    else
        out += "null";
    out += '}';
}

void listRestatements(const Surroundings& around, const Call& call, const Respond& respond)
{
    const auto cursor = numberParameter(call, respond, "cursor", 0, 0, UINT64_MAX >> 1);
    if (!cursor)
        return;
    auto request = reportRequest(around, call, respond, true);
    if (!request)
        return;
    storage::RestatementQuery query;
    query.workspace = call.caller.workspace;
    query.from = request->asked.from;
    query.to = request->asked.to;
    query.links = std::move(request->query.links);
    query.before = *cursor;
    query.limit = request->limit;
    const std::vector<Restatement> found = call.reader->restatements(query);
    const auto snapshot = around.snapshot.current();
    Response response;
    std::string& out = response.body;
    out = "{\"from\":" + quoted(query.from) + ",\"to\":" + quoted(query.to) + ",\"items\":[";
    for (const Restatement& one : found) {
        out += out.back() == '[' ? "" : ",";
        appendItem(out, one, *snapshot);
    }
    out += "],\"next\":" +
           (found.size() == query.limit ? "\"" + std::to_string(found.back().id) + "\"" : std::string("null")) + "}";
    respond(std::move(response));
}

} // namespace

void addRestatementRoutes(Router& router, const Surroundings& around)
{
    router.add({"GET", "/v1/reports/restatements", Access::Viewer, RunsOn::Worker,
                [&around](const Call& call, const Respond& respond) { listRestatements(around, call, respond); }});
}

} // namespace api

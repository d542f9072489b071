// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <QJsonArray>

#include "backend/api/controllers/controllers.h"
#include "backend/api/json_fields.h"
#include "backend/links/host_names.h"
#include "backend/protocol/limits.h"
#include "backend/protocol/words.h"

namespace api {

namespace {

void answerEdited(const Respond& respond, const pipeline::Edited<links::Domain>& edited, unsigned status)
{
    respond(edited.problem.empty() ? json(jsonOf(edited.value), status) : editProblem(edited.problem, edited.field));
}

void addDomain(const Surroundings& around, const Call& call, const Respond& respond)
{
    Fields fields(call.request.body);
    links::Domain domain;
    const auto host = fields.text("host", protocol::limits::domainBytes);
    const bool assume = fields.boolean("assume_verified").value_or(false);
    if (!host)
        fields.fail("missing", "host");
    else if (const std::string code = links::hostProblem(*host); !code.empty())
        fields.fail("host_" + code, "host");
    else if (assume && !links::isReservedName(*host))
        fields.fail("not_a_reserved_name", "assume_verified");
    if (fields.problem())
        return respond(fields.problem()->answer());
    domain.workspace = call.caller.workspace;
    domain.host = *host;
    if (links::isLoopbackName(*host))
        domain.state = links::DomainState::Ready;
    else if (assume)
        domain.state = links::DomainState::Verified;
    around.pipeline.putDomain(
        std::move(domain), call.caller.token.name,
        [respond](const pipeline::Edited<links::Domain>& edited) { answerEdited(respond, edited, 201); });
}

constexpr std::size_t recordsShown = 10;
constexpr std::size_t recordBytesShown = 256;

// What was looked for, and what was found in its place.
Response notFoundAmong(const std::vector<std::string>& records, const links::Domain& domain)
{
    QJsonObject object = problemObject(409, records.empty() ? "txt_record_missing" : "txt_record_different", "host");
    QJsonArray found;
    for (const std::string& record : records)
        if (static_cast<std::size_t>(found.size()) < recordsShown)
            found.append(qString(protocol::visibleText(record, recordBytesShown)));
    object.insert("txtName", qString("_clickroom-verify." + domain.host));
    object.insert("txtValue", qString(domain.verifyToken));
    object.insert("found", found);
    Response response = json(object, 409);
    response.contentType = "application/problem+json";
    return response;
}

// Looks for the TXT record. A domain that is verified already stays what it is.
void verifyDomain(const Surroundings& around, const Call& call, const Respond& respond)
{
    const auto id = capturedId(call, respond);
    if (!id)
        return;
    const auto snapshot = around.snapshot.current();
    const links::Domain* domain =
        *id <= UINT32_MAX ? snapshot->domain(protocol::DomainId(static_cast<std::uint32_t>(*id))) : nullptr;
    if (!domain || domain->workspace != call.caller.workspace)
        return respond(problem(404, "not_found", "id"));
    if (domain->state != links::DomainState::Pending)
        return respond(json(jsonOf(*domain)));
    const auto records = around.seams.txtRecords ? around.seams.txtRecords("_clickroom-verify." + domain->host)
                                                 : std::vector<std::string>{};
    if (domain->verifyToken.empty() || std::find(records.begin(), records.end(), domain->verifyToken) == records.end())
        return respond(notFoundAmong(records, *domain));
    links::Domain verified = *domain;
    verified.state = links::DomainState::Verified;
    around.pipeline.putDomain(
        std::move(verified), call.caller.token.name,
        [respond](const pipeline::Edited<links::Domain>& edited) { answerEdited(respond, edited, 200); });
}

void listDomains(const Surroundings& around, const Call& call, const Respond& respond)
{
    QJsonArray items;
    const auto snapshot = around.snapshot.current();
    for (const links::Domain* domain : snapshot->domains())
        if (domain->workspace == call.caller.workspace)
            items.append(jsonOf(*domain));
    respond(json({{"items", items}, {"next", QJsonValue()}}));
}

} // namespace

void addDomainRoutes(Router& router, const Surroundings& around)
{
    const auto with = [&around](auto handler) {
        return [&around, handler](const Call& call, const Respond& respond) { handler(around, call, respond); };
    };
    router.add({"GET", "/v1/domains", Access::Viewer, RunsOn::Loop, with(listDomains)});
    router.add({"POST", "/v1/domains", Access::Admin, RunsOn::Loop, with(addDomain), true});
    router.add({"POST", "/v1/domains/{id}/verify", Access::Admin, RunsOn::Worker, with(verifyDomain)});
}

} // namespace api

// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <charconv>

#include <QJsonArray>

#include "backend/api/controllers/controllers.h"
#include "backend/api/json_fields.h"
#include "backend/protocol/limits.h"

namespace api {

namespace {

namespace limits = protocol::limits;

constexpr std::size_t tagsMax = 50;
constexpr std::size_t notesBytes = 4096;

Response linkAnswer(const links::Link& link, const std::string& host, unsigned status)
{
    Response response = json(jsonOf(link, host), status);
    response.headers.emplace_back("ETag", "\"" + std::to_string(link.version) + "\"");
    if (status == 201)
        response.headers.emplace_back("Location", "/v1/links/" + std::to_string(link.id.value));
    return response;
}

// Everything about a link that a request may set, but its place (domain and slug).
void applyFields(Fields& fields, links::Link& link)
{
    if (const auto text = fields.text("destination", limits::destinationBytes)) {
        link.destination = *text;
        if (const std::string code = links::destinationProblem(*text); !code.empty())
            fields.fail("destination_" + code, "destination");
    }
    if (const auto status = fields.integer("status", 301, 308)) {
        link.status = static_cast<std::uint16_t>(*status);
        if (link.status != 301 && link.status != 302 && link.status != 307 && link.status != 308)
            fields.fail("status_not_redirect", "status");
    }
    if (const auto text = fields.text("state", 16)) {
        if (const auto state = links::linkStateFrom(*text))
            link.state = *state;
        else
            fields.fail("unknown_word", "state");
    }
    if (const auto text = fields.text("campaign", limits::utmBytes))
        link.campaign = *text;
    if (const auto text = fields.text("goal", limits::utmBytes))
        link.goal = *text;
    if (const auto text = fields.text("notes", notesBytes))
        link.notes = *text;
    if (const auto tags = fields.texts("tags", tagsMax, limits::utmBytes))
        link.tags = *tags;
    if (const auto time = fields.time("expiresAt"))
        link.expiresAt = *time;
    if (const auto utm = fields.object("utm")) {
        const auto set = [&](const char* name, std::string& target) {
            const QJsonValue value = utm->value(QLatin1StringView(name));
            if (value.isUndefined())
                return;
            target = value.toString().toStdString();
            if (!value.isString() || target.size() > limits::utmBytes)
                fields.fail(value.isString() ? "too_long" : "wrong_type", "utm." + std::string(name), limits::utmBytes);
        };
        set("source", link.utm.source);
        set("medium", link.utm.medium);
        set("campaign", link.utm.campaign);
        set("term", link.utm.term);
        set("content", link.utm.content);
    }
}

void createLink(const Surroundings& around, const Call& call, const Respond& respond)
{
    Fields fields(call.request.body);
    links::Link link;
    const auto host = fields.text("domain", limits::domainBytes);
    const auto slug = fields.text("slug", limits::slugBytes);
    applyFields(fields, link);
    if (!host)
        fields.fail("missing", "domain");
    if (!fields.has("destination"))
        fields.fail("missing", "destination");
    if (slug) {
        if (const std::string code = links::slugProblem(*slug); !code.empty())
            fields.fail("slug_" + code, "slug");
        link.slug = *slug;
    }
    const auto snapshot = around.snapshot.current();
    const links::Domain* domain = host ? ownDomain(*snapshot, call.caller.workspace, *host) : nullptr;
    if (host && !domain)
        fields.fail("unknown_domain", "domain");
    if (fields.problem())
        return respond(*fields.problem());
    link.domain = domain->id;
    around.pipeline.putLink(std::move(link), !slug, 0, call.caller.token.name,
                            [respond, name = domain->host](const pipeline::Edited<links::Link>& edited) {
                                respond(edited.problem.empty() ? linkAnswer(edited.value, name, 201)
                                                               : editProblem(edited.problem, edited.field));
                            });
}

// If-Match holds a version, with or without the quotes of an entity tag. Zero: none given. Nothing: unreadable.
std::optional<std::uint32_t> versionOf(std::string_view ifMatch)
{
    if (ifMatch.starts_with("W/"))
        ifMatch.remove_prefix(2);
    if (ifMatch.size() >= 2 && ifMatch.front() == '"' && ifMatch.back() == '"')
        ifMatch = ifMatch.substr(1, ifMatch.size() - 2);
    if (ifMatch.empty() || ifMatch == "*")
        return 0;
    std::uint32_t version = 0;
    const auto [end, error] = std::from_chars(ifMatch.data(), ifMatch.data() + ifMatch.size(), version);
    if (error != std::errc() || end != ifMatch.data() + ifMatch.size())
        return std::nullopt;
    return version;
}

void changeLink(const Surroundings& around, const Call& call, const Respond& respond)
{
    const auto id = capturedId(call, respond);
    if (!id)
        return;
    const auto snapshot = around.snapshot.current();
    const links::Link* current = ownLink(*snapshot, call.caller.workspace, std::to_string(*id));
    if (!current)
        return respond(problem(404, "not_found", "id"));
    const auto expected = versionOf(call.request.ifMatch);
    if (!expected)
        return respond(problem(400, "not_a_version", "If-Match"));
    if (*expected != 0 && *expected != current->version)
        return respond(problem(412, "version_conflict", "If-Match", current->version));
    links::Link link = *current;
    Fields fields(call.request.body);
    if (fields.has("domain") || fields.has("slug"))
        fields.fail("not_changeable", fields.has("slug") ? "slug" : "domain");
    applyFields(fields, link);
    if (fields.problem())
        return respond(*fields.problem());
    // The fields not named were read from this version; writing them over a newer one would undo somebody's edit.
    const std::uint32_t version = current->version;
    around.pipeline.putLink(
        std::move(link), false, version, call.caller.token.name,
        [respond, name = snapshot->domain(current->domain)->host](const pipeline::Edited<links::Link>& edited) {
            respond(edited.problem.empty() ? linkAnswer(edited.value, name, 200)
                                           : editProblem(edited.problem, edited.field));
        });
}

void showLink(const Surroundings& around, const Call& call, const Respond& respond)
{
    const auto id = capturedId(call, respond);
    if (!id)
        return;
    const auto snapshot = around.snapshot.current();
    const links::Link* link = ownLink(*snapshot, call.caller.workspace, std::to_string(*id));
    if (!link)
        return respond(problem(404, "not_found", "id"));
    respond(linkAnswer(*link, snapshot->domain(link->domain)->host, 200));
}

void listLinks(const Surroundings& around, const Call& call, const Respond& respond)
{
    const auto cursor = numberParameter(call, respond, "cursor", 0, 0, UINT64_MAX >> 1);
    if (!cursor)
        return;
    const auto limit = numberParameter(call, respond, "limit", limits::pageItemsDefault, 1, limits::pageItemsMax);
    if (!limit)
        return;
    const std::string* host = call.request.parameter("domain");
    const auto snapshot = around.snapshot.current();
    QJsonArray items;
    protocol::LinkId after(*cursor);
    bool more = true;
    while (more && static_cast<std::size_t>(items.size()) < *limit) {
        const auto page = snapshot->linksAfter(after, limits::pageItemsMax);
        more = !page.empty();
        for (const links::Link* link : page) {
            if (static_cast<std::size_t>(items.size()) >= *limit)
                break;
            after = link->id;
            const links::Domain* domain = snapshot->domain(link->domain);
            if (domain && domain->workspace == call.caller.workspace && (!host || domain->host == *host))
                items.append(jsonOf(*link, domain->host));
        }
    }
    respond(json({{"items", items}, {"next", more ? QJsonValue(qString(std::to_string(after.value))) : QJsonValue()}}));
}

} // namespace

void addLinkRoutes(Router& router, const Surroundings& around)
{
    const auto with = [&around](auto handler) {
        return [&around, handler](const Call& call, const Respond& respond) { handler(around, call, respond); };
    };
    // A workspace with few links among a million of others' is a long walk: the list runs on a worker.
    router.add({"GET", "/v1/links", Access::Viewer, RunsOn::Worker, with(listLinks)});
    router.add({"POST", "/v1/links", Access::Operator, RunsOn::Loop, with(createLink)});
    router.add({"GET", "/v1/links/{id}", Access::Viewer, RunsOn::Loop, with(showLink)});
    router.add({"PATCH", "/v1/links/{id}", Access::Operator, RunsOn::Loop, with(changeLink)});
}

} // namespace api

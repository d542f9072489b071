// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <QJsonArray>

#include "backend/api/controllers/link_requests.h"
#include "backend/links/held_link.h"
#include "backend/protocol/limits.h"

namespace api {

namespace {

namespace limits = protocol::limits;

// Links looked at for one page: a search among a million that finds little says where to go on instead of taking long.
constexpr std::size_t searchedMax = 200'000;
constexpr std::size_t searchBytes = 256;

void createLink(const Surroundings& around, const Call& call, const Respond& respond)
{
    Fields fields(call.request.body);
    const auto snapshot = around.snapshot.current();
    pipeline::LinkDraft draft = draftFrom(fields, *snapshot, call.caller.workspace);
    if (fields.problem())
        return respond(fields.problem()->answer());
    const std::string host = snapshot->domain(draft.link.domain)->host;
    around.pipeline.putLink(std::move(draft.link), draft.generateSlug, 0, call.caller.token.name,
                            [respond, host, &around](const pipeline::Edited<links::Link>& edited) {
                                respond(edited.problem.empty() ? linkAnswer(around, edited.value, host, 201)
                                                               : editProblem(edited.problem, edited.field));
                            });
}

// The answer to a change of a link that was there.
auto answerChange(const Surroundings& around, const Respond& respond, std::string host, bool namedVersion)
{
    return [&around, respond, host = std::move(host), namedVersion](const pipeline::Edited<links::Link>& edited) {
        if (edited.problem == "version_conflict")
            return respond(conflictAnswer(edited, host, namedVersion ? 412 : 409));
        respond(edited.problem.empty() ? linkAnswer(around, edited.value, host, 200)
                                       : editProblem(edited.problem, edited.field));
    };
}

void changeLink(const Surroundings& around, const Call& call, const Respond& respond)
{
    const auto snapshot = around.snapshot.current();
    const links::Link* current = capturedLink(*snapshot, call, respond);
    if (!current)
        return;
    const auto expected = versionOf(call.request.ifMatch);
    if (!expected)
        return respond(problem(400, "not_a_version", "If-Match"));
    links::Link link = *current;
    Fields fields(call.request.body);
    if (fields.has("domain") || fields.has("slug"))
        fields.fail("not_changeable", fields.has("slug") ? "slug" : "domain");
    applyFields(fields, link);
    applyPassword(fields, link);
    if (fields.problem())
        return respond(fields.problem()->answer());
    // The fields not named were read from this version; writing them over a newer one would undo somebody's edit.
    const std::uint32_t version = *expected != 0 ? *expected : current->version;
    around.pipeline.putLink(std::move(link), false, version, call.caller.token.name,
                            answerChange(around, respond, snapshot->domain(current->domain)->host, *expected != 0));
}

void undoLink(const Surroundings& around, const Call& call, const Respond& respond)
{
    const auto snapshot = around.snapshot.current();
    const links::Link* current = capturedLink(*snapshot, call, respond);
    if (!current)
        return;
    const auto expected = versionOf(call.request.ifMatch);
    if (!expected)
        return respond(problem(400, "not_a_version", "If-Match"));
    around.pipeline.undoLink(current->id, *expected, call.caller.token.name,
                             answerChange(around, respond, snapshot->domain(current->domain)->host, *expected != 0));
}

void showLink(const Surroundings& around, const Call& call, const Respond& respond)
{
    const auto snapshot = around.snapshot.current();
    if (const links::Link* link = capturedLink(*snapshot, call, respond))
        respond(linkAnswer(around, *link, snapshot->domain(link->domain)->host, 200));
}

// Without regard to the case of ASCII letters.
bool holds(std::string_view text, std::string_view part)
{
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
    return std::search(text.begin(), text.end(), part.begin(), part.end(),
                       [&](char a, char b) { return lower(a) == lower(b); }) != text.end();
}

// What a list asks for; empty = any.
struct LinkSearch {
    std::string text, host, tag, campaign;
    std::optional<links::LinkState> state;

    bool finds(const links::Link& link, const std::string& linkHost) const
    {
        if ((!host.empty() && host != linkHost) || (state && link.state != *state) ||
            (!campaign.empty() && campaign != link.campaign))
            return false;
        if (!tag.empty() && std::find(link.tags.begin(), link.tags.end(), tag) == link.tags.end())
            return false;
        if (text.empty())
            return true;
        for (const std::string* in :
             {&link.slug, &link.destination, &link.campaign, &link.goal, &link.notes, &link.owner})
            if (holds(*in, text))
                return true;
        return holds(linkHost + "/" + link.slug, text) ||
               std::any_of(link.tags.begin(), link.tags.end(), [&](const auto& one) { return holds(one, text); });
    }
};

// Answers and gives nothing where a parameter is not readable.
std::optional<LinkSearch> searchOf(const Call& call, const Respond& respond)
{
    LinkSearch search;
    const auto take = [&](const char* name, std::string& target) {
        if (const std::string* text = call.request.parameter(name))
            target = *text;
        if (target.size() <= searchBytes)
            return true;
        respond(problem(400, "too_long", name, static_cast<std::int64_t>(searchBytes)));
        return false;
    };
    if (!take("q", search.text) || !take("domain", search.host) || !take("tag", search.tag) ||
        !take("campaign", search.campaign))
        return std::nullopt;
    if (const std::string* text = call.request.parameter("state"); text && !text->empty()) {
        search.state = links::linkStateFrom(*text);
        if (!search.state) {
            respond(problem(400, "unknown_word", "state"));
            return std::nullopt;
        }
    }
    return search;
}

void listLinks(const Surroundings& around, const Call& call, const Respond& respond)
{
    const auto cursor = numberParameter(call, respond, "cursor", 0, 0, UINT64_MAX >> 1);
    if (!cursor)
        return;
    const auto limit = numberParameter(call, respond, "limit", limits::pageItemsDefault, 1, limits::pageItemsMax);
    if (!limit)
        return;
    const auto search = searchOf(call, respond);
    if (!search)
        return;
    const auto snapshot = around.snapshot.current();
    QJsonArray items;
    if (const std::string* slug = call.request.parameter("slug")) { // an address: one link, or none
        const links::Domain* domain = ownDomain(*snapshot, call.caller.workspace, search->host);
        const links::Link* link = domain ? snapshot->link(domain->id, *slug) : nullptr;
        if (link && search->finds(*link, domain->host))
            items.append(jsonOf(*link, domain->host, clicksOf(around, *link)));
        return respond(json({{"items", items}, {"next", QJsonValue()}}));
    }
    protocol::LinkId after(*cursor);
    bool more = true;
    for (std::size_t searched = 0; more && static_cast<std::size_t>(items.size()) < *limit && searched < searchedMax;) {
        const auto page = snapshot->linksAfter(after, limits::pageItemsMax);
        more = !page.empty();
        searched += page.size();
        for (const links::Link* link : page) {
            if (static_cast<std::size_t>(items.size()) >= *limit)
                break;
            after = link->id;
            const links::Domain* domain = snapshot->domain(link->domain);
            if (domain && domain->workspace == call.caller.workspace && search->finds(*link, domain->host))
                items.append(jsonOf(*link, domain->host, clicksOf(around, *link)));
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
    router.add({"POST", "/v1/links", Access::Operator, RunsOn::LoopUnlessPassword, with(createLink), true});
    router.add({"GET", "/v1/links/{id}", Access::Viewer, RunsOn::Loop, with(showLink)});
    router.add({"PATCH", "/v1/links/{id}", Access::Operator, RunsOn::LoopUnlessPassword, with(changeLink)});
    router.add({"POST", "/v1/links/{id}/undo", Access::Operator, RunsOn::Loop, with(undoLink)});
}

} // namespace api

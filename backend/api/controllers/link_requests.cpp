// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/api/controllers/link_requests.h"

#include <charconv>

#include "backend/links/held_link.h"
#include "backend/protocol/limits.h"

namespace api {

std::optional<std::uint64_t> clicksOf(const Surroundings& around, const links::Link& link)
{
    if (link.clickLimit == 0)
        return std::nullopt;
    const auto snapshot = around.snapshot.current();
    const links::HeldLink* held = snapshot->link(link.id);
    if (!held || !held->clicks || !held->clicks->isWhole())
        return std::nullopt;
    return held->clicks->taken();
}

Response linkAnswer(const Surroundings& around, const links::Link& link, const std::string& host, unsigned status)
{
    Response response = json(jsonOf(link, host, clicksOf(around, link)), status);
    response.headers.emplace_back("ETag", "\"" + std::to_string(link.version) + "\"");
    if (status == 201)
        response.headers.emplace_back("Location", "/v1/links/" + std::to_string(link.id.value));
    return response;
}

pipeline::LinkDraft draftFrom(Fields& fields, const links::Snapshot& snapshot, protocol::WorkspaceId workspace)
{
    pipeline::LinkDraft draft;
    const auto host = fields.text("domain", protocol::limits::domainBytes);
    const auto slug = fields.text("slug", protocol::limits::slugBytes);
    applyFields(fields, draft.link);
    if (!host)
        fields.fail("missing", "domain");
    if (!fields.has("destination"))
        fields.fail("missing", "destination");
    draft.generateSlug = !slug;
    if (slug) {
        if (const std::string code = links::slugProblem(*slug); !code.empty())
            fields.fail("slug_" + code, "slug");
        draft.link.slug = *slug;
    }
    const links::Domain* domain = host ? ownDomain(snapshot, workspace, *host) : nullptr;
    if (host && !domain)
        fields.fail("unknown_domain", "domain");
    if (domain)
        draft.link.domain = domain->id;
    applyPassword(fields, draft.link);
    return draft;
}

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

const links::Link* capturedLink(const links::Snapshot& snapshot, const Call& call, const Respond& respond)
{
    const auto id = capturedId(call, respond);
    if (!id)
        return nullptr;
    const links::Link* link = ownLink(snapshot, call.caller.workspace, std::to_string(*id));
    if (!link)
        respond(problem(404, "not_found", "id"));
    return link;
}

} // namespace api

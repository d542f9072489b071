// SPDX-License-Identifier: GPL-3.0-or-later
#include <QJsonArray>

#include "backend/api/controllers/controllers.h"
#include "backend/api/json_fields.h"

namespace api {

namespace {

constexpr std::size_t nameBytes = 64;

void addWorkspace(const Surroundings& around, const Call& call, const Respond& respond)
{
    if (!call.caller.administersAll)
        return respond(problem(403, "not_allowed", "role"));
    Fields fields(call.request.body);
    links::Workspace workspace;
    const auto name = fields.text("name", nameBytes);
    if (!name || name->empty())
        fields.fail("missing", "name");
    if (const auto plan = fields.text("plan", 16)) {
        if (*plan != "starter" && *plan != "professional")
            fields.fail("unknown_word", "plan");
        workspace.plan = *plan == "starter" ? links::Plan::Starter : links::Plan::Professional;
    }
    if (const auto privacy = fields.text("privacy", 16)) {
        if (*privacy != "standard" && *privacy != "strict")
            fields.fail("unknown_word", "privacy");
        workspace.privacy = *privacy == "strict" ? links::PrivacyMode::Strict : links::PrivacyMode::Standard;
    }
    if (const auto zone = fields.text("zone", nameBytes))
        workspace.zone = *zone;
    if (const auto days = fields.integer("retentionDays", 1, 3650))
        workspace.retentionDays = static_cast<std::int32_t>(*days);
    if (fields.problem())
        return respond(fields.problem()->answer());
    workspace.name = *name;
    around.pipeline.putWorkspace(std::move(workspace), call.caller.token.name,
                                 [respond](const pipeline::Edited<links::Workspace>& edited) {
                                     respond(edited.problem.empty() ? json(jsonOf(edited.value), 201)
                                                                    : editProblem(edited.problem, edited.field));
                                 });
}

void listWorkspaces(const Surroundings& around, const Call& call, const Respond& respond)
{
    QJsonArray items;
    const auto snapshot = around.snapshot.current();
    for (const links::Workspace* workspace : snapshot->workspaces())
        if (call.caller.administersAll || workspace->id == call.caller.workspace)
            items.append(jsonOf(*workspace));
    respond(json({{"items", items}, {"next", QJsonValue()}}));
}

} // namespace

void addWorkspaceRoutes(Router& router, const Surroundings& around)
{
    router.add({"GET", "/v1/workspaces", Access::Admin, RunsOn::Loop,
                [&around](const Call& call, const Respond& respond) { listWorkspaces(around, call, respond); }});
    router.add({"POST", "/v1/workspaces", Access::Admin, RunsOn::Loop,
                [&around](const Call& call, const Respond& respond) { addWorkspace(around, call, respond); }});
}

} // namespace api

// SPDX-License-Identifier: GPL-3.0-or-later
#include <QJsonArray>

#include "backend/api/controllers/controllers.h"
#include "backend/api/json_fields.h"

namespace api {

namespace {

constexpr std::size_t nameBytes = 64;
constexpr std::size_t wordsMax = 100;

void applyFields(Fields& fields, links::Workspace& workspace)
{
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
    if (const auto schemes = fields.texts("appSchemes", wordsMax, nameBytes))
        workspace.appSchemes = *schemes;
    if (const auto words = fields.texts("utmSources", wordsMax, nameBytes))
        workspace.utmSources = *words;
    if (const auto words = fields.texts("utmMediums", wordsMax, nameBytes))
        workspace.utmMediums = *words;
}

auto answerEdited(const Respond& respond, unsigned status)
{
    return [respond, status](const pipeline::Edited<links::Workspace>& edited) {
        respond(edited.problem.empty() ? json(jsonOf(edited.value), status)
                                       : editProblem(edited.problem, edited.field));
    };
}

void addWorkspace(const Surroundings& around, const Call& call, const Respond& respond)
{
    if (!call.caller.administersAll)
        return respond(problem(403, "not_allowed", "role"));
    Fields fields(call.request.body);
    links::Workspace workspace;
    const auto name = fields.text("name", nameBytes);
    if (!name || name->empty())
        fields.fail("missing", "name");
    applyFields(fields, workspace);
    if (fields.problem())
        return respond(fields.problem()->answer());
    workspace.name = *name;
    around.pipeline.putWorkspace(std::move(workspace), call.caller.token.name, answerEdited(respond, 201));
}

void changeWorkspace(const Surroundings& around, const Call& call, const Respond& respond)
{
    const auto id = capturedId(call, respond);
    if (!id)
        return;
    const auto snapshot = around.snapshot.current();
    const links::Workspace* current =
        *id <= UINT32_MAX ? snapshot->workspace(protocol::WorkspaceId(static_cast<std::uint32_t>(*id))) : nullptr;
    if (!current || (current->id != call.caller.workspace && !call.caller.administersAll))
        return respond(problem(404, "not_found", "id"));
    Fields fields(call.request.body);
    links::Workspace workspace = *current;
    // The name stands in commands and scripts; what it names must not change under them.
    if (fields.has("name"))
        fields.fail("not_changeable", "name");
    applyFields(fields, workspace);
    if (fields.problem())
        return respond(fields.problem()->answer());
    around.pipeline.putWorkspace(std::move(workspace), call.caller.token.name, answerEdited(respond, 200));
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
                [&around](const Call& call, const Respond& respond) { addWorkspace(around, call, respond); }, true});
    router.add({"PATCH", "/v1/workspaces/{id}", Access::Admin, RunsOn::Loop,
                [&around](const Call& call, const Respond& respond) { changeWorkspace(around, call, respond); }});
}

} // namespace api

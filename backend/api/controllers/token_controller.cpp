// SPDX-License-Identifier: GPL-3.0-or-later
#include <QJsonArray>

#include "backend/api/controllers/controllers.h"
#include "backend/api/json_fields.h"
#include "backend/api/token_book.h"

namespace api {

namespace {

constexpr std::size_t nameBytes = 64;

void createToken(const Surroundings& around, const Call& call, const Respond& respond)
{
    Fields fields(call.request.body);
    const auto name = fields.text("name", nameBytes);
    const auto roleText = fields.text("role", 16);
    const auto role = roleText ? roleFrom(*roleText) : std::nullopt;
    if (!role)
        fields.fail(roleText ? "unknown_word" : "missing", "role");
    if (fields.problem() || !role)
        return respond(fields.problem()->answer());
    storage::TokenDraft draft;
    draft.workspace = call.caller.workspace;
    draft.name = name.value_or(std::string(word(*role)));
    draft.role = *role;
    const auto snapshot = around.snapshot.current();
    const links::Workspace* workspace = snapshot->workspace(draft.workspace);
    around.pipeline.createToken(std::move(draft), call.caller.token.name,
                                [respond, &around, workspaceName = workspace ? workspace->name : std::string()](
                                    const pipeline::Edited<storage::NewToken>& edited) {
                                    around.tokenGeneration.fetch_add(1);
                                    if (!edited.problem.empty())
                                        return respond(editProblem(edited.problem, edited.field));
                                    QJsonObject object = jsonOf(edited.value.token, workspaceName);
                                    object.insert("token", qString(edited.value.secret));
                                    respond(json(object, 201));
                                });
}

void listTokens(const Surroundings& around, const Call& call, const Respond& respond)
{
    const auto snapshot = around.snapshot.current();
    QJsonArray items;
    for (const storage::Token& token : call.reader->tokens()) {
        if (token.workspace != call.caller.workspace)
            continue;
        const links::Workspace* workspace = snapshot->workspace(token.workspace);
        items.append(jsonOf(token, workspace ? workspace->name : std::string()));
    }
    respond(json({{"items", items}, {"next", QJsonValue()}}));
}

void revokeToken(const Surroundings& around, const Call& call, const Respond& respond)
{
    const auto id = capturedId(call, respond);
    if (!id)
        return;
    bool own = false;
    for (const storage::Token& token : call.reader->tokens())
        own = own || (token.id.value == *id && token.workspace == call.caller.workspace);
    if (!own)
        return respond(problem(404, "not_found", "id"));
    around.pipeline.revokeToken(protocol::TokenId(static_cast<std::uint32_t>(*id)), call.caller.token.name,
                                [respond, &around](const pipeline::Edited<storage::Token>& edited) {
                                    around.tokenGeneration.fetch_add(1);
                                    if (!edited.problem.empty())
                                        return respond(editProblem(edited.problem, edited.field));
                                    Response response;
                                    response.status = 204;
                                    respond(std::move(response));
                                });
}

} // namespace

void addTokenRoutes(Router& router, const Surroundings& around)
{
    const auto with = [&around](auto handler) {
        return [&around, handler](const Call& call, const Respond& respond) { handler(around, call, respond); };
    };
    router.add({"GET", "/v1/tokens", Access::Admin, RunsOn::Worker, with(listTokens)});
    router.add({"POST", "/v1/tokens", Access::Admin, RunsOn::Loop, with(createToken)});
    router.add({"DELETE", "/v1/tokens/{id}", Access::Admin, RunsOn::Worker, with(revokeToken)});
}

} // namespace api

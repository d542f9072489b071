// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/api/controllers/controllers.h"
#include "backend/api/json_fields.h"
#include "backend/api/token_book.h"

namespace api {

namespace {

// A backend that listens everywhere does not know by which name it is reached: the client's own Host header says it.
std::string withReachableHost(std::string address, const std::string& hostHeader)
{
    for (const std::string_view wildcard : {"0.0.0.0", "[::]"}) {
        const std::size_t at = address.find(wildcard);
        if (at == std::string::npos)
            continue;
        const bool bracketed = !hostHeader.empty() && hostHeader.front() == '[';
        const std::size_t end = bracketed ? hostHeader.find(']') : hostHeader.find(':');
        const std::string host = hostHeader.substr(0, bracketed && end != std::string::npos ? end + 1 : end);
        if (!host.empty())
            address.replace(at, wildcard.size(), host);
    }
    return address;
}

} // namespace

void addSessionRoutes(Router& router, const Surroundings& around)
{
    router.add(
        {"GET", "/v1/session", Access::Viewer, RunsOn::Loop, [&around](const Call& call, const Respond& respond) {
             const auto snapshot = around.snapshot.current();
             const links::Workspace* workspace = snapshot->workspace(call.caller.workspace);
             if (!workspace)
                 return respond(problem(503, "not_ready"));
             QJsonObject session = jsonOf(*workspace);
             session.insert("workspaceId", session.take("id"));
             session.insert("workspace", session.take("name"));
             session.insert("role", qString(word(call.caller.token.role)));
             session.insert("token", qString(call.caller.token.name));
             session.insert("streamUrl", qString(withReachableHost(around.options.streamUrl, call.request.host)));
             session.insert("redirect", qString(withReachableHost(around.options.redirectAddress, call.request.host)));
             session.insert("server", qString(around.options.server));
             session.insert("dataId", qString(around.dataId));
             session.insert("lastSeq", static_cast<qint64>(around.pipeline.counters().lastSeq.load()));
             session.insert("watermark", jsonOf(around.pipeline.watermark()));
             session.insert("time", static_cast<qint64>(around.now().value));
             respond(json(session));
         }});
}

} // namespace api

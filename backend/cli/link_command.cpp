// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>
#include <map>

#include <QJsonArray>
#include <QJsonObject>

#include "backend/cli/command_line.h"
#include "backend/cli/edit_session.h"
#include "backend/storage/reader.h"

namespace cli {

namespace {

QString qText(const std::string& text)
{
    return QString::fromStdString(text);
}

QJsonObject linkJson(const links::Link& link, const std::string& host)
{
    return {{"id", static_cast<qint64>(link.id.value)},    {"domain", qText(host)}, {"slug", qText(link.slug)},
            {"destination", qText(link.destination)},      {"status", link.status}, {"campaign", qText(link.campaign)},
            {"version", static_cast<qint64>(link.version)}};
}

std::uint16_t statusOf(const std::string& text)
{
    if (text == "301" || text == "302" || text == "307" || text == "308")
        return static_cast<std::uint16_t>(std::stoi(text));
    return 0;
}

int addOne(const runtime::Config& config)
{
    LinkDraft draft;
    draft.domain = config.text("domain");
    draft.slug = config.text("slug");
    draft.generateSlug = !config.isSet("slug");
    draft.destination = config.operands.front();
    draft.campaign = config.text("campaign");
    draft.status = statusOf(config.text("status"));
    if (draft.status == 0)
        return fail("--status must be 301, 302, 307 or 308");
    const auto edited = EditSession(config.text("data")).addLink(config.text("workspace"), draft);
    if (!edited.problem.empty())
        return fail(explain(edited.problem, edited.field));
    if (config.flag("json"))
        printJson(linkJson(edited.value, draft.domain));
    else
        std::printf("%s/%s\n", draft.domain.c_str(), edited.value.slug.c_str());
    return 0;
}

int listLinks(const runtime::Config& config)
{
    const storage::Reader reader(config.text("data"));
    std::optional<protocol::WorkspaceId> workspace;
    for (const links::Workspace& candidate : reader.workspaces())
        if (candidate.name == config.text("workspace"))
            workspace = candidate.id;
    if (!workspace)
        return fail(explain("unknown_workspace", {}));
    std::map<protocol::DomainId, std::string> hosts;
    for (const links::Domain& domain : reader.domains())
        if (domain.workspace == *workspace)
            hosts[domain.id] = domain.host;
    QJsonArray items;
    const bool asJson = config.flag("json");
    reader.forEachLink([&](links::Link&& link) {
        const auto host = hosts.find(link.domain);
        if (host == hosts.end())
            return;
        if (asJson)
            items.append(linkJson(link, host->second));
        else
            std::printf("%s/%s\t%s\n", host->second.c_str(), link.slug.c_str(), link.destination.c_str());
    });
    if (asJson)
        printJson({{"items", items}, {"next", QJsonValue()}});
    return 0;
}

} // namespace

int runLink(Arguments arguments)
{
    const Parsed parsed = parseGroup("link", arguments);
    if (parsed.exitStatus >= 0)
        return parsed.exitStatus;
    if (parsed.config.command->name == "link list")
        return listLinks(parsed.config);
    return addOne(parsed.config);
}

} // namespace cli

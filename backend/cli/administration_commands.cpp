// SPDX-License-Identifier: GPL-3.0-or-later
// init, workspace, token, domain: what an administrator does once.
#include <cstdio>
#include <map>
#include <optional>

#include <QJsonArray>
#include <QJsonObject>

#include "backend/cli/command_line.h"
#include "backend/cli/edit_session.h"
#include "backend/protocol/words.h"
#include "backend/storage/init_folder.h"
#include "backend/storage/reader.h"

namespace cli {

namespace {

QString qText(const std::string& text)
{
    return QString::fromStdString(text);
}

const char* word(links::DomainState state)
{
    return state == links::DomainState::Ready      ? "ready"
           : state == links::DomainState::Verified ? "verified"
                                                   : "pending";
}

const char* word(storage::Role role)
{
    return role == storage::Role::Admin ? "admin" : role == storage::Role::Operator ? "operator" : "viewer";
}

std::optional<links::Workspace> workspaceOf(const storage::Reader& reader, const std::string& name)
{
    for (links::Workspace& workspace : reader.workspaces())
        if (workspace.name == name)
            return std::move(workspace);
    return std::nullopt;
}

QJsonObject domainJson(const links::Domain& domain)
{
    return {{"id", static_cast<qint64>(domain.id.value)},
            {"host", qText(domain.host)},
            {"state", word(domain.state)},
            {"txtName", qText("_clickroom-verify." + domain.host)},
            {"txtValue", qText(domain.verifyToken)}};
}

void printDomain(const links::Domain& domain)
{
    std::printf("%s\t%s", domain.host.c_str(), word(domain.state));
    if (domain.state == links::DomainState::Pending)
        std::printf("\tTXT _clickroom-verify.%s %s", domain.host.c_str(), domain.verifyToken.c_str());
    std::printf("\n");
}

int createToken(const runtime::Config& config)
{
    static const std::map<std::string, storage::Role> roles{
        {"viewer", storage::Role::Viewer}, {"operator", storage::Role::Operator}, {"admin", storage::Role::Admin}};
    const std::string role = config.choice("role", {"viewer", "operator", "admin"});
    const std::string name = config.text("name").empty() ? role : config.text("name");
    const auto made = EditSession(config.text("data")).createToken(config.text("workspace"), name, roles.at(role));
    if (!made.problem.empty())
        return fail(explain(made.problem, made.field));
    if (config.flag("json"))
        printJson({{"token", qText(made.value.secret)},
                   {"id", static_cast<qint64>(made.value.token.id.value)},
                   {"name", qText(name)},
                   {"role", qText(role)},
                   {"workspace", qText(config.text("workspace"))}});
    else
        std::printf("%s\n", made.value.secret.c_str());
    return 0;
}

int listTokens(const runtime::Config& config)
{
    const storage::Reader reader(config.text("data"));
    const auto workspace = workspaceOf(reader, config.text("workspace"));
    if (!workspace)
        return fail(explain("unknown_workspace", {}));
    QJsonArray items;
    for (const storage::Token& token : reader.tokens()) {
        if (token.workspace != workspace->id)
            continue;
        const bool valid = token.revokedAt.value == 0;
        if (!config.flag("json"))
            std::printf("%u\t%s\t%s\t%s\n", token.id.value, word(token.role), valid ? "valid" : "revoked",
                        token.name.c_str());
        items.append(
            QJsonObject{{"id", static_cast<qint64>(token.id.value)},
                        {"name", qText(token.name)},
                        {"role", word(token.role)},
                        {"createdAt", qText(protocol::rfc3339(token.createdAt))},
                        {"revokedAt", valid ? QJsonValue() : QJsonValue(qText(protocol::rfc3339(token.revokedAt)))}});
    }
    if (config.flag("json"))
        printJson({{"items", items}, {"next", QJsonValue()}});
    return 0;
}

int revokeToken(const runtime::Config& config)
{
    const std::string& text = config.operands.front();
    if (text.empty() || text.size() > 9 || text.find_first_not_of("0123456789") != std::string::npos)
        return fail("token revoke takes the number that `token list` shows, not \"" + text + "\"");
    const protocol::TokenId id(static_cast<std::uint32_t>(std::stoul(text)));
    const std::string problem = EditSession(config.text("data")).revokeToken(config.text("workspace"), id);
    if (!problem.empty())
        return fail(problem == "not_found" ? "no token " + text + "; `token list` shows them" : explain(problem, {}));
    if (config.flag("json"))
        printJson({{"revoked", static_cast<qint64>(id.value)}});
    return 0;
}

int changeDomain(const runtime::Config& config, bool add)
{
    EditSession session(config.text("data"));
    const std::string& host = config.operands.front();
    const auto edited = add ? session.addDomain(config.text("workspace"), host, config.flag("assume-verified"))
                            : session.verifyDomain(config.text("workspace"), host);
    if (!edited.problem.empty())
        return fail(explain(edited.problem, edited.field));
    if (config.flag("json"))
        printJson(domainJson(edited.value));
    else
        printDomain(edited.value);
    return 0;
}

int listDomains(const runtime::Config& config)
{
    const storage::Reader reader(config.text("data"));
    const auto workspace = workspaceOf(reader, config.text("workspace"));
    if (!workspace)
        return fail(explain("unknown_workspace", {}));
    QJsonArray items;
    for (const links::Domain& domain : reader.domains()) {
        if (domain.workspace != workspace->id)
            continue;
        items.append(domainJson(domain));
        if (!config.flag("json"))
            printDomain(domain);
    }
    if (config.flag("json"))
        printJson({{"items", items}, {"next", QJsonValue()}});
    return 0;
}

} // namespace

int runInit(Arguments arguments)
{
    const Parsed parsed = parse("init", arguments);
    if (parsed.exitStatus >= 0)
        return parsed.exitStatus;
    const std::string folder = parsed.config.text("data");
    const storage::InitResult made = storage::initFolder(folder);
    if (parsed.config.flag("json"))
        printJson({{"data", qText(folder)}, {"created", made.created}, {"tokenFile", qText(made.tokenFile)}});
    else
        std::printf("%s %s: workspace default, domain localhost, admin token in %s\n", folder.c_str(),
                    made.created ? "is ready" : "was ready already", made.tokenFile.c_str());
    return 0;
}

int runToken(Arguments arguments)
{
    const Parsed parsed = parseGroup("token", arguments);
    if (parsed.exitStatus >= 0)
        return parsed.exitStatus;
    const std::string& name = parsed.config.command->name;
    return name == "token create" ? createToken(parsed.config)
           : name == "token list" ? listTokens(parsed.config)
                                  : revokeToken(parsed.config);
}

int runDomain(Arguments arguments)
{
    const Parsed parsed = parseGroup("domain", arguments);
    if (parsed.exitStatus >= 0)
        return parsed.exitStatus;
    const std::string& name = parsed.config.command->name;
    return name == "domain list" ? listDomains(parsed.config) : changeDomain(parsed.config, name == "domain add");
}

int runWorkspace(Arguments arguments)
{
    const Parsed parsed = parseGroup("workspace", arguments);
    if (parsed.exitStatus >= 0)
        return parsed.exitStatus;
    const runtime::Config& config = parsed.config;
    if (config.command->name == "workspace add") {
        const auto edited = EditSession(config.text("data")).addWorkspace(config.operands.front());
        if (!edited.problem.empty())
            return fail(explain(edited.problem, edited.field));
        if (config.flag("json"))
            printJson({{"id", static_cast<qint64>(edited.value.id.value)}, {"name", qText(edited.value.name)}});
        return 0;
    }
    QJsonArray items;
    for (const links::Workspace& workspace : storage::Reader(config.text("data")).workspaces()) {
        items.append(QJsonObject{{"id", static_cast<qint64>(workspace.id.value)}, {"name", qText(workspace.name)}});
        if (!config.flag("json"))
            std::printf("%s\n", workspace.name.c_str());
    }
    if (config.flag("json"))
        printJson({{"items", items}, {"next", QJsonValue()}});
    return 0;
}

} // namespace cli

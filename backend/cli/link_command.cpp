// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>
#include <map>
#include <set>

#include <QJsonArray>
#include <QJsonObject>

#include "backend/cli/command_line.h"
#include "backend/cli/edit_session.h"
#include "backend/links/host_names.h"
#include "backend/protocol/csv_writer.h"
#include "backend/runtime/files.h"
#include "backend/storage/reader.h"

namespace cli {

namespace {

constexpr std::uint64_t csvBytesMax = 64 * 1024 * 1024;

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

// The rows of a CSV file with a header, each a draft. Throws std::runtime_error with the line.
std::vector<LinkDraft> draftsOf(const std::string& path)
{
    runtime::SystemFiles files;
    const auto document = protocol::readCsv(runtime::readWhole(files, path, csvBytesMax), true);
    if (!document.error.empty())
        throw std::runtime_error(path + ": " + document.error);
    if (document.rows.empty())
        throw std::runtime_error(path + " is empty; it needs a header: domain,slug,destination[,status,campaign]");
    std::map<std::string, std::size_t> columns;
    for (std::size_t i = 0; i < document.rows.front().size(); ++i)
        columns[document.rows.front()[i]] = i;
    for (const char* name : {"domain", "slug", "destination"})
        if (!columns.contains(name))
            throw std::runtime_error(path + " has no column \"" + name + "\" in its header");
    std::vector<LinkDraft> drafts;
    for (std::size_t i = 1; i < document.rows.size(); ++i) {
        const auto& row = document.rows[i];
        const auto cell = [&](const char* name) {
            const auto column = columns.find(name);
            return column != columns.end() && column->second < row.size() ? row[column->second] : std::string();
        };
        LinkDraft draft{cell("domain"), cell("slug"), false, cell("destination"), 302, cell("campaign")};
        if (const std::string status = cell("status"); !status.empty())
            draft.status = statusOf(status);
        if (draft.status == 0)
            throw std::runtime_error(path + ", row " + std::to_string(i + 1) + ": status must be 301, 302, 307 or 308");
        drafts.push_back(std::move(draft));
    }
    return drafts;
}

// Every row is tried; a link that exists already with the same slug is counted, not an error, so that the command can
// be repeated. Domains under reserved names are added as they come; others must exist.
int addFromFile(const runtime::Config& config)
{
    const std::string workspace = config.text("workspace"), path = config.text("from");
    const auto drafts = draftsOf(path);
    EditSession session(config.text("data"));
    std::set<std::string> known;
    for (const links::Domain& domain : storage::Reader(config.text("data")).domains())
        known.insert(domain.host);
    qint64 made = 0, there = 0, failed = 0;
    for (std::size_t i = 0; i < drafts.size(); ++i) {
        const LinkDraft& draft = drafts[i];
        if (!known.contains(draft.domain) && links::isReservedName(draft.domain)) {
            session.addDomain(workspace, draft.domain, true);
            known.insert(draft.domain);
        }
        const auto edited = session.addLink(workspace, draft);
        if (edited.problem.empty()) {
            ++made;
        } else if (edited.problem == "slug_taken") {
            ++there;
        } else {
            ++failed;
            fail(path + ", row " + std::to_string(i + 2) + " (" + draft.domain + "/" + draft.slug +
                 "): " + explain(edited.problem, edited.field));
        }
    }
    if (config.flag("json"))
        printJson({{"made", made}, {"existing", there}, {"failed", failed}});
    else
        std::printf("%lld links made, %lld existed, %lld failed\n", static_cast<long long>(made),
                    static_cast<long long>(there), static_cast<long long>(failed));
    return failed == 0 ? 0 : 1;
}

int addOne(const runtime::Config& config)
{
    if (config.operands.empty())
        return fail("link add needs a destination, or --from FILE");
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
    return parsed.config.isSet("from") ? addFromFile(parsed.config) : addOne(parsed.config);
}

} // namespace cli

// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/cli/edit_session.h"

#include <optional>
#include <stdexcept>

#include <QJsonArray>

#include "backend/api/link_json.h"
#include "backend/cli/api_client.h"
#include "backend/links/held_link.h"
#include "backend/links/host_names.h"
#include "backend/pipeline/editor.h"
#include "backend/runtime/clock.h"
#include "backend/runtime/files.h"
#include "backend/storage/folder_lock.h"
#include "backend/storage/reader.h"

namespace cli {

namespace {

constexpr std::uint64_t tokenFileBytesMax = 4096;
// What audits name as the one who edits.
const std::string actor = "command line";

std::string text(const QJsonObject& object, const char* name)
{
    return object.value(QLatin1StringView(name)).toString().toStdString();
}

QString qText(const std::string& value)
{
    return QString::fromStdString(value);
}

template <class T> pipeline::Edited<T> refused(std::string problem, std::string field)
{
    return {T{}, std::move(problem), std::move(field)};
}

links::Domain domainFrom(const QJsonObject& object)
{
    links::Domain domain;
    domain.id = protocol::DomainId(static_cast<std::uint32_t>(object.value(QLatin1StringView("id")).toInteger()));
    domain.host = text(object, "host");
    domain.verifyToken = text(object, "txtValue");
    const std::string state = text(object, "state");
    domain.state = state == "ready"      ? links::DomainState::Ready
                   : state == "verified" ? links::DomainState::Verified
                                         : links::DomainState::Pending;
    return domain;
}

EditedLink editedFrom(const ApiAnswer& answer)
{
    return answer.done() ? EditedLink{answer.body, {}, {}} : EditedLink{{}, answer.problem(), answer.field()};
}

EditedLink editedFrom(const pipeline::Edited<links::Link>& edited, const std::string& host)
{
    return edited.problem.empty() ? EditedLink{api::jsonOf(edited.value, host), {}, {}}
                                  : EditedLink{{}, edited.problem, edited.field};
}

// Sets the fields on the link; the problem where one is refused.
EditedLink applied(const QJsonObject& json, links::Link& link)
{
    api::Fields fields{QJsonValue(json)};
    api::applyFields(fields, link);
    api::applyPassword(fields, link);
    return fields.problem() ? EditedLink{{}, fields.problem()->code, fields.problem()->field} : EditedLink();
}

std::string linkPath(const QJsonObject& link)
{
    return "/v1/links/" + std::to_string(link.value(QLatin1StringView("id")).toInteger());
}

// The folder opened for writing by this process.
struct OwnFolder {
    explicit OwnFolder(const std::string& folder) : store({folder, false}), editor(store, snapshot, clock, {})
    {
        editor.loadSnapshot();
    }

    runtime::SystemClock clock;
    storage::Store store;
    links::SnapshotHolder snapshot;
    pipeline::Editor editor;
};

} // namespace

struct EditSession::Parts {
    std::optional<ApiClient> api;
    std::unique_ptr<OwnFolder> own;

    std::string target(const std::string& path, const std::string& workspace) const
    {
        return path + "?workspace=" + percentEncoded(workspace);
    }
    const links::Workspace* workspace(const std::string& name) const
    {
        m_held = own->snapshot.current();
        return m_held->workspace(name);
    }
    const links::Domain* domain(const links::Workspace& workspace, const std::string& host) const
    {
        const links::Domain* found = m_held->domain(host);
        return found && found->workspace == workspace.id ? found : nullptr;
    }
    const links::Link* link(const links::Workspace& workspace, const LinkPlace& place) const
    {
        const links::Domain* found = domain(workspace, place.host);
        const links::HeldLink* held = found ? m_held->link(found->id, place.slug) : nullptr;
        return held;
    }

private:
    // Keeps what the functions above point into.
    mutable std::shared_ptr<const links::Snapshot> m_held;
};

EditSession::EditSession(std::string folder) : m_parts(std::make_unique<Parts>())
{
    // A folder that is none says so here, with what to do, before anything is made by a slip of the keyboard.
    const storage::Reader reader(folder);
    const auto running = storage::findRunning(folder);
    if (!running) {
        m_parts->own = std::make_unique<OwnFolder>(folder);
        return;
    }
    if (running->api.empty())
        throw std::runtime_error("process " + std::to_string(running->pid) + " holds " + folder +
                                 " and does not say yet where its API is: it is starting, or a command like this one. "
                                 "Try again in a moment");
    runtime::SystemFiles files;
    std::string token;
    try {
        token = runtime::readWhole(files, folder + "/admin.token", tokenFileBytesMax);
    } catch (const std::exception& error) {
        throw std::runtime_error("a backend runs on " + folder + ", and its token cannot be read: " + error.what());
    }
    while (!token.empty() && (token.back() == '\n' || token.back() == '\r' || token.back() == ' '))
        token.pop_back();
    m_parts->api.emplace(running->api, token);
}

EditSession::~EditSession() = default;

bool EditSession::throughApi() const
{
    return m_parts->api.has_value();
}

pipeline::Edited<links::Workspace> EditSession::addWorkspace(const std::string& name)
{
    links::Workspace workspace;
    workspace.name = name;
    if (!m_parts->api)
        return m_parts->own->editor.putWorkspace(std::move(workspace), actor);
    const ApiAnswer answer = m_parts->api->send("POST", "/v1/workspaces", {{"name", qText(name)}});
    if (!answer.done())
        return refused<links::Workspace>(answer.problem(), answer.field());
    workspace.id =
        protocol::WorkspaceId(static_cast<std::uint32_t>(answer.body.value(QLatin1StringView("id")).toInteger()));
    return {workspace, {}, {}};
}

pipeline::Edited<links::Domain> EditSession::addDomain(const std::string& workspace, const std::string& host,
                                                       bool assumeVerified)
{
    if (m_parts->api) {
        const ApiAnswer answer = m_parts->api->send("POST", m_parts->target("/v1/domains", workspace),
                                                    {{"host", qText(host)}, {"assume_verified", assumeVerified}});
        if (!answer.done())
            return refused<links::Domain>(answer.problem(), answer.field());
        return {domainFrom(answer.body), {}, {}};
    }
    const links::Workspace* owner = m_parts->workspace(workspace);
    if (!owner)
        return refused<links::Domain>("unknown_workspace", "workspace");
    if (assumeVerified && !links::isReservedName(host))
        return refused<links::Domain>("not_a_reserved_name", "assume-verified");
    links::Domain domain;
    domain.workspace = owner->id;
    domain.host = host;
    if (links::isLoopbackName(host))
        domain.state = links::DomainState::Ready;
    else if (assumeVerified)
        domain.state = links::DomainState::Verified;
    return m_parts->own->editor.putDomain(std::move(domain), actor);
}

pipeline::Edited<links::Domain> EditSession::verifyDomain(const std::string& workspace, const std::string& host)
{
    if (!m_parts->api)
        return refused<links::Domain>("needs_running_backend", {});
    const ApiAnswer list = m_parts->api->send("GET", m_parts->target("/v1/domains", workspace));
    if (!list.done())
        return refused<links::Domain>(list.problem(), list.field());
    for (const QJsonValue item : list.body.value(QLatin1StringView("items")).toArray()) {
        const links::Domain domain = domainFrom(item.toObject());
        if (domain.host != host)
            continue;
        const std::string path = "/v1/domains/" + std::to_string(domain.id.value) + "/verify";
        const ApiAnswer answer = m_parts->api->send("POST", m_parts->target(path, workspace));
        if (!answer.done())
            return refused<links::Domain>(answer.problem(), answer.field());
        return {domainFrom(answer.body), {}, {}};
    }
    return refused<links::Domain>("unknown_domain", "domain");
}

EditedLink EditSession::addLink(const std::string& workspace, const std::string& host,
                                const std::optional<std::string>& slug, QJsonObject fields)
{
    if (m_parts->api) {
        fields.insert("domain", qText(host));
        if (slug)
            fields.insert("slug", qText(*slug));
        return editedFrom(m_parts->api->send("POST", m_parts->target("/v1/links", workspace), fields));
    }
    const links::Workspace* owner = m_parts->workspace(workspace);
    if (!owner)
        return {{}, "unknown_workspace", "workspace"};
    const links::Domain* domain = m_parts->domain(*owner, host);
    if (!domain)
        return {{}, "unknown_domain", "domain"};
    links::Link link;
    link.domain = domain->id;
    link.slug = slug.value_or(std::string());
    if (const std::string code = slug ? links::slugProblem(*slug) : std::string(); !code.empty())
        return {{}, "slug_" + code, "slug"};
    EditedLink problem = applied(fields, link);
    return problem.problem.empty() ? editedFrom(m_parts->own->editor.putLink(std::move(link), !slug, 0, actor), host)
                                   : problem;
}

EditedLink EditSession::showLink(const std::string& workspace, const LinkPlace& place) const
{
    if (m_parts->api) {
        const std::string target = m_parts->target("/v1/links", workspace) + "&domain=" + percentEncoded(place.host) +
                                   "&slug=" + percentEncoded(place.slug);
        EditedLink listed = editedFrom(m_parts->api->send("GET", target));
        const QJsonArray items = listed.link.value(QLatin1StringView("items")).toArray();
        if (!listed.problem.empty())
            return listed;
        return items.isEmpty() ? EditedLink{{}, "unknown_link", {}} : EditedLink{items[0].toObject(), {}, {}};
    }
    const links::Workspace* owner = m_parts->workspace(workspace);
    if (!owner)
        return {{}, "unknown_workspace", "workspace"};
    const links::Link* link = m_parts->link(*owner, place);
    return link ? EditedLink{api::jsonOf(*link, place.host), {}, {}} : EditedLink{{}, "unknown_link", {}};
}

EditedLink EditSession::changeLink(const std::string& workspace, const LinkPlace& place, const QJsonObject& fields,
                                   std::uint32_t expectedVersion)
{
    const EditedLink shown = showLink(workspace, place);
    if (!shown.problem.empty())
        return shown;
    if (m_parts->api)
        return editedFrom(
            m_parts->api->send("PATCH", m_parts->target(linkPath(shown.link), workspace), fields,
                               expectedVersion == 0 ? std::string() : '"' + std::to_string(expectedVersion) + '"'));
    links::Link link = *m_parts->link(*m_parts->workspace(workspace), place);
    EditedLink problem = applied(fields, link);
    if (!problem.problem.empty())
        return problem;
    return editedFrom(m_parts->own->editor.putLink(std::move(link), false, expectedVersion, actor), place.host);
}

EditedLink EditSession::undoLink(const std::string& workspace, const LinkPlace& place)
{
    const EditedLink shown = showLink(workspace, place);
    if (!shown.problem.empty())
        return shown;
    if (m_parts->api)
        return editedFrom(
            m_parts->api->send("POST", m_parts->target(linkPath(shown.link) + "/undo", workspace), QJsonObject()));
    const links::Link* link = m_parts->link(*m_parts->workspace(workspace), place);
    return editedFrom(m_parts->own->editor.undoLink(link->id, 0, actor), place.host);
}

ImportReport EditSession::importFile(const std::string& workspace, const std::string& file,
                                     const ImportRequest& request)
{
    if (m_parts->api) {
        std::string target = m_parts->target("/v1/imports", workspace);
        const auto add = [&target](const char* name, const std::string& value) {
            if (!value.empty())
                target += std::string("&") + name + "=" + percentEncoded(value);
        };
        add("format", request.reading.format ? std::string(imports::word(*request.reading.format)) : std::string());
        add("domain", request.reading.domain);
        add("dryRun", request.dryRun ? "1" : "");
        add("strict", request.strict ? "1" : "");
        add("keepClicks", request.reading.keepClicks ? "1" : "");
        const ApiAnswer answer = m_parts->api->sendFile(target, file);
        return reportFrom(answer.body, answer.done());
    }
    ImportReport report;
    const links::Workspace* owner = m_parts->workspace(workspace);
    if (!owner) {
        report.broken = {0, "unknown_workspace", "workspace"};
        return report;
    }
    imports::Drafts drafts = imports::readDrafts(file, request.reading, request.progress);
    if (drafts.broken) {
        report.broken = *drafts.broken;
        return report;
    }
    const auto snapshot = m_parts->own->snapshot.current();
    pipeline::ImportPlan plan =
        pipeline::importPlan(std::move(drafts), *snapshot, {owner->id, request.reading.domain, true, request.strict});
    report = reportFrom(plan);
    if (request.dryRun || plan.drafts.empty())
        return report;
    const auto made = m_parts->own->editor.addLinks(std::move(plan.drafts), pipeline::bulkOptionsOf(plan), actor);
    if (!made.problem.empty())
        report.broken = {0, made.problem, made.field};
    return report;
}

pipeline::Edited<storage::NewToken> EditSession::createToken(const std::string& workspace, const std::string& name,
                                                             storage::Role role)
{
    static constexpr const char* roles[] = {"", "viewer", "operator", "admin"};
    if (!m_parts->api) {
        const links::Workspace* owner = m_parts->workspace(workspace);
        if (!owner)
            return refused<storage::NewToken>("unknown_workspace", "workspace");
        return m_parts->own->editor.createToken({owner->id, name, role}, actor);
    }
    const ApiAnswer answer =
        m_parts->api->send("POST", m_parts->target("/v1/tokens", workspace),
                           {{"name", qText(name)}, {"role", roles[static_cast<std::size_t>(role)]}});
    if (!answer.done())
        return refused<storage::NewToken>(answer.problem(), answer.field());
    storage::NewToken made;
    made.token.id =
        protocol::TokenId(static_cast<std::uint32_t>(answer.body.value(QLatin1StringView("id")).toInteger()));
    made.token.name = text(answer.body, "name");
    made.token.role = role;
    made.secret = text(answer.body, "token");
    return {made, {}, {}};
}

std::string EditSession::revokeToken(const std::string& workspace, protocol::TokenId id)
{
    if (m_parts->api) {
        const std::string path = "/v1/tokens/" + std::to_string(id.value);
        const ApiAnswer answer = m_parts->api->send("DELETE", m_parts->target(path, workspace));
        return answer.done() ? std::string() : answer.problem();
    }
    if (!m_parts->workspace(workspace))
        return "unknown_workspace";
    return m_parts->own->editor.revokeToken(id, actor).problem;
}

} // namespace cli

// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/pipeline/editor.h"

#include <algorithm>
#include <string_view>

#include "backend/links/destination.h"
#include "backend/pipeline/zone_days.h"
#include "backend/protocol/limits.h"
#include "backend/storage/reader.h"
#include "backend/storage/secret.h"
#include "backend/storage/sqlite/settings_store.h"

namespace pipeline {

using storage::Audit;

namespace {

constexpr std::size_t nameBytesMax = 64;
constexpr std::size_t notesBytesMax = 4096;
constexpr std::size_t tagsMax = 32;
constexpr std::int32_t retentionDaysMax = 3660;
constexpr std::size_t slugSymbols = 7; // of 53: 1.2 million million slugs
constexpr int slugAttempts = 20;

template <class T> Edited<T> refused(T value, std::string problem, std::string field)
{
    return {std::move(value), std::move(problem), std::move(field)};
}

// Runs the change; a store that cannot write is a problem of its own, not a crash.
template <class T, class Change> Edited<T> guarded(const T& value, Change change)
{
    try {
        return change();
    } catch (const storage::StoreError& error) {
        return refused(value, "storage_failed", error.what());
    }
}

std::string nameProblem(std::string_view name)
{
    if (name.empty())
        return "empty";
    if (name.size() > nameBytesMax)
        return "too_long";
    const bool plain = std::none_of(name.begin(), name.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7f;
    });
    return plain ? "" : "control";
}

struct Problem {
    std::string code, field;
};

// What of a link can be told without the store.
Problem linkProblem(const links::Link& link, const links::Snapshot& snapshot)
{
    if (const std::string code = links::destinationProblem(link.destination, snapshot); !code.empty())
        return {code, "destination"};
    constexpr std::uint16_t statuses[] = {301, 302, 307, 308};
    if (std::find(std::begin(statuses), std::end(statuses), link.status) == std::end(statuses))
        return {"status", "status"};
    const std::pair<const char*, const std::string*> texts[] = {
        {"campaign", &link.campaign},         {"goal", &link.goal},         {"utm.source", &link.utm.source},
        {"utm.medium", &link.utm.medium},     {"utm.term", &link.utm.term}, {"utm.content", &link.utm.content},
        {"utm.campaign", &link.utm.campaign},
    };
    for (const auto& [field, text] : texts)
        if (text->size() > protocol::limits::utmBytes)
            return {"too_long", field};
    if (link.notes.size() > notesBytesMax)
        return {"too_long", "notes"};
    if (link.tags.size() > tagsMax)
        return {"too_many", "tags"};
    for (const std::string& tag : link.tags)
        if (const std::string code = nameProblem(tag); !code.empty())
            return {code, "tags"};
    return {};
}

// The most telling word for what changed, for annotations.
std::string whatChanged(const links::Link& before, const links::Link& after)
{
    if (before.state != after.state) {
        switch (after.state) {
        case links::LinkState::Active:
            return "link.resumed";
        case links::LinkState::Paused:
            return "link.paused";
        case links::LinkState::Expired:
            return "link.expired";
        case links::LinkState::Deleted:
            return "link.deleted";
        }
    }
    return before.destination != after.destination ? "link.destination" : "link.changed";
}

} // namespace

Editor::Editor(storage::Store& store, links::SnapshotHolder& snapshot, const runtime::Clock& clock,
               std::function<void(const protocol::Edit&)> edited)
    : m_store(store), m_snapshot(snapshot), m_clock(clock), m_edited(std::move(edited))
{
}

void Editor::announce(protocol::Edit edit)
{
    if (m_edited)
        m_edited(edit);
}

void Editor::loadSnapshot()
{
    const storage::Reader reader(m_store.folder());
    std::vector<links::Link> all;
    reader.forEachLink([&](links::Link&& link) { all.push_back(std::move(link)); });
    m_snapshot.publish(links::Snapshot::build(reader.workspaces(), reader.domains(), std::move(all)));
}

Edited<links::Workspace> Editor::putWorkspace(links::Workspace workspace, const std::string& actor)
{
    return guarded(workspace, [&]() -> Edited<links::Workspace> {
        storage::SettingsStore& settings = m_store.settings();
        if (const std::string code = nameProblem(workspace.name); !code.empty())
            return refused(workspace, code, "name");
        if (!ZoneDays::isKnown(workspace.zone))
            return refused(workspace, "unknown", "zone");
        if (workspace.retentionDays < 1 || workspace.retentionDays > retentionDaysMax)
            return refused(workspace, "out_of_range", "retentionDays");
        if (workspace.id && !settings.workspace(workspace.id))
            return refused(workspace, "workspace_unknown", "id");
        if (const auto other = settings.workspaceNamed(workspace.name); other && other->id != workspace.id)
            return refused(workspace, "name_taken", "name");
        const Audit audit{workspace.id, protocol::UtcMs(m_clock.utcMs()),
                          workspace.id ? "workspace.changed" : "workspace.created", workspace.name, actor};
        const protocol::Edit edit = settings.putWorkspace(workspace, audit);
        m_snapshot.publish(m_snapshot.current()->withWorkspace(workspace));
        announce(edit);
        return {workspace, "", ""};
    });
}

Edited<links::Domain> Editor::putDomain(links::Domain domain, const std::string& actor)
{
    return guarded(domain, [&]() -> Edited<links::Domain> {
        storage::SettingsStore& settings = m_store.settings();
        if (const std::string code = links::hostProblem(domain.host); !code.empty())
            return refused(domain, code, "host");
        if (!settings.workspace(domain.workspace))
            return refused(domain, "workspace_unknown", "workspace");
        const auto before = domain.id ? settings.domain(domain.id) : std::nullopt;
        if (domain.id && !before)
            return refused(domain, "domain_unknown", "id");
        if (const auto other = settings.domainOf(domain.host); other && other->id != domain.id)
            return refused(domain, "host_taken", "host");
        if (domain.verifyToken.empty())
            domain.verifyToken = before ? before->verifyToken : storage::newVerifyToken();
        const Audit audit{domain.workspace, protocol::UtcMs(m_clock.utcMs()),
                          !before                                        ? "domain.created"
                          : before->state == domain.state                ? "domain.changed"
                          : domain.state == links::DomainState::Ready    ? "domain.ready"
                          : domain.state == links::DomainState::Verified ? "domain.verified"
                                                                         : "domain.pending",
                          domain.host, actor};
        const protocol::Edit edit = settings.putDomain(domain, audit);
        m_snapshot.publish(m_snapshot.current()->withDomain(domain));
        announce(edit);
        return {domain, "", ""};
    });
}

Edited<links::Link> Editor::putLink(links::Link link, bool generateSlug, std::uint32_t expectedVersion,
                                    const std::string& actor)
{
    return guarded(link, [&]() -> Edited<links::Link> {
        storage::SettingsStore& settings = m_store.settings();
        const auto before = link.id ? settings.link(link.id) : std::nullopt;
        if (link.id && !before)
            return refused(link, "link_unknown", "id");
        if (before && expectedVersion != 0 && before->version != expectedVersion)
            return refused(*before, "version_conflict", "version");
        const auto domain = settings.domain(link.domain);
        if (!domain)
            return refused(link, "domain_unknown", "domain");
        if (const Problem problem = linkProblem(link, *m_snapshot.current()); !problem.code.empty())
            return refused(link, problem.code, problem.field);
        for (int attempt = 0; generateSlug && !before; ++attempt) {
            link.slug = storage::newSlug(slugSymbols);
            if (links::slugProblem(link.slug).empty() && !settings.linkAt(link.domain, link.slug))
                break;
            if (attempt >= slugAttempts)
                return refused(link, "slug_taken", "slug");
        }
        if (const std::string code = links::slugProblem(link.slug); !code.empty())
            return refused(link, code, "slug");
        if (const auto other = settings.linkAt(link.domain, link.slug); other && other->id != link.id)
            return refused(link, other->state == links::LinkState::Deleted ? "slug_tombstoned" : "slug_taken", "slug");
        const protocol::UtcMs now(m_clock.utcMs());
        link.version = before ? before->version + 1 : 1;
        link.createdAt = before ? before->createdAt : now;
        const Audit audit{domain->workspace, now, before ? whatChanged(*before, link) : "link.created",
                          domain->host + "/" + link.slug, actor};
        const protocol::Edit edit = settings.putLink(link, audit);
        m_snapshot.publish(m_snapshot.current()->withLink(link));
        announce(edit);
        return {link, "", ""};
    });
}

Edited<storage::NewToken> Editor::createToken(storage::TokenDraft draft, const std::string& actor)
{
    storage::NewToken made;
    return guarded(made, [&]() -> Edited<storage::NewToken> {
        if (const std::string code = nameProblem(draft.name); !code.empty())
            return refused(made, code, "name");
        if (draft.role < storage::Role::Viewer || draft.role > storage::Role::Admin)
            return refused(made, "unknown", "role");
        if (!m_store.settings().workspace(draft.workspace))
            return refused(made, "workspace_unknown", "workspace");
        made.token.workspace = draft.workspace;
        made.token.name = draft.name;
        made.token.role = draft.role;
        made.token.createdAt = protocol::UtcMs(m_clock.utcMs());
        made.secret = storage::newTokenSecret();
        const Audit audit{draft.workspace, made.token.createdAt, "token.created", draft.name, actor};
        announce(m_store.settings().addToken(made.token, made.secret, audit));
        return {made, "", ""};
    });
}

Edited<storage::Token> Editor::revokeToken(protocol::TokenId id, const std::string& actor)
{
    storage::Token none;
    return guarded(none, [&]() -> Edited<storage::Token> {
        auto token = m_store.settings().token(id);
        if (!token)
            return refused(none, "token_unknown", "id");
        if (token->revokedAt.value != 0)
            return {*token, "", ""};
        const Audit audit{token->workspace, protocol::UtcMs(m_clock.utcMs()), "token.revoked", token->name, actor};
        announce(m_store.settings().revokeToken(*token, audit));
        return {*token, "", ""};
    });
}

bool Editor::hostReached(protocol::DomainId id)
{
    const links::Domain* domain = m_snapshot.current()->domain(id);
    if (!domain || domain->state != links::DomainState::Verified)
        return false;
    links::Domain ready = *domain;
    ready.state = links::DomainState::Ready;
    return putDomain(ready, "backend").problem.empty();
}

} // namespace pipeline

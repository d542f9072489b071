// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/pipeline/editor.h"

#include <algorithm>
#include <set>

#include "backend/pipeline/edit_problems.h"
#include "backend/pipeline/zone_offsets.h"
#include "backend/storage/reader.h"
#include "backend/storage/secret.h"
#include "backend/storage/sqlite/settings_store.h"

namespace pipeline {

using storage::Audit;

namespace {

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
    if (before.destination != after.destination)
        return "link.destination";
    return before.rules != after.rules ? "link.rules" : "link.changed";
}

// Gives rules without an id one, and each rule that is not as it was the link's new version.
void settleRules(links::Link& link, const links::Link* before)
{
    std::set<std::string> taken;
    for (const links::Rule& rule : link.rules)
        taken.insert(rule.id);
    std::size_t next = 1;
    const auto isTaken = [&](const std::string& id) {
        return taken.contains(id) || (before && std::any_of(before->rules.begin(), before->rules.end(),
                                                            [&](const links::Rule& rule) { return rule.id == id; }));
    };
    for (links::Rule& rule : link.rules) {
        while (rule.id.empty()) {
            std::string id = "r" + std::to_string(next++);
            if (!isTaken(id)) {
                taken.insert(id);
                rule.id = std::move(id);
            }
        }
        rule.version = link.version;
        if (!before)
            continue;
        for (const links::Rule& old : before->rules) {
            links::Rule same = rule;
            same.version = old.version;
            if (same == old)
                rule.version = old.version;
        }
    }
}

} // namespace

Editor::Editor(storage::Store& store, links::SnapshotHolder& snapshot, const runtime::Clock& clock,
               std::function<void(const protocol::Edit&)> edited)
    : m_store(store), m_snapshot(snapshot), m_clock(clock), m_edited(std::move(edited)), m_clicks(store.folder())
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
    const auto snapshot = links::Snapshot::buildFrom(
        reader.workspaces(), reader.domains(), [&](const auto& add) { reader.forEachLink(add); },
        zoneTable(protocol::UtcMs(m_clock.utcMs())));
    m_clicks.complete(*snapshot);
    m_snapshot.publish(snapshot);
}

Edited<links::Workspace> Editor::putWorkspace(links::Workspace workspace, const std::string& actor)
{
    return guarded(workspace, [&]() -> Edited<links::Workspace> {
        storage::SettingsStore& settings = m_store.settings();
        if (const Problem found = workspaceProblem(workspace))
            return refused(workspace, found.code, found.field);
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

Edited<links::Link> Editor::checked(LinkDraft draft, std::uint32_t expectedVersion) const
{
    return checked(std::move(draft), expectedVersion, *m_snapshot.current(), {});
}

Edited<links::Link> Editor::checked(LinkDraft draft, std::uint32_t expectedVersion, const links::Snapshot& snapshot,
                                    const Places& alsoTaken) const
{
    links::Link& link = draft.link;
    const links::Link* before = link.id ? snapshot.link(link.id) : nullptr;
    if (link.id && !before)
        return refused(link, "link_unknown", "id");
    if (before && expectedVersion != 0 && before->version != expectedVersion) {
        storage::ChangesSince since = m_store.settings().changesSince(link.id, expectedVersion);
        return {*before, "version_conflict", "version", std::move(since.actor), std::move(since.changes)};
    }
    if (const links::Domain* named = link.domain ? nullptr : snapshot.domain(draft.host))
        link.domain = named->id;
    if (!snapshot.domain(link.domain))
        return refused(link, "domain_unknown", "domain");
    link.version = before ? before->version + 1 : 1;
    settleRules(link, before);
    if (const Problem found = linkProblem(link, snapshot))
        return refused(link, found.code, found.field);
    const auto isFree = [&] {
        return !snapshot.link(link.domain, link.slug) && !alsoTaken.contains({link.domain, link.slug});
    };
    for (int attempt = 0; draft.generateSlug && !before; ++attempt) {
        link.slug = storage::newSlug(slugSymbols);
        if (links::slugProblem(link.slug).empty() && isFree())
            break;
        if (attempt >= slugAttempts)
            return refused(link, "slug_taken", "slug");
    }
    if (const std::string code = links::slugProblem(link.slug); !code.empty())
        return refused(link, code, "slug");
    if (const links::Link* other = snapshot.link(link.domain, link.slug); other && other->id != link.id)
        return refused(link, other->state == links::LinkState::Deleted ? "slug_tombstoned" : "slug_taken", "slug");
    if (alsoTaken.contains({link.domain, link.slug}))
        return refused(link, "slug_taken", "slug");
    link.updatedAt = protocol::UtcMs(m_clock.utcMs());
    link.createdAt = before ? before->createdAt : link.updatedAt;
    return {std::move(link), "", ""};
}

storage::Audit Editor::auditOf(const links::Link& link, const links::Snapshot& snapshot, std::string what,
                               const std::string& actor)
{
    const links::Domain* domain = snapshot.domain(link.domain);
    return {domain->workspace, link.updatedAt, std::move(what), domain->host + "/" + link.slug, actor};
}

Edited<links::Link> Editor::store(Edited<links::Link> edited, const std::string& what, const std::string& actor)
{
    if (!edited.problem.empty())
        return edited;
    links::Link& link = edited.value;
    if (link.id && link.clickLimit != 0)
        m_clicks.complete(*m_snapshot.current(), link.id);
    const protocol::Edit edit = m_store.settings().putLink(link, auditOf(link, *m_snapshot.current(), what, actor));
    m_snapshot.publish(m_snapshot.current()->withLink(link));
    announce(edit);
    return edited;
}

Edited<links::Link> Editor::putLink(links::Link link, bool generateSlug, std::uint32_t expectedVersion,
                                    const std::string& actor)
{
    return guarded(link, [&]() -> Edited<links::Link> {
        const links::Link* before = link.id ? m_snapshot.current()->link(link.id) : nullptr;
        const std::string what = before ? whatChanged(*before, link) : "link.created";
        return store(checked({link, generateSlug}, expectedVersion), what, actor);
    });
}

Edited<links::Link> Editor::undoLink(protocol::LinkId id, std::uint32_t expectedVersion, const std::string& actor)
{
    links::Link none;
    return guarded(none, [&]() -> Edited<links::Link> {
        const auto snapshot = m_snapshot.current();
        const links::Link* now = snapshot->link(id);
        if (!now)
            return refused(none, "link_unknown", "id");
        auto before = m_store.settings().beforeLastEdit(id);
        if (!before)
            return refused(*now, "nothing_to_undo", "id");
        return store(checked({std::move(*before), false}, expectedVersion), "link.undone", actor);
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

// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/sqlite/settings_store.h"

#include <sodium.h>

#include "backend/storage/settings_text.h"
#include "backend/storage/sqlite/settings_rows.h"

namespace storage {

namespace {

constexpr int busyTimeoutMs = 5'000;

// One row by one key, or nothing.
template <class Make, class Key>
auto one(const Database& database, std::string sql, Key key, Make make)
    -> std::optional<decltype(make(std::declval<const Statement&>()))>
{
    Statement select = database.prepare(sql);
    select.bind(1, key);
    if (!select.step())
        return std::nullopt;
    return make(select);
}

const char* const linkPut =
    "INSERT INTO links VALUES(nullif(?1, 0), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, "
    "?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27) ON CONFLICT(id) DO UPDATE SET (domain, slug, destination, "
    "status, state, flagged, version, expires_at, campaign, goal, utm_source, utm_medium, utm_campaign, utm_term, "
    "utm_content, tags, notes, created_at, updated_at, rules, click_limit, fallback, password_hash, owner, ios_app, "
    "android_app) = (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, "
    "?23, ?24, ?25, ?26, ?27)";

std::string randomHex(std::size_t bytes)
{
    std::string raw(bytes, '\0'), hex(bytes * 2 + 1, '\0');
    randombytes_buf(raw.data(), raw.size());
    sodium_bin2hex(hex.data(), hex.size(), reinterpret_cast<const unsigned char*>(raw.data()), raw.size());
    hex.pop_back();
    return hex;
}

} // namespace

SettingsStore::SettingsStore(const std::string& folder)
{
    if (sodium_init() < 0)
        throw StoreError("libsodium did not start");
    const std::string path = folder + "/settings.db";
    try {
        m_database = Database(path, Database::Mode::Create, busyTimeoutMs);
        m_database.run("PRAGMA journal_mode = WAL");
        m_database.run("PRAGMA synchronous = FULL");
        const std::int64_t version = m_database.integer("PRAGMA user_version");
        if (version > settingsVersion)
            throw StoreError(path + " was written by a newer clickroomd: upgrade this one");
        if (version < settingsVersion) {
            Transaction transaction(m_database);
            m_database.run(settingsSchema);
            m_database.run("INSERT OR IGNORE INTO meta VALUES('data_id', '" + randomHex(16) + "')");
            m_database.run("PRAGMA user_version = " + std::to_string(settingsVersion));
            transaction.commit();
        }
    } catch (const SqliteError& error) {
        if (!error.isDamage())
            throw;
        throw StoreError(path + " is damaged: put a backup of it in its place (links and tokens are in it). " +
                         error.what());
    }
}

std::string SettingsStore::meta(const std::string& key) const
{
    return one(m_database, "SELECT value FROM meta WHERE key = ?", std::string_view(key),
               [](const Statement& row) { return std::string(row.text(0)); })
        .value_or("");
}

void SettingsStore::setMeta(const std::string& key, const std::string& value)
{
    m_database.prepare("INSERT INTO meta VALUES(?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value")
        .bind(1, std::string_view(key))
        .bind(2, std::string_view(value))
        .run();
}

protocol::Edit SettingsStore::audited(const Audit& audit, const std::string& before, const std::string& after,
                                      protocol::LinkId link, std::uint32_t version)
{
    m_database
        .prepare("INSERT INTO edits(time, workspace, what, subject, actor, before, after, link, version) "
                 "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(1, audit.time.value)
        .bind(2, audit.workspace.value)
        .bind(3, std::string_view(audit.what))
        .bind(4, std::string_view(audit.subject))
        .bind(5, std::string_view(audit.actor))
        .bind(6, std::string_view(before))
        .bind(7, std::string_view(after))
        .bind(8, link.value)
        .bind(9, version)
        .run();
    protocol::Edit edit;
    edit.id = static_cast<std::uint64_t>(m_database.lastRowId());
    edit.time = audit.time;
    edit.what = audit.what;
    edit.subject = audit.subject;
    edit.actor = audit.actor;
    edit.workspace = audit.workspace;
    edit.link = link;
    edit.version = version;
    edit.changes = changesBetween(before, after);
    return edit;
}

protocol::Edit SettingsStore::putWorkspace(links::Workspace& workspace, const Audit& audit)
{
    const auto old = this->workspace(workspace.id);
    Transaction transaction(m_database);
    Statement put = m_database.prepare(
        "INSERT INTO workspaces VALUES(nullif(?1, 0), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT(id) DO UPDATE SET "
        "(name, plan, privacy, zone, retention_days, app_schemes, utm_sources, utm_mediums) = "
        "(?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    const std::string schemes = joinTexts(workspace.appSchemes), sources = joinTexts(workspace.utmSources),
                      mediums = joinTexts(workspace.utmMediums);
    put.bind(1, workspace.id.value).bind(2, std::string_view(workspace.name)).bind(3, static_cast<int>(workspace.plan));
    put.bind(4, static_cast<int>(workspace.privacy)).bind(5, std::string_view(workspace.zone));
    put.bind(6, workspace.retentionDays).bind(7, std::string_view(schemes));
    put.bind(8, std::string_view(sources)).bind(9, std::string_view(mediums)).run();
    if (!workspace.id)
        workspace.id = protocol::WorkspaceId(static_cast<std::uint32_t>(m_database.lastRowId()));
    Audit full = audit;
    full.workspace = workspace.id;
    const protocol::Edit edit = audited(full, old ? textOf(*old) : "", textOf(workspace));
    transaction.commit();
    return edit;
}

protocol::Edit SettingsStore::putDomain(links::Domain& domain, const Audit& audit)
{
    Transaction transaction(m_database);
    const protocol::Edit edit = writeDomain(domain, audit);
    transaction.commit();
    return edit;
}

protocol::Edit SettingsStore::writeDomain(links::Domain& domain, const Audit& audit)
{
    const auto old = this->domain(domain.id);
    Statement put = m_database.prepare("INSERT INTO domains VALUES(nullif(?1, 0), ?2, ?3, ?4, ?5) ON CONFLICT(id) "
                                       "DO UPDATE SET (workspace, host, state, verify_token) = (?2, ?3, ?4, ?5)");
    put.bind(1, domain.id.value).bind(2, domain.workspace.value).bind(3, std::string_view(domain.host));
    put.bind(4, static_cast<int>(domain.state)).bind(5, std::string_view(domain.verifyToken)).run();
    if (!domain.id)
        domain.id = protocol::DomainId(static_cast<std::uint32_t>(m_database.lastRowId()));
    return audited(audit, old ? textOf(*old) : "", textOf(domain));
}

protocol::Edit SettingsStore::putLink(links::Link& link, const Audit& audit)
{
    Transaction transaction(m_database);
    Statement put = m_database.prepare(linkPut);
    const protocol::Edit edit = writeLink(put, link, audit);
    transaction.commit();
    return edit;
}

std::vector<protocol::Edit> SettingsStore::putTogether(Together& together)
{
    std::vector<protocol::Edit> edits;
    Transaction transaction(m_database);
    for (AuditedDomain& one : together.domains)
        edits.push_back(writeDomain(one.domain, one.audit));
    Statement put = m_database.prepare(linkPut);
    for (AuditedLink& one : together.links)
        edits.push_back(writeLink(put, one.link, one.audit));
    if (together.summary)
        edits.push_back(audited(*together.summary, "", ""));
    transaction.commit();
    return edits;
}

protocol::Edit SettingsStore::writeLink(Statement& put, links::Link& link, const Audit& audit)
{
    const auto old = link.id ? this->link(link.id) : std::nullopt;
    const std::string tags = joinTexts(link.tags), rules = textOf(link.rules);
    put.bind(1, link.id.value).bind(2, link.domain.value).bind(3, std::string_view(link.slug));
    put.bind(4, std::string_view(link.destination)).bind(5, static_cast<int>(link.status));
    put.bind(6, static_cast<int>(link.state)).bind(7, link.flagged).bind(8, link.version).bind(9, link.expiresAt.value);
    const std::string* const texts[] = {&link.campaign,     &link.goal,     &link.utm.source,  &link.utm.medium,
                                        &link.utm.campaign, &link.utm.term, &link.utm.content, &tags,
                                        &link.notes};
    int at = 10;
    for (const std::string* text : texts)
        put.bind(at++, std::string_view(*text));
    put.bind(19, link.createdAt.value).bind(20, link.updatedAt.value).bind(21, std::string_view(rules));
    put.bind(22, link.clickLimit);
    const std::string* const more[] = {&link.fallback, &link.passwordHash, &link.owner, &link.iosApp, &link.androidApp};
    at = 23;
    for (const std::string* text : more)
        put.bind(at++, std::string_view(*text));
    put.run();
    if (!link.id)
        link.id = protocol::LinkId(static_cast<std::uint64_t>(m_database.lastRowId()));
    return audited(audit, old ? textOf(*old) : "", textOf(link), link.id, link.version);
}

protocol::Edit SettingsStore::addToken(Token& token, std::string_view secret, const Audit& audit)
{
    const std::string hash = tokenHash(secret);
    Transaction transaction(m_database);
    Statement put = m_database.prepare("INSERT INTO tokens(workspace, name, role, hash, created_at, revoked_at, "
                                       "last_used_at) VALUES(?, ?, ?, ?, ?, 0, 0)");
    put.bind(1, token.workspace.value).bind(2, std::string_view(token.name)).bind(3, static_cast<int>(token.role));
    put.bindBlob(4, hash).bind(5, token.createdAt.value).run();
    token.id = protocol::TokenId(static_cast<std::uint32_t>(m_database.lastRowId()));
    const protocol::Edit edit = audited(audit, "", textOf(token));
    transaction.commit();
    return edit;
}

protocol::Edit SettingsStore::revokeToken(Token& token, const Audit& audit)
{
    const std::string before = textOf(token);
    token.revokedAt = audit.time;
    Transaction transaction(m_database);
    Statement put = m_database.prepare("UPDATE tokens SET revoked_at = ? WHERE id = ?");
    put.bind(1, token.revokedAt.value).bind(2, token.id.value).run();
    const protocol::Edit edit = audited(audit, before, textOf(token));
    transaction.commit();
    return edit;
}

std::optional<links::Workspace> SettingsStore::workspace(protocol::WorkspaceId id) const
{
    return one(m_database, std::string(selectWorkspaces) + "WHERE id = ?", id.value, workspaceOf);
}

std::optional<links::Workspace> SettingsStore::workspaceNamed(std::string_view name) const
{
    return one(m_database, std::string(selectWorkspaces) + "WHERE name = ?", name, workspaceOf);
}

std::optional<links::Domain> SettingsStore::domain(protocol::DomainId id) const
{
    return one(m_database, std::string(selectDomains) + "WHERE id = ?", id.value,
               [](const Statement& row) { return storage::domainOf(row); });
}

std::optional<links::Domain> SettingsStore::domainOf(std::string_view host) const
{
    return one(m_database, std::string(selectDomains) + "WHERE host = ?", host,
               [](const Statement& row) { return storage::domainOf(row); });
}

std::optional<links::Link> SettingsStore::link(protocol::LinkId id) const
{
    return one(m_database, std::string(selectLinks) + "WHERE id = ?", id.value, linkOf);
}

std::optional<links::Link> SettingsStore::linkAt(protocol::DomainId domain, std::string_view slug) const
{
    Statement select = m_database.prepare(std::string(selectLinks) + "WHERE domain = ? AND slug = ?");
    select.bind(1, domain.value).bind(2, slug);
    if (!select.step())
        return std::nullopt;
    return linkOf(select);
}

std::optional<links::Link> SettingsStore::beforeLastEdit(protocol::LinkId id) const
{
    const auto before = one(m_database, "SELECT before FROM edits WHERE link = ? ORDER BY id DESC LIMIT 1", id.value,
                            [](const Statement& row) { return std::string(row.text(0)); });
    if (!before || before->empty())
        return std::nullopt;
    return linkFrom(*before);
}

ChangesSince SettingsStore::changesSince(protocol::LinkId id, std::uint32_t version) const
{
    ChangesSince since;
    Statement select = m_database.prepare("SELECT before, after, actor FROM edits WHERE link = ? AND version > ? "
                                          "ORDER BY id");
    select.bind(1, id.value).bind(2, version);
    std::string before, after;
    for (bool isFirst = true; select.step(); isFirst = false) {
        if (isFirst)
            before = select.text(0);
        after = select.text(1);
        since.actor = select.text(2);
    }
    since.changes = changesBetween(before, after);
    return since;
}

std::optional<Token> SettingsStore::token(protocol::TokenId id) const
{
    return one(m_database, std::string(selectTokens) + "WHERE id = ?", id.value, tokenOf);
}

} // namespace storage

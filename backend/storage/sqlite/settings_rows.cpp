// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/sqlite/settings_rows.h"

#include <sodium.h>

#include "backend/storage/settings_text.h"

namespace storage {

using protocol::UtcMs;

// `slug` compares byte by byte (BINARY), as slugs are case-sensitive. A deleted link keeps its row: its slug stays
// taken.
const char* const settingsSchema = R"(
CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS workspaces(
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, plan INTEGER NOT NULL, privacy INTEGER NOT NULL, zone TEXT NOT NULL,
  retention_days INTEGER NOT NULL, app_schemes TEXT NOT NULL, utm_sources TEXT NOT NULL, utm_mediums TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS domains(
  id INTEGER PRIMARY KEY, workspace INTEGER NOT NULL, host TEXT NOT NULL UNIQUE, state INTEGER NOT NULL,
  verify_token TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS links(
  id INTEGER PRIMARY KEY, domain INTEGER NOT NULL, slug TEXT NOT NULL, destination TEXT NOT NULL, status INTEGER NOT NULL,
  state INTEGER NOT NULL, flagged INTEGER NOT NULL, version INTEGER NOT NULL, expires_at INTEGER NOT NULL,
  campaign TEXT NOT NULL, goal TEXT NOT NULL, utm_source TEXT NOT NULL, utm_medium TEXT NOT NULL, utm_campaign TEXT NOT NULL,
  utm_term TEXT NOT NULL, utm_content TEXT NOT NULL, tags TEXT NOT NULL, notes TEXT NOT NULL, created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL, rules TEXT NOT NULL, click_limit INTEGER NOT NULL, fallback TEXT NOT NULL,
  password_hash TEXT NOT NULL, owner TEXT NOT NULL, ios_app TEXT NOT NULL, android_app TEXT NOT NULL,
  UNIQUE(domain, slug));
CREATE TABLE IF NOT EXISTS tokens(
  id INTEGER PRIMARY KEY, workspace INTEGER NOT NULL, name TEXT NOT NULL, role INTEGER NOT NULL, hash BLOB NOT NULL UNIQUE,
  created_at INTEGER NOT NULL, revoked_at INTEGER NOT NULL, last_used_at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS edits(
  id INTEGER PRIMARY KEY, time INTEGER NOT NULL, workspace INTEGER NOT NULL, what TEXT NOT NULL, subject TEXT NOT NULL,
  actor TEXT NOT NULL, link INTEGER NOT NULL, version INTEGER NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS edits_by_time ON edits(time);
CREATE INDEX IF NOT EXISTS edits_by_link ON edits(link) WHERE link > 0;
)";

const char* const selectWorkspaces =
    "SELECT id, name, plan, privacy, zone, retention_days, app_schemes, utm_sources, utm_mediums FROM workspaces ";
const char* const selectDomains = "SELECT id, workspace, host, state, verify_token FROM domains ";
const char* const selectLinks =
    "SELECT id, domain, slug, destination, status, state, flagged, version, expires_at, campaign, goal, utm_source, "
    "utm_medium, utm_campaign, utm_term, utm_content, tags, notes, created_at, updated_at, rules, click_limit, "
    "fallback, password_hash, owner, ios_app, android_app FROM links ";
const char* const selectTokens =
    "SELECT id, workspace, name, role, created_at, revoked_at, hash, last_used_at FROM tokens ";
const char* const selectEdits =
    "SELECT id, time, what, subject, actor, workspace, link, version, before, after FROM edits ";

namespace {

constexpr char textSeparator = '\x1f';

std::vector<std::string> splitTexts(std::string_view text)
{
    std::vector<std::string> texts;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(textSeparator), text.size());
        texts.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return texts;
}

} // namespace

links::Workspace workspaceOf(const Statement& row)
{
    links::Workspace workspace;
    workspace.id = protocol::WorkspaceId(static_cast<std::uint32_t>(row.integer(0)));
    workspace.name = row.text(1);
    workspace.plan = static_cast<links::Plan>(row.integer(2));
    workspace.privacy = static_cast<links::PrivacyMode>(row.integer(3));
    workspace.zone = row.text(4);
    workspace.retentionDays = static_cast<std::int32_t>(row.integer(5));
    workspace.appSchemes = splitTexts(row.text(6));
    workspace.utmSources = splitTexts(row.text(7));
    workspace.utmMediums = splitTexts(row.text(8));
    return workspace;
}

links::Domain domainOf(const Statement& row)
{
    links::Domain domain;
    domain.id = protocol::DomainId(static_cast<std::uint32_t>(row.integer(0)));
    domain.workspace = protocol::WorkspaceId(static_cast<std::uint32_t>(row.integer(1)));
    domain.host = row.text(2);
    domain.state = static_cast<links::DomainState>(row.integer(3));
    domain.verifyToken = row.text(4);
    return domain;
}

links::Link linkOf(const Statement& row)
{
    links::Link link;
    link.id = protocol::LinkId(row.number(0));
    link.domain = protocol::DomainId(static_cast<std::uint32_t>(row.integer(1)));
    link.slug = row.text(2);
    link.destination = row.text(3);
    link.status = static_cast<std::uint16_t>(row.integer(4));
    link.state = static_cast<links::LinkState>(row.integer(5));
    link.flagged = row.integer(6) != 0;
    link.version = static_cast<std::uint32_t>(row.integer(7));
    link.expiresAt = UtcMs(row.integer(8));
    link.campaign = row.text(9);
    link.goal = row.text(10);
    link.utm.source = row.text(11);
    link.utm.medium = row.text(12);
    link.utm.campaign = row.text(13);
    link.utm.term = row.text(14);
    link.utm.content = row.text(15);
    link.tags = splitTexts(row.text(16));
    link.notes = row.text(17);
    link.createdAt = UtcMs(row.integer(18));
    link.updatedAt = UtcMs(row.integer(19));
    link.rules = rulesFrom(row.text(20));
    link.clickLimit = row.number(21);
    link.fallback = row.text(22);
    link.passwordHash = row.text(23);
    link.owner = row.text(24);
    link.iosApp = row.text(25);
    link.androidApp = row.text(26);
    return link;
}

Token tokenOf(const Statement& row)
{
    Token token;
    token.id = protocol::TokenId(static_cast<std::uint32_t>(row.integer(0)));
    token.workspace = protocol::WorkspaceId(static_cast<std::uint32_t>(row.integer(1)));
    token.name = row.text(2);
    token.role = static_cast<Role>(row.integer(3));
    token.createdAt = UtcMs(row.integer(4));
    token.revokedAt = UtcMs(row.integer(5));
    token.lastUsedAt = UtcMs(row.integer(7));
    return token;
}

protocol::Edit editOf(const Statement& row)
{
    protocol::Edit edit;
    edit.id = row.number(0);
    edit.time = UtcMs(row.integer(1));
    edit.what = row.text(2);
    edit.subject = row.text(3);
    edit.actor = row.text(4);
    edit.workspace = protocol::WorkspaceId(static_cast<std::uint32_t>(row.integer(5)));
    edit.link = protocol::LinkId(row.number(6));
    edit.version = static_cast<std::uint32_t>(row.integer(7));
    edit.changes = changesBetween(row.text(8), row.text(9));
    return edit;
}

std::string joinTexts(const std::vector<std::string>& texts)
{
    std::string out;
    for (const std::string& text : texts) {
        if (!out.empty())
            out += textSeparator;
        out += text;
    }
    return out;
}

std::string tokenHash(std::string_view secret)
{
    std::string hash(crypto_generichash_BYTES, '\0');
    crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(),
                       reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), nullptr, 0);
    return hash;
}

} // namespace storage

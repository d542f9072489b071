// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backend/links/link.h"
#include "backend/protocol/messages.h"
#include "backend/storage/sqlite/database.h"

namespace storage {

// A change as the audit log keeps it; what the rows were before and are after stands there as text (settings_text.h).
struct Audit {
    protocol::WorkspaceId workspace;
    protocol::UtcMs time;
    std::string what, subject, actor;
};

struct AuditedLink {
    links::Link link;
    Audit audit;
};

struct AuditedDomain {
    links::Domain domain;
    Audit audit;
};

// What is made in one commit, all or none. `summary` gets a row in the log, and an edit, of its own.
struct Together {
    std::vector<AuditedDomain> domains;
    std::vector<AuditedLink> links;
    std::optional<Audit> summary;
};

// What became of a link after one of its versions, and by whom last.
struct ChangesSince {
    std::string actor;
    std::vector<protocol::EditChange> changes;
};

// Writer of settings.db. One thread. Every put commits its row and its audit row in one transaction, synced (changes
// are rare and must not be lost), and returns the edit as published. Rules are the pipeline's: this only keeps what it
// is given.
class SettingsStore {
public:
    explicit SettingsStore(const std::string& folder);

    // What a folder is told by: random, made with the folder.
    std::string dataId() const { return meta("data_id"); }
    std::string meta(const std::string& key) const;
    void setMeta(const std::string& key, const std::string& value);

    // Without id: added, and the id is set. With id: replaced.
    protocol::Edit putWorkspace(links::Workspace& workspace, const Audit& audit);
    protocol::Edit putDomain(links::Domain& domain, const Audit& audit);
    protocol::Edit putLink(links::Link& link, const Audit& audit);
    // The edits in the order of domains, links and summary.
    std::vector<protocol::Edit> putTogether(Together& together);
    protocol::Edit addToken(Token& token, std::string_view secret, const Audit& audit);
    protocol::Edit revokeToken(Token& token, const Audit& audit);

    std::optional<links::Workspace> workspace(protocol::WorkspaceId id) const;
    std::optional<links::Workspace> workspaceNamed(std::string_view name) const;
    std::optional<links::Domain> domain(protocol::DomainId id) const;
    std::optional<links::Domain> domainOf(std::string_view host) const;
    std::optional<links::Link> link(protocol::LinkId id) const;
    std::optional<links::Link> linkAt(protocol::DomainId domain, std::string_view slug) const;
    std::optional<Token> token(protocol::TokenId id) const;

    // The link as it was before its last edit; nothing where that made it.
    std::optional<links::Link> beforeLastEdit(protocol::LinkId id) const;
    ChangesSince changesSince(protocol::LinkId id, std::uint32_t version) const;

    const Database& database() const { return m_database; }

private:
    protocol::Edit writeDomain(links::Domain& domain, const Audit& audit);
    protocol::Edit writeLink(Statement& put, links::Link& link, const Audit& audit);
    protocol::Edit audited(const Audit& audit, const std::string& before, const std::string& after,
                           protocol::LinkId link = {}, std::uint32_t version = 0);

    Database m_database;
};

} // namespace storage

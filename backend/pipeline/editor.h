// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "backend/links/snapshot.h"
#include "backend/pipeline/click_counts.h"
#include "backend/pipeline/edited.h"
#include "backend/protocol/messages.h"
#include "backend/runtime/clock.h"
#include "backend/storage/sqlite/settings_store.h"
#include "backend/storage/store.h"

namespace pipeline {

// Carries out one change of links or settings: checked, committed with its audit row, published as a new snapshot. Used
// by the pipeline between two batches, and by commands that hold the folder's lock themselves. One thread at a time. A
// broken disk gives the problem "storage_failed" and changes nothing.
class Editor {
public:
    // `edited` is called after each change, and may be empty.
    Editor(storage::Store& store, links::SnapshotHolder& snapshot, const runtime::Clock& clock,
           std::function<void(const protocol::Edit&)> edited);

    // Publishes what is stored. Call before anything else. Throws StoreError.
    void loadSnapshot();

    // Without id: made; with one: changed.
    Edited<links::Workspace> putWorkspace(links::Workspace workspace, const std::string& actor);
    Edited<links::Domain> putDomain(links::Domain domain, const std::string& actor);
    Edited<links::Link> putLink(links::Link link, bool generateSlug, std::uint32_t expectedVersion,
                                const std::string& actor);
    // As it was before its last edit, which may have been an undoing itself.
    Edited<links::Link> undoLink(protocol::LinkId id, std::uint32_t expectedVersion, const std::string& actor);
    // Links, and the domains they need, made together in one commit.
    Edited<BulkOutcome> addLinks(std::vector<LinkDraft> drafts, BulkOptions options, const std::string& actor);
    Edited<storage::NewToken> createToken(storage::TokenDraft draft, const std::string& actor);
    Edited<storage::Token> revokeToken(protocol::TokenId id, const std::string& actor);
    // A verified domain becomes ready; nothing else changes. False where there was nothing to do.
    bool hostReached(protocol::DomainId domain);

private:
    using Places = std::set<std::pair<protocol::DomainId, std::string>>;

    // The link as it is to be stored, or the problem that keeps it out.
    Edited<links::Link> checked(LinkDraft draft, std::uint32_t expectedVersion) const;
    Edited<links::Link> checked(LinkDraft draft, std::uint32_t expectedVersion, const links::Snapshot& snapshot,
                                const Places& alsoTaken) const;
    Edited<BulkOutcome> makeTogether(BulkOutcome outcome, const links::Snapshot& with, const BulkOptions& options,
                                     const std::string& actor);
    Edited<links::Link> store(Edited<links::Link> edited, const std::string& what, const std::string& actor);
    static storage::Audit auditOf(const links::Link& link, const links::Snapshot& snapshot, std::string what,
                                  const std::string& actor);
    void announce(protocol::Edit edit);

    storage::Store& m_store;
    links::SnapshotHolder& m_snapshot;
    const runtime::Clock& m_clock;
    std::function<void(const protocol::Edit&)> m_edited;
    const ClickCounts m_clicks;
};

} // namespace pipeline

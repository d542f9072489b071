// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "backend/pipeline/edit_problems.h"
#include "backend/pipeline/editor.h"
#include "backend/storage/secret.h"
#include "backend/storage/sqlite/settings_store.h"

namespace pipeline {

namespace {

using storage::Audit;

// The snapshot with the domains as they will be. Ids are given here, by the single writer, so that links can name them
// before anything is stored.
std::shared_ptr<const links::Snapshot> withDomains(std::shared_ptr<const links::Snapshot> snapshot,
                                                   std::vector<links::Domain>& domains)
{
    std::uint32_t next = 1;
    for (const links::Domain* domain : snapshot->domains())
        next = std::max(next, domain->id.value + 1);
    for (links::Domain& domain : domains) {
        domain.id = protocol::DomainId(next++);
        domain.verifyToken = storage::newVerifyToken();
        snapshot = snapshot->withDomain(domain);
    }
    return snapshot;
}

// Why one of the domains cannot be made; both empty = all can.
Problem domainsProblem(const std::vector<links::Domain>& domains, const links::Snapshot& snapshot)
{
    for (const links::Domain& domain : domains) {
        if (const std::string code = links::hostProblem(domain.host); !code.empty())
            return {code, "host"};
        if (!snapshot.workspace(domain.workspace))
            return {"workspace_unknown", "workspace"};
        if (snapshot.domain(domain.host))
            return {"host_taken", "host"};
    }
    return {};
}

} // namespace

Edited<BulkOutcome> Editor::addLinks(std::vector<LinkDraft> drafts, BulkOptions options, const std::string& actor)
{
    try {
        const auto now = m_snapshot.current();
        if (const Problem found = domainsProblem(options.domains, *now))
            return {{}, found.code, found.field};
        const auto with = withDomains(now, options.domains);
        BulkOutcome outcome;
        Places taken;
        bool isWhole = true;
        for (LinkDraft& draft : drafts) {
            draft.link.id = {};
            outcome.push_back(checked(std::move(draft), 0, *with, taken));
            isWhole = isWhole && outcome.back().problem.empty();
            if (outcome.back().problem.empty())
                taken.insert({outcome.back().value.domain, outcome.back().value.slug});
        }
        if (options.isTrial || (!isWhole && !options.isPartial))
            return {std::move(outcome), "", ""};
        return makeTogether(std::move(outcome), *with, options, actor);
    } catch (const storage::StoreError& error) {
        return {{}, "storage_failed", error.what()};
    }
}

Edited<BulkOutcome> Editor::makeTogether(BulkOutcome outcome, const links::Snapshot& with, const BulkOptions& options,
                                         const std::string& actor)
{
    const protocol::UtcMs time(m_clock.utcMs());
    storage::Together together;
    for (const links::Domain& domain : options.domains)
        together.domains.push_back({domain, {domain.workspace, time, "domain.created", domain.host, actor}});
    for (const Edited<links::Link>& one : outcome)
        if (one.problem.empty())
            together.links.push_back({one.value, auditOf(one.value, with, "link.created", actor)});
    if (options.isImport && !together.links.empty())
        together.summary = Audit{together.links.front().audit.workspace, time, "links.imported",
                                 std::to_string(together.links.size()), actor};
    const std::vector<protocol::Edit> edits = m_store.settings().putTogether(together);
    auto snapshot = m_snapshot.current();
    for (const storage::AuditedDomain& one : together.domains)
        snapshot = snapshot->withDomain(one.domain);
    auto next = together.links.begin();
    for (Edited<links::Link>& one : outcome) {
        if (!one.problem.empty())
            continue;
        one.value = next->link;
        snapshot = snapshot->withLink((next++)->link);
    }
    m_snapshot.publish(snapshot);
    // A hundred thousand links are one thing that happened, not as many marks on every chart.
    const bool asOne = together.summary.has_value();
    for (std::size_t i = 0; i < edits.size(); ++i)
        if (!asOne || i < together.domains.size() || i + 1 == edits.size())
            announce(edits[i]);
    return {std::move(outcome), "", ""};
}

} // namespace pipeline

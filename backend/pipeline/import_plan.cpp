// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/pipeline/import_plan.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "backend/links/host_names.h"
#include "backend/pipeline/edit_problems.h"

namespace pipeline {

namespace {

constexpr std::size_t linksAtOnce = 10'000;

// Rows are settled one by one, each knowing what those before it will make.
class Planner {
public:
    Planner(const links::Snapshot& snapshot, const ImportOptions& options) : m_snapshot(snapshot), m_options(options) {}

    ImportPlan plan(imports::Drafts drafts);

private:
    void settle(imports::Draft draft);
    bool settleDomain(imports::Draft& draft, std::optional<Problem>& problem);
    std::optional<std::string> skipped(const imports::Draft& draft, std::optional<Problem>& problem);
    bool leadsThereAlready(const imports::Draft& draft);
    void refuse(const imports::Draft& draft, Problem problem);

    const links::Snapshot& m_snapshot;
    const ImportOptions& m_options;
    ImportPlan m_plan;
    std::set<std::string, std::less<>> m_added;                           // hosts
    std::map<std::pair<std::string, std::string>, std::string> m_planned; // host and slug → destination
    // Of rows without a slug: where links lead, by host. Filled when the first such row comes.
    std::map<std::string, std::set<std::string>> m_destinations;
    bool m_destinationsKnown = false;
};

ImportPlan Planner::plan(imports::Drafts drafts)
{
    m_plan.format = drafts.format;
    m_plan.rows = drafts.rows;
    for (imports::RowProblem& refused : drafts.refused)
        m_plan.said.push_back({refused.problem.row,
                               std::move(refused.host),
                               std::move(refused.slug),
                               std::move(refused.problem.code),
                               std::move(refused.problem.field),
                               refused.problem.limit,
                               {}});
    for (imports::RowProblem& passed : drafts.passedOver)
        m_plan.said.push_back({passed.problem.row,
                               std::move(passed.host),
                               std::move(passed.slug),
                               {},
                               {},
                               0,
                               std::move(passed.problem.code)});
    for (imports::Draft& draft : drafts.drafts)
        settle(std::move(draft));
    std::stable_sort(m_plan.said.begin(), m_plan.said.end(),
                     [](const ImportRow& a, const ImportRow& b) { return a.row < b.row; });
    for (const ImportRow& row : m_plan.said)
        ++(row.problem.empty() ? m_plan.skipped : m_plan.failed);
    if (m_options.strict && m_plan.failed > 0) {
        m_plan.drafts.clear();
        m_plan.domains.clear();
    }
    m_plan.made = m_plan.drafts.size();
    return std::move(m_plan);
}

void Planner::refuse(const imports::Draft& draft, Problem problem)
{
    m_plan.said.push_back(
        {draft.row, draft.host, draft.link.slug, std::move(problem.code), std::move(problem.field), 0, {}});
}

void Planner::settle(imports::Draft draft)
{
    std::optional<Problem> problem;
    const bool isNewDomain = settleDomain(draft, problem);
    if (problem)
        return refuse(draft, *problem);
    if (Problem found = linkProblem(draft.link, m_snapshot)) {
        // The same code that a single link's refusal has.
        if (!found.code.starts_with(found.field) && found.field.find('.') == std::string::npos)
            found.code = found.field + "_" + found.code;
        return refuse(draft, found);
    }
    const auto skip = skipped(draft, problem);
    if (problem)
        return refuse(draft, *problem);
    if (skip) {
        m_plan.said.push_back({draft.row, draft.host, draft.link.slug, {}, {}, 0, *skip});
        return;
    }
    if (isNewDomain && m_added.insert(draft.host).second) {
        links::Domain domain;
        domain.workspace = m_options.workspace;
        domain.host = draft.host;
        domain.state = links::isLoopbackName(draft.host)   ? links::DomainState::Ready
                       : links::isReservedName(draft.host) ? links::DomainState::Verified
                                                           : links::DomainState::Pending;
        m_plan.domains.push_back(std::move(domain));
    }
    if (draft.generateSlug)
        m_destinations[draft.host].insert(draft.link.destination);
    else
        m_planned[{draft.host, draft.link.slug}] = draft.link.destination;
    m_plan.drafts.push_back({std::move(draft.link), draft.generateSlug, std::move(draft.host)});
}

// Sets the link's domain where there is one. True: it is to be added.
bool Planner::settleDomain(imports::Draft& draft, std::optional<Problem>& problem)
{
    const auto own = [this](const links::Domain* domain) { return domain && domain->workspace == m_options.workspace; };
    const links::Domain* domain = m_snapshot.domain(draft.host);
    if (!own(domain) && !m_options.domain.empty()) {
        draft.host = m_options.domain;
        domain = m_snapshot.domain(draft.host);
    }
    if (own(domain)) {
        draft.link.domain = domain->id;
        return false;
    }
    if (const std::string code = links::hostProblem(draft.host); !code.empty())
        problem = Problem{"host_" + code, "domain"};
    else if (!m_options.mayAddDomains)
        problem = Problem{"unknown_domain", "domain"};
    else if (domain)
        problem = Problem{"host_taken", "domain"};
    return true;
}

std::optional<std::string> Planner::skipped(const imports::Draft& draft, std::optional<Problem>& problem)
{
    if (draft.generateSlug)
        return leadsThereAlready(draft) ? std::optional<std::string>("exists") : std::nullopt;
    if (const links::Link* there = draft.link.domain ? m_snapshot.link(draft.link.domain, draft.link.slug) : nullptr) {
        if (there->state == links::LinkState::Deleted)
            problem = Problem{"slug_tombstoned", "slug"};
        else if (there->destination != draft.link.destination)
            problem = Problem{"slug_taken", "slug"};
        return "exists";
    }
    const auto planned = m_planned.find({draft.host, draft.link.slug});
    if (planned == m_planned.end())
        return std::nullopt;
    if (planned->second != draft.link.destination)
        problem = Problem{"slug_repeated", "slug"};
    return "repeated";
}

// A row without a slug would get another one with every run.
bool Planner::leadsThereAlready(const imports::Draft& draft)
{
    if (!m_destinationsKnown) {
        m_destinationsKnown = true;
        protocol::LinkId after;
        for (auto page = m_snapshot.linksAfter(after, linksAtOnce); !page.empty();
             page = m_snapshot.linksAfter(after, linksAtOnce)) {
            for (const links::Link* link : page)
                if (const links::Domain* domain = m_snapshot.domain(link->domain);
                    domain && domain->workspace == m_options.workspace && link->state != links::LinkState::Deleted)
                    m_destinations[domain->host].insert(link->destination);
            after = page.back()->id;
        }
    }
    const auto host = m_destinations.find(draft.host);
    return host != m_destinations.end() && host->second.contains(draft.link.destination);
}

} // namespace

ImportPlan importPlan(imports::Drafts drafts, const links::Snapshot& snapshot, const ImportOptions& options)
{
    return Planner(snapshot, options).plan(std::move(drafts));
}

BulkOptions bulkOptionsOf(const ImportPlan& plan)
{
    BulkOptions options;
    options.domains = plan.domains;
    options.isImport = true;
    return options;
}

} // namespace pipeline

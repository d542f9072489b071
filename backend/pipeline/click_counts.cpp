// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/pipeline/click_counts.h"

#include <map>

#include "backend/storage/reader.h"

namespace pipeline {

void ClickCounts::complete(const links::Snapshot& snapshot) const
{
    constexpr std::size_t piece = 10'000;
    std::map<std::uint32_t, std::map<std::uint64_t, std::uint64_t>> byWorkspace;
    protocol::LinkId after;
    for (auto links = snapshot.linksAfter(after, piece); !links.empty(); links = snapshot.linksAfter(after, piece)) {
        after = links.back()->id;
        for (const links::HeldLink* link : links) {
            const links::Domain* domain = snapshot.domain(link->domain);
            if (domain && link->clickLimit != 0 && !link->clicks->isWhole())
                byWorkspace[domain->workspace.value][link->id.value] = 0;
        }
    }
    if (byWorkspace.empty())
        return;
    const storage::Reader reader(m_folder);
    for (auto& [workspace, clicks] : byWorkspace) {
        reader.addClicks(protocol::WorkspaceId(workspace), clicks);
        for (const auto& [id, stored] : clicks) {
            links::ClickCount& count = *snapshot.link(protocol::LinkId(id))->clicks;
            count.addEarlier(stored - count.stored());
        }
    }
}

void ClickCounts::complete(const links::Snapshot& snapshot, protocol::LinkId id) const
{
    const links::HeldLink* link = snapshot.link(id);
    const links::Domain* domain = link ? snapshot.domain(link->domain) : nullptr;
    if (!domain || link->clicks->isWhole())
        return;
    std::map<std::uint64_t, std::uint64_t> clicks{{id.value, 0}};
    storage::Reader(m_folder).addClicks(domain->workspace, clicks);
    link->clicks->addEarlier(clicks[id.value] - link->clicks->stored());
}

void ClickCounts::noteStored(const links::Snapshot& snapshot, std::span<const protocol::Hit> hits,
                             std::uint64_t firstOwn)
{
    for (const protocol::Hit& hit : hits) {
        const links::HeldLink* link = hit.isClick() && hit.link ? snapshot.link(hit.link) : nullptr;
        if (!link)
            continue;
        if (hit.seq.value >= firstOwn)
            link->clicks->noteStored();
        else if (link->clicks->isWhole())
            link->clicks->take(0);
    }
}

} // namespace pipeline

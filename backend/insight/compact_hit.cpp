// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/insight/compact_hit.h"

#include <algorithm>

#include "backend/protocol/words.h"

namespace insight {

using protocol::HitText;

namespace {

std::vector<StringTable::Id> idsOf(const std::vector<std::string>& texts, StringTable& table)
{
    std::vector<StringTable::Id> ids;
    for (const std::string& text : texts)
        ids.push_back(table.take(text, true));
    return ids;
}

template <class T> bool allows(const std::vector<T>& allowed, T value)
{
    return allowed.empty() || std::find(allowed.begin(), allowed.end(), value) != allowed.end();
}

std::string linkText(const protocol::HitView& hit)
{
    const std::string_view domain = hit.text(HitText::Domain), slug = hit.text(HitText::Slug);
    std::string text;
    text.reserve(domain.size() + 1 + slug.size());
    return (((text += domain) += '/') += slug);
}

} // namespace

CompactHit compactHit(const protocol::HitView& hit, const CompactHit& before, StringTable& table)
{
    CompactHit compact;
    compact.timeMs = hit.time.value;
    compact.visitor = hit.visitor.value;
    compact.workspace = hit.workspace.value;
    const auto take = [&](CompactHit::Text text, std::string_view value) {
        compact.texts[text] = table.takeLike(before.texts[text], value);
    };
    take(CompactHit::Link, linkText(hit));
    take(CompactHit::Domain, hit.text(HitText::Domain));
    take(CompactHit::Referrer, hit.text(HitText::Referrer));
    take(CompactHit::Channel, protocol::channelOf(hit));
    take(CompactHit::Country, hit.text(HitText::Country));
    take(CompactHit::Campaign, hit.text(HitText::Campaign));
    take(CompactHit::Placement, hit.text(HitText::Placement));
    take(CompactHit::Region, hit.text(HitText::Region));
    take(CompactHit::City, hit.text(HitText::City));
    compact.hitClass = hit.hitClass;
    compact.touch = hit.touch;
    compact.device = hit.device;
    compact.botCategory = hit.botCategory;
    return compact;
}

void releaseTexts(const CompactHit& hit, StringTable& table)
{
    for (const StringTable::Id id : hit.texts)
        table.release(id);
}

CompactFilter::CompactFilter(protocol::WorkspaceId workspace, const protocol::StreamFilter& filter, StringTable& table)
    : m_workspace(workspace.value), m_links(idsOf(filter.links, table)), m_domains(idsOf(filter.domains, table)),
      m_campaigns(idsOf(filter.campaigns, table)), m_countries(idsOf(filter.countries, table)),
      m_touches(filter.touches), m_classes(filter.classes), m_devices(filter.devices), m_bot(filter.bot)
{
}

void CompactFilter::release(StringTable& table) const
{
    for (const auto* ids : {&m_links, &m_domains, &m_campaigns, &m_countries})
        for (const StringTable::Id id : *ids)
            table.release(id);
}

bool CompactFilter::matches(const CompactHit& hit) const
{
    return hit.workspace == m_workspace && allows(m_classes, hit.hitClass) && (!m_bot || *m_bot == hit.isBot()) &&
           allows(m_touches, hit.touch) && allows(m_devices, hit.device) &&
           allows(m_countries, hit.texts[CompactHit::Country]) && allows(m_domains, hit.texts[CompactHit::Domain]) &&
           allows(m_campaigns, hit.texts[CompactHit::Campaign]) && allows(m_links, hit.texts[CompactHit::Link]);
}

} // namespace insight

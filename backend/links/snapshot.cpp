// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/links/snapshot.h"

#include <algorithm>
#include <functional>
#include <unordered_map>

#include "backend/links/link_index.h"

namespace links {

namespace {

// Leaves of some 250 links at a million of them, and at most 64 leaves a group: a change copies about 400 pointers.
constexpr int hashGroupShift = 58;
constexpr int hashLeafShift = 52;
constexpr int idGroupShift = 14;
constexpr int idLeafShift = 8;

struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

template <class T> using ByText = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

// Few beside links (a domain or two a workspace), so a change copies them all.
struct DomainTable {
    std::unordered_map<std::uint32_t, std::shared_ptr<const Domain>> byId;
    ByText<std::shared_ptr<const Domain>> byHost;

    void put(Domain domain)
    {
        std::transform(domain.host.begin(), domain.host.end(), domain.host.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
        const auto kept = std::make_shared<const Domain>(std::move(domain));
        auto& place = byId[kept->id.value];
        if (place != nullptr && place->host != kept->host) {
            const auto old = byHost.find(place->host);
            if (old != byHost.end() && old->second == place)
                byHost.erase(old);
        }
        place = kept;
        byHost[kept->host] = kept;
    }
};

struct WorkspaceTable {
    std::unordered_map<std::uint32_t, std::shared_ptr<const Workspace>> byId;
    ByText<std::shared_ptr<const Workspace>> byName;

    void put(Workspace workspace)
    {
        const auto kept = std::make_shared<const Workspace>(std::move(workspace));
        auto& place = byId[kept->id.value];
        if (place != nullptr && place->name != kept->name) {
            const auto old = byName.find(place->name);
            if (old != byName.end() && old->second == place)
                byName.erase(old);
        }
        place = kept;
        byName[kept->name] = kept;
    }
};

// The hash of a slug in its domain, with its bits spread over the whole word (leaves are chosen by the upper ones).
LinkIndex::Key slugKey(protocol::DomainId domain, std::string_view slug)
{
    std::uint64_t x = std::hash<std::string_view>()(slug) ^ (domain.value * 0x9e3779b97f4a7c15ULL);
    x = (x ^ (x >> 32)) * 0xd6e8feb86659fd93ULL;
    return x ^ (x >> 32);
}

bool sameSlug(const Link& a, const Link& b)
{
    return a.domain == b.domain && a.slug == b.slug;
}

// Counts by the thousand: a piece of memory for each of them would cost more than they do.
class CountPieces {
public:
    std::shared_ptr<ClickCount> next()
    {
        if (!m_piece || m_used == m_piece->size()) {
            m_piece = std::make_shared<std::vector<ClickCount>>(pieceCounts);
            m_used = 0;
        }
        return {m_piece, &(*m_piece)[m_used++]};
    }

private:
    static constexpr std::size_t pieceCounts = 1024;
    std::shared_ptr<std::vector<ClickCount>> m_piece;
    std::size_t m_used = 0;
};

template <class Map> auto valuesById(const Map& byId)
{
    std::vector<decltype(byId.begin()->second.get())> values;
    values.reserve(byId.size());
    for (const auto& [id, value] : byId)
        values.push_back(value.get());
    std::sort(values.begin(), values.end(), [](const auto* a, const auto* b) { return a->id < b->id; });
    return values;
}

} // namespace

struct Snapshot::Parts {
    std::shared_ptr<const DomainTable> domains = std::make_shared<const DomainTable>();
    std::shared_ptr<const WorkspaceTable> workspaces = std::make_shared<const WorkspaceTable>();
    LinkIndex byId{idGroupShift, idLeafShift};
    LinkIndex bySlug{hashGroupShift, hashLeafShift};
    std::shared_ptr<const ZoneTable> zones = std::make_shared<const ZoneTable>();
    std::uint64_t version = 0;
};

Snapshot::Snapshot() : m_parts(std::make_unique<const Parts>()) {}

Snapshot::Snapshot(std::unique_ptr<const Parts> parts) : m_parts(std::move(parts)) {}

Snapshot::~Snapshot() = default;

std::shared_ptr<const Snapshot> Snapshot::build(std::vector<Workspace> workspaces, std::vector<Domain> domains,
                                                std::vector<Link> links, std::shared_ptr<const ZoneTable> zones)
{
    return buildFrom(
        std::move(workspaces), std::move(domains),
        [&links](const auto& add) {
            for (Link& link : links)
                add(std::move(link));
        },
        std::move(zones));
}

std::shared_ptr<const Snapshot> Snapshot::buildFrom(std::vector<Workspace> workspaces, std::vector<Domain> domains,
                                                    const LinkSource& links, std::shared_ptr<const ZoneTable> zones)
{
    auto parts = std::make_unique<Parts>();
    if (zones)
        parts->zones = std::move(zones);
    auto domainTable = std::make_shared<DomainTable>();
    for (Domain& domain : domains)
        domainTable->put(std::move(domain));
    auto workspaceTable = std::make_shared<WorkspaceTable>();
    for (Workspace& workspace : workspaces)
        workspaceTable->put(std::move(workspace));

    std::vector<LinkIndex::Slot> slots;
    CountPieces counts;
    links([&](Link&& link) {
        if (!link.id)
            return;
        const auto key = link.id.value;
        slots.push_back({key, std::make_shared<const HeldLink>(std::move(link), *parts->zones, counts.next())});
    });
    const auto byKey = [](const LinkIndex::Slot& a, const LinkIndex::Slot& b) { return a.key < b.key; };
    // Of links with one id, or with one slug, the last stays: each is unlike all that follow it with the same key.
    const auto keepLast = [&](const auto& same) {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < slots.size(); ++i) {
            bool later = false;
            for (std::size_t j = i + 1; j < slots.size() && slots[j].key == slots[i].key && !later; ++j)
                later = same(*slots[i].link, *slots[j].link);
            if (!later)
                slots[kept++] = slots[i];
        }
        slots.resize(kept);
    };
    std::stable_sort(slots.begin(), slots.end(), byKey);
    keepLast([](const Link&, const Link&) { return true; });
    parts->byId = LinkIndex(idGroupShift, idLeafShift, slots);
    for (LinkIndex::Slot& slot : slots)
        slot.key = slugKey(slot.link->domain, slot.link->slug);
    std::stable_sort(slots.begin(), slots.end(), byKey);
    keepLast(sameSlug);
    parts->bySlug = LinkIndex(hashGroupShift, hashLeafShift, std::move(slots));

    parts->domains = std::move(domainTable);
    parts->workspaces = std::move(workspaceTable);
    parts->version = 1;
    return std::shared_ptr<const Snapshot>(new Snapshot(std::move(parts)));
}

std::shared_ptr<const Snapshot> Snapshot::withLink(Link link) const
{
    auto parts = std::make_unique<Parts>(*m_parts);
    ++parts->version;
    if (link.id) {
        const auto id = link.id;
        std::shared_ptr<ClickCount> count;
        if (const HeldLink* const old = this->link(id)) {
            count = old->clicks;
            parts->bySlug.remove(slugKey(old->domain, old->slug), id);
            parts->byId.remove(id.value, id);
        }
        if (!count) {
            count = std::make_shared<ClickCount>();
            count->addEarlier(0); // new: nobody has clicked it
        }
        const auto kept = std::make_shared<const HeldLink>(std::move(link), *m_parts->zones, std::move(count));
        const auto key = slugKey(kept->domain, kept->slug);
        if (const HeldLink* const other = this->link(kept->domain, kept->slug))
            parts->bySlug.remove(key, other->id);
        parts->byId.add(id.value, kept);
        parts->bySlug.add(key, kept);
    }
    return std::shared_ptr<const Snapshot>(new Snapshot(std::move(parts)));
}

std::shared_ptr<const Snapshot> Snapshot::withDomain(Domain domain) const
{
    auto parts = std::make_unique<Parts>(*m_parts);
    ++parts->version;
    auto table = std::make_shared<DomainTable>(*m_parts->domains);
    table->put(std::move(domain));
    parts->domains = std::move(table);
    return std::shared_ptr<const Snapshot>(new Snapshot(std::move(parts)));
}

std::shared_ptr<const Snapshot> Snapshot::withWorkspace(Workspace workspace) const
{
    auto parts = std::make_unique<Parts>(*m_parts);
    ++parts->version;
    auto table = std::make_shared<WorkspaceTable>(*m_parts->workspaces);
    table->put(std::move(workspace));
    parts->workspaces = std::move(table);
    return std::shared_ptr<const Snapshot>(new Snapshot(std::move(parts)));
}

const Domain* Snapshot::domain(std::string_view host) const
{
    const auto found = m_parts->domains->byHost.find(host);
    return found == m_parts->domains->byHost.end() ? nullptr : found->second.get();
}

const Domain* Snapshot::domain(protocol::DomainId id) const
{
    const auto found = m_parts->domains->byId.find(id.value);
    return found == m_parts->domains->byId.end() ? nullptr : found->second.get();
}

const HeldLink* Snapshot::link(protocol::DomainId domain, std::string_view slug) const
{
    return link(placeOf(domain, slug));
}

Snapshot::Place Snapshot::placeOf(protocol::DomainId domain, std::string_view slug)
{
    return {domain, slug, slugKey(domain, slug)};
}

void Snapshot::sendForPlace(const Place& place) const
{
    m_parts->bySlug.sendForSlots(place.key);
}

void Snapshot::sendForLink(const Place& place) const
{
    m_parts->bySlug.sendForLinks(place.key);
}

const HeldLink* Snapshot::link(const Place& place) const
{
    for (const LinkIndex::Slot& slot : m_parts->bySlug.at(place.key)) {
        if (slot.link->domain == place.domain && slot.link->slug == place.slug)
            return slot.link.get();
    }
    return nullptr;
}

const HeldLink* Snapshot::link(protocol::LinkId id) const
{
    const auto slots = m_parts->byId.at(id.value);
    return slots.empty() ? nullptr : slots.front().link.get();
}

const Workspace* Snapshot::workspace(protocol::WorkspaceId id) const
{
    const auto found = m_parts->workspaces->byId.find(id.value);
    return found == m_parts->workspaces->byId.end() ? nullptr : found->second.get();
}

const Workspace* Snapshot::workspace(std::string_view name) const
{
    const auto found = m_parts->workspaces->byName.find(name);
    return found == m_parts->workspaces->byName.end() ? nullptr : found->second.get();
}

std::vector<const Domain*> Snapshot::domains() const
{
    return valuesById(m_parts->domains->byId);
}

std::vector<const Workspace*> Snapshot::workspaces() const
{
    return valuesById(m_parts->workspaces->byId);
}

std::vector<const HeldLink*> Snapshot::linksAfter(protocol::LinkId after, std::size_t limit) const
{
    std::vector<const HeldLink*> found;
    m_parts->byId.appendAfter(after.value, limit, found);
    return found;
}

std::size_t Snapshot::linkCount() const
{
    return m_parts->byId.size();
}

const ZoneTable& Snapshot::zones() const
{
    return *m_parts->zones;
}

std::uint64_t Snapshot::version() const
{
    return m_parts->version;
}

} // namespace links

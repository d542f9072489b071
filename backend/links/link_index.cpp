// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/links/link_index.h"

#include <algorithm>
#include <cmath>

namespace links {

namespace {

// The first element whose prefix is not less, in any of the sorted levels. Where none between is missing, as among the
// hashes of many slugs, its place is known without a search, which would cost a cache miss at each step.
template <class Slots> auto lowerBound(Slots& slots, LinkIndex::Key prefix)
{
    if (!slots.empty() && prefix >= slots.front().prefix) {
        const LinkIndex::Key place = prefix - slots.front().prefix;
        if (place < slots.size() && slots[place].prefix == prefix)
            return slots.begin() + static_cast<std::ptrdiff_t>(place);
    }
    return std::lower_bound(slots.begin(), slots.end(), prefix,
                            [](const auto& slot, LinkIndex::Key wanted) { return slot.prefix < wanted; });
}

} // namespace

LinkIndex::LinkIndex(int groupShift, int leafShift, std::vector<Slot> sorted)
    : m_groupShift(groupShift), m_leafShift(leafShift), m_size(sorted.size())
{
    std::size_t next = 0;
    while (next < sorted.size()) {
        const Key groupPrefix = sorted[next].key >> groupShift;
        auto group = std::make_shared<Group>();
        while (next < sorted.size() && sorted[next].key >> groupShift == groupPrefix) {
            const Key leafPrefix = sorted[next].key >> leafShift;
            std::size_t end = next;
            while (end < sorted.size() && sorted[end].key >> leafShift == leafPrefix)
                ++end;
            const auto from = std::make_move_iterator(sorted.begin() + static_cast<std::ptrdiff_t>(next));
            const auto to = std::make_move_iterator(sorted.begin() + static_cast<std::ptrdiff_t>(end));
            group->push_back({leafPrefix, std::make_shared<const Leaf>(from, to)});
            next = end;
        }
        m_groups.push_back({groupPrefix, std::move(group)});
    }
}

std::span<const LinkIndex::Slot> LinkIndex::leafOf(Key key) const
{
    const auto group = lowerBound(m_groups, key >> m_groupShift);
    if (group == m_groups.end() || group->prefix != key >> m_groupShift)
        return {};
    const auto leaf = lowerBound(*group->group, key >> m_leafShift);
    if (leaf == group->group->end() || leaf->prefix != key >> m_leafShift)
        return {};
    return *leaf->leaf;
}

// The keys of a leaf lie about evenly in its range, hashes by chance and ids as they are given one after the other: a
// few steps from where it then must be, where halving would miss the cache at each step.
std::size_t LinkIndex::guess(Key key, std::size_t slots) const
{
    const double part = std::ldexp(static_cast<double>(key & ((Key{1} << m_leafShift) - 1)), -m_leafShift);
    return static_cast<std::size_t>(part * static_cast<double>(slots));
}

std::span<const LinkIndex::Slot> LinkIndex::at(Key key) const
{
    const std::span<const Slot> slots = leafOf(key);
    std::size_t first = guess(key, slots.size());
    while (first > 0 && slots[first - 1].key >= key)
        --first;
    while (first < slots.size() && slots[first].key < key)
        ++first;
    std::size_t last = first;
    while (last < slots.size() && slots[last].key == key)
        ++last;
    return slots.subspan(first, last - first);
}

void LinkIndex::sendForSlots(Key key) const
{
    const std::span<const Slot> slots = leafOf(key);
    const std::size_t place = guess(key, slots.size());
    // Two to each side, where most are found.
    for (std::size_t at = place - std::min<std::size_t>(place, 2); at < std::min(place + 3, slots.size()); at += 2)
        __builtin_prefetch(&slots[at]);
}

void LinkIndex::sendForLinks(Key key) const
{
    for (const Slot& slot : at(key))
        slot.link->sendFor();
}

LinkIndex::Leaf& LinkIndex::ownLeaf(Key key)
{
    auto group = lowerBound(m_groups, key >> m_groupShift);
    if (group == m_groups.end() || group->prefix != key >> m_groupShift)
        group = m_groups.insert(group, {key >> m_groupShift, std::make_shared<const Group>()});
    auto ownGroup = std::make_shared<Group>(*group->group);
    auto leaf = lowerBound(*ownGroup, key >> m_leafShift);
    if (leaf == ownGroup->end() || leaf->prefix != key >> m_leafShift)
        leaf = ownGroup->insert(leaf, {key >> m_leafShift, std::make_shared<const Leaf>()});
    auto ownLeaf = std::make_shared<Leaf>(*leaf->leaf);
    Leaf& changeable = *ownLeaf;
    leaf->leaf = std::move(ownLeaf);
    group->group = std::move(ownGroup);
    return changeable;
}

void LinkIndex::add(Key key, LinkPtr link)
{
    Leaf& leaf = ownLeaf(key);
    const auto place =
        std::upper_bound(leaf.begin(), leaf.end(), key, [](Key wanted, const Slot& slot) { return wanted < slot.key; });
    leaf.insert(place, {key, std::move(link)});
    ++m_size;
}

void LinkIndex::remove(Key key, protocol::LinkId id)
{
    const auto has = [&](const Slot& slot) { return slot.key == key && slot.link->id == id; };
    const auto slots = at(key);
    if (std::none_of(slots.begin(), slots.end(), has))
        return;
    m_size -= std::erase_if(ownLeaf(key), has);
}

void LinkIndex::appendAfter(Key after, std::size_t limit, std::vector<const HeldLink*>& out) const
{
    for (auto group = lowerBound(m_groups, after >> m_groupShift); group != m_groups.end(); ++group) {
        for (auto leaf = lowerBound(*group->group, after >> m_leafShift); leaf != group->group->end(); ++leaf) {
            for (const Slot& slot : *leaf->leaf) {
                if (slot.key <= after)
                    continue;
                if (out.size() >= limit)
                    return;
                out.push_back(slot.link.get());
            }
        }
    }
}

} // namespace links

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "backend/links/held_link.h"

namespace links {

// An ordered index of links by a 64-bit key (an id, or a hash), made so that a copy of it costs little and shares
// nearly everything: three levels of sorted vectors, cut by the key's upper bits. A change copies the one leaf and the
// one group it touches. Keys may be equal (two slugs with one hash); their slots lie side by side.
class LinkIndex {
public:
    using Key = std::uint64_t;
    using LinkPtr = std::shared_ptr<const HeldLink>;

    struct Slot {
        Key key = 0;
        LinkPtr link;
    };

    // Keys with equal upper bits (key >> shift) share a group or a leaf.
    LinkIndex(int groupShift, int leafShift) : m_groupShift(groupShift), m_leafShift(leafShift) {}
    // From slots sorted by key.
    LinkIndex(int groupShift, int leafShift, std::vector<Slot> sorted);

    // The slots with this key. Valid while this index, or one that shares the leaf, lives.
    std::span<const Slot> at(Key key) const;
    // Among many links a look-up waits for memory at each step. Whoever knows the key ahead sends for the slots, and
    // later, when those have come, for what at() will find, while it does other work.
    void sendForSlots(Key key) const;
    void sendForLinks(Key key) const;
    void add(Key key, LinkPtr link);
    void remove(Key key, protocol::LinkId id);
    // Appends links with keys greater than `after`, in their order, until `out` holds `limit`.
    void appendAfter(Key after, std::size_t limit, std::vector<const HeldLink*>& out) const;
    std::size_t size() const { return m_size; }

private:
    using Leaf = std::vector<Slot>;
    struct LeafSlot {
        Key prefix = 0;
        std::shared_ptr<const Leaf> leaf;
    };
    using Group = std::vector<LeafSlot>;
    struct GroupSlot {
        Key prefix = 0;
        std::shared_ptr<const Group> group;
    };

    // Copies the path to the key's leaf, made where missing, and returns the leaf to be changed before anybody else
    // sees it.
    Leaf& ownLeaf(Key key);
    std::span<const Slot> leafOf(Key key) const;
    // Where the key would be in its leaf, about.
    std::size_t guess(Key key, std::size_t slots) const;

    int m_groupShift;
    int m_leafShift;
    std::size_t m_size = 0;
    std::vector<GroupSlot> m_groups;
};

} // namespace links

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "app/state/columns.h"
#include "app/state/large_memory.h"

namespace state {

// Finds the newest earlier row of the same visitor: a hash table of the held rows' slots (about 6 bytes a row), the
// visitors themselves stand in the ring. One owner, one thread. Never full: a row that leaves takes its entry along,
// so there are at most as many entries as the ring has rows.
class RepeatMarks {
public:
    explicit RepeatMarks(std::size_t capacity); // of the ring, below 2^32

    // The ring's columns, by slot.
    struct Rows {
        const std::uint64_t* visitors;
        const OffsetColumn<std::int64_t>& times;
    };
    // Remembers the row at `slot` (the newest) and says whether its visitor was there within `windowMs` before.
    bool note(const Rows& rows, std::size_t slot, std::int64_t windowMs);
    // The row at `slot` leaves.
    void forget(std::uint64_t visitor, std::size_t slot);
    // A row of this visitor comes or leaves soon: first its place in the table is fetched, later the row that stands
    // there. Table and rows are larger than the processor's caches, and each look-up would wait for both.
    void seek(std::uint64_t visitor) const;
    void fetch(const Rows& rows, std::uint64_t visitor) const;
    void clear();

    std::size_t bytes() const { return m_buckets.capacity() * sizeof(Bucket); }

private:
    // A line of memory. Its entries stand without gaps, in any order.
    struct alignas(64) Bucket {
        std::array<std::uint32_t, 15> entries{}; // a slot and one, and above that bits of the visitor's hash; 0 = free
        std::uint32_t passed = 0;                // entries that belong here or before, and stand behind: this was full
    };
    struct Place {
        std::size_t bucket;
        std::uint32_t tag;
    };

    struct Found {
        std::size_t bucket = 0;
        std::uint32_t* entry = nullptr;
    };

    Place placeOf(std::uint64_t visitor) const;
    static std::uint32_t entryOf(const Place& place, std::size_t slot)
    {
        return place.tag | static_cast<std::uint32_t>(slot + 1);
    }
    std::size_t slotOf(std::uint32_t entry) const { return (entry & m_slotMask) - 1; }
    bool isTagged(std::uint32_t entry, const Place& place) const { return (entry & ~m_slotMask) == place.tag; }
    std::size_t next(std::size_t bucket) const { return bucket + 1 < m_bucketCount ? bucket + 1 : 0; }
    template <class Is> Found find(const Place& place, Is is);
    void add(const Place& place, std::uint32_t entry);

    std::uint32_t m_slotMask;
    std::size_t m_bucketCount;
    std::uint64_t m_multiplier;    // chosen anew in each run: a hostile backend chooses the visitors
    LargeVector<Bucket> m_buckets; // none before the first row
};

} // namespace state

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "app/state/large_memory.h"

namespace state {

// Text values by number, each counted by the rows that use it and forgotten with the last of them. A value is one or
// more fields joined by `separator`. Full by entries or bytes: a new value keeps its first field and reads "…overflow"
// in the others, as long as there are few of those; then it is "…overflow" altogether. What overflows is counted.
class Dictionary {
public:
    static constexpr char separator = '\xff'; // never part of UTF-8
    static constexpr std::string_view overflowText = "…overflow";
    static constexpr std::size_t overflowEntriesMax = 1024; // beside entriesMax

    Dictionary(std::size_t entriesMax, std::size_t bytesMax, std::size_t fields);

    // The number of the value, counted once more. `hint`: a number that it may well have, in use or not.
    std::uint32_t intern(std::string_view value, std::uint32_t hint = 0);
    // The same in steps, for who has several values to look up: their places in memory are fetched side by side. Each
    // step is for all of them before the next one is for any.
    struct Sought {
        std::uint32_t hash = 0;
        bool isHint = false;
    };
    Sought seek(std::string_view value, std::uint32_t hint) const;
    void fetch(const Sought& sought) const;
    std::uint32_t intern(std::string_view value, std::uint32_t hint, const Sought& sought);
    // So many rows more have this number, which is in use.
    void useMore(std::uint32_t entry, std::uint32_t rows) { m_entries[entry].uses += rows; }
    void release(std::uint32_t entry);
    void clear();

    std::string_view value(std::uint32_t entry) const { return m_entries[entry].text; }
    std::string_view field(std::uint32_t entry, std::size_t field) const;
    // Changes whenever the number stands for another value; 0 = unused.
    std::uint32_t serial(std::uint32_t entry) const { return m_entries[entry].serial; }
    // All numbers in use are below.
    std::uint32_t endEntry() const { return static_cast<std::uint32_t>(m_entries.size()); }
    std::size_t size() const { return m_size; }
    std::uint64_t overflowed() const { return m_overflowed; }
    std::size_t bytes() const;

private:
    struct Entry {
        std::string text;
        std::uint32_t uses = 0;
        std::uint32_t serial = 0;
    };

    // Of the open table: `entry` is the number and one, 0 where the slot is free.
    struct Slot {
        std::uint32_t hash = 0;
        std::uint32_t entry = 0;
    };

    std::size_t slotOf(std::string_view value, std::uint32_t hash) const; // or the free one that ends the search
    std::uint32_t use(std::uint32_t number);
    std::uint32_t internHashed(std::string_view value, std::uint32_t hash);
    std::uint32_t add(std::string_view value, std::uint32_t hash, std::size_t slot);
    std::uint32_t internOverflow(std::string_view value);
    void grow();
    void forget(std::size_t slot);

    std::size_t m_entriesMax;
    std::size_t m_bytesMax;
    std::size_t m_fields;
    std::size_t m_textBytes = 0;
    std::uint32_t m_nextSerial = 1;
    std::uint64_t m_overflowed = 0;
    std::deque<Entry> m_entries; // stable addresses: what value() gave stays valid
    std::vector<std::uint32_t> m_free;
    LargeVector<Slot> m_slots; // a power of two, at most half in use: a look-up reads one line of it
    std::size_t m_size = 0;
};

} // namespace state

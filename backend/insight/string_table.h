// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace insight {

// Every distinct text once, counted by reference. Full (by texts or by bytes): new texts become `otherText`, and are
// counted together under that name, so that a flood of made-up names costs no memory. Not thread-safe.
class StringTable {
public:
    using Id = std::uint32_t;
    static constexpr Id empty = 0;
    static constexpr Id other = 1;
    static constexpr std::string_view otherText = "(other)";

    StringTable(std::size_t textsMax, std::size_t bytesMax);

    // `always`: also when full. Every id that was handed out must be released once.
    Id take(std::string_view text, bool always = false) { return take(text, hashOf(text), always); }
    Id take(std::string_view text, std::uint32_t hash, bool always = false);
    static std::uint32_t hashOf(std::string_view text);
    // Among many texts each is far from the processor, in three places one behind the other. They are sent for in three
    // steps, each with something else done before the next, and the text is then at hand.
    void sendForSlot(std::uint32_t hash) const { __builtin_prefetch(&m_slots[hash & (m_slots.size() - 1)]); }
    void sendForEntry(std::uint32_t hash) const { __builtin_prefetch(&likely(hash)); }
    void sendForText(std::uint32_t hash) const { __builtin_prefetch(likely(hash).text.data()); }
    void sendForRelease(Id id) const { __builtin_prefetch(&m_entries[id]); }
    // The same where the text is likely that of an id taken before: most of a hit's texts are those of the hit before.
    Id takeLike(Id likely, std::string_view text)
    {
        if (likely > other && m_entries[likely].references > 0 && m_entries[likely].text == text)
            return ++m_entries[likely].references, likely;
        return take(text);
    }
    void release(Id id);
    const std::string& text(Id id) const { return m_entries[id].text; }
    std::size_t size() const { return m_count; }

private:
    struct Entry {
        std::string text;
        std::uint32_t references = 0;
        std::uint32_t hash = 0;
    };
    // Where a text's id is to be found, by its hash: at that place or at one of those after it, without a gap between.
    struct Slot {
        std::uint32_t hash = 0;
        Id id = empty; // empty = free
    };
    const Entry& likely(std::uint32_t hash) const { return m_entries[m_slots[hash & (m_slots.size() - 1)].id]; }
    std::size_t placeOf(std::string_view text,
                        std::uint32_t hash) const; // of its slot, or of the free one it would take
    void grow();
    void freeSlot(std::size_t place);

    std::size_t m_textsMax;
    std::size_t m_bytesMax;
    std::size_t m_bytes = 0;
    std::size_t m_count = 0;
    std::deque<Entry> m_entries; // in a deque, for a growing table must not stop to move a million texts
    std::vector<Id> m_free;
    std::vector<Slot> m_slots; // a power of two, at most half full
};

} // namespace insight

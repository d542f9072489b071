// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
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
    Id take(std::string_view text, bool always = false);
    void release(Id id);
    const std::string& text(Id id) const { return m_entries[id].text; }
    std::size_t size() const { return m_ids.size(); }

private:
    struct Entry {
        std::string text;
        std::uint32_t references = 0;
    };

    std::size_t m_textsMax;
    std::size_t m_bytesMax;
    std::size_t m_bytes = 0;
    std::deque<Entry> m_entries; // never moves an entry: the map's keys look into them
    std::vector<Id> m_free;
    std::unordered_map<std::string_view, Id> m_ids;
};

} // namespace insight

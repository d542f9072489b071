// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace rollups {

// The finaliser of SplitMix64: every bit of the input reaches every bit of the output, and no two inputs meet.
constexpr std::uint64_t mixed(std::uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

// Numbers for texts, in the order in which they came; 0 is the empty text. One thread. Grows with the distinct texts:
// its owner clears it, which ends the numbers given so far.
class Words {
public:
    Words();

    std::uint32_t idOf(std::string_view text);
    std::string_view text(std::uint32_t id) const { return m_texts[id]; }
    std::size_t size() const { return m_texts.size(); }
    std::size_t bytes() const { return m_bytes; }
    // Differs after every clear() and from every other's, so that whoever remembers numbers can tell whose they are.
    std::uint64_t epoch() const { return m_epoch; }
    void clear();

private:
    void grow();

    std::deque<std::string> m_texts; // never moved
    std::vector<std::uint32_t> m_table;
    std::vector<std::uint32_t> m_hashes; // of the texts
    std::size_t m_bytes = 0;
    std::uint64_t m_epoch = 0;
};

// Remembers what was made of a pair of numbers, so that a text put together from two is put together once.
class PairIds {
public:
    // The place of the pair's result; 0 = not made yet (or the empty text, made again for nothing). Valid until the
    // next call.
    std::uint32_t& of(std::uint32_t first, std::uint32_t second);
    void clear();

private:
    struct Slot {
        std::uint64_t pair = 0;
        std::uint32_t result = 0;
    };
    Slot& slot(std::uint64_t pair);

    std::vector<Slot> m_slots;
    std::size_t m_used = 0;
    std::uint32_t m_none = 0; // of the pair (0, 0)
};

} // namespace rollups

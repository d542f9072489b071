// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/rollups/words.h"

#include <atomic>
#include <functional>

namespace rollups {

namespace {

constexpr std::size_t firstSize = 1024; // both tables' sizes are powers of two, and at most half full

std::uint32_t hashOf(std::string_view text)
{
    return static_cast<std::uint32_t>(std::hash<std::string_view>()(text));
}

} // namespace

Words::Words()
{
    clear();
}

void Words::clear()
{
    m_texts.assign(1, std::string());
    m_hashes.assign(1, hashOf({}));
    m_table.assign(firstSize, 0);
    m_bytes = 0;
    // Unique in the process: a reader may serve several.
    static std::atomic<std::uint64_t> epochs{0};
    m_epoch = ++epochs;
}

std::uint32_t Words::idOf(std::string_view text)
{
    if (text.empty())
        return 0;
    const std::uint32_t hash = hashOf(text);
    std::size_t at = hash & (m_table.size() - 1);
    while (m_table[at] != 0) {
        const std::uint32_t id = m_table[at];
        if (m_hashes[id] == hash && m_texts[id] == text)
            return id;
        at = (at + 1) & (m_table.size() - 1);
    }
    const auto id = static_cast<std::uint32_t>(m_texts.size());
    m_table[at] = id;
    m_texts.emplace_back(text);
    m_hashes.push_back(hash);
    m_bytes += text.size();
    if (m_texts.size() * 2 > m_table.size())
        grow();
    return id;
}

void Words::grow()
{
    m_table.assign(m_table.size() * 2, 0);
    for (std::uint32_t id = 1; id < m_hashes.size(); ++id) {
        std::size_t at = m_hashes[id] & (m_table.size() - 1);
        while (m_table[at] != 0)
            at = (at + 1) & (m_table.size() - 1);
        m_table[at] = id;
    }
}

std::uint32_t& PairIds::of(std::uint32_t first, std::uint32_t second)
{
    const std::uint64_t pair = std::uint64_t{first} << 32 | second;
    if (pair == 0)
        return m_none;
    if (m_used * 2 >= m_slots.size()) {
        std::vector<Slot> old(m_slots.empty() ? firstSize : m_slots.size() * 2);
        old.swap(m_slots);
        for (const Slot& one : old)
            if (one.pair != 0)
                slot(one.pair) = one;
    }
    Slot& found = slot(pair);
    if (found.pair == 0) {
        found.pair = pair;
        ++m_used;
    }
    return found.result;
}

PairIds::Slot& PairIds::slot(std::uint64_t pair)
{
    std::size_t at = mixed(pair) & (m_slots.size() - 1);
    while (m_slots[at].pair != 0 && m_slots[at].pair != pair)
        at = (at + 1) & (m_slots.size() - 1);
    return m_slots[at];
}

void PairIds::clear()
{
    m_slots.clear();
    m_used = 0;
    m_none = 0;
}

} // namespace rollups

// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/insight/string_table.h"

#include <functional>
#include <utility>

namespace insight {

namespace {

constexpr std::size_t slotsMin = 1024;

} // namespace

std::uint32_t StringTable::hashOf(std::string_view text)
{
    const std::uint64_t hash = std::hash<std::string_view>()(text);
    return static_cast<std::uint32_t>(hash ^ (hash >> 32));
}

StringTable::StringTable(std::size_t textsMax, std::size_t bytesMax)
    : m_textsMax(textsMax), m_bytesMax(bytesMax), m_slots(slotsMin)
{
    m_entries.resize(2);
    m_entries[other].text = otherText;
}

std::size_t StringTable::placeOf(std::string_view text, std::uint32_t hash) const
{
    std::size_t place = hash & (m_slots.size() - 1);
    while (m_slots[place].id != empty && (m_slots[place].hash != hash || m_entries[m_slots[place].id].text != text))
        place = (place + 1) & (m_slots.size() - 1);
    return place;
}

void StringTable::grow()
{
    const std::vector<Slot> before = std::exchange(m_slots, std::vector<Slot>(m_slots.size() * 2));
    for (const Slot& slot : before) {
        std::size_t place = slot.hash & (m_slots.size() - 1);
        while (slot.id != empty && m_slots[place].id != empty)
            place = (place + 1) & (m_slots.size() - 1);
        if (slot.id != empty)
            m_slots[place] = slot;
    }
}

// Those that lie after it without a gap move up, each as far as its own place allows.
void StringTable::freeSlot(std::size_t place)
{
    const std::size_t mask = m_slots.size() - 1;
    for (std::size_t next = (place + 1) & mask; m_slots[next].id != empty; next = (next + 1) & mask) {
        const std::size_t wanted = m_slots[next].hash & mask;
        if (((next - wanted) & mask) >= ((next - place) & mask)) {
            m_slots[place] = m_slots[next];
            place = next;
        }
    }
    m_slots[place] = {};
}

StringTable::Id StringTable::take(std::string_view text, std::uint32_t hash, bool always)
{
    if (text.empty())
        return empty;
    std::size_t place = placeOf(text, hash);
    if (const Id found = m_slots[place].id; found != empty) {
        ++m_entries[found].references;
        return found;
    }
    if (!always && (m_count >= m_textsMax || m_bytes + text.size() > m_bytesMax))
        return other;
    if ((m_count + 1) * 2 > m_slots.size()) {
        grow();
        place = placeOf(text, hash);
    }
    Id id = 0;
    if (m_free.empty()) {
        id = static_cast<Id>(m_entries.size());
        m_entries.emplace_back();
    } else {
        id = m_free.back();
        m_free.pop_back();
    }
    m_entries[id] = {std::string(text), 1, hash};
    m_slots[place] = {hash, id};
    m_bytes += text.size();
    ++m_count;
    return id;
}

void StringTable::release(Id id)
{
    if (id <= other || --m_entries[id].references > 0)
        return;
    Entry& entry = m_entries[id];
    freeSlot(placeOf(entry.text, entry.hash));
    m_bytes -= entry.text.size();
    --m_count;
    entry.text = {};
    m_free.push_back(id);
}

} // namespace insight

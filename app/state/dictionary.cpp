// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/state/dictionary.h"

#include <functional>

#include "app/state/prefetch.h"

namespace state {

namespace {

constexpr std::size_t slotsAtFirst = 64;

std::uint32_t hashOf(std::string_view value)
{
    const std::size_t hash = std::hash<std::string_view>{}(value);
    return static_cast<std::uint32_t>(hash ^ (hash >> 32));
}

} // namespace

Dictionary::Dictionary(std::size_t entriesMax, std::size_t bytesMax, std::size_t fields)
    : m_entriesMax(entriesMax), m_bytesMax(bytesMax), m_fields(fields), m_slots(slotsAtFirst)
{
}

std::size_t Dictionary::slotOf(std::string_view value, std::uint32_t hash) const
{
    const std::size_t mask = m_slots.size() - 1;
    std::size_t at = hash & mask;
    while (m_slots[at].entry != 0 && (m_slots[at].hash != hash || m_entries[m_slots[at].entry - 1].text != value))
        at = (at + 1) & mask;
    return at;
}

std::uint32_t Dictionary::use(std::uint32_t number)
{
    ++m_entries[number].uses;
    return number;
}

std::uint32_t Dictionary::intern(std::string_view value, std::uint32_t hint)
{
    return intern(value, hint, seek(value, hint));
}

Dictionary::Sought Dictionary::seek(std::string_view value, std::uint32_t hint) const
{
    if (hint < m_entries.size() && m_entries[hint].serial != 0 && m_entries[hint].text == value)
        return {0, true};
    const std::uint32_t hash = hashOf(value);
    prefetch(&m_slots[hash & (m_slots.size() - 1)]);
    return {hash, false};
}

void Dictionary::fetch(const Sought& sought) const
{
    const Slot& slot = m_slots[sought.hash & (m_slots.size() - 1)];
    if (!sought.isHint && slot.entry != 0)
        prefetch(&m_entries[slot.entry - 1]);
}

std::uint32_t Dictionary::intern(std::string_view value, std::uint32_t hint, const Sought& sought)
{
    return sought.isHint ? use(hint) : internHashed(value, sought.hash);
}

std::uint32_t Dictionary::internHashed(std::string_view value, std::uint32_t hash)
{
    const std::size_t slot = slotOf(value, hash);
    if (m_slots[slot].entry != 0)
        return use(m_slots[slot].entry - 1);
    if (m_size >= m_entriesMax || m_textBytes + value.size() > m_bytesMax)
        return internOverflow(value);
    return add(value, hash, slot);
}

std::uint32_t Dictionary::internOverflow(std::string_view value)
{
    ++m_overflowed;
    std::string shortened;
    if (m_fields > 1 && m_size < m_entriesMax + overflowEntriesMax)
        shortened = value.substr(0, value.find(separator));
    else
        shortened = overflowText;
    for (std::size_t field = 1; field < m_fields; ++field) {
        shortened += separator;
        shortened += overflowText;
    }
    const std::uint32_t hash = hashOf(shortened);
    const std::size_t slot = slotOf(shortened, hash);
    return m_slots[slot].entry != 0 ? use(m_slots[slot].entry - 1) : add(shortened, hash, slot);
}

std::uint32_t Dictionary::add(std::string_view value, std::uint32_t hash, std::size_t slot)
{
    if ((m_size + 1) * 2 > m_slots.size()) {
        grow();
        slot = slotOf(value, hash);
    }
    std::uint32_t number;
    if (m_free.empty()) {
        number = static_cast<std::uint32_t>(m_entries.size());
        m_entries.emplace_back();
    } else {
        number = m_free.back();
        m_free.pop_back();
    }
    Entry& entry = m_entries[number];
    entry.text.assign(value);
    entry.uses = 1;
    entry.serial = m_nextSerial++;
    if (m_nextSerial == 0)
        m_nextSerial = 1;
    m_textBytes += value.size();
    m_slots[slot] = {hash, number + 1};
    ++m_size;
    return number;
}

void Dictionary::grow()
{
    LargeVector<Slot> before(m_slots.size() * 2);
    before.swap(m_slots);
    const std::size_t mask = m_slots.size() - 1;
    for (const Slot& slot : before) {
        if (slot.entry == 0)
            continue;
        std::size_t at = slot.hash & mask;
        while (m_slots[at].entry != 0)
            at = (at + 1) & mask;
        m_slots[at] = slot;
    }
}

// Those behind it move up, so that no search ends early.
void Dictionary::forget(std::size_t slot)
{
    const std::size_t mask = m_slots.size() - 1;
    for (std::size_t next = (slot + 1) & mask; m_slots[next].entry != 0; next = (next + 1) & mask) {
        const std::size_t home = m_slots[next].hash & mask;
        if (((next - home) & mask) < ((next - slot) & mask))
            continue; // stands between its home and the gap's end already
        m_slots[slot] = m_slots[next];
        slot = next;
    }
    m_slots[slot] = {};
    --m_size;
}

void Dictionary::release(std::uint32_t number)
{
    Entry& entry = m_entries[number];
    if (--entry.uses != 0)
        return;
    forget(slotOf(entry.text, hashOf(entry.text)));
    m_textBytes -= entry.text.size();
    std::string().swap(entry.text);
    entry.serial = 0;
    m_free.push_back(number);
}

void Dictionary::clear()
{
    // The serials go on, so that a reader's verdicts about old entries never hold for new ones.
    m_slots.assign(slotsAtFirst, {});
    m_size = 0;
    m_entries.clear();
    m_free.clear();
    m_textBytes = 0;
    m_overflowed = 0;
}

std::string_view Dictionary::field(std::uint32_t number, std::size_t field) const
{
    std::string_view rest = m_entries[number].text;
    for (; field > 0; --field) {
        const std::size_t at = rest.find(separator);
        if (at == std::string_view::npos)
            return {};
        rest.remove_prefix(at + 1);
    }
    return rest.substr(0, rest.find(separator));
}

std::size_t Dictionary::bytes() const
{
    return m_entries.size() * sizeof(Entry) + m_textBytes + m_slots.capacity() * sizeof(Slot) +
           m_free.capacity() * sizeof(std::uint32_t);
}

} // namespace state

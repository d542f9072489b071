// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/state/dictionary.h"

namespace state {

namespace {

// What an unordered_map spends on one entry beside the key and value: node pointer, hash, bucket. Measured on libstdc++
// at a load of 1.
constexpr std::size_t mapNodeBytes = 24;

} // namespace

Dictionary::Dictionary(std::size_t entriesMax, std::size_t bytesMax, std::size_t fields)
    : m_entriesMax(entriesMax), m_bytesMax(bytesMax), m_fields(fields)
{
}

std::uint32_t Dictionary::intern(std::string_view value)
{
    if (const auto known = m_numbers.find(value); known != m_numbers.end()) {
        ++m_entries[known->second].uses;
        return known->second;
    }
    if (m_numbers.size() >= m_entriesMax || m_textBytes + value.size() > m_bytesMax)
        return internOverflow(value);
    return add(value);
}

std::uint32_t Dictionary::internOverflow(std::string_view value)
{
    ++m_overflowed;
    std::string shortened;
    if (m_fields > 1 && m_numbers.size() < m_entriesMax + overflowEntriesMax)
        shortened = value.substr(0, value.find(separator));
    else
        shortened = overflowText;
    for (std::size_t field = 1; field < m_fields; ++field) {
        shortened += separator;
        shortened += overflowText;
    }
    if (const auto known = m_numbers.find(shortened); known != m_numbers.end()) {
        ++m_entries[known->second].uses;
        return known->second;
    }
    return add(shortened);
}

std::uint32_t Dictionary::add(std::string_view value)
{
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
    m_numbers.emplace(entry.text, number);
    return number;
}

void Dictionary::release(std::uint32_t number)
{
    Entry& entry = m_entries[number];
    if (--entry.uses != 0)
        return;
    m_numbers.erase(entry.text);
    m_textBytes -= entry.text.size();
    std::string().swap(entry.text);
    entry.serial = 0;
    m_free.push_back(number);
}

void Dictionary::clear()
{
    // The serials go on, so that a reader's verdicts about old entries never hold for new ones.
    m_numbers.clear();
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
    const std::size_t nodes = m_numbers.size() * (mapNodeBytes + sizeof(std::pair<std::string_view, std::uint32_t>));
    return m_entries.size() * sizeof(Entry) + m_textBytes + nodes + m_numbers.bucket_count() * sizeof(void*) +
           m_free.capacity() * sizeof(std::uint32_t);
}

} // namespace state

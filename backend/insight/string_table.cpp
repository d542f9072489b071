// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/insight/string_table.h"

namespace insight {

StringTable::StringTable(std::size_t textsMax, std::size_t bytesMax) : m_textsMax(textsMax), m_bytesMax(bytesMax)
{
    m_entries.resize(2);
    m_entries[other].text = otherText;
}

StringTable::Id StringTable::take(std::string_view text, bool always)
{
    if (text.empty())
        return empty;
    if (const auto found = m_ids.find(text); found != m_ids.end()) {
        ++m_entries[found->second].references;
        return found->second;
    }
    if (!always && (m_ids.size() >= m_textsMax || m_bytes + text.size() > m_bytesMax))
        return other;
    Id id = 0;
    if (m_free.empty()) {
        id = static_cast<Id>(m_entries.size());
        m_entries.emplace_back();
    } else {
        id = m_free.back();
        m_free.pop_back();
    }
    Entry& entry = m_entries[id];
    entry.text = text;
    entry.references = 1;
    m_bytes += text.size();
    m_ids.emplace(entry.text, id);
    return id;
}

void StringTable::release(Id id)
{
    if (id <= other || --m_entries[id].references > 0)
        return;
    Entry& entry = m_entries[id];
    m_bytes -= entry.text.size();
    m_ids.erase(std::string_view(entry.text));
    entry.text = {};
    m_free.push_back(id);
}

} // namespace insight

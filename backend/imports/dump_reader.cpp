// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "backend/imports/drafts.h"
#include "backend/imports/table_reader.h"

namespace imports {

namespace {

constexpr std::string_view blanks = " \t\r\n";
constexpr std::string_view insertWord = "INSERT INTO";

char upper(char c)
{
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
}

bool startsWithWord(std::string_view text, std::string_view word)
{
    return text.size() >= word.size() &&
           std::equal(word.begin(), word.end(), text.begin(), [](char w, char c) { return w == upper(c); });
}

char escaped(char c)
{
    switch (c) {
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return c; // \' \" \\ and what needs none
    }
}

} // namespace

DumpReader::DumpReader(std::string_view text) : m_text(text) {}

bool DumpReader::isDump(std::string_view text)
{
    constexpr std::size_t lookedAt = 64 * 1024;
    text = text.substr(0, lookedAt);
    for (std::size_t at = 0; at < text.size();) {
        if (startsWithWord(text.substr(at), insertWord) || startsWithWord(text.substr(at), "CREATE TABLE") ||
            startsWithWord(text.substr(at), "DROP TABLE"))
            return true;
        at = text.find('\n', at);
        if (at == std::string_view::npos)
            return false;
        at = std::min(text.find_first_not_of(blanks, at), text.size());
    }
    return false;
}

void DumpReader::skipBlank()
{
    m_at = std::min(m_text.find_first_not_of(blanks, m_at), m_text.size());
}

// Other statements and comments may hold anything, so an INSERT counts only at a line's beginning.
bool DumpReader::toNextInsert()
{
    while (m_at < m_text.size()) {
        skipBlank();
        if (startsWithWord(m_text.substr(m_at), insertWord)) {
            m_at += insertWord.size();
            skipBlank();
            const std::size_t end = std::min(m_text.find_first_of(" (\r\n", m_at), m_text.size());
            std::string_view table = m_text.substr(m_at, end - m_at);
            m_at = end;
            while (!table.empty() && (table.back() == '`' || table.back() == '"'))
                table.remove_suffix(1);
            if (table.size() >= 3 && startsWithWord(table.substr(table.size() - 3), "URL"))
                return true;
        }
        m_at = std::min(m_text.find('\n', m_at), m_text.size());
    }
    return false;
}

bool DumpReader::next(Row& row)
{
    row.cells.clear();
    row.tooManyCells = row.cellTooLong = false;
    while (m_broken.empty()) {
        if (!m_inValues) {
            if (!toNextInsert())
                return false;
            skipBlank();
            Row named;
            if (m_at < m_text.size() && m_text[m_at] == '(' && !readTuple(named))
                return false;
            skipBlank();
            if (!startsWithWord(m_text.substr(m_at), "VALUES")) {
                m_broken = "not_sql";
                return false;
            }
            m_at += std::string_view("VALUES").size();
            m_inValues = true;
            if (!m_named) {
                m_named = true;
                row.cells = named.cells.empty()
                                ? std::vector<std::string>{"keyword", "url", "title", "timestamp", "ip", "clicks"}
                                : std::move(named.cells);
                return true;
            }
        }
        skipBlank();
        if (m_at < m_text.size() && m_text[m_at] == ',') {
            ++m_at;
            skipBlank();
        }
        if (m_at < m_text.size() && m_text[m_at] == '(')
            return readTuple(row);
        m_inValues = false; // at the statement's end, or at what is no tuple
    }
    return false;
}

bool DumpReader::readTuple(Row& row)
{
    for (++m_at; m_at < m_text.size();) {
        std::string value;
        skipBlank();
        if (!readValue(value))
            return false;
        row.cellTooLong = row.cellTooLong || value.size() > cellBytesMax;
        value.resize(std::min(value.size(), cellBytesMax));
        if (row.cells.size() < cellsMax)
            row.cells.push_back(std::move(value));
        else
            row.tooManyCells = true;
        skipBlank();
        if (m_at >= m_text.size())
            break;
        if (m_text[m_at] == ')') {
            ++m_at;
            return true;
        }
        if (m_text[m_at] != ',')
            break;
        ++m_at;
    }
    m_broken = "not_sql";
    return false;
}

bool DumpReader::readValue(std::string& value)
{
    if (m_at < m_text.size() && std::string_view("'\"`").find(m_text[m_at]) != std::string_view::npos)
        return readQuoted(value, m_text[m_at]);
    const std::size_t end = std::min(m_text.find_first_of(",)", m_at), m_text.size());
    value = m_text.substr(m_at, end - m_at);
    m_at = end;
    while (!value.empty() && blanks.find(value.back()) != std::string_view::npos)
        value.pop_back();
    if (value == "NULL")
        value.clear();
    return true;
}

bool DumpReader::readQuoted(std::string& value, char quote)
{
    for (++m_at; m_at < m_text.size(); ++m_at) {
        char c = m_text[m_at];
        if (c == quote) {
            ++m_at;
            if (m_at >= m_text.size() || m_text[m_at] != quote)
                return true;
        } else if (c == '\\' && m_at + 1 < m_text.size()) {
            c = escaped(m_text[++m_at]);
        }
        if (value.size() <= cellBytesMax) // one over tells that it was cut
            value += c;
    }
    m_broken = "unterminated_quote";
    return false;
}

} // namespace imports

// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/imports/table_reader.h"

#include <algorithm>
#include <array>

#include "backend/imports/drafts.h"

namespace imports {

namespace {

constexpr std::string_view separators = ",;\t";

bool isLineEnd(char c)
{
    return c == '\n' || c == '\r';
}

} // namespace

bool Row::blank() const
{
    return !tooManyCells && std::all_of(cells.begin(), cells.end(), [](const std::string& cell) {
        return cell.find_first_not_of(" \t") == std::string::npos;
    });
}

TableReader::TableReader(std::string_view text) : m_text(text)
{
    if (text.size() > 4 && (text.starts_with("sep=") || text.starts_with("SEP=")) &&
        separators.find(text[4]) != std::string_view::npos && (text.size() == 5 || isLineEnd(text[5]))) {
        m_separator = text[4];
        m_at = text.substr(5).starts_with("\r\n") ? 7 : std::min<std::size_t>(6, text.size());
        return;
    }
    std::array<std::size_t, separators.size()> found{};
    bool quoted = false;
    for (std::size_t i = 0; i < text.size() && (quoted || !isLineEnd(text[i])); ++i) {
        if (text[i] == '"')
            quoted = !quoted;
        else if (const std::size_t which = separators.find(text[i]); !quoted && which != std::string_view::npos)
            ++found[which];
    }
    m_separator = separators[static_cast<std::size_t>(std::max_element(found.begin(), found.end()) - found.begin())];
}

bool TableReader::next(Row& row)
{
    row.cells.clear();
    row.tooManyCells = row.cellTooLong = false;
    if (m_at >= m_text.size() || !m_broken.empty())
        return false;
    for (;;) {
        readCell(row);
        if (!m_broken.empty())
            return false;
        if (m_at >= m_text.size() || m_text[m_at] != m_separator)
            break;
        ++m_at;
    }
    if (m_text.substr(m_at).starts_with("\r\n"))
        m_at += 2;
    else if (m_at < m_text.size())
        ++m_at;
    return true;
}

void TableReader::readCell(Row& row)
{
    std::string cell;
    if (m_at < m_text.size() && m_text[m_at] == '"')
        readQuoted(cell, row);
    // What stands behind a closing quote belongs to the cell, as spreadsheets have it.
    std::size_t end = m_at;
    while (end < m_text.size() && m_text[end] != m_separator && !isLineEnd(m_text[end]))
        ++end;
    const std::string_view rest = m_text.substr(m_at, end - m_at);
    m_at = end;
    const std::size_t room = cellBytesMax - std::min(cellBytesMax, cell.size());
    cell += rest.substr(0, room);
    row.cellTooLong = row.cellTooLong || rest.size() > room;
    if (row.cells.size() < cellsMax)
        row.cells.push_back(std::move(cell));
    else if (!cell.empty())
        row.tooManyCells = true;
}

void TableReader::readQuoted(std::string& cell, Row& row)
{
    for (++m_at; m_at < m_text.size(); ++m_at) {
        if (m_text[m_at] == '"') {
            ++m_at;
            if (m_at >= m_text.size() || m_text[m_at] != '"')
                return;
        }
        if (cell.size() < cellBytesMax)
            cell += m_text[m_at];
        else
            row.cellTooLong = true;
    }
    m_broken = "unterminated_quote";
}

} // namespace imports

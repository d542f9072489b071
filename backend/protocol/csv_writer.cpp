// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/protocol/csv_writer.h"

#include <algorithm>
#include <utility>

namespace protocol {

namespace {

// What a spreadsheet takes for a formula at the head of a cell (OWASP, "CSV injection").
bool startsFormula(std::string_view value)
{
    return !value.empty() && std::string_view("=+-@\t\r\n").find(value.front()) != std::string_view::npos;
}

// An apostrophe is added before a formula, and before apostrophes that already stand before one, so that taking one off
// is exact.
bool needsApostrophe(std::string_view value)
{
    return startsFormula(value.substr(std::min(value.find_first_not_of('\''), value.size())));
}

} // namespace

CsvWriter::CsvWriter(bool byteOrderMark)
{
    if (byteOrderMark)
        m_out = "\xEF\xBB\xBF";
}

void CsvWriter::text(std::string_view value)
{
    quoted(value, needsApostrophe(value));
}

void CsvWriter::number(std::string_view value)
{
    quoted(value, false);
}

void CsvWriter::endRow()
{
    m_out += "\r\n";
    m_rowStarted = false;
}

std::string CsvWriter::take()
{
    return std::exchange(m_out, {});
}

void CsvWriter::separator()
{
    if (m_rowStarted)
        m_out += ',';
    m_rowStarted = true;
}

void CsvWriter::quoted(std::string_view value, bool neutralise)
{
    separator();
    if (!neutralise && value.find_first_of(",\"\r\n") == std::string_view::npos) {
        m_out += value;
        return;
    }
    m_out += '"';
    if (neutralise)
        m_out += '\'';
    for (const char c : value) {
        if (c == '"')
            m_out += '"';
        m_out += c;
    }
    m_out += '"';
}

namespace {

// One pass over the document; the position is always just behind what was taken.
class Reader {
public:
    Reader(std::string_view document, bool unneutralise) : m_in(document), m_unneutralise(unneutralise)
    {
        if (m_in.starts_with("\xEF\xBB\xBF"))
            m_at = 3;
    }

    CsvDocument read()
    {
        while (m_at < m_in.size() && m_document.error.empty())
            readRow();
        return std::move(m_document);
    }

private:
    void readRow()
    {
        std::vector<std::string> row;
        for (;;) {
            std::string field;
            if (!readField(field))
                return;
            if (m_unneutralise && field.size() > 1 && field.front() == '\'' && needsApostrophe(field))
                field.erase(0, 1);
            row.push_back(std::move(field));
            if (m_at >= m_in.size() || m_in[m_at] != ',')
                break;
            ++m_at;
        }
        if (m_in.substr(m_at).starts_with("\r\n"))
            m_at += 2;
        else if (m_at < m_in.size())
            ++m_at; // a line feed, or the carriage return of an old Mac
        ++m_line;
        m_document.rows.push_back(std::move(row));
    }

    bool readField(std::string& field)
    {
        if (m_at < m_in.size() && m_in[m_at] == '"')
            return readQuoted(field);
        const std::size_t end = std::min(m_in.find_first_of(",\r\n", m_at), m_in.size());
        field = m_in.substr(m_at, end - m_at);
        m_at = end;
        return field.find('"') == std::string::npos || fail("a quote inside an unquoted field");
    }

    bool readQuoted(std::string& field)
    {
        const std::size_t startLine = m_line;
        for (++m_at; m_at < m_in.size(); ++m_at) {
            const char c = m_in[m_at];
            if (c == '"') {
                ++m_at;
                if (m_at >= m_in.size() || m_in[m_at] != '"')
                    return m_at >= m_in.size() ||
                           std::string_view(",\r\n").find(m_in[m_at]) != std::string_view::npos ||
                           fail("text behind a closing quote");
            } else if (c == '\n') {
                ++m_line;
            }
            field += c;
        }
        m_line = startLine;
        return fail("a quoted field that never ends");
    }

    bool fail(std::string_view what)
    {
        m_document.error = "line " + std::to_string(m_line) + ": " + std::string(what);
        return false;
    }

    std::string_view m_in;
    bool m_unneutralise;
    std::size_t m_at = 0;
    std::size_t m_line = 1;
    CsvDocument m_document;
};

} // namespace

CsvDocument readCsv(std::string_view document, bool unneutralise)
{
    return Reader(document, unneutralise).read();
}

} // namespace protocol

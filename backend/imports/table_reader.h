// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace imports {

// One row as it was read. What is over a limit is cut, and said.
struct Row {
    std::vector<std::string> cells;
    bool tooManyCells = false;
    bool cellTooLong = false;

    bool blank() const;
};

// Rows one after the other. Bounded: holds one row.
class RowSource {
public:
    virtual ~RowSource() = default;

    // False at the end, and where the file is broken.
    virtual bool next(Row& row) = 0;
    // A code, "unterminated_quote"; empty = whole so far.
    virtual std::string_view broken() const = 0;
    virtual std::size_t bytesRead() const = 0;
};

// Comma, semicolon or tab, whichever the first line has most of outside of quotes; a first line "sep=;", as Excel
// writes it, decides. Quotes as in RFC 4180, and tolerant: a quote within a cell is a quote.
class TableReader final : public RowSource {
public:
    explicit TableReader(std::string_view text);

    bool next(Row& row) override;
    std::string_view broken() const override { return m_broken; }
    std::size_t bytesRead() const override { return m_at; }
    char separator() const { return m_separator; }

private:
    void readCell(Row& row);
    void readQuoted(std::string& cell, Row& row);

    std::string_view m_text;
    std::size_t m_at = 0;
    char m_separator = ',';
    std::string_view m_broken;
};

// The rows that an SQL dump puts into a table whose name ends in "url": of YOURLS, keyword, url, title, timestamp, ip
// and clicks. The first row names the columns.
class DumpReader final : public RowSource {
public:
    explicit DumpReader(std::string_view text);

    static bool isDump(std::string_view text);

    bool next(Row& row) override;
    std::string_view broken() const override { return m_broken; }
    std::size_t bytesRead() const override { return m_at; }

private:
    bool toNextInsert();
    bool readTuple(Row& row);
    bool readValue(std::string& value);
    bool readQuoted(std::string& value, char quote);
    void skipBlank();

    std::string_view m_text;
    std::size_t m_at = 0;
    bool m_inValues = false;
    bool m_named = false;
    std::string_view m_broken;
};

} // namespace imports

// SPDX-License-Identifier: GPL-3.0-or-later
// The three formats of a table: CSV, JSON Lines, XLSX.
#include <algorithm>
#include <charconv>
#include <cmath>

#include <xlsxwriter.h>

#include "backend/protocol/csv_writer.h"
#include "backend/protocol/table_file.h"

namespace protocol {

namespace {

constexpr std::size_t flushBytes = 256 * 1024;
constexpr std::size_t cellCharsMax = 32'767; // XLSX; counted in bytes here, which is never more
constexpr double exactInteger = 9'007'199'254'740'992.0;

std::string_view whyNotWritten()
{
    return "the file could not be written; is the disk full?";
}

// Nothing: the text is no number, and is written as text whatever its column says.
std::optional<double> numberOf(const std::string& text)
{
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

// "007" and "+1" are read by spreadsheets, and are none in JSON.
bool isJsonNumber(const std::string& text)
{
    const std::string_view digits = std::string_view(text).substr(text.starts_with('-') ? 1 : 0);
    return numberOf(text) && !digits.empty() && digits[0] >= '0' && digits[0] <= '9' &&
           (digits.size() == 1 || digits[0] != '0' || digits[1] == '.' || digits[1] == 'e') && digits.back() != '.';
}

void appendJson(std::string& out, std::string_view text)
{
    static constexpr char hex[] = "0123456789abcdef";
    out += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20) {
            out += "\\u00";
            out += hex[byte >> 4];
            out += hex[byte & 15];
        } else {
            out += c;
        }
    }
    out += '"';
}

class CsvTable final : public TableWriter {
public:
    CsvTable(bool byteOrderMark, std::vector<ExportColumn> columns, std::FILE* out)
        : m_columns(std::move(columns)), m_csv(byteOrderMark), m_out(out)
    {
        for (const ExportColumn& column : m_columns)
            m_csv.text(column.name);
        m_csv.endRow();
    }

    bool row(std::span<const std::string> cells) override
    {
        for (std::size_t i = 0; i < m_columns.size(); ++i)
            m_columns[i].number && (cells[i].empty() || numberOf(cells[i])) ? m_csv.number(cells[i])
                                                                            : m_csv.text(cells[i]);
        m_csv.endRow();
        return m_csv.pendingBytes() < flushBytes || flush();
    }

    bool finish() override { return flush() && (std::fflush(m_out) == 0 || fail(std::string(whyNotWritten()))); }

private:
    bool flush()
    {
        const std::string bytes = m_csv.take();
        return std::fwrite(bytes.data(), 1, bytes.size(), m_out) == bytes.size() || fail(std::string(whyNotWritten()));
    }

    const std::vector<ExportColumn> m_columns;
    CsvWriter m_csv;
    std::FILE* m_out;
};

class JsonLines final : public TableWriter {
public:
    JsonLines(std::vector<ExportColumn> columns, std::FILE* out) : m_columns(std::move(columns)), m_out(out) {}

    bool row(std::span<const std::string> cells) override
    {
        for (std::size_t i = 0; i < m_columns.size(); ++i) {
            m_pending += i == 0 ? '{' : ',';
            appendJson(m_pending, m_columns[i].name);
            m_pending += ':';
            if (m_columns[i].number && cells[i].empty())
                m_pending += "null";
            else if ((m_columns[i].number && isJsonNumber(cells[i])) ||
                     (m_columns[i].flag && (cells[i] == "true" || cells[i] == "false")))
                m_pending += cells[i];
            else
                appendJson(m_pending, cells[i]);
        }
        m_pending += "}\n";
        return m_pending.size() < flushBytes || flush();
    }

    bool finish() override { return flush() && (std::fflush(m_out) == 0 || fail(std::string(whyNotWritten()))); }

private:
    bool flush()
    {
        const bool written = std::fwrite(m_pending.data(), 1, m_pending.size(), m_out) == m_pending.size();
        m_pending.clear();
        return written || fail(std::string(whyNotWritten()));
    }

    const std::vector<ExportColumn> m_columns;
    std::string m_pending;
    std::FILE* m_out;
};

class Workbook final : public TableWriter {
public:
    Workbook(const std::string& path, std::vector<ExportColumn> columns) : m_columns(std::move(columns))
    {
        lxw_workbook_options options{};
        options.constant_memory = LXW_TRUE; // rows leave memory as they are written
        m_book = workbook_new_opt(path.c_str(), &options);
        if (m_book)
            addSheet();
    }

    ~Workbook() override
    {
        if (m_book)
            lxw_workbook_free(m_book);
    }

    bool row(std::span<const std::string> cells) override
    {
        if (m_row == LXW_ROW_MAX)
            addSheet();
        if (!m_sheet)
            return fail("the workbook could not be made");
        for (std::size_t i = 0; i < m_columns.size(); ++i)
            if (!cells[i].empty() && !write(static_cast<lxw_col_t>(i), cells[i], m_columns[i].number))
                return false;
        ++m_row;
        return true;
    }

    bool finish() override
    {
        if (!m_book)
            return fail("the workbook could not be made");
        const lxw_error error = workbook_close(m_book); // frees it, whatever came of it
        m_book = nullptr;
        return error == LXW_NO_ERROR || fail(lxw_strerror(error));
    }

private:
    void addSheet()
    {
        m_sheet = workbook_add_worksheet(m_book, nullptr);
        m_row = 0;
        if (!m_sheet)
            return;
        for (std::size_t i = 0; i < m_columns.size(); ++i)
            worksheet_write_string(m_sheet, 0, static_cast<lxw_col_t>(i), m_columns[i].name.c_str(), nullptr);
        worksheet_freeze_panes(m_sheet, 1, 0);
        m_row = 1;
    }

    bool write(lxw_col_t column, const std::string& cell, bool number)
    {
        const std::optional<double> value = number ? numberOf(cell) : std::nullopt;
        lxw_error error = LXW_NO_ERROR;
        // A cell holds a double: a count beyond 2^53 stays exact as text.
        if (value && std::abs(*value) < exactInteger) {
            error = worksheet_write_number(m_sheet, m_row, column, *value, nullptr);
        } else if (cell.size() <= cellCharsMax) {
            error = worksheet_write_string(m_sheet, m_row, column, cell.c_str(), nullptr);
        } else {
            std::size_t end = cellCharsMax;
            while (end > 0 && (static_cast<unsigned char>(cell[end]) & 0xC0) == 0x80)
                --end; // not within a character
            error = worksheet_write_string(m_sheet, m_row, column, cell.substr(0, end).c_str(), nullptr);
        }
        return error == LXW_NO_ERROR || fail(lxw_strerror(error));
    }

    const std::vector<ExportColumn> m_columns;
    lxw_workbook* m_book = nullptr;
    lxw_worksheet* m_sheet = nullptr;
    lxw_row_t m_row = 0;
};

} // namespace

std::unique_ptr<TableWriter> textTable(TableFormat format, bool byteOrderMark, std::vector<ExportColumn> columns,
                                       std::FILE* out)
{
    if (format == TableFormat::JsonLines)
        return std::make_unique<JsonLines>(std::move(columns), out);
    return std::make_unique<CsvTable>(byteOrderMark, std::move(columns), out);
}

std::unique_ptr<TableWriter> workbook(const std::string& path, std::vector<ExportColumn> columns)
{
    return std::make_unique<Workbook>(path, std::move(columns));
}

} // namespace protocol

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

class QJsonObject;

namespace protocol {

enum class TableFormat : std::uint8_t { Csv, JsonLines, Xlsx };
std::optional<TableFormat> tableFormatFrom(std::string_view word); // "csv", "jsonl", "xlsx": the file's ending too
std::string_view word(TableFormat format);

struct ExportColumn {
    std::string name;
    bool number = false; // cells are numbers, or empty
    bool flag = false;   // cells are "true" or "false"
};

// Writes one table, row by row, in memory that does not grow with it. Text stays text and is never a formula; numbers
// stay numbers. One owner, one thread at a time.
class TableWriter {
public:
    virtual ~TableWriter() = default;
    // As many cells as there are columns. False: it cannot be written, see error().
    virtual bool row(std::span<const std::string> cells) = 0;
    virtual bool finish() = 0;
    const std::string& error() const { return m_error; }

protected:
    bool fail(std::string what)
    {
        m_error = std::move(what);
        return false;
    }

private:
    std::string m_error;
};

// CSV or JSON Lines to an open file, which stays the caller's.
std::unique_ptr<TableWriter> textTable(TableFormat format, bool byteOrderMark, std::vector<ExportColumn> columns,
                                       std::FILE* out);
// A workbook at `path`. A sheet holds 1,048,575 rows and its head; the next goes on. A cell holds 32,767 characters;
// longer text is cut.
std::unique_ptr<TableWriter> workbook(const std::string& path, std::vector<ExportColumn> columns);

// A table that becomes a file, and beside it (path + ".json") where its figures come from, with the rows' count, the
// bytes and the SHA-256 of the file. Both appear whole or not at all: it is written under another name and moved.
class TableFile {
public:
    TableFile(std::string path, TableFormat format, bool byteOrderMark, std::vector<ExportColumn> columns);
    ~TableFile(); // not finished: nothing is left of it
    TableFile(const TableFile&) = delete;
    TableFile& operator=(const TableFile&) = delete;

    bool row(std::span<const std::string> cells);
    // Adds format, rows, bytes and sha256 to the facts.
    bool finish(QJsonObject facts);
    bool isOpen() const { return m_writer != nullptr; }
    std::uint64_t rows() const { return m_rows; }
    const std::string& error() const { return m_error; }

private:
    bool fail(const std::string& what);
    bool place(const QJsonObject& facts);

    std::string m_path, m_part;
    TableFormat m_format;
    std::FILE* m_file = nullptr;
    std::unique_ptr<TableWriter> m_writer;
    std::uint64_t m_rows = 0;
    std::string m_error;
};

} // namespace protocol

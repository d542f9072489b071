// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace protocol {

// Writes RFC 4180 rows (CRLF, quotes doubled, UTF-8) into a string of its own that the caller drains. Text that a
// spreadsheet would take for a formula (= + - @, tab, carriage return or line feed first) is neutralised with a leading
// apostrophe; numbers are left alone.
class CsvWriter {
public:
    explicit CsvWriter(bool byteOrderMark = false);

    void text(std::string_view value);
    void number(std::string_view value);
    void endRow();

    // What was written since the last call.
    std::string take();
    std::size_t pendingBytes() const { return m_out.size(); }

private:
    void separator();
    void quoted(std::string_view value, bool neutralise);

    std::string m_out;
    bool m_rowStarted = false;
};

// Reads one RFC 4180 document (LF or CRLF). Returns rows of fields; `error` says line and what is wrong, and is empty
// on success. A text cell's neutralising apostrophe is taken off when `unneutralise` is set, so that what CsvWriter
// wrote re-reads exactly.
struct CsvDocument {
    std::vector<std::vector<std::string>> rows;
    std::string error;
};

CsvDocument readCsv(std::string_view document, bool unneutralise);

} // namespace protocol

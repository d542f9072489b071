// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "backend/storage/store.h"

struct sqlite3;
struct sqlite3_stmt;

namespace storage {

// An error of SQLite's, with its primary result code.
class SqliteError : public StoreError {
public:
    SqliteError(const std::string& text, int code) : StoreError(text), m_code(code) {}
    int code() const { return m_code; }
    // The file's contents are not what SQLite wrote: no retry will help.
    bool isDamage() const;
    // The file is not there (any more).
    bool isMissing() const;

private:
    int m_code;
};

// A prepared statement, kept for as long as its database. Parameters and columns count as SQLite counts them: from 1
// and from 0.
class Statement {
public:
    Statement() = default;
    Statement(sqlite3* database, std::string_view sql);
    ~Statement();
    Statement(Statement&& other) noexcept : m_statement(other.m_statement) { other.m_statement = nullptr; }
    Statement& operator=(Statement&& other) noexcept;

    Statement& bind(int parameter, std::int64_t value);
    Statement& bind(int parameter, std::uint64_t value) { return bind(parameter, static_cast<std::int64_t>(value)); }
    Statement& bind(int parameter, std::int32_t value) { return bind(parameter, std::int64_t{value}); }
    Statement& bind(int parameter, std::uint32_t value) { return bind(parameter, std::int64_t{value}); }
    Statement& bind(int parameter, bool value) { return bind(parameter, std::int64_t{value}); }
    // Not copied: must live until the next reset.
    Statement& bind(int parameter, std::string_view text);
    Statement& bindBlob(int parameter, std::string_view bytes);

    // True while there is a row. Throws SqliteError, and has reset itself then.
    bool step();
    // step() for statements without rows, and reset().
    void run();
    void reset();

    std::int64_t integer(int column) const;
    std::uint64_t number(int column) const { return static_cast<std::uint64_t>(integer(column)); }
    std::string_view text(int column) const; // valid until the next step or reset
    std::string_view blob(int column) const;

private:
    sqlite3_stmt* m_statement = nullptr;
};

// One connection. Used from one thread at a time.
class Database {
public:
    enum class Mode { Create, Write, Read }; // Create makes the file with mode 0600 where it is missing

    Database() = default;
    Database(const std::string& path, Mode mode, int busyTimeoutMs);
    ~Database();
    Database(Database&& other) noexcept : m_database(other.m_database) { other.m_database = nullptr; }
    Database& operator=(Database&& other) noexcept;

    explicit operator bool() const { return m_database != nullptr; }
    Statement prepare(std::string_view sql) const { return Statement(m_database, sql); }
    // One or more statements without parameters and rows.
    void run(const std::string& sql) const;
    // The first column of the first row; 0 where there is none.
    std::int64_t integer(std::string_view sql) const;
    std::string text(std::string_view sql) const;
    std::int64_t lastRowId() const;
    std::int64_t changes() const;
    // True where `PRAGMA quick_check` finds nothing wrong within the time given.
    bool looksWhole(std::int64_t deadlineMs) const;

private:
    sqlite3* m_database = nullptr;
};

// BEGIN (for writing: IMMEDIATE) … COMMIT; rolls back unless committed.
class Transaction {
public:
    enum class Kind { Write, Read };
    explicit Transaction(const Database& database, Kind kind = Kind::Write);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit();

private:
    const Database& m_database;
    bool m_open = true;
};

} // namespace storage

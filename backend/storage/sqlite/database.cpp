// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/sqlite/database.h"

#include <chrono>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>
#include <utility>

namespace storage {

namespace {

[[noreturn]] void fail(sqlite3* database, std::string_view doing)
{
    const int code = database ? sqlite3_errcode(database) : SQLITE_NOMEM;
    std::string text(doing.substr(0, 200));
    text += ": ";
    text += database ? sqlite3_errmsg(database) : "out of memory";
    const char* file = database ? sqlite3_db_filename(database, "main") : nullptr;
    if (file && *file)
        text += std::string(" (") + file + ")";
    if (code == SQLITE_FULL)
        text += "; the disk is full: make room";
    throw SqliteError(text, code & 0xff);
}

} // namespace

bool SqliteError::isDamage() const
{
    return m_code == SQLITE_CORRUPT || m_code == SQLITE_NOTADB;
}

bool SqliteError::isMissing() const
{
    return m_code == SQLITE_CANTOPEN;
}

Statement::Statement(sqlite3* database, std::string_view sql)
{
    if (sqlite3_prepare_v3(database, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &m_statement,
                           nullptr) != SQLITE_OK)
        fail(database, sql);
}

Statement::~Statement()
{
    sqlite3_finalize(m_statement);
}

Statement& Statement::operator=(Statement&& other) noexcept
{
    std::swap(m_statement, other.m_statement);
    return *this;
}

Statement& Statement::bind(int parameter, std::int64_t value)
{
    sqlite3_bind_int64(m_statement, parameter, value);
    return *this;
}

Statement& Statement::bind(int parameter, std::string_view text)
{
    // A null pointer would bind NULL: an empty view may have one.
    sqlite3_bind_text(m_statement, parameter, text.empty() ? "" : text.data(), static_cast<int>(text.size()),
                      SQLITE_STATIC);
    return *this;
}

Statement& Statement::bindBlob(int parameter, std::string_view bytes)
{
    sqlite3_bind_blob(m_statement, parameter, bytes.empty() ? "" : bytes.data(), static_cast<int>(bytes.size()),
                      SQLITE_STATIC);
    return *this;
}

bool Statement::step()
{
    const int code = sqlite3_step(m_statement);
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    // The error must be read before the reset, and the statement must not stay open inside a transaction.
    try {
        fail(sqlite3_db_handle(m_statement), sqlite3_sql(m_statement));
    } catch (...) {
        sqlite3_reset(m_statement);
        throw;
    }
}

void Statement::run()
{
    while (step()) {
    }
    sqlite3_reset(m_statement);
}

void Statement::reset()
{
    sqlite3_reset(m_statement);
}

std::int64_t Statement::integer(int column) const
{
    return sqlite3_column_int64(m_statement, column);
}

std::string_view Statement::text(int column) const
{
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(m_statement, column));
    return {bytes ? bytes : "", static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column))};
}

std::string_view Statement::blob(int column) const
{
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(m_statement, column));
    return {bytes ? bytes : "", static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column))};
}

Database::Database(const std::string& path, Mode mode, int busyTimeoutMs)
{
    if (mode == Mode::Create) {
        // SQLite gives -wal and -shm the mode of the database, so making the file first keeps all three private. Only a
        // missing file is opened here: closing a descriptor of an open database would drop the locks SQLite holds on
        // it.
        const int made = ::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
        if (made >= 0)
            ::close(made);
    }
    const int flags = (mode == Mode::Read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(path.c_str(), &m_database, flags, nullptr) != SQLITE_OK) {
        sqlite3* broken = std::exchange(m_database, nullptr);
        const int code = broken ? sqlite3_errcode(broken) : SQLITE_NOMEM;
        const std::string text = "cannot open " + path + ": " + (broken ? sqlite3_errmsg(broken) : "out of memory");
        sqlite3_close(broken);
        throw SqliteError(text, code & 0xff);
    }
    sqlite3_busy_timeout(m_database, busyTimeoutMs);
    sqlite3_db_config(m_database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
}

Database::~Database()
{
    // close_v2: statements that members hold may be finalized later.
    sqlite3_close_v2(m_database);
}

Database& Database::operator=(Database&& other) noexcept
{
    std::swap(m_database, other.m_database);
    return *this;
}

void Database::run(const std::string& sql) const
{
    if (sqlite3_exec(m_database, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        fail(m_database, sql);
}

std::int64_t Database::integer(std::string_view sql) const
{
    Statement statement = prepare(sql);
    return statement.step() ? statement.integer(0) : 0;
}

std::string Database::text(std::string_view sql) const
{
    Statement statement = prepare(sql);
    return statement.step() ? std::string(statement.text(0)) : std::string();
}

std::int64_t Database::lastRowId() const
{
    return sqlite3_last_insert_rowid(m_database);
}

std::int64_t Database::changes() const
{
    return sqlite3_changes64(m_database);
}

bool Database::looksWhole(std::int64_t deadlineMs) const
{
    using Clock = std::chrono::steady_clock;
    Clock::time_point deadline = Clock::now() + std::chrono::milliseconds(deadlineMs);
    const auto overdue = [](void* at) { return Clock::now() > *static_cast<Clock::time_point*>(at) ? 1 : 0; };
    sqlite3_progress_handler(m_database, 10'000, overdue, &deadline);
    bool whole = false;
    try {
        whole = text("PRAGMA quick_check(1)") == "ok";
    } catch (const SqliteError& error) {
        whole = error.code() == SQLITE_INTERRUPT; // out of time: nothing wrong was found so far
    }
    sqlite3_progress_handler(m_database, 0, nullptr, nullptr);
    return whole;
}

Transaction::Transaction(const Database& database, Kind kind) : m_database(database)
{
    m_database.run(kind == Kind::Write ? "BEGIN IMMEDIATE" : "BEGIN");
}

Transaction::~Transaction()
{
    if (!m_open)
        return;
    try {
        m_database.run("ROLLBACK");
    } catch (const StoreError&) {
        // SQLite has rolled back by itself already, as it does after I/O errors and on a full disk.
    }
}

void Transaction::commit()
{
    m_database.run("COMMIT");
    m_open = false;
}

} // namespace storage

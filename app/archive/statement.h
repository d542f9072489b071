// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <cstdint>

#include <sqlite3.h>

namespace archive {

// One statement of SQLite, finalised with its scope. Bound values are copied.
class Statement {
public:
    Statement(sqlite3* db, const QByteArray& sql) : m_db(db)
    {
        if (db)
            sqlite3_prepare_v2(db, sql.constData(), static_cast<int>(sql.size()), &m_statement, nullptr);
    }
    ~Statement() { sqlite3_finalize(m_statement); }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    Statement& bind(int at, std::int64_t value)
    {
        sqlite3_bind_int64(m_statement, at, value);
        return *this;
    }
    Statement& bind(int at, const QByteArray& value)
    {
        sqlite3_bind_blob(m_statement, at, value.constData(), static_cast<int>(value.size()), SQLITE_TRANSIENT);
        return *this;
    }
    Statement& bind(int at, const QString& value)
    {
        const QByteArray text = value.toUtf8();
        sqlite3_bind_text(m_statement, at, text.constData(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
        return *this;
    }

    // Whether there is a row; failed() where that could not be told.
    bool step()
    {
        m_result = m_statement ? sqlite3_step(m_statement) : SQLITE_ERROR;
        return m_result == SQLITE_ROW;
    }
    bool failed() const { return m_result != SQLITE_ROW && m_result != SQLITE_DONE; }
    // To its end; what went wrong is left in `problem`.
    void run(QString& problem)
    {
        if (!step() && failed())
            problem = m_db ? QString::fromUtf8(sqlite3_errmsg(m_db)) : QStringLiteral("not open");
    }

    std::int64_t number(int column) const { return sqlite3_column_int64(m_statement, column); }
    QByteArray blob(int column) const
    {
        const void* bytes = sqlite3_column_blob(m_statement, column);
        return {static_cast<const char*>(bytes), sqlite3_column_bytes(m_statement, column)};
    }

private:
    sqlite3* m_db;
    sqlite3_stmt* m_statement = nullptr;
    int m_result = SQLITE_DONE;
};

} // namespace archive

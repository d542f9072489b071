// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/archive/store.h"

#include <QDir>
#include <QFile>

#include <sqlite3.h>

#include "app/archive/known_json.h"
#include "app/archive/statement.h"

namespace archive {

namespace {

constexpr std::size_t knownBytesMax = 64 * 1024 * 1024;
constexpr qint64 fileBytesMax = 1024LL * 1024 * 1024; // far beyond what the limits leave
constexpr int damagedFilesKept = 3;
constexpr int busyMs = 200;

constexpr const char* schema = R"(
CREATE TABLE IF NOT EXISTS records(name TEXT PRIMARY KEY, sealed BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS hits(id INTEGER PRIMARY KEY AUTOINCREMENT, first INTEGER NOT NULL, last INTEGER NOT NULL,
                                count INTEGER NOT NULL, aside INTEGER NOT NULL DEFAULT 0, sealed BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS answers(id INTEGER PRIMARY KEY AUTOINCREMENT, name BLOB NOT NULL UNIQUE, shape BLOB NOT NULL,
                                   at INTEGER NOT NULL, aside INTEGER NOT NULL DEFAULT 0, sealed BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS answers_by_shape ON answers(shape, at);
)";

QByteArray chunkName(const Store::Chunk& chunk)
{
    return "hits " + QByteArray::number(chunk.id) + ' ' + QByteArray::number(chunk.first) + ' ' +
           QByteArray::number(chunk.last);
}

} // namespace

Store::Store(const QString& path, const Sealing& sealing) : m_path(path), m_sealing(sealing)
{
    if (openFile())
        return;
    if (!QFile::exists(m_path))
        return; // the folder cannot be written
    moveAside();
    m_damaged = true;
    openFile();
}

Store::~Store()
{
    close();
}

void Store::close()
{
    sqlite3_close(m_db);
    m_db = nullptr;
}

bool Store::openFile()
{
    if (QFile(m_path).size() > fileBytesMax)
        return false;
    if (sqlite3_open_v2(m_path.toUtf8().constData(), &m_db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr) !=
        SQLITE_OK) {
        m_problem = QString::fromUtf8(sqlite3_errmsg(m_db));
        close();
        return false;
    }
    QFile::setPermissions(m_path, QFile::ReadOwner | QFile::WriteOwner);
    sqlite3_busy_timeout(m_db, busyMs);
    // Triggers and views of a file that somebody else made are not run.
    sqlite3_db_config(m_db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(m_db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(m_db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    sqlite3_limit(m_db, SQLITE_LIMIT_LENGTH, static_cast<int>(knownBytesMax + knownBytesMax / 4));
    m_problem.clear();
    run("PRAGMA journal_mode=WAL");
    run("PRAGMA synchronous=NORMAL");
    run(schema);
    if (m_problem.isEmpty() && checkKey())
        return true;
    close();
    return false;
}

// Whether the file is of this key, said by the first record sealed with it.
bool Store::checkKey()
{
    const QByteArray name = "key", word = "clickroom";
    Statement rows(m_db, "SELECT sealed FROM records WHERE name='key'");
    if (!rows.step()) {
        if (rows.failed())
            return false;
        putRecord(name, word);
        return m_problem.isEmpty();
    }
    return m_sealing.open(name, rows.blob(0), 64) == word;
}

void Store::moveAside()
{
    int number = 1;
    while (QFile::exists(m_path + QStringLiteral(".damaged-%1").arg(number)))
        ++number;
    QFile::rename(m_path, m_path + QStringLiteral(".damaged-%1").arg(number));
    QFile::remove(m_path + QStringLiteral("-wal"));
    QFile::remove(m_path + QStringLiteral("-shm"));
    // They are kept for whoever wants to look, not for ever.
    QFile::remove(m_path + QStringLiteral(".damaged-%1").arg(number - damagedFilesKept));
}

void Store::run(const char* sql)
{
    if (m_db && sqlite3_exec(m_db, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
        m_problem = QString::fromUtf8(sqlite3_errmsg(m_db));
}

void Store::begin()
{
    m_problem.clear();
    run("BEGIN IMMEDIATE");
}

void Store::commit()
{
    run(m_problem.isEmpty() ? "COMMIT" : "ROLLBACK");
}

void Store::putRecord(const QByteArray& name, const QByteArray& plain)
{
    Statement put(m_db, "INSERT OR REPLACE INTO records(name, sealed) VALUES(?1, ?2)");
    put.bind(1, QString::fromLatin1(name)).bind(2, m_sealing.seal(name, plain)).run(m_problem);
}

std::optional<QByteArray> Store::record(const QByteArray& name, std::size_t bytesMax)
{
    Statement rows(m_db, "SELECT sealed FROM records WHERE name=?1");
    rows.bind(1, QString::fromLatin1(name));
    if (!rows.step())
        return std::nullopt;
    std::optional<QByteArray> plain = m_sealing.open(name, rows.blob(0), bytesMax);
    if (!plain)
        ++m_setAside;
    return plain;
}

void Store::putPlace(const state::Known& known)
{
    putRecord("place", placeJson(known));
}

void Store::putNotes(const state::Known& known)
{
    putRecord("notes", notesJson(known));
}

std::optional<state::Known> Store::known()
{
    const std::optional<QByteArray> place = record("place", knownBytesMax);
    return place ? knownFrom(*place, record("notes", knownBytesMax).value_or(QByteArray())) : std::nullopt;
}

std::int64_t Store::putHits(std::int64_t id, const protocol::HitBatch& hits)
{
    if (id == 0) {
        // The name under which it is sealed holds the id, which the file gives out.
        Statement make(m_db, "INSERT INTO hits(first, last, count, sealed) VALUES(0, 0, 0, x'')");
        make.run(m_problem);
        id = sqlite3_last_insert_rowid(m_db);
    }
    const Chunk chunk{id, hits.front().seq.value, hits.back().seq.value};
    const QByteArray plain = QByteArray::fromStdString(state::encodeColumns(state::columnsOf(hits)));
    Statement put(m_db, "UPDATE hits SET first=?2, last=?3, count=?4, sealed=?5 WHERE id=?1");
    put.bind(1, id).bind(2, static_cast<std::int64_t>(chunk.first)).bind(3, static_cast<std::int64_t>(chunk.last));
    put.bind(4, static_cast<std::int64_t>(hits.size())).bind(5, m_sealing.seal(chunkName(chunk), plain));
    put.run(m_problem);
    return id;
}

std::vector<Store::Chunk> Store::chunks()
{
    std::vector<Chunk> all;
    Statement rows(m_db, "SELECT id, first, last FROM hits WHERE aside=0 AND count>0 ORDER BY first");
    while (rows.step())
        all.push_back(
            {rows.number(0), static_cast<std::uint64_t>(rows.number(1)), static_cast<std::uint64_t>(rows.number(2))});
    return all;
}

state::ColumnsPtr Store::hitsOf(const Chunk& chunk)
{
    Statement rows(m_db, "SELECT sealed FROM hits WHERE id=?1");
    rows.bind(1, chunk.id);
    const std::optional<QByteArray> plain =
        rows.step() ? m_sealing.open(chunkName(chunk), rows.blob(0), chunkBytesMax) : std::nullopt;
    if (plain)
        if (state::ColumnsPtr hits =
                state::decodeColumns({plain->constData(), static_cast<std::size_t>(plain->size())}, chunkHits))
            return hits;
    aside("hits", chunk.id);
    return nullptr;
}

void Store::aside(const char* table, std::int64_t id)
{
    ++m_setAside;
    Statement mark(m_db, QByteArray("UPDATE ") + table + " SET aside=1 WHERE id=?1");
    mark.bind(1, id).run(m_problem);
}

void Store::forgetHits()
{
    run("DELETE FROM hits");
}

void Store::dropOldest()
{
    Statement hits(m_db, R"(DELETE FROM hits WHERE id IN (SELECT id FROM (
        SELECT id, sum(count) OVER newest AS hits, sum(length(sealed)) OVER newest AS bytes FROM hits
        WINDOW newest AS (ORDER BY last DESC, id DESC)) WHERE hits > ?1 OR bytes > ?2))");
    hits.bind(1, hitsMax).bind(2, hitBytesMax).run(m_problem);
    Statement answers(m_db, R"(DELETE FROM answers WHERE id IN (SELECT id FROM (
        SELECT id, count(*) OVER newest AS answers, sum(length(sealed)) OVER newest AS bytes FROM answers
        WINDOW newest AS (ORDER BY at DESC, id DESC)) WHERE answers > ?1 OR bytes > ?2))");
    answers.bind(1, answersMax).bind(2, answerBytesMax).run(m_problem);
}

} // namespace archive

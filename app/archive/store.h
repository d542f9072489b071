// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <cstdint>
#include <optional>
#include <vector>

#include "app/archive/sealing.h"
#include "app/state/archived.h"
#include "app/state/hit_columns.h"

struct sqlite3;

namespace archive {

// One backend's archive: an SQLite file of sealed records. Bounded: the oldest hits leave beyond hitsMax or
// hitBytesMax, the oldest answers beyond answersMax or answerBytesMax. A record that does not open is set aside and
// counted. One thread at a time. Errors of the disk: nothing is kept, problem() says so, and nothing is thrown.
class Store {
public:
    static constexpr std::int64_t hitsMax = 1'000'000, hitBytesMax = 64LL * 1024 * 1024;
    static constexpr std::int64_t answersMax = 2000, answerBytesMax = 64LL * 1024 * 1024;
    static constexpr std::size_t answerBytes = 16 * 1024 * 1024; // of one
    static constexpr int answersPerShape = 8;                    // that differ by their range of time alone
    static constexpr std::size_t chunkHits = 4000;               // and their plain bytes:
    static constexpr std::size_t chunkBytesMax = 64 * 1024 * 1024;

    // A file that cannot be read as an archive, or belongs to another key, is moved to PATH.damaged-N and a new one
    // begun: damaged() says so.
    Store(const QString& path, const Sealing& sealing);
    ~Store();
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    bool isOpen() const { return m_db != nullptr; }
    bool damaged() const { return m_damaged; }
    const QString& problem() const { return m_problem; }
    std::uint64_t setAside() const { return m_setAside; } // records that did not open

    // All or nothing.
    void begin();
    void commit();

    void putPlace(const state::Known& known);
    void putNotes(const state::Known& known); // edits, marks and comments
    // Nothing where there is none. What of it does not open is left out.
    std::optional<state::Known> known();

    // Chunks of hits in any order; one may be written again with more.
    struct Chunk {
        std::int64_t id = 0;
        std::uint64_t first = 0, last = 0;
    };
    std::int64_t putHits(std::int64_t id, const protocol::HitBatch& hits); // id 0 = a new chunk
    std::vector<Chunk> chunks();                                           // by their first hit
    state::ColumnsPtr hitsOf(const Chunk& chunk);                          // null where they do not open
    void forgetHits();
    void dropOldest();

    void putAnswer(const QString& path, const QString& query, const QByteArray& body, std::int64_t atMs);
    std::optional<state::StoredAnswer> answer(const QString& path, const QString& query);

private:
    bool openFile();
    bool checkKey();
    void close();
    void moveAside();
    void run(const char* sql);
    void aside(const char* table, std::int64_t id);
    void putRecord(const QByteArray& name, const QByteArray& plain);
    std::optional<QByteArray> record(const QByteArray& name, std::size_t bytesMax);

    QString m_path;
    const Sealing& m_sealing;
    sqlite3* m_db = nullptr;
    bool m_damaged = false;
    QString m_problem;
    std::uint64_t m_setAside = 0;
};

} // namespace archive

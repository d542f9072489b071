// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/sqlite/checkpointer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace storage {

namespace {

// Carrying over less than this at a time costs more syncs than it saves log.
constexpr std::uint64_t passiveBytes = 4 * 1024 * 1024;
// Under steady load a passive checkpoint never finds the log at rest, so it grows; from here on the writer is made to
// wait for the short rest and starts the log anew.
constexpr std::uint64_t restartBytes = 64 * 1024 * 1024;
constexpr int busyTimeoutMs = 200;
constexpr std::uint64_t ticksPerNote = 5;

} // namespace

Checkpointer::Checkpointer(std::string folder, bool syncLogs, std::function<protocol::HitSeq()> lastSeq)
    : m_folder(std::move(folder)), m_syncLogs(syncLogs), m_lastSeq(std::move(lastSeq))
{
}

Checkpointer::~Checkpointer() = default;

void Checkpointer::tick()
{
    const std::vector<Day> days = daysIn(m_folder);
    const std::size_t activeFrom = days.size() < 2 ? 0 : days.size() - 2;
    std::map<std::string, Log> kept;
    for (std::size_t at = 0; at < days.size(); ++at) {
        const std::string path = dayFilePath(m_folder, days[at]);
        const bool active = at >= activeFrom;
        struct stat info{};
        if (::stat((path + "-wal").c_str(), &info) != 0 || info.st_size == 0)
            continue;
        Log log;
        if (auto known = m_logs.extract(path))
            log = std::move(known.mapped());
        const std::int64_t changedAt = info.st_mtim.tv_sec * 1'000'000'000LL + info.st_mtim.tv_nsec;
        const bool changed = changedAt != log.changedAt || log.bytes != static_cast<std::uint64_t>(info.st_size);
        log.changedAt = changedAt;
        log.bytes = static_cast<std::uint64_t>(info.st_size);
        try {
            if (changed)
                serve(path, log, active);
        } catch (const StoreError&) {
            ++m_failures;
            log = Log();
        }
        if (!active)
            log.database = Database();
        kept.emplace(path, std::move(log));
    }
    m_logs = std::move(kept);
    if (++m_ticks % ticksPerNote == 0)
        noteSequence();
}

void Checkpointer::serve(const std::string& path, Log& log, bool active)
{
    if (m_syncLogs) {
        const int wal = ::open((path + "-wal").c_str(), O_RDWR | O_CLOEXEC);
        if (wal >= 0) {
            const int result = ::fdatasync(wal);
            ::close(wal);
            if (result != 0)
                throw StoreError("cannot sync " + path + "-wal");
        }
    }
    if (active && log.bytes < passiveBytes)
        return;
    if (!log.database)
        log.database = Database(path, Database::Mode::Write, busyTimeoutMs);
    log.database.integer("PRAGMA wal_checkpoint(PASSIVE)");
    if (!active)
        log.database.integer("PRAGMA wal_checkpoint(TRUNCATE)");
    else if (log.bytes > restartBytes)
        log.database.integer("PRAGMA wal_checkpoint(RESTART)");
}

void Checkpointer::noteSequence()
{
    const std::uint64_t last = m_lastSeq().value;
    if (last == m_noted)
        return;
    try {
        if (!m_settings) {
            m_settings = Database(m_folder + "/settings.db", Database::Mode::Write, busyTimeoutMs);
            m_settings.run("PRAGMA synchronous = OFF"); // a lower bound: losing the newest note is harmless
        }
        m_settings.run("INSERT INTO meta(key, value) VALUES('seq_mark', '" + std::to_string(last) +
                       "') ON CONFLICT(key) DO UPDATE SET value = excluded.value");
        m_noted = last;
    } catch (const StoreError&) {
        ++m_failures;
        m_settings = Database();
    }
}

} // namespace storage

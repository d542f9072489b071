// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/sqlite/hit_store.h"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

#include "backend/storage/sqlite/hit_rows.h"

namespace storage {

using protocol::Hit;
using protocol::HitClass;

namespace {

// A checkpoint, or another process's, may hold the file for a moment; beyond this the commit counts as failed and the
// late path takes over for good.
constexpr int busyTimeoutMs = 5'000;
constexpr std::int64_t checkTimeMs = 3'000;
// Around midnight two days are written, more only by late hits. Closing a file carries its log over and syncs, so none
// is closed lightly.
constexpr std::size_t openFilesMax = 6;

struct Sums {
    std::array<std::uint64_t, 6> byClass{}; // [0] counts all
    std::uint64_t bots = 0, botClicks = 0, late = 0;

    void add(const Hit& hit)
    {
        ++byClass[0];
        if (const auto at = static_cast<std::size_t>(hit.hitClass); at >= 1 && at < byClass.size())
            ++byClass[at];
        bots += hit.isBot() ? 1 : 0;
        botClicks += hit.isBot() && hit.isClick() ? 1 : 0;
        late += hit.late ? 1 : 0;
    }
};

void makeTables(const Database& database, const std::string& path)
{
    const std::int64_t version = database.integer("PRAGMA user_version");
    if (version > hitFileVersion)
        throw StoreError(path + " was written by a newer clickroomd (format " + std::to_string(version) +
                         "): upgrade this one");
    if (version == hitFileVersion)
        return;
    Transaction transaction(database);
    database.run(hitFileSchema);
    database.run("PRAGMA user_version = " + std::to_string(hitFileVersion));
    transaction.commit();
}

} // namespace

struct HitStore::DayFile {
    DayFile(const std::string& path, bool powerDurable) : database(path, Database::Mode::Create, busyTimeoutMs)
    {
        database.run("PRAGMA journal_mode = WAL");
        database.run(powerDurable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
        // Checkpoints run elsewhere (checkpointer.h): none may delay a commit.
        database.run("PRAGMA wal_autocheckpoint = 0");
        database.run("PRAGMA cache_size = -16000");
        makeTables(database, path);
        words = WordWriter(database);
        insert = database.prepare(insertHitSql());
        addTotals = database.prepare(
            "INSERT INTO totals VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT(workspace) DO UPDATE SET "
            "hits = hits + ?2, click = click + ?3, probe = probe + ?4, prefetch = prefetch + ?5, miss = miss + ?6, "
            "blocked = blocked + ?7, bots = bots + ?8, bot_clicks = bot_clicks + ?9, late = late + ?10");
        lateOf = database.prepare("SELECT late, workspace FROM hits WHERE seq = ?");
        setLate = database.prepare("UPDATE hits SET late = 1 WHERE seq = ?");
        addLate = database.prepare("UPDATE totals SET late = late + 1 WHERE workspace = ?");
    }

    Database database;
    WordWriter words;
    Statement insert, addTotals, lateOf, setLate, addLate;
    std::uint64_t usedAt = 0;
};

HitStore::HitStore(std::string folder, bool powerDurable, bool afterCrash, std::vector<std::string>& notices)
    : m_folder(std::move(folder)), m_powerDurable(powerDurable)
{
    const std::vector<Day> days = daysIn(m_folder);
    std::uint64_t last = 0;
    // Tomorrow's file may be there already, empty: the newest two are looked at closely.
    for (const Day day : days)
        last = std::max(last, examine(day, day >= days.back() - 1, afterCrash, notices));
    m_lastSeq = last;
}

HitStore::~HitStore() = default;

std::uint64_t HitStore::examine(Day day, bool isNewest, bool afterCrash, std::vector<std::string>& notices)
{
    const std::string path = dayFilePath(m_folder, day);
    try {
        const Database database(path, Database::Mode::Write, busyTimeoutMs);
        makeTables(database, path);
        // Without a WAL the header's page count must fit into the file: a truncated file is found before a reader falls
        // over it.
        std::error_code ignored;
        const auto bytes = std::filesystem::file_size(path, ignored);
        const auto pages = static_cast<std::uint64_t>(database.integer("PRAGMA page_count"));
        const auto pageBytes = static_cast<std::uint64_t>(database.integer("PRAGMA page_size"));
        const auto walBytes = std::filesystem::file_size(path + "-wal", ignored);
        const bool truncated = (ignored || walBytes == 0) && pages * pageBytes > bytes;
        const auto last = static_cast<std::uint64_t>(database.integer("SELECT max(seq) FROM hits"));
        database.integer("SELECT min(seq) FROM hits");
        database.integer("SELECT sum(hits) FROM totals");
        if (!truncated && (!(isNewest && afterCrash) || database.looksWhole(checkTimeMs)))
            return last;
    } catch (const SqliteError& error) {
        if (!error.isDamage())
            throw;
    }
    notices.push_back("the day file " + path + " is damaged; set aside as " + setAside(path));
    m_newestWasDamaged = m_newestWasDamaged || isNewest;
    return 0;
}

void HitStore::continueAfter(protocol::HitSeq seq)
{
    if (seq.value > m_lastSeq)
        m_lastSeq.store(seq.value, std::memory_order_release);
}

HitStore::DayFile& HitStore::open(Day day)
{
    static_assert(openFilesMax >= 2);
    std::uint64_t newestUse = 0;
    for (const auto& [otherDay, file] : m_open)
        newestUse = std::max(newestUse, file->usedAt);
    auto found = m_open.find(day);
    if (found == m_open.end()) {
        if (m_open.size() >= openFilesMax)
            m_open.erase(std::min_element(m_open.begin(), m_open.end(), [](const auto& a, const auto& b) {
                return a.second->usedAt < b.second->usedAt;
            }));
        found = m_open.emplace(day, std::make_unique<DayFile>(dayFilePath(m_folder, day), m_powerDurable)).first;
    }
    found->second->usedAt = newestUse + 1;
    return *found->second;
}

void HitStore::prepare(Day day)
{
    try {
        open(day);
    } catch (const StoreError& error) {
        closeAfterFailure(day, error);
        throw;
    }
}

void HitStore::closeAfterFailure(Day day, const StoreError& error)
{
    // The words added in the failed transaction are gone from the file; opening again is the simplest way to forget
    // them too.
    m_open.erase(day);
    const auto* sqlite = dynamic_cast<const SqliteError*>(&error);
    if (sqlite && sqlite->isDamage())
        setAside(dayFilePath(m_folder, day));
}

void HitStore::append(std::span<const Hit> hits)
{
    std::size_t from = 0;
    while (from < hits.size()) {
        const Day day = dayOf(hits[from].time);
        std::size_t to = from + 1;
        while (to < hits.size() && dayOf(hits[to].time) == day)
            ++to;
        const auto run = hits.subspan(from, to - from);
        try {
            appendRun(day, run);
        } catch (const StoreError& error) {
            closeAfterFailure(day, error);
            throw;
        }
        m_lastSeq.store(run.back().seq.value, std::memory_order_release);
        from = to;
    }
}

void HitStore::appendRun(Day day, std::span<const Hit> run)
{
    DayFile& file = open(day);
    std::map<std::uint32_t, Sums> sums;
    Transaction transaction(file.database);
    std::uint64_t last = m_lastSeq.load(std::memory_order_relaxed);
    for (const Hit& hit : run) {
        if (hit.seq.value <= last)
            throw StoreError("sequence " + std::to_string(hit.seq.value) + " is not beyond " + std::to_string(last));
        last = hit.seq.value;
        bindHit(file.insert, hit, file.words);
        file.insert.run();
        sums[hit.workspace.value].add(hit);
    }
    for (const auto& [workspace, sum] : sums) {
        file.addTotals.bind(1, workspace);
        for (std::size_t at = 0; at < sum.byClass.size(); ++at)
            file.addTotals.bind(static_cast<int>(at) + 2, sum.byClass[at]);
        file.addTotals.bind(8, sum.bots).bind(9, sum.botClicks).bind(10, sum.late).run();
    }
    transaction.commit();
}

std::vector<bool> HitStore::markLateWhereStored(std::span<const Hit> hits)
{
    std::vector<bool> stored(hits.size(), false);
    std::size_t from = 0;
    while (from < hits.size()) {
        const Day day = dayOf(hits[from].time);
        std::size_t to = from + 1;
        while (to < hits.size() && dayOf(hits[to].time) == day)
            ++to;
        std::error_code ignored;
        if (std::filesystem::exists(dayFilePath(m_folder, day), ignored)) {
            try {
                DayFile& file = open(day);
                Transaction transaction(file.database);
                for (std::size_t at = from; at < to; ++at) {
                    file.lateOf.bind(1, hits[at].seq.value);
                    stored[at] = file.lateOf.step();
                    const bool mark = stored[at] && file.lateOf.integer(0) == 0;
                    const std::int64_t workspace = stored[at] ? file.lateOf.integer(1) : 0;
                    file.lateOf.reset();
                    if (mark) {
                        file.setLate.bind(1, hits[at].seq.value).run();
                        file.addLate.bind(1, workspace).run();
                    }
                }
                transaction.commit();
            } catch (const StoreError& error) {
                closeAfterFailure(day, error);
                throw;
            }
        }
        from = to;
    }
    return stored;
}

void HitStore::sync()
{
    for (const auto& [day, file] : m_open) {
        // Closing this descriptor drops no lock: SQLite locks the database and its -shm, never the -wal.
        const int wal = ::open((dayFilePath(m_folder, day) + "-wal").c_str(), O_RDWR | O_CLOEXEC);
        if (wal < 0)
            continue;
        const int result = ::fdatasync(wal);
        ::close(wal);
        if (result != 0)
            throw StoreError("cannot sync the log of " + dayFilePath(m_folder, day));
    }
}

std::size_t HitStore::dropBefore(Day day)
{
    std::size_t dropped = 0;
    const std::vector<Day> days = daysIn(m_folder);
    for (const Day old : days) {
        if (old >= day || old == days.back())
            break;
        m_open.erase(old);
        removeDayFile(m_folder, old);
        ++dropped;
    }
    return dropped;
}

} // namespace storage

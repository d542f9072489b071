// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/sqlite/day_reader.h"

#include <algorithm>
#include <sys/stat.h>

namespace storage {

namespace {

constexpr std::size_t openFilesMax = 4;
constexpr int busyTimeoutMs = 5'000;

// One transaction, so that the totals are those of the hits up to lastSeq.
void readSummary(const Database& database, DaySummary& summary)
{
    Transaction transaction(database, Transaction::Kind::Read);
    summary.firstSeq = static_cast<std::uint64_t>(database.integer("SELECT min(seq) FROM hits"));
    summary.lastSeq = static_cast<std::uint64_t>(database.integer("SELECT max(seq) FROM hits"));
    {
        Statement row = database.prepare("SELECT workspace, hits, click, probe, prefetch, miss, blocked, bots, "
                                         "bot_clicks, late FROM totals");
        while (row.step()) {
            HitTotals& totals = summary.totals[static_cast<std::uint32_t>(row.integer(0))];
            int at = 0;
            for (std::uint64_t HitTotals::* count :
                 {&HitTotals::hits, &HitTotals::click, &HitTotals::probe, &HitTotals::prefetch, &HitTotals::miss,
                  &HitTotals::blocked, &HitTotals::bots, &HitTotals::botClicks, &HitTotals::late})
                totals.*count = row.number(++at);
        }
    }
    transaction.commit();
}

} // namespace

DayReader::DayReader(std::string folder) : m_folder(std::move(folder)) {}

DayReader::~DayReader() = default;

DayReader::Stamp DayReader::stampOf(Day day) const
{
    const std::string path = dayFilePath(m_folder, day);
    Stamp stamp;
    struct stat info{};
    // The log first: a writer that begins between the two is then seen by what it does to the other.
    const bool hasLog = ::stat((path + "-wal").c_str(), &info) == 0 && info.st_size > 0;
    if (::stat(path.c_str(), &info) != 0)
        return stamp;
    stamp.inode = info.st_ino;
    stamp.bytes = static_cast<std::uint64_t>(info.st_size);
    stamp.changedAt = info.st_mtim.tv_sec * 1'000'000'000LL + info.st_mtim.tv_nsec;
    stamp.still = !hasLog;
    return stamp;
}

bool DayReader::isGone(Day day, std::uint64_t inode) const
{
    return stampOf(day).inode != inode;
}

DayReader::OpenFile* DayReader::open(Day day)
{
    const Stamp stamp = stampOf(day);
    auto found = m_open.find(day);
    // Another file under the same name: the old one was set aside or dropped.
    if (found != m_open.end() && found->second->inode != stamp.inode)
        found = m_open.erase(found), found = m_open.end();
    if (stamp.inode == 0)
        return nullptr;
    if (found == m_open.end()) {
        if (m_open.size() >= openFilesMax)
            m_open.erase(std::min_element(m_open.begin(), m_open.end(), [](const auto& a, const auto& b) {
                return a.second->usedAt < b.second->usedAt;
            }));
        auto file = std::make_unique<OpenFile>();
        try {
            file->database = Database(dayFilePath(m_folder, day), Database::Mode::Read, busyTimeoutMs);
            // A file made a moment ago has no tables yet, and so no hits.
            if (file->database.integer("PRAGMA user_version") == 0)
                return nullptr;
            file->words = WordReader(file->database);
            file->select = file->database.prepare(selectHitsSql());
            file->facts = file->database.prepare(selectFactsSql());
            file->at = file->database.prepare("SELECT seq, time FROM hits WHERE seq >= ? ORDER BY seq LIMIT 1");
        } catch (const SqliteError& error) {
            // Gone, or damaged: the writer sets the latter aside and says so.
            if (error.isMissing() || error.isDamage() || isGone(day, stamp.inode))
                return nullptr;
            throw;
        }
        file->inode = stamp.inode;
        found = m_open.emplace(day, std::move(file)).first;
    }
    found->second->usedAt = ++m_uses;
    return found->second.get();
}

DaySummary DayReader::summary(Day day)
{
    const Stamp stamp = stampOf(day);
    if (const auto known = m_known.find(day); known != m_known.end() && stamp.still && known->second.stamp == stamp)
        return known->second.summary;
    DaySummary summary;
    OpenFile* file = open(day);
    if (!file)
        return summary;
    try {
        readSummary(file->database, summary);
    } catch (const SqliteError&) {
        if (!isGone(day, file->inode))
            throw;
        m_open.erase(day);
        return {};
    }
    if (stamp.still && stampOf(day) == stamp)
        m_known[day] = {stamp, summary};
    else
        m_known.erase(day);
    return summary;
}

void DayReader::forEach(Day day, std::uint64_t after, std::uint64_t to, protocol::WorkspaceId wanted,
                        const std::function<void(protocol::Hit&&)>& hit)
{
    OpenFile* file = open(day);
    if (!file)
        return;
    file->select.bind(1, after).bind(2, to);
    // The statement is an open read transaction: it must end also when `hit` throws.
    struct Reset {
        Statement& statement;
        ~Reset() { statement.reset(); }
    } const reset{file->select};
    try {
        while (file->select.step()) {
            if (wanted && static_cast<std::uint32_t>(file->select.integer(2)) != wanted.value)
                continue;
            hit(hitOf(file->select, file->words));
        }
    } catch (const SqliteError&) {
        if (!isGone(day, file->inode))
            throw;
    }
}

// Remembered by place, for a file's words are numbered from 1 without large gaps; what lies far beyond is looked up.
std::uint32_t DayReader::factId(OpenFile& file, std::int64_t word, rollups::Words& words)
{
    constexpr std::int64_t rememberedMax = 4'000'000;
    if (word <= 0)
        return 0;
    if (word > rememberedMax)
        return words.idOf(file.words.text(word));
    const auto at = static_cast<std::size_t>(word);
    if (at >= file.factIds.size())
        file.factIds.resize(std::max(at + 1, file.factIds.size() * 2), 0);
    if (file.factIds[at] == 0)
        file.factIds[at] = words.idOf(file.words.text(word)) + 1;
    return file.factIds[at] - 1;
}

void DayReader::forEachFacts(Day day, std::uint64_t after, std::uint64_t to, rollups::Words& words,
                             const std::function<void(const rollups::HitFacts&)>& take)
{
    OpenFile* file = open(day);
    if (!file)
        return;
    if (file->factEpoch != words.epoch()) {
        file->factIds.clear();
        file->factEpoch = words.epoch();
    }
    Statement& row = file->facts;
    row.bind(1, after).bind(2, to);
    struct Reset {
        Statement& statement;
        ~Reset() { statement.reset(); }
    } const reset{row};
    try {
        while (row.step()) {
            rollups::HitFacts facts{row.number(0),
                                    row.integer(1),
                                    row.number(3),
                                    row.number(4),
                                    static_cast<std::uint32_t>(row.integer(2)),
                                    static_cast<std::uint16_t>(row.integer(9)),
                                    static_cast<protocol::HitClass>(row.integer(5)),
                                    static_cast<protocol::TouchType>(row.integer(6)),
                                    static_cast<protocol::DeviceType>(row.integer(7)),
                                    static_cast<protocol::BotCategory>(row.integer(8)),
                                    {}};
            int column = 10;
            for (std::uint32_t& text : facts.texts)
                text = factId(*file, row.integer(column++), words);
            take(facts);
        }
    } catch (const SqliteError&) {
        if (!isGone(day, file->inode))
            throw;
    }
}

void DayReader::addClicks(Day day, std::uint64_t after, std::uint64_t to,
                          std::map<std::uint64_t, std::uint64_t>& clicks)
{
    OpenFile* file = open(day);
    if (!file)
        return;
    try {
        Statement select = file->database.prepare("SELECT link, count(*) FROM hits WHERE seq > ?1 AND seq <= ?2 AND "
                                                  "class = ?3 GROUP BY link");
        select.bind(1, after).bind(2, to).bind(3, static_cast<int>(protocol::HitClass::Click));
        while (select.step())
            if (const auto wanted = clicks.find(select.number(0)); wanted != clicks.end())
                wanted->second += select.number(1);
    } catch (const SqliteError&) {
        if (!isGone(day, file->inode))
            throw;
        m_open.erase(day);
    }
}

void DayReader::countRaw(Day day, protocol::WorkspaceId workspace, const RawRange& range,
                         std::map<std::uint64_t, RawCounts>& counts)
{
    OpenFile* file = open(day);
    if (!file)
        return;
    try {
        Statement select = file->database.prepare(
            "SELECT link, seq <= ?4, count(*), sum(class = 1), sum(class = 1 AND bot = 0), sum(class = 1 AND touch = "
            "2), sum(late) FROM hits WHERE workspace = ?1 AND time >= ?2 AND time < ?3 AND seq <= ?5 GROUP BY 1, 2");
        select.bind(1, workspace.value).bind(2, range.from.value).bind(3, range.to.value);
        select.bind(4, range.watermark).bind(5, range.end);
        while (select.step()) {
            const rollups::Counts some{select.number(2), select.number(3), select.number(4), select.number(5)};
            RawCounts& sum = counts[select.number(0)];
            sum.all += some;
            if (select.integer(1) != 0)
                sum.rolled += some;
            sum.late += select.number(6);
        }
    } catch (const SqliteError&) {
        if (!isGone(day, file->inode))
            throw;
        m_open.erase(day);
    }
}

std::uint64_t DayReader::firstSince(Day day, protocol::UtcMs from)
{
    const DaySummary range = summary(day);
    OpenFile* file = open(day);
    if (!file || range.lastSeq == 0)
        return 0;
    std::uint64_t low = range.firstSeq, high = range.lastSeq + 1; // the answer lies in [low, high]
    while (low < high) {
        const std::uint64_t middle = low + (high - low) / 2;
        file->at.bind(1, middle);
        bool isBefore = false;
        try {
            isBefore = file->at.step() && file->at.integer(1) < from.value;
        } catch (const SqliteError&) {
            if (isGone(day, file->inode))
                return 0;
            throw;
        }
        const std::uint64_t seq = isBefore ? file->at.number(0) : 0;
        file->at.reset();
        if (isBefore)
            low = seq + 1;
        else
            high = middle;
    }
    return low > range.lastSeq ? 0 : low;
}

} // namespace storage

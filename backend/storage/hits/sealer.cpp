// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/hits/sealer.h"

#include <algorithm>
#include <sys/stat.h>
#include <system_error>
#include <unordered_set>

#include "backend/storage/framed_file.h"
#include "backend/storage/hits/recovery.h"
#include "backend/storage/spill_file.h"

namespace storage {

namespace {

constexpr int busyTimeoutMs = 200;
constexpr std::uint64_t ticksPerNote = 5;
// Sealing takes a processor about 2 us a hit, which the redirects need more while this many come between two ticks
// (10,000 a second), unless so much waits that the disk matters more.
constexpr std::uint64_t calmHits = 1'000;
constexpr std::uint64_t waitingBytesMax = 1024ULL * 1024 * 1024;
// All days are listed this often, the written ones and those with pieces left at each tick.
constexpr std::uint64_t ticksPerList = 100;

std::uint64_t bytesOf(const std::string& path)
{
    struct stat info{};
    return ::stat(path.c_str(), &info) == 0 ? static_cast<std::uint64_t>(info.st_size) : 0;
}

} // namespace

struct Sealer::Work {
    Day day = 0;
    PieceIndex piece;
    std::uint64_t sealedTo = 0;
    std::unordered_set<std::uint64_t> late;
    BlockBuilder builder;
    std::string blocks;
};

Sealer::Sealer(runtime::Files& files, Options options)
    : m_files(files), m_options(std::move(options)), m_spares(files, m_options.folder, m_options.sparePieceBytes)
{
}

Sealer::~Sealer() = default;

void Sealer::tick()
{
    try {
        listDays(m_ticks % ticksPerList == 0);
        if (m_options.syncLogs)
            syncLogs();
        syncSpill();
        const std::uint64_t came = cameSinceLastTick();
        if (came < calmHits || m_waitingBytes > waitingBytesMax) {
            if (m_options.sparePieceBytes > 0)
                m_spares.makeMore(came == 0);
            seal();
        }
    } catch (const std::exception&) {
        ++m_failures;
        m_work.reset();
    }
    if (++m_ticks % ticksPerNote == 0)
        noteSequence();
}

void Sealer::sealAll()
{
    listDays(true);
    while (seal()) {
    }
}

void Sealer::listDays(bool all)
{
    m_open = m_options.openPieces();
    std::map<Day, std::vector<std::uint64_t>> days;
    if (all)
        for (const Day day : daysIn(m_options.folder))
            days.try_emplace(day);
    for (const OpenPiece& piece : m_open)
        days.try_emplace(piece.day);
    for (const auto& [day, pieces] : m_days)
        if (!pieces.empty())
            days.try_emplace(day);
    m_waitingBytes = 0;
    for (auto& [day, pieces] : days) {
        pieces = piecesIn(m_options.folder, day);
        for (const std::uint64_t piece : pieces)
            if (!isOpen(day, piece))
                m_waitingBytes += bytesOf(piecePath(m_options.folder, day, piece));
    }
    m_days = std::move(days);
}

bool Sealer::isOpen(Day day, std::uint64_t piece) const
{
    return std::find(m_open.begin(), m_open.end(), OpenPiece{day, piece}) != m_open.end();
}

void Sealer::syncLogs()
{
    std::map<std::string, std::uint64_t> synced;
    for (const auto& [day, pieces] : m_days)
        for (const std::uint64_t piece : pieces) {
            const std::string path = piecePath(m_options.folder, day, piece);
            const std::uint64_t bytes = bytesOf(path);
            const auto before = m_synced.find(path);
            if (bytes > 0 && (before == m_synced.end() || before->second != bytes)) {
                m_files.openRead(path)->sync();
                if (before == m_synced.end()) // a new file: its name too
                    m_files.syncFolder(dayFolder(m_options.folder, day));
            }
            synced[path] = bytes;
        }
    m_synced = std::move(synced);
}

// What waits in there has been answered, whatever the durability: its redirect left because its commit took too long.
void Sealer::syncSpill()
{
    const std::string path = SpillFile::pathIn(m_options.folder);
    struct stat info{};
    if (::stat(path.c_str(), &info) != 0 || info.st_size == 0)
        return;
    // The size too: what is appended in the same tick of the file system's clock leaves the time as it was.
    const std::pair state{info.st_mtim.tv_sec * 1'000'000'000LL + info.st_mtim.tv_nsec, std::int64_t{info.st_size}};
    if (state == m_spillSynced)
        return;
    m_files.openRead(path)->sync();
    m_spillSynced = state;
}

std::uint64_t Sealer::cameSinceLastTick()
{
    const std::uint64_t seen = m_options.lastSeq().value;
    return seen - std::exchange(m_seenAtLastTick, seen);
}

bool Sealer::begin()
{
    // Asked after they were listed: one that was made in between is open.
    m_open = m_options.openPieces();
    for (const auto& [day, pieces] : m_days)
        for (const std::uint64_t name : pieces) {
            if (isOpen(day, name))
                continue;
            const std::string path = piecePath(m_options.folder, day, name);
            if (!m_files.exists(path))
                continue; // sealed already, or dropped with its day
            m_work.reset(new Work{day, PieceIndex(m_files.openRead(path), name), 0, {}, {}, {}});
            if (const std::string sealed = sealedPath(m_options.folder, day); m_files.exists(sealed))
                m_work->sealedTo = sealedEnd(*m_files.openRead(sealed)).lastSeq;
            m_work->piece.refresh(m_work->sealedTo);
            for (const LateMark& mark : m_work->piece.lateMarks())
                m_work->late.insert(mark.seq);
            return true;
        }
    return false;
}

bool Sealer::seal()
{
    if (!m_work && !begin())
        return false;
    Work& work = *m_work;
    const bool isDone = work.piece.scan(work.sealedTo, work.piece.lastSeq(), [&](const protocol::HitView& hit) {
        protocol::HitView view = hit;
        view.late = view.late || work.late.contains(hit.seq.value);
        work.builder.add(view);
        work.sealedTo = hit.seq.value;
        return !work.builder.isFull();
    });
    if (!isDone) {
        work.builder.finish(work.blocks, {});
        return true;
    }
    finish();
    return true;
}

// In one write, synced before the piece goes: whatever happens in between, each hit stands in one of the two, and
// readers take it once.
void Sealer::finish()
{
    Work& work = *m_work;
    std::vector<LateMark> others; // of hits in earlier pieces
    for (const LateMark& mark : work.piece.lateMarks())
        if (mark.seq < work.piece.firstSeq() || work.piece.firstSeq() == 0)
            others.push_back(mark);
    if (work.builder.hits() > 0 || !others.empty())
        work.builder.finish(work.blocks, std::move(others));
    if (!work.blocks.empty()) {
        const std::string path = sealedPath(m_options.folder, work.day);
        const bool isNew = !m_files.exists(path);
        auto file = m_files.openWrite(path);
        // What a failed turn may have left beyond the whole blocks is cut by the first append.
        const std::uint64_t end = sealedEnd(*file).at;
        FramedFile(std::move(file), end).append(work.blocks, true);
        if (isNew)
            m_files.syncFolder(dayFolder(m_options.folder, work.day));
    }
    m_options.removePiece(work.day, work.piece.name()); // or it is written again, and sealed again when it is finished
    m_work.reset();
}

void Sealer::noteSequence()
{
    const std::uint64_t last = m_options.lastSeq().value;
    if (last == m_noted)
        return;
    try {
        if (!m_settings) {
            m_settings = Database(m_options.folder + "/settings.db", Database::Mode::Write, busyTimeoutMs);
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

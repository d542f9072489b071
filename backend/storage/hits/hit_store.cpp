// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/hits/hit_store.h"

#include <algorithm>
#include <system_error>

#include "backend/storage/hits/recovery.h"
#include "backend/storage/hits/spare_pieces.h"

namespace storage {

using protocol::Hit;

namespace {

// Of what is kept between two batches for its memory.
constexpr std::size_t framesKept = 4 * 1024 * 1024;
// Of a piece, between two looks for a spare.
constexpr std::uint64_t lookEveryBytes = 1024 * 1024;
// Of a day's folder on its way out.
constexpr std::string_view droppedEnding = ".dropped";

// The end of the run of hits of one day that begins at `from`.
std::size_t runEnd(std::span<const Hit> hits, std::size_t from)
{
    const Day day = dayOf(hits[from].time);
    std::size_t to = from + 1;
    while (to < hits.size() && dayOf(hits[to].time) == day)
        ++to;
    return to;
}

} // namespace

HitStore::HitStore(const OpenOptions& options, runtime::Files& files, bool afterCrash,
                   std::vector<std::string>& notices)
    : m_files(files), m_folder(options.folder), m_powerDurable(options.powerDurable),
      m_pieceBytes(options.logPieceBytes), m_reader(m_folder)
{
    if (files.exists(hitsFolder(m_folder)))
        for (const std::string& name : files.list(hitsFolder(m_folder)))
            if (name.ends_with(droppedEnding)) // left by a crash
                files.removeFolder(hitsFolder(m_folder) + "/" + name);
    if (!m_powerDurable)
        SparePieces::remove(files, m_folder);
    const std::vector<Day> days = daysIn(m_folder);
    std::uint64_t last = 0;
    for (const Day day : days) {
        const std::vector<std::uint64_t> pieces = piecesIn(m_folder, day);
        std::vector<Recovered> found{
            recoverSealed(files, sealedPath(m_folder, day), afterCrash, pieces.empty() ? 0 : pieces.front(), notices)};
        for (const std::uint64_t piece : pieces)
            found.push_back(recoverPiece(files, piecePath(m_folder, day, piece), afterCrash, notices));
        for (const Recovered& one : found) {
            last = std::max(last, one.lastSeq);
            // Tomorrow's folder may be there already, empty.
            m_newestWasDamaged = m_newestWasDamaged || (one.wasDamaged && day >= days.back() - 1);
        }
    }
    m_lastSeq = last;
}

HitStore::~HitStore()
{
    while (!m_logs.empty())
        close(m_logs.begin()->first);
}

void HitStore::continueAfter(protocol::HitSeq seq)
{
    if (seq.value > m_lastSeq)
        m_lastSeq.store(seq.value, std::memory_order_release);
}

std::vector<OpenPiece> HitStore::openPieces() const
{
    std::vector<OpenPiece> open;
    for (const Place& place : m_openPieces)
        if (const std::uint64_t name = place.name.load(std::memory_order_acquire))
            open.push_back({place.day.load(std::memory_order_relaxed), name});
    return open;
}

HitStore::Log& HitStore::open(Day day, std::uint64_t firstSeq)
{
    auto found = m_logs.find(day);
    if (found == m_logs.end()) {
        if (m_logs.size() >= openLogsMax)
            close(std::min_element(m_logs.begin(), m_logs.end(), [](const auto& a, const auto& b) {
                      return a.second.usedAt < b.second.usedAt;
                  })->first);
        const std::lock_guard lock(m_piecesMutex);
        Log log;
        log.name = firstSeq;
        while (m_openPieces[log.place].name.load(std::memory_order_relaxed) != 0)
            ++log.place;
        Place& place = m_openPieces[log.place];
        // Before there is a file of that name: the sealer must never take it for one that was left behind.
        place.day.store(day, std::memory_order_relaxed);
        place.name.store(firstSeq, std::memory_order_release);
        try {
            prepare(day);
            const std::string path = piecePath(m_folder, day, firstSeq);
            log.wasSpare = m_powerDurable && SparePieces::take(m_files, m_folder, path);
            auto file = m_files.openWrite(path);
            if (m_powerDurable)
                m_files.syncFolder(dayFolder(m_folder, day));
            // A piece of late marks alone may have this name from an earlier run.
            FrameReader frames(*file, 0);
            std::string_view payload;
            while (frames.next(payload)) {
            }
            const std::uint64_t end = frames.at();
            log.file = std::make_unique<FramedFile>(
                std::move(file), end, log.wasSpare ? FramedFile::Beyond::Zeros : FramedFile::Beyond::Rubble);
        } catch (...) {
            place.name.store(0, std::memory_order_release);
            throw;
        }
        found = m_logs.emplace(day, std::move(log)).first;
    }
    found->second.usedAt = ++m_uses;
    return found->second;
}

bool HitStore::removePiece(Day day, std::uint64_t name)
{
    const std::lock_guard lock(m_piecesMutex);
    for (const OpenPiece& piece : openPieces())
        if (piece.day == day && piece.name == name)
            return false;
    m_files.remove(piecePath(m_folder, day, name));
    return true;
}

void HitStore::close(Day day)
{
    const auto found = m_logs.find(day);
    if (found == m_logs.end())
        return;
    const std::size_t place = found->second.place;
    try {
        if (found->second.wasSpare)
            found->second.file->cutTo(found->second.file->end());
    } catch (const std::system_error&) {
        // A reader stops at the zeros, and sealing removes them.
    }
    m_logs.erase(found);
    m_openPieces[place].name.store(0, std::memory_order_release);
}

void HitStore::prepare(Day day)
{
    const std::string folder = dayFolder(m_folder, day);
    try {
        if (m_files.exists(folder))
            return;
        m_files.makeFolder(folder);
        m_files.syncFolder(hitsFolder(m_folder));
    } catch (const std::system_error& error) {
        throw StoreError(error.what());
    }
}

// A piece that began without a spare ends early once there is one.
bool HitStore::isOutdone(const Log& log, std::uint64_t before) const
{
    return m_powerDurable && !log.wasSpare && before / lookEveryBytes != log.file->end() / lookEveryBytes &&
           SparePieces::isReady(m_files, m_folder);
}

void HitStore::write(Day day, std::uint64_t firstSeq, const std::string& frames)
{
    try {
        Log& log = open(day, firstSeq);
        const std::uint64_t before = log.file->end();
        log.file->append(frames, m_powerDurable);
        if (log.file->end() >= m_pieceBytes || isOutdone(log, before))
            close(day);
    } catch (const std::system_error& error) {
        throw StoreError(error.what());
    }
}

void HitStore::append(std::span<const Hit> hits)
{
    for (std::size_t from = 0; from < hits.size();) {
        const std::size_t to = runEnd(hits, from);
        append(dayOf(hits[from].time), protocol::PackedHits(hits.subspan(from, to - from)));
        from = to;
    }
}

void HitStore::append(Day day, const protocol::PackedHits& hits)
{
    if (hits.empty())
        return;
    if (const std::uint64_t last = m_lastSeq.load(std::memory_order_relaxed); hits.firstSeq().value <= last)
        throw StoreError("sequence " + std::to_string(hits.firstSeq().value) + " is not beyond " +
                         std::to_string(last));
    m_frames.clear();
    appendHitFrames(m_frames, hits);
    write(day, hits.firstSeq().value, m_frames);
    m_lastSeq.store(hits.lastSeq().value, std::memory_order_release);
    if (m_frames.capacity() > framesKept)
        m_frames = std::string();
}

std::vector<LateMark> HitStore::lateMarksFor(Day day, std::span<const Hit> run, std::vector<bool>::iterator stored)
{
    std::vector<LateMark> marks;
    m_reader.scan(day, run.front().seq.value - 1, run.back().seq.value, [&](const protocol::HitView& found) {
        const auto wanted = std::lower_bound(run.begin(), run.end(), found.seq,
                                             [](const Hit& hit, protocol::HitSeq seq) { return hit.seq < seq; });
        if (wanted != run.end() && wanted->seq == found.seq) {
            *(stored + (wanted - run.begin())) = true;
            if (!found.late)
                marks.push_back({found.seq.value, found.workspace.value});
        }
        return true;
    });
    return marks;
}

std::vector<bool> HitStore::markLateWhereStored(std::span<const Hit> hits)
{
    std::vector<bool> stored(hits.size(), false);
    try {
        for (std::size_t from = 0; from < hits.size();) {
            const std::size_t to = runEnd(hits, from);
            const Day day = dayOf(hits[from].time);
            const auto marks =
                lateMarksFor(day, hits.subspan(from, to - from), stored.begin() + static_cast<std::ptrdiff_t>(from));
            if (!marks.empty()) {
                std::string frame;
                appendLateMarks(frame, marks);
                write(day, m_lastSeq.load(std::memory_order_relaxed) + 1, frame);
            }
            from = to;
        }
    } catch (const std::system_error& error) {
        throw StoreError(error.what());
    }
    return stored;
}

void HitStore::sync()
{
    try {
        // Also what was finished since: whoever asks for this is about to forget where else the hits are.
        for (const Day day : daysIn(m_folder))
            for (const std::uint64_t piece : piecesIn(m_folder, day))
                if (const std::string path = piecePath(m_folder, day, piece); m_files.exists(path))
                    m_files.openRead(path)->sync();
        for (const auto& [day, log] : m_logs)
            m_files.syncFolder(dayFolder(m_folder, day));
    } catch (const std::system_error& error) {
        if (error.code() == std::errc::no_such_file_or_directory)
            return sync(); // sealed meanwhile, which syncs
        throw StoreError(error.what());
    }
}

void HitStore::finishBefore(Day day)
{
    while (!m_logs.empty() && m_logs.begin()->first < day)
        close(m_logs.begin()->first);
}

std::size_t HitStore::dropBefore(Day day)
{
    std::size_t dropped = 0;
    const std::vector<Day> days = daysIn(m_folder);
    for (const Day old : days) {
        if (old >= day || old == days.back())
            break;
        close(old);
        try {
            // Out of the sealer's way first, who may be about to make a file in it.
            const std::string gone = dayFolder(m_folder, old) + std::string(droppedEnding);
            m_files.removeFolder(gone);
            m_files.rename(dayFolder(m_folder, old), gone);
            ++dropped;
            m_files.removeFolder(gone);
        } catch (const std::system_error&) {
            // Tried again at the next sweep.
        }
    }
    return dropped;
}

} // namespace storage

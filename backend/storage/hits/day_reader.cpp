// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/hits/day_reader.h"

#include <algorithm>
#include <sys/stat.h>
#include <system_error>
#include <time.h>

namespace storage {

namespace {

constexpr std::size_t blocksKept = 2;
constexpr std::size_t infoBytes = 4096; // read at a time of what stands between two blocks
// How long a folder's time of change may stay the same although it changes: some file systems count it in ticks.
constexpr std::int64_t changeResolutionNs = 1'000'000'000;
constexpr int looksMax = 100;

bool isMissing(const std::system_error& error)
{
    return error.code() == std::errc::no_such_file_or_directory;
}

std::int64_t changedAtNs(const struct stat& info)
{
    return info.st_mtim.tv_sec * 1'000'000'000LL + info.st_mtim.tv_nsec;
}

std::int64_t nowNs()
{
    struct timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * 1'000'000'000LL + now.tv_nsec;
}

// What a piece's file throws while it is read.
template <class Read> auto asStoreError(Read read)
{
    try {
        return read();
    } catch (const std::system_error& error) {
        throw StoreError(error.what());
    }
}

} // namespace

DayReader::DayReader(std::string folder) : m_folder(std::move(folder)) {}

DayReader::~DayReader() = default;

std::uint64_t DayReader::KnownDay::sealedTo() const
{
    // The last block may be one of late marks alone.
    for (auto info = blocks.rbegin(); info != blocks.rend(); ++info)
        if (info->hits > 0)
            return info->lastSeq;
    return 0;
}

DayReader::KnownDay* DayReader::look(Day day)
{
    const std::string path = dayFolder(m_folder, day);
    for (int looks = 0; looks < looksMax; ++looks) {
        struct stat info{};
        if (::stat(path.c_str(), &info) != 0) {
            m_days.erase(day);
            return nullptr;
        }
        KnownDay& known = m_days[day];
        if (known.folderInode != info.st_ino)
            known = KnownDay();
        if (known.isStill && known.folderChangedAt == changedAtNs(info))
            return &known;
        known.folderInode = info.st_ino;
        known.folderChangedAt = changedAtNs(info);
        try {
            if (!openPieces(day, known))
                continue; // one was sealed meanwhile, and removed
            readSealed(day, known);
            for (const auto& piece : known.pieces)
                piece->refresh(known.sealedTo());
        } catch (const std::system_error& error) {
            m_days.erase(day);
            throw StoreError(error.what());
        }
        known.isStill = known.pieces.empty() && nowNs() - known.folderChangedAt > changeResolutionNs;
        sumUp(known);
        return &known;
    }
    throw StoreError(path + " changes faster than it can be read");
}

bool DayReader::openPieces(Day day, KnownDay& known)
{
    const std::vector<std::uint64_t> listed = piecesIn(m_folder, day);
    std::erase_if(known.pieces,
                  [&](const auto& piece) { return !std::binary_search(listed.begin(), listed.end(), piece->name()); });
    std::size_t at = 0;
    for (const std::uint64_t name : listed) {
        if (at == known.pieces.size() || known.pieces[at]->name() != name) {
            try {
                auto file = m_files.openRead(piecePath(m_folder, day, name));
                known.pieces.insert(known.pieces.begin() + static_cast<std::ptrdiff_t>(at),
                                    std::make_unique<PieceIndex>(std::move(file), name));
            } catch (const std::system_error& error) {
                if (isMissing(error))
                    return false;
                throw;
            }
        }
        ++at;
    }
    return true;
}

void DayReader::readSealed(Day day, KnownDay& known)
{
    const std::string path = sealedPath(m_folder, day);
    struct stat info{};
    const bool isThere = ::stat(path.c_str(), &info) == 0;
    if (!isThere || info.st_ino != known.sealedInode) {
        known.blocks.clear();
        known.sealedBytes = 0;
    }
    known.sealedInode = isThere ? info.st_ino : 0;
    if (!isThere || static_cast<std::uint64_t>(info.st_size) <= known.sealedBytes)
        return;
    try {
        const auto file = m_files.openRead(path);
        const std::uint64_t size = file->size();
        std::string_view payload;
        while (true) {
            FrameReader frames(*file, known.sealedBytes, infoBytes);
            if (!frames.next(payload))
                break;
            std::optional<BlockInfo> block = infoFrom(payload);
            if (!block || frames.at() > size || block->dataBytes > size - frames.at()) // a sum could overflow
                break;
            block->dataAt = frames.at();
            known.sealedBytes = frames.at() + block->dataBytes;
            known.blocks.push_back(std::move(*block));
        }
    } catch (const std::system_error& error) {
        if (!isMissing(error))
            throw; // else dropped meanwhile, with its day
    }
}

void DayReader::sumUp(KnownDay& known)
{
    DaySummary& sum = known.summary;
    sum = {};
    known.late.clear();
    const auto addRange = [&](std::uint64_t first, std::uint64_t last) {
        if (first != 0 && (sum.firstSeq == 0 || first < sum.firstSeq))
            sum.firstSeq = first;
        sum.lastSeq = std::max(sum.lastSeq, last);
    };
    const auto addTotals = [&](const TotalsByWorkspace& totals, const std::vector<LateMark>& marks) {
        for (const auto& [workspace, some] : totals)
            for (std::uint64_t HitTotals::* count :
                 {&HitTotals::hits, &HitTotals::click, &HitTotals::probe, &HitTotals::prefetch, &HitTotals::miss,
                  &HitTotals::blocked, &HitTotals::bots, &HitTotals::botClicks, &HitTotals::late})
                sum.totals[workspace].*count += some.*count;
        // A mark stands in a piece, and for a moment in a block too.
        for (const LateMark& mark : marks)
            if (known.late.insert(mark.seq).second)
                ++sum.totals[mark.workspace].late;
    };
    for (const BlockInfo& block : known.blocks) {
        addRange(block.firstSeq, block.lastSeq);
        addTotals(block.totals, block.lateMarks);
    }
    for (const auto& piece : known.pieces) {
        addRange(piece->firstSeq(), piece->lastSeq());
        addTotals(piece->totals(), piece->lateMarks());
    }
}

DaySummary DayReader::summary(Day day)
{
    const KnownDay* known = look(day);
    return known ? known->summary : DaySummary();
}

std::shared_ptr<const HitBlock> DayReader::block(Day day, const KnownDay& known, const BlockInfo& info,
                                                 std::unique_ptr<runtime::File>& file)
{
    const auto found = std::find_if(m_used.begin(), m_used.end(), [&](const UsedBlock& used) {
        return used.day == day && used.inode == known.sealedInode && used.at == info.dataAt;
    });
    if (found != m_used.end()) {
        std::rotate(m_used.begin(), found, found + 1);
        return m_used.front().block;
    }
    std::shared_ptr<const HitBlock> read;
    try {
        if (!file)
            file = m_files.openRead(sealedPath(m_folder, day));
        FrameReader frames(*file, info.dataAt, static_cast<std::size_t>(info.dataBytes));
        std::string_view payload;
        if (frames.next(payload))
            read = HitBlock::read(payload);
    } catch (const std::system_error& error) {
        if (isMissing(error))
            return nullptr; // dropped meanwhile
        throw StoreError(error.what());
    }
    if (!read || read->size() != info.hits) {
        if (m_damaged.insert({known.sealedInode, info.dataAt}).second)
            m_damagedHits += info.hits;
        return nullptr;
    }
    if (m_used.size() >= blocksKept)
        m_used.pop_back();
    m_used.insert(m_used.begin(), {day, known.sealedInode, info.dataAt, read});
    return read;
}

void DayReader::scan(Day day, std::uint64_t after, std::uint64_t to,
                     const std::function<bool(const protocol::HitView&)>& hit)
{
    const KnownDay* known = look(day);
    if (!known)
        return;
    std::unique_ptr<runtime::File> file;
    for (const BlockInfo& info : known->blocks) {
        if (info.hits == 0 || info.lastSeq <= after || info.firstSeq > to)
            continue;
        const auto read = block(day, *known, info, file);
        for (std::size_t at = 0; read && at < read->size(); ++at) {
            if (read->seq(at) <= after || read->seq(at) > to)
                continue;
            protocol::HitView view = read->at(at);
            view.late = view.late || (!known->late.empty() && known->late.contains(view.seq.value));
            if (!hit(view))
                return;
        }
    }
    for (const auto& piece : known->pieces) {
        const bool goesOn = asStoreError([&] {
            return piece->scan(after, to, [&](const protocol::HitView& found) {
                protocol::HitView view = found;
                view.late = view.late || (!known->late.empty() && known->late.contains(view.seq.value));
                return hit(view);
            });
        });
        if (!goesOn)
            return;
    }
}

void DayReader::scanFacts(Day day, std::uint64_t after, std::uint64_t to, rollups::Words& words,
                          const std::function<void(const rollups::HitFacts&)>& take)
{
    const KnownDay* known = look(day);
    if (!known)
        return;
    std::unique_ptr<runtime::File> file;
    std::vector<std::uint32_t> ids; // of the block's words, from 1; 0 = not asked for yet
    for (const BlockInfo& info : known->blocks) {
        if (info.hits == 0 || info.lastSeq <= after || info.firstSeq > to)
            continue;
        const auto read = block(day, *known, info, file);
        if (!read)
            continue;
        ids.assign(read->words().size(), 0);
        for (std::size_t at = 0; at < read->size(); ++at) {
            if (read->seq(at) <= after || read->seq(at) > to)
                continue;
            take(rollups::factsOf(read->numbersAt(at), [&](protocol::HitText which) {
                const std::uint32_t word = read->word(at, static_cast<std::size_t>(which));
                if (ids[word] == 0)
                    ids[word] = words.idOf(read->words()[word]) + 1;
                return ids[word] - 1;
            }));
        }
    }
    for (const auto& piece : known->pieces)
        asStoreError([&] {
            return piece->scan(after, to, [&](const protocol::HitView& hit) {
                take(rollups::factsOf(hit, words));
                return true;
            });
        });
}

std::uint64_t DayReader::firstSince(Day day, protocol::UtcMs from)
{
    const KnownDay* known = look(day);
    if (!known)
        return 0;
    std::unique_ptr<runtime::File> file;
    for (const BlockInfo& info : known->blocks) {
        if (info.hits == 0 || info.lastTime < from.value)
            continue;
        if (info.firstTime >= from.value)
            return info.firstSeq;
        const auto read = block(day, *known, info, file);
        for (std::size_t at = 0; read && at < read->size(); ++at)
            if (read->time(at) >= from.value)
                return read->seq(at);
    }
    for (const auto& piece : known->pieces)
        if (const std::uint64_t seq = asStoreError([&] { return piece->firstSince(from); }))
            return seq;
    return 0;
}

} // namespace storage

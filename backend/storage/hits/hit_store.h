// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "backend/protocol/packed_hits.h"
#include "backend/storage/framed_file.h"
#include "backend/storage/hits/day_folder.h"
#include "backend/storage/hits/day_reader.h"
#include "backend/storage/store.h"

namespace storage {

struct OpenPiece {
    Day day = 0;
    std::uint64_t name = 0;
    friend bool operator==(const OpenPiece&, const OpenPiece&) = default;
};

// The writer of the days' logs: a commit is one write() to the log of the hits' UTC day, which survives the process
// from then on (and power cuts once synced: here under durability `power`, else by the Sealer). One thread, but for
// what says so. A batch that spans days is committed run by run in the order of the sequences, so what is
// stored is always a prefix: every sequence up to lastSeq() is there, whenever the process dies. Disk full or broken:
// StoreError, and lastSeq() says how far it got.
class HitStore {
public:
    // Opens and mends what is there. What had to be set aside is told in `notices`. `files` outlives it.
    HitStore(const OpenOptions& options, runtime::Files& files, bool afterCrash, std::vector<std::string>& notices);
    ~HitStore();

    // The newest hit stored. Any thread.
    protocol::HitSeq lastSeq() const { return protocol::HitSeq(m_lastSeq.load(std::memory_order_acquire)); }
    // The pieces that are written now. Any thread. One of late marks alone, or that nothing came to be written to, may
    // be opened again later: its name is still that of the next hit.
    std::vector<OpenPiece> openPieces() const;
    // Removes a piece that is sealed. Any thread. False, and it stays, where it has been opened (again) meanwhile.
    bool removePiece(Day day, std::uint64_t name);
    // Sequences continue after `seq`: those up to it may have been seen outside although no file holds them any more.
    void continueAfter(protocol::HitSeq seq);
    bool newestWasDamaged() const { return m_newestWasDamaged; }

    // Makes a day's folder ahead of its first hit: that takes syncs, for which no redirect should wait.
    void prepare(Day day);
    // Sequences must grow, the first beyond lastSeq(). Commits hits of one day in one write; those of several, one
    // write per run of hits of one day.
    void append(Day day, const protocol::PackedHits& hits);
    void append(std::span<const protocol::Hit> hits);
    // What a piece of a log grows to, at least.
    std::uint64_t pieceBytes() const { return m_pieceBytes; }
    // For hits that may be stored already: marks those as late that are, and says which they were.
    std::vector<bool> markLateWhereStored(std::span<const protocol::Hit> hits);

    // Returns once everything committed is on the disk.
    void sync();
    // Days before this one are written no more, unless hits of theirs come late.
    void finishBefore(Day day);
    // Removes the days before `day`; the newest stays. Returns how many went.
    std::size_t dropBefore(Day day);

private:
    static constexpr std::size_t openLogsMax = 6; // around midnight two are written, more only by late hits
    struct Log {
        std::unique_ptr<FramedFile> file;
        std::uint64_t name = 0;
        std::size_t place = 0; // in m_openPieces
        std::uint64_t usedAt = 0;
        bool wasSpare = false; // zeros lie beyond its end
    };
    Log& open(Day day, std::uint64_t firstSeq);
    void close(Day day);
    void write(Day day, std::uint64_t firstSeq, const std::string& frames);
    bool isOutdone(const Log& log, std::uint64_t before) const;
    std::vector<LateMark> lateMarksFor(Day day, std::span<const protocol::Hit> run, std::vector<bool>::iterator stored);

    runtime::Files& m_files;
    const std::string m_folder;
    const bool m_powerDurable;
    const std::uint64_t m_pieceBytes;
    bool m_newestWasDamaged = false;
    std::atomic<std::uint64_t> m_lastSeq{0};
    std::map<Day, Log> m_logs;
    struct Place {
        std::atomic<Day> day{0};
        std::atomic<std::uint64_t> name{0}; // 0 = free
    };
    std::array<Place, openLogsMax> m_openPieces{};
    std::mutex m_piecesMutex; // held while a piece is opened or removed
    std::uint64_t m_uses = 0;
    std::string m_frames; // kept for its memory
    DayReader m_reader;
};

} // namespace storage

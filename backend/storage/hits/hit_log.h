// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "backend/protocol/packed_hits.h"
#include "backend/storage/framed_file.h"
#include "backend/storage/hits/hit_block.h"

namespace storage {

// What a frame of a day's log holds: hits in the order of their sequences, or the sequences of hits stored before that
// turned out to be late.
enum class LogFrame : char { Hits = 1, LateMarks = 2 };

// Appends the frames of a batch.
void appendHitFrames(std::string& out, const protocol::PackedHits& hits);
void appendLateMarks(std::string& out, std::span<const LateMark> marks);
// What a frame holds. False where it is not what a frame may be, behind what could be read of it.
bool readLogFrame(std::string_view payload, const std::function<void(const protocol::HitView&)>& hit,
                  std::vector<LateMark>& lateMarks);

// Reads a piece of a log, frame by frame. One thread; the file outlives it. What a checksum lets through is still held
// to the format: a frame that is none ends it.
class LogReader {
public:
    LogReader(runtime::File& file, std::uint64_t from) : m_frames(file, from) {}

    // The next frame: its hits, one by one, and its late marks. False at the end of what is whole.
    bool next(const std::function<void(const protocol::HitView&)>& hit, std::vector<LateMark>& lateMarks);
    std::uint64_t at() const { return m_frames.at(); }
    bool skipDamage() { return m_frames.skipDamage(); }

private:
    FrameReader m_frames;
};

// What is known of a piece of a log up to where it was read. Grows with the piece: reads only what is new.
class PieceIndex {
public:
    PieceIndex(std::unique_ptr<runtime::File> file, std::uint64_t firstSeq) : m_file(std::move(file)), m_name(firstSeq)
    {
    }

    std::uint64_t name() const { return m_name; }
    runtime::File& file() const { return *m_file; }
    // Reads on. Hits up to `sealedTo` stand in a block already and do not count here.
    void refresh(std::uint64_t sealedTo);

    std::uint64_t firstSeq() const { return m_firstSeq; } // 0 = no hits
    std::uint64_t lastSeq() const { return m_lastSeq; }
    const TotalsByWorkspace& totals() const { return m_totals; }
    const std::vector<LateMark>& lateMarks() const { return m_lateMarks; }
    // The first hit whose time is not before `from`, in hits that lie in the order of their time; 0 = none.
    std::uint64_t firstSince(protocol::UtcMs from) const;
    // Calls `hit` for those in (after, to]; false ends it. Returns whether none did.
    bool scan(std::uint64_t after, std::uint64_t to, const std::function<bool(const protocol::HitView&)>& hit) const;

private:
    // A frame that reading may begin with: about one for every so many bytes.
    struct Mark {
        std::uint64_t firstSeq, at;
        std::int64_t lastTimeBefore; // the highest of all hits before it
    };
    void forget();
    static constexpr std::int64_t noTime = std::numeric_limits<std::int64_t>::min();

    std::unique_ptr<runtime::File> m_file;
    std::uint64_t m_name;
    std::uint64_t m_readTo = 0; // in bytes
    std::uint64_t m_sealedTo = 0;
    std::uint64_t m_firstSeq = 0, m_lastSeq = 0;
    std::int64_t m_lastTime = noTime;
    TotalsByWorkspace m_totals;
    std::vector<LateMark> m_lateMarks;
    std::vector<Mark> m_marks;
};

} // namespace storage

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/state/columns.h"
#include "app/state/dictionary.h"
#include "app/state/repeat_marks.h"
#include "backend/protocol/hit.h"

namespace state {

// Hits of the same group of columns share one dictionary entry: a row holds its number, never the text.
enum class Group : std::uint8_t { Link, Place, Referrer, Campaign, Outcome, Agent, Placement, BotReason, Shape };
inline constexpr std::size_t groupCount = static_cast<std::size_t>(Group::Shape) + 1;

// The place of a hit in the ring: counts every row ever appended, so it stays valid until that row is evicted (or until
// an older hit is put in before it, see insertOlder).
using RowNumber = std::uint64_t;

struct HitColumns;

// The newest hits in the order of their sequence: columns in parallel arrays, text in bounded dictionaries. One owner,
// one thread. Full: the oldest row leaves for each new one. A dictionary full: new values read "…overflow" and are
// counted.
class HitRing {
public:
    static constexpr std::size_t defaultCapacity = 1'000'000;

    explicit HitRing(std::size_t capacity = defaultCapacity);
    ~HitRing();

    // Appends hits that are in order and newer than the newest; those that are not are skipped. Returns how many were
    // skipped.
    std::size_t append(std::span<const protocol::Hit> hits);
    // The same for a whole chunk that is newer than the newest; the caller sees to that. Its repeat marks are made by
    // markMoreRepeats().
    void append(const HitColumns& chunk);
    // Puts hits into their places before newer ones. Hits already here, or older than what has left, are skipped.
    // `rows`: where the new ones stand, ascending; every row after the first of them has moved up. Costs as much as
    // there are newer rows.
    struct Inserted {
        std::size_t known = 0, tooOld = 0;
        std::vector<RowNumber> rows;
    };
    Inserted insertOlder(std::span<const protocol::Hit> hits);
    void clear();

    std::size_t capacity() const { return m_capacity; }
    std::size_t size() const { return static_cast<std::size_t>(m_end - m_first); }
    RowNumber firstRow() const { return m_first; }
    RowNumber endRow() const { return m_end; }
    bool holds(RowNumber row) const { return row >= m_first && row < m_end; }

    // Only for rows that the ring holds.
    protocol::HitSeq seqAt(RowNumber row) const { return protocol::HitSeq(m_seq.at(slot(row))); }
    protocol::UtcMs timeAt(RowNumber row) const { return protocol::UtcMs(m_time.at(slot(row))); }
    protocol::VisitorKey visitorAt(RowNumber row) const { return protocol::VisitorKey(m_visitor[slot(row)]); }
    bool isRepeat(RowNumber row) const { return m_repeat[slot(row)]; }
    std::uint32_t entryAt(Group group, RowNumber row) const;
    protocol::Hit hitAt(RowNumber row) const; // whole, without its workspace (a console sees one)
    std::optional<RowNumber> rowOf(protocol::HitSeq seq) const;
    RowNumber firstRowAfter(protocol::HitSeq seq) const;

    const Dictionary& dictionary(Group group) const { return *m_dictionaries[static_cast<std::size_t>(group)]; }
    // Writes the columns of one group's entry into a hit.
    void readEntry(Group group, std::uint32_t entry, protocol::Hit& hit) const;

    // The columns as arrays, for filters: row r stands at slot(r).
    std::size_t slot(RowNumber row) const { return static_cast<std::size_t>(row % m_capacity); }
    const OffsetColumn<std::uint64_t>& seqs() const { return m_seq; }
    const OffsetColumn<std::int64_t>& times() const { return m_time; }
    const std::uint64_t* visitors() const { return m_visitor.data(); }
    const EntryColumn& entries(Group group) const { return m_entries[static_cast<std::size_t>(group)]; }

    // How long before a hit the same visitor counts as a repeat.
    void setRepeatWindow(std::int64_t windowMs);
    // After a new window, and after hits were put in before others, all rows are to be marked anew, which takes too
    // long for one go: marks at most `rowsMax` of them. True: there are more.
    bool markMoreRepeats(std::size_t rowsMax);

    std::uint64_t overflowed() const; // values that became "…overflow"
    std::uint64_t evicted() const { return m_evicted; }
    double columnBytesPerRow() const; // at the columns' present widths
    std::size_t bytes() const;        // columns and dictionaries, as allocated

private:
    void write(RowNumber row, const protocol::Hit& hit);
    void writeGroup(std::size_t group, const HitColumns& chunk);
    void copyRow(RowNumber from, RowNumber to);
    void evictOldest();
    void noteRepeat(RowNumber row);
    void beginMarking();
    RepeatMarks::Rows repeatRows() const;

    std::size_t m_capacity;
    std::int64_t m_repeatWindowMs = 30 * protocol::msPerMinute;
    RowNumber m_first = 0;
    RowNumber m_end = 0;
    RowNumber m_marked = 0; // rows before this one have their repeat mark
    std::uint64_t m_evicted = 0;
    protocol::HitSeq m_lostUpTo; // the newest that had to leave
    OffsetColumn<std::uint64_t> m_seq;
    OffsetColumn<std::int64_t> m_time;
    LargeVector<std::uint64_t> m_visitor;
    std::vector<bool> m_repeat;
    std::vector<EntryColumn> m_entries;           // by group
    std::uint32_t m_lastEntries[groupCount] = {}; // of the row written last: the next has often the same
    std::unique_ptr<Dictionary> m_dictionaries[groupCount];
    RepeatMarks m_repeats;
    std::string m_keys[groupCount]; // reused, so that appending does not allocate
};

} // namespace state

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "app/state/columns.h"

namespace state {

// Finds the newest earlier row of the same visitor: an open hash table of row numbers only (4 bytes an entry), the
// visitors themselves stand in the ring. Full: further visitors are not remembered and isComplete() says so.
class RepeatMarks {
public:
    explicit RepeatMarks(std::size_t capacity);

    // The ring's columns as the table sees them; rows from `first` to before `end` are held, row r at r % capacity.
    struct Rows {
        const std::uint64_t* visitors;
        const OffsetColumn<std::int64_t>& times;
        std::size_t capacity;
        std::uint64_t first;
        std::uint64_t end;
    };
    // Remembers `row` (the newest) and says whether its visitor was there within `windowMs` before.
    bool note(const Rows& rows, std::uint64_t row, std::int64_t windowMs);
    // A row of this visitor comes soon: first its place in the table is fetched, later what stands there. Table and
    // rows are larger than the processor's caches, and each look-up would wait for both.
    void seek(std::uint64_t visitor) const;
    void fetch(const Rows& rows, std::uint64_t visitor) const;
    void clear();

    bool isComplete() const { return m_complete; }
    std::size_t bytes() const { return m_table.capacity() * sizeof(std::uint32_t); }

private:
    void rebuild(const Rows& rows, std::uint64_t row, std::int64_t windowMs);
    std::size_t find(const Rows& rows, std::uint64_t visitor) const;

    std::vector<std::uint32_t> m_table; // low half of row number + 1; 0 = free
    std::size_t m_mask;
    std::size_t m_used = 0;
    std::uint64_t m_retryAt = 0; // no rebuild before this row when the last one found the table full
    bool m_complete = true;
};

} // namespace state

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/state/hit_groups.h"

namespace state {

// Some hits in the shape in which the ring holds them: columns, and each group's texts once. Taking such into the ring
// costs about a quarter of what the hits one by one do (tests/bench/table, start gui us per row). Plain values; may be
// made on one thread and read on another.
struct HitColumns {
    struct Texts {
        std::vector<std::string> values;  // joined, see joinGroup(); each once
        std::vector<std::uint32_t> which; // of each row, below values.size()
    };

    std::vector<std::uint64_t> seqs; // ascending, from 1
    std::vector<std::int64_t> times;
    std::vector<std::uint64_t> visitors;
    std::array<Texts, groupCount> groups;

    std::size_t size() const { return seqs.size(); }
    protocol::Hit hitAt(std::size_t row) const; // without its workspace, as from the ring
};

using ColumnsPtr = std::shared_ptr<const HitColumns>;

// The hits must be in the order of their sequences.
HitColumns columnsOf(std::span<const protocol::Hit> hits);

// For the archive's disk. Read: nothing where the bytes are not of this shape, or of more hits than `hitsMax`.
std::string encodeColumns(const HitColumns& columns);
ColumnsPtr decodeColumns(std::string_view bytes, std::size_t hitsMax);

} // namespace state

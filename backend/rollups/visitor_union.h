// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "backend/rollups/visitor_set.h"

namespace rollups {

// A set of visitors as it lies in the bytes of a pack, which it looks into: nothing is taken out of them until it is
// asked for, and the number of an exact one without.
struct PackedSet {
    std::string_view contents; // hashes of visitorBits each, high byte first; or registers
    int precision = VisitorSet::linkPrecision;
    bool isEstimated = false;

    std::uint64_t count() const;
};

// How many visitors several sets of one precision hold together: what their VisitorSet would count, of the same bytes,
// without building one for each. Used again and again; one thread. As large as one set's registers.
class VisitorUnion {
public:
    // Empty again, and of this precision.
    void begin(int precision);
    void add(const PackedSet& set);

    std::uint64_t count() const;
    bool isEstimated() const { return m_isEstimated; }

private:
    void addHash(std::uint64_t hash);
    void rank(std::uint64_t hash);
    void estimate();

    int m_precision = VisitorSet::linkPrecision;
    bool m_isEstimated = false;
    std::size_t m_count = 0;            // in the table
    std::vector<std::uint64_t> m_table; // hashes + 1; 0 = free
    std::vector<std::uint8_t> m_registers;
};

} // namespace rollups

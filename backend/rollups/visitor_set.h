// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "backend/rollups/words.h"

namespace rollups {

// What sets hold of a visitor: 48 bits of a hash of the key, at which two of the few thousand of an exact set meet less
// than once in ten million sets.
inline constexpr int visitorBits = 48;
constexpr std::uint64_t visitorHash(std::uint64_t key)
{
    return mixed(key) >> (64 - visitorBits);
}

// Distinct visitors: the hashes themselves while they are few, a HyperLogLog once they are not. Which of the two, and
// every register, depends on the visitors alone and not on the order or the grouping in which they came, so sets made
// in different ways are equal byte for byte.
class VisitorSet {
public:
    // By standard error: links 1.6 % (p = 12), a whole workspace 0.8 % (p = 14).
    static constexpr int linkPrecision = 12, totalPrecision = 14;

    explicit VisitorSet(int precision = linkPrecision) : m_precision(precision) {}
    // `hashes` sorted, each once.
    VisitorSet(int precision, std::vector<std::uint64_t> hashes);
    static VisitorSet ofRegisters(int precision, std::vector<std::uint8_t> registers);

    // Of the same precision.
    VisitorSet& operator+=(const VisitorSet& other);

    std::uint64_t count() const;
    bool isEstimated() const { return !m_registers.empty(); }
    int precision() const { return m_precision; }
    const std::vector<std::uint64_t>& hashes() const { return m_hashes; }
    const std::vector<std::uint8_t>& registers() const { return m_registers; }
    // More of them than this are estimated: as many as take no less room than the registers.
    static constexpr std::size_t exactMax(int precision) { return (std::size_t{1} << precision) / 8; }
    static constexpr int rankMax(int precision) { return visitorBits - precision + 1; }
    // The register a hash belongs to, and its rank there.
    static std::pair<std::size_t, std::uint8_t> rankOf(int precision, std::uint64_t hash);
    static std::uint64_t estimate(int precision, std::span<const std::uint8_t> registers);

    friend bool operator==(const VisitorSet&, const VisitorSet&) = default;

private:
    void add(std::uint64_t hash);
    void promote();

    int m_precision;
    std::vector<std::uint64_t> m_hashes;
    std::vector<std::uint8_t> m_registers; // empty while exact
};

} // namespace rollups

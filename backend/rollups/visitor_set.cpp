// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/rollups/visitor_set.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <iterator>
#include <numbers>

namespace rollups {

namespace {

// The two series of Ertl's estimator ("New cardinality estimation algorithms for HyperLogLog sketches", 2017), which
// needs no tables of corrections for small and large counts.
double sigma(double x)
{
    double y = 1, z = x;
    for (double before = -1; z != before;) {
        x *= x;
        before = z;
        z += x * y;
        y += y;
    }
    return z;
}

double tau(double x)
{
    if (x <= 0 || x >= 1)
        return 0;
    double y = 1, z = 1 - x;
    for (double before = -1; z != before;) {
        x = std::sqrt(x);
        before = z;
        y *= 0.5;
        z -= (1 - x) * (1 - x) * y;
    }
    return z / 3;
}

} // namespace

VisitorSet::VisitorSet(int precision, std::vector<std::uint64_t> hashes)
    : m_precision(precision), m_hashes(std::move(hashes))
{
    if (m_hashes.size() > exactMax(m_precision))
        promote();
}

VisitorSet VisitorSet::ofRegisters(int precision, std::vector<std::uint8_t> registers)
{
    VisitorSet set(precision);
    set.m_registers = std::move(registers);
    return set;
}

std::pair<std::size_t, std::uint8_t> VisitorSet::rankOf(int precision, std::uint64_t hash)
{
    const int rest = visitorBits - precision;
    const std::uint64_t low = hash & ((std::uint64_t{1} << rest) - 1);
    const int rank = low == 0 ? rest + 1 : std::countl_zero(low) - (64 - rest) + 1;
    return {hash >> rest, static_cast<std::uint8_t>(rank)};
}

void VisitorSet::add(std::uint64_t hash)
{
    const auto [place, rank] = rankOf(m_precision, hash);
    m_registers[place] = std::max(m_registers[place], rank);
}

void VisitorSet::promote()
{
    m_registers.assign(std::size_t{1} << m_precision, 0);
    for (const std::uint64_t hash : m_hashes)
        add(hash);
    m_hashes = {};
}

VisitorSet& VisitorSet::operator+=(const VisitorSet& other)
{
    if (isEstimated() || other.isEstimated()) {
        if (!isEstimated())
            promote();
        for (const std::uint64_t hash : other.m_hashes)
            add(hash);
        for (std::size_t at = 0; at < other.m_registers.size(); ++at)
            m_registers[at] = std::max(m_registers[at], other.m_registers[at]);
        return *this;
    }
    std::vector<std::uint64_t> both;
    both.reserve(m_hashes.size() + other.m_hashes.size());
    std::set_union(m_hashes.begin(), m_hashes.end(), other.m_hashes.begin(), other.m_hashes.end(),
                   std::back_inserter(both));
    m_hashes = std::move(both);
    if (m_hashes.size() > exactMax(m_precision))
        promote();
    return *this;
}

std::uint64_t VisitorSet::count() const
{
    return isEstimated() ? estimate(m_precision, m_registers) : m_hashes.size();
}

std::uint64_t VisitorSet::estimate(int precision, std::span<const std::uint8_t> registers)
{
    const auto rankTop = static_cast<std::size_t>(rankMax(precision));
    // Counted in four lanes: neighbours often have the same rank, and would wait for each other.
    std::array<std::array<std::uint32_t, 64>, 4> lanes{};
    for (std::size_t at = 0; at < registers.size(); ++at)
        ++lanes[at % 4][std::min<std::size_t>(registers[at], rankTop)];
    const auto withRank = [&lanes](std::size_t rank) {
        return static_cast<double>(lanes[0][rank] + lanes[1][rank] + lanes[2][rank] + lanes[3][rank]);
    };
    const auto m = static_cast<double>(registers.size());
    double z = m * tau(1 - withRank(rankTop) / m);
    for (std::size_t rank = rankTop - 1; rank >= 1; --rank)
        z = 0.5 * (z + withRank(rank));
    z += m * sigma(withRank(0) / m);
    return static_cast<std::uint64_t>(std::llround(m * m / (2 * std::numbers::ln2 * z)));
}

} // namespace rollups

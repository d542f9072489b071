// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/rollups/visitor_union.h"

#include <algorithm>
#include <span>

namespace rollups {

namespace {

constexpr std::size_t hashBytes = visitorBits / 8;

std::uint64_t hashAt(std::string_view contents, std::size_t at)
{
    std::uint64_t hash = 0;
    for (std::size_t byte = 0; byte < hashBytes; ++byte)
        hash = hash << 8 | static_cast<std::uint8_t>(contents[at + byte]);
    return hash;
}

std::span<const std::uint8_t> bytesOf(std::string_view text)
{
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

} // namespace

std::uint64_t PackedSet::count() const
{
    return isEstimated ? VisitorSet::estimate(precision, bytesOf(contents)) : contents.size() / hashBytes;
}

void VisitorUnion::begin(int precision)
{
    m_precision = precision;
    m_isEstimated = false;
    m_count = 0;
    m_table.assign(4 * VisitorSet::exactMax(precision), 0); // a power of two, at most a quarter full
}

void VisitorUnion::add(const PackedSet& set)
{
    if (!set.isEstimated) {
        for (std::size_t at = 0; at < set.contents.size(); at += hashBytes)
            addHash(hashAt(set.contents, at));
        return;
    }
    estimate();
    const auto ranks = bytesOf(set.contents);
    for (std::size_t at = 0; at < std::min(ranks.size(), m_registers.size()); ++at)
        m_registers[at] = std::max(m_registers[at], ranks[at]);
}

void VisitorUnion::addHash(std::uint64_t hash)
{
    if (m_isEstimated)
        return rank(hash);
    std::size_t at = hash & (m_table.size() - 1);
    while (m_table[at] != 0) {
        if (m_table[at] == hash + 1)
            return;
        at = (at + 1) & (m_table.size() - 1);
    }
    m_table[at] = hash + 1;
    if (++m_count > VisitorSet::exactMax(m_precision))
        estimate();
}

void VisitorUnion::rank(std::uint64_t hash)
{
    const auto [place, value] = VisitorSet::rankOf(m_precision, hash);
    m_registers[place] = std::max(m_registers[place], value);
}

void VisitorUnion::estimate()
{
    if (m_isEstimated)
        return;
    m_isEstimated = true;
    m_registers.assign(std::size_t{1} << m_precision, 0);
    for (const std::uint64_t entry : m_table)
        if (entry != 0)
            rank(entry - 1);
}

std::uint64_t VisitorUnion::count() const
{
    return m_isEstimated ? VisitorSet::estimate(m_precision, m_registers) : m_count;
}

} // namespace rollups

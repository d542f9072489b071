// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/protocol/packed_hits.h"

#include <algorithm>
#include <limits>
#include <ranges>
#include <stdexcept>

namespace protocol {

namespace {

constexpr std::size_t headBytesExpected = 8;

} // namespace

PackedHits::PackedHits(std::span<const Hit> hits)
{
    for (const Hit& hit : hits)
        add(hit);
}

void PackedHits::reserve(std::size_t hits, std::size_t bodyBytes)
{
    m_ends.reserve(hits);
    m_bytes.reserve(bodyBytes + hits * headBytesExpected);
}

void PackedHits::note(HitSeq seq)
{
    if (m_bytes.size() > std::numeric_limits<std::uint32_t>::max())
        throw std::length_error("more than 4 GiB of hits in one piece");
    if (!m_ends.empty() && seq <= m_last)
        throw std::invalid_argument("sequence " + std::to_string(seq.value) + " is not beyond the one before");
    if (m_ends.empty())
        m_first = seq;
    m_last = seq;
    m_ends.push_back(static_cast<std::uint32_t>(m_bytes.size()));
}

void PackedHits::add(HitSeq seq, std::string_view body)
{
    appendHitHead(m_bytes, seq);
    m_bytes += body;
    note(seq);
}

void PackedHits::add(const Hit& hit)
{
    appendHitBytes(m_bytes, hit);
    note(hit.seq);
}

HitSeq PackedHits::seq(std::size_t at) const
{
    VarintReader reader(std::string_view(m_bytes).substr(start(at)));
    reader.number(); // the version
    return HitSeq(reader.number());
}

std::size_t PackedHits::placeAfter(HitSeq after) const
{
    if (empty() || after < m_first)
        return 0;
    if (after >= m_last)
        return size();
    const auto places = std::views::iota(std::size_t{0}, size());
    return static_cast<std::size_t>(
        std::ranges::partition_point(places, [&](std::size_t place) { return seq(place) <= after; }) - places.begin());
}

HitView PackedHits::at(std::size_t place) const
{
    VarintReader reader(bytes(place, place + 1));
    HitView view;
    takeHit(reader, view);
    return view;
}

std::string_view PackedHits::bytes(std::size_t from, std::size_t to) const
{
    return std::string_view(m_bytes).substr(start(from), start(to) - start(from));
}

PackedHits PackedHits::part(std::size_t from, std::size_t to) const
{
    PackedHits out;
    if (from >= to)
        return out;
    out.m_bytes = bytes(from, to);
    out.m_ends.reserve(to - from);
    for (std::size_t place = from; place < to; ++place)
        out.m_ends.push_back(m_ends[place] - static_cast<std::uint32_t>(start(from)));
    out.m_first = seq(from);
    out.m_last = seq(to - 1);
    return out;
}

std::vector<Hit> PackedHits::hits() const
{
    std::vector<Hit> out;
    out.reserve(size());
    for (std::size_t place = 0; place < size(); ++place)
        out.push_back(at(place).hit());
    return out;
}

} // namespace protocol

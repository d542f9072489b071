// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps what strangers may write into a hit from growing the rollups without bound.
#include <algorithm>
#include <limits>

#include "backend/rollups/pack.h"

namespace rollups {

using protocol::Dimension;
using protocol::otherValues;

namespace {

constexpr std::size_t minuteValues = 100, hourValues = 1'000, dayValues = 5'000;

// Places of the entries of [begin, end), which are of one link, that are too many in their buckets.
template <class Payload>
void findBeyond(const Pack<Payload>& pack, std::size_t begin, std::size_t end, std::size_t valuesMax,
                std::vector<std::size_t>& beyond)
{
    if (end - begin <= valuesMax)
        return;
    std::vector<std::vector<std::size_t>> inBucket(pack.buckets.size());
    for (std::size_t at = begin; at < end; ++at)
        if (pack.words[pack.entries[at].word] != otherValues)
            inBucket[pack.entries[at].bucket].push_back(at);
    for (auto& places : inBucket) {
        if (places.size() <= valuesMax)
            continue;
        const auto firstBeyond = places.begin() + static_cast<std::ptrdiff_t>(valuesMax);
        std::nth_element(places.begin(), firstBeyond, places.end(), [&](std::size_t a, std::size_t b) {
            const std::uint32_t x = pack.entries[a].word, y = pack.entries[b].word;
            const std::size_t xLength = pack.words[x].size(), yLength = pack.words[y].size();
            return xLength != yLength ? xLength < yLength : x < y; // words are sorted
        });
        beyond.insert(beyond.end(), firstBeyond, places.end());
    }
}

} // namespace

std::size_t valuesMax(PackKind kind, Dimension dimension)
{
    switch (dimension) {
    case Dimension::Referrer:
    case Dimension::Placement:
    case Dimension::Language:
    case Dimension::Channel:
    case Dimension::UtmSource:
    case Dimension::UtmMedium:
    case Dimension::UtmTerm:
    case Dimension::UtmContent:
        return kind == PackKind::Minutes ? minuteValues : kind == PackKind::Hours ? hourValues : dayValues;
    default:
        return std::numeric_limits<std::size_t>::max();
    }
}

template <class Payload> void cap(Pack<Payload>& pack, std::size_t valuesMax)
{
    std::vector<std::size_t> beyond;
    for (std::size_t begin = 0, end = 0; begin < pack.entries.size(); begin = end) {
        while (end < pack.entries.size() && pack.entries[end].link == pack.entries[begin].link)
            ++end;
        findBeyond(pack, begin, end, valuesMax, beyond);
    }
    if (beyond.empty())
        return;
    pack.words.emplace_back(otherValues); // twice, it may be: becomes one
    const auto others = static_cast<std::uint32_t>(pack.words.size() - 1);
    for (const std::size_t at : beyond)
        pack.entries[at].word = others;
    makeCanonical(pack);
}

template <class Payload> bool hasOthers(const Pack<Payload>& pack)
{
    return std::binary_search(pack.words.begin(), pack.words.end(), otherValues);
}

template void cap(CellPack&, std::size_t);
template void cap(VisitorPack&, std::size_t);
template bool hasOthers(const CellPack&);
template bool hasOthers(const VisitorPack&);

} // namespace rollups

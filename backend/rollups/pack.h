// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "backend/protocol/rollup.h"
#include "backend/rollups/visitor_union.h"

namespace rollups {

struct Counts {
    std::uint64_t hits = 0, clicks = 0, humanClicks = 0, scans = 0;

    Counts& operator+=(const Counts& other);
    friend bool operator==(const Counts&, const Counts&) = default;
};

// What a pack holds: cells of one granularity, or the day's sets of visitors. Numbers are stored.
enum class PackKind : std::uint8_t { Minutes = 1, Hours = 2, Days = 3, Visitors = 4, Scanners = 5 };

PackKind kindOf(protocol::Granularity granularity);
// Packs hold the buckets whose start lies in one period: a day of minutes, 16 days of hours, 64 days of days and sets.
std::int64_t periodMs(PackKind kind);
std::int64_t periodOf(PackKind kind, std::int64_t bucket);

struct PackKey {
    std::uint32_t workspace = 0;
    PackKind kind = PackKind::Minutes;
    protocol::Dimension dimension = protocol::Dimension::None;
    std::int64_t period = 0;

    friend auto operator<=>(const PackKey&, const PackKey&) = default;
};

template <class Payload> struct PackEntry {
    std::uint64_t link = 0;
    std::uint32_t word = 0;   // place in Pack::words
    std::uint32_t bucket = 0; // place in Pack::buckets
    Payload payload;

    bool sameCell(const PackEntry& other) const
    {
        return link == other.link && word == other.word && bucket == other.bucket;
    }
    bool isBefore(const PackEntry& other) const
    {
        if (link != other.link)
            return link < other.link;
        return word != other.word ? word < other.word : bucket < other.bucket;
    }
};

// Cells of several links, whole in itself: its words and its buckets travel with it. Words, buckets and entries are
// sorted, each once and each in use, so that equal contents are equal bytes.
template <class Payload> struct Pack {
    std::vector<std::string> words;
    std::vector<std::int64_t> buckets; // their starts
    std::vector<PackEntry<Payload>> entries;

    bool isEmpty() const { return entries.empty(); }
    std::uint64_t firstLink() const { return entries.empty() ? 0 : entries.front().link; }
    std::uint64_t lastLink() const { return entries.empty() ? 0 : entries.back().link; }
};
using CellPack = Pack<Counts>;
using VisitorPack = Pack<VisitorSet>;
// Looks into the bytes it was decoded from, which must outlive it.
using VisitorViews = Pack<PackedSet>;

// How many values of one link in one bucket are kept: of dimensions whose texts anybody may make up (referrers, UTM
// values, placements, languages and what is made of them). All of them where the texts are ours, the links' or a
// database's.
std::size_t valuesMax(PackKind kind, protocol::Dimension dimension);
// Beyond `valuesMax` of a link and bucket, values are summed as protocol::otherValues: those that come first by length
// and then by text stay. What stays of everything stays of every part of it, whole, and what is summed of a part is
// summed of everything: so parts that were capped, merged and capped again are the whole capped, in whatever way it was
// cut.
template <class Payload> void cap(Pack<Payload>& pack, std::size_t valuesMax);
template <class Payload> bool hasOthers(const Pack<Payload>& pack);

// Sorts what a pack holds and drops what no entry uses; cells that stand twice become one.
template <class Payload> void makeCanonical(Pack<Payload>& pack);
// Everything of all of them.
template <class Payload> Pack<Payload> merged(std::vector<Pack<Payload>>&& packs);
// The entries in [begin, end) as a pack of their own.
template <class Payload> Pack<Payload> part(const Pack<Payload>& pack, std::size_t begin, std::size_t end);

// FORMAT.md describes the bytes. decode() gives false where they are not those of a pack.
template <class Payload> std::string encode(const Pack<Payload>& pack);
template <class Payload> bool decode(std::string_view bytes, Pack<Payload>& pack);

extern template void makeCanonical(CellPack&);
extern template void makeCanonical(VisitorPack&);
extern template void cap(CellPack&, std::size_t);
extern template void cap(VisitorPack&, std::size_t);
extern template bool hasOthers(const CellPack&);
extern template bool hasOthers(const VisitorPack&);
extern template CellPack merged(std::vector<CellPack>&&);
extern template VisitorPack merged(std::vector<VisitorPack>&&);
extern template CellPack part(const CellPack&, std::size_t, std::size_t);
extern template VisitorPack part(const VisitorPack&, std::size_t, std::size_t);
extern template std::string encode(const CellPack&);
extern template std::string encode(const VisitorPack&);
extern template bool decode(std::string_view, CellPack&);
extern template bool decode(std::string_view, VisitorPack&);
extern template bool decode(std::string_view, VisitorViews&);

} // namespace rollups

// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/rollups/pack.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace rollups {

namespace {

// For each place in `values` its place once they are sorted and each stands once; `values` becomes that.
template <class T> std::vector<std::uint32_t> sortOut(std::vector<T>& values)
{
    std::vector<std::uint32_t> order(values.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return values[a] < values[b]; });
    std::vector<std::uint32_t> places(values.size());
    std::vector<T> sorted;
    for (const std::uint32_t at : order) {
        if (sorted.empty() || sorted.back() != values[at])
            sorted.push_back(values[at]);
        places[at] = static_cast<std::uint32_t>(sorted.size() - 1);
    }
    values = std::move(sorted);
    return places;
}

template <class T> void keepUsed(std::vector<T>& values, const std::vector<bool>& used)
{
    std::size_t at = 0;
    std::erase_if(values, [&](const T&) { return !used[at++]; });
}

template <class Payload> void dropUnused(Pack<Payload>& pack)
{
    std::vector<bool> words(pack.words.size(), false), buckets(pack.buckets.size(), false);
    for (const auto& entry : pack.entries) {
        words[entry.word] = true;
        buckets[entry.bucket] = true;
    }
    keepUsed(pack.words, words);
    keepUsed(pack.buckets, buckets);
    const auto placesOf = [](const std::vector<bool>& used) {
        std::vector<std::uint32_t> places(used.size());
        std::uint32_t next = 0;
        for (std::size_t at = 0; at < used.size(); ++at)
            places[at] = used[at] ? next++ : 0;
        return places;
    };
    const auto wordPlaces = placesOf(words), bucketPlaces = placesOf(buckets);
    for (auto& entry : pack.entries) {
        entry.word = wordPlaces[entry.word];
        entry.bucket = bucketPlaces[entry.bucket];
    }
}

// What is folded comes link by link: then each link's few entries are sorted among themselves.
template <class Payload> void sortEntries(std::vector<PackEntry<Payload>>& entries)
{
    const auto before = [](const auto& a, const auto& b) { return a.isBefore(b); };
    if (!std::is_sorted(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.link < b.link; }))
        return std::sort(entries.begin(), entries.end(), before);
    for (auto begin = entries.begin(); begin != entries.end();) {
        const auto end =
            std::find_if(begin, entries.end(), [link = begin->link](const auto& one) { return one.link != link; });
        std::sort(begin, end, before);
        begin = end;
    }
}

template <class Payload> void addUpTwins(std::vector<PackEntry<Payload>>& entries)
{
    std::size_t kept = 0;
    for (std::size_t at = 0; at < entries.size(); ++at) {
        if (kept > 0 && entries[kept - 1].sameCell(entries[at]))
            entries[kept - 1].payload += entries[at].payload;
        else if (kept != at)
            entries[kept++] = std::move(entries[at]);
        else
            ++kept;
    }
    entries.resize(kept);
}

template <class Payload>
void mergeInto(std::vector<PackEntry<Payload>>& entries, std::vector<PackEntry<Payload>>&& others)
{
    std::vector<PackEntry<Payload>> both;
    both.reserve(entries.size() + others.size());
    std::merge(std::make_move_iterator(entries.begin()), std::make_move_iterator(entries.end()),
               std::make_move_iterator(others.begin()), std::make_move_iterator(others.end()), std::back_inserter(both),
               [](const auto& a, const auto& b) { return a.isBefore(b); });
    addUpTwins(both);
    entries = std::move(both);
    others.clear();
}

} // namespace

Counts& Counts::operator+=(const Counts& other)
{
    hits += other.hits;
    clicks += other.clicks;
    humanClicks += other.humanClicks;
    scans += other.scans;
    return *this;
}

PackKind kindOf(protocol::Granularity granularity)
{
    return static_cast<PackKind>(granularity);
}

std::int64_t periodMs(PackKind kind)
{
    switch (kind) {
    case PackKind::Minutes:
        return protocol::msPerDay;
    case PackKind::Hours:
        return 16 * protocol::msPerDay;
    default:
        return 64 * protocol::msPerDay;
    }
}

std::int64_t periodOf(PackKind kind, std::int64_t bucket)
{
    const std::int64_t length = periodMs(kind);
    return bucket / length - (bucket % length < 0 ? 1 : 0);
}

template <class Payload> void makeCanonical(Pack<Payload>& pack)
{
    dropUnused(pack);
    const auto words = sortOut(pack.words);
    const auto buckets = sortOut(pack.buckets);
    for (auto& entry : pack.entries) {
        entry.word = words[entry.word];
        entry.bucket = buckets[entry.bucket];
    }
    sortEntries(pack.entries);
    addUpTwins(pack.entries);
}

template <class Payload> Pack<Payload> merged(std::vector<Pack<Payload>>&& packs)
{
    Pack<Payload> all;
    for (const auto& pack : packs) {
        all.words.insert(all.words.end(), pack.words.begin(), pack.words.end());
        all.buckets.insert(all.buckets.end(), pack.buckets.begin(), pack.buckets.end());
    }
    const auto words = sortOut(all.words);
    const auto buckets = sortOut(all.buckets);
    std::size_t firstWord = 0, firstBucket = 0;
    // The new places keep the order of the old, so that every pack's entries stay sorted.
    std::vector<std::vector<PackEntry<Payload>>> lists;
    for (auto& pack : packs) {
        for (auto& entry : pack.entries) {
            entry.word = words[firstWord + entry.word];
            entry.bucket = buckets[firstBucket + entry.bucket];
        }
        firstWord += pack.words.size();
        firstBucket += pack.buckets.size();
        lists.push_back(std::move(pack.entries));
    }
    for (std::size_t step = 1; step < lists.size(); step *= 2)
        for (std::size_t at = 0; at + step < lists.size(); at += 2 * step)
            mergeInto(lists[at], std::move(lists[at + step]));
    if (!lists.empty())
        all.entries = std::move(lists.front());
    return all;
}

template <class Payload> Pack<Payload> part(const Pack<Payload>& pack, std::size_t begin, std::size_t end)
{
    Pack<Payload> some;
    some.words = pack.words;
    some.buckets = pack.buckets;
    some.entries.assign(pack.entries.begin() + static_cast<std::ptrdiff_t>(begin),
                        pack.entries.begin() + static_cast<std::ptrdiff_t>(end));
    dropUnused(some);
    return some;
}

template void makeCanonical(CellPack&);
template void makeCanonical(VisitorPack&);
template CellPack merged(std::vector<CellPack>&&);
template VisitorPack merged(std::vector<VisitorPack>&&);
template CellPack part(const CellPack&, std::size_t, std::size_t);
template VisitorPack part(const VisitorPack&, std::size_t, std::size_t);

} // namespace rollups

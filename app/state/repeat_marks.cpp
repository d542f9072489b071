// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/state/repeat_marks.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <random>

#include "app/state/prefetch.h"

namespace state {

namespace {

// Of the 15 places of a bucket when every row of the ring is of another visitor. By Poisson's law one bucket in eleven
// is then asked to hold more than it can.
constexpr std::size_t entriesOfABucket = 11;

// Not more than `windowMs` after the other. Times may lie at either end of what 64 bits hold.
bool isWithin(std::int64_t windowMs, std::int64_t before, std::int64_t time)
{
    using Limits = std::numeric_limits<std::int64_t>;
    if (before < 0 ? time > Limits::max() + before : time < Limits::min() + before)
        return time < before; // further apart than they hold
    return time - before <= windowMs;
}

std::uint64_t oddNumber()
{
    std::random_device random;
    return (static_cast<std::uint64_t>(random()) << 32 | random()) | 1;
}

} // namespace

RepeatMarks::RepeatMarks(std::size_t capacity)
    : m_slotMask(static_cast<std::uint32_t>((1ULL << std::bit_width(capacity)) - 1)),
      m_bucketCount(capacity / entriesOfABucket + 1), m_multiplier(oddNumber())
{
}

void RepeatMarks::clear()
{
    std::ranges::fill(m_buckets, Bucket{});
}

// By multiplication and shift, which is universal for a random odd number: the upper half chooses the bucket.
RepeatMarks::Place RepeatMarks::placeOf(std::uint64_t visitor) const
{
    const std::uint64_t hash = visitor * m_multiplier;
    return {static_cast<std::size_t>((hash >> 32) * m_bucketCount >> 32),
            static_cast<std::uint32_t>(hash) & ~m_slotMask};
}

// The entry of this place that `is` says yes to, and its bucket; else none.
template <class Is> RepeatMarks::Found RepeatMarks::find(const Place& place, Is is)
{
    std::size_t at = place.bucket;
    for (std::size_t looked = 0; looked < m_bucketCount; ++looked, at = next(at)) {
        for (std::uint32_t& entry : m_buckets[at].entries) {
            if (entry == 0)
                break;
            if (is(entry))
                return {at, &entry};
        }
        if (m_buckets[at].passed == 0)
            break;
    }
    return {};
}

void RepeatMarks::add(const Place& place, std::uint32_t entry)
{
    std::size_t at = place.bucket;
    for (; m_buckets[at].entries.back() != 0; at = next(at))
        ++m_buckets[at].passed;
    *std::ranges::find(m_buckets[at].entries, 0U) = entry;
}

void RepeatMarks::forget(std::uint64_t visitor, std::size_t slot)
{
    if (m_buckets.empty() || visitor == 0)
        return;
    const Place place = placeOf(visitor);
    const std::uint32_t entry = entryOf(place, slot);
    const Found found = find(place, [&](std::uint32_t other) { return other == entry; });
    if (found.entry == nullptr)
        return; // its visitor has a newer row
    std::uint32_t& last = *(std::ranges::find(m_buckets[found.bucket].entries, 0U) - 1);
    *found.entry = last;
    last = 0;
    for (std::size_t before = place.bucket; before != found.bucket; before = next(before))
        --m_buckets[before].passed;
}

void RepeatMarks::seek(std::uint64_t visitor) const
{
    if (!m_buckets.empty())
        prefetch(&m_buckets[placeOf(visitor).bucket]);
}

void RepeatMarks::fetch(const Rows& rows, std::uint64_t visitor) const
{
    if (m_buckets.empty())
        return;
    const Place place = placeOf(visitor);
    for (const std::uint32_t entry : m_buckets[place.bucket].entries) {
        if (entry != 0 && isTagged(entry, place))
            prefetch(&rows.visitors[slotOf(entry)]);
    }
}

bool RepeatMarks::note(const Rows& rows, std::size_t slot, std::int64_t windowMs)
{
    const std::uint64_t visitor = rows.visitors[slot];
    if (visitor == 0)
        return false;
    if (m_buckets.empty())
        m_buckets.resize(m_bucketCount);
    const Place place = placeOf(visitor);
    const std::uint32_t entry = entryOf(place, slot);
    const Found known = find(
        place, [&](std::uint32_t other) { return isTagged(other, place) && rows.visitors[slotOf(other)] == visitor; });
    if (known.entry == nullptr) {
        add(place, entry);
        return false;
    }
    const std::size_t before = slotOf(*known.entry);
    *known.entry = entry;
    return isWithin(windowMs, rows.times.at(before), rows.times.at(slot));
}

} // namespace state

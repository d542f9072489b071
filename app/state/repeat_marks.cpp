// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/state/repeat_marks.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <random>

#include "app/state/prefetch.h"

namespace state {

namespace {

// Of the 15 places of a bucket when every row of the ring is of another visitor: one bucket in ten is full then.
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

std::uint32_t* RepeatMarks::find(const Rows& rows, std::uint64_t visitor, const Place& place)
{
    std::size_t at = place.bucket;
    for (std::size_t looked = 0; looked < m_bucketCount; ++looked, at = next(at)) {
        Bucket& bucket = m_buckets[at];
        for (std::uint32_t& entry : bucket.entries) {
            if (entry == 0)
                break;
            if ((entry & ~m_slotMask) == place.tag && rows.visitors[(entry & m_slotMask) - 1] == visitor)
                return &entry;
        }
        if (bucket.passed == 0)
            break;
    }
    return nullptr;
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
    const std::uint32_t entry = place.tag | static_cast<std::uint32_t>(slot + 1);
    std::size_t at = place.bucket;
    for (std::size_t looked = 0; looked < m_bucketCount; ++looked, at = next(at)) {
        auto& entries = m_buckets[at].entries;
        if (const auto found = std::ranges::find(entries, entry); found != entries.end()) {
            const auto last = std::ranges::find(entries, 0U) - 1;
            *found = *last;
            *last = 0;
            for (std::size_t before = place.bucket; before != at; before = next(before))
                --m_buckets[before].passed;
            return;
        }
        if (m_buckets[at].passed == 0)
            return; // its visitor has a newer row
    }
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
        if (entry != 0 && (entry & ~m_slotMask) == place.tag)
            prefetch(&rows.visitors[(entry & m_slotMask) - 1]);
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
    const std::uint32_t entry = place.tag | static_cast<std::uint32_t>(slot + 1);
    std::uint32_t* const known = find(rows, visitor, place);
    if (known == nullptr) {
        add(place, entry);
        return false;
    }
    const std::size_t before = (*known & m_slotMask) - 1;
    *known = entry;
    return isWithin(windowMs, rows.times.at(before), rows.times.at(slot));
}

} // namespace state

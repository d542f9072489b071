// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/state/hit_ring.h"

#include <algorithm>
#include <array>

#include "app/state/hit_columns.h"

namespace state {

namespace {

constexpr std::size_t textBytesMax = 16 * 1024 * 1024; // of one dictionary
constexpr std::size_t largeEntriesMax = 131'072;
constexpr std::size_t smallEntriesMax = 64'000; // with the overflow entries below 2^16: two bytes a row

// Of these groups a campaign may have very many values.
constexpr bool isLarge(Group group)
{
    return group < Group::Agent;
}

constexpr std::size_t indexOf(Group group)
{
    return static_cast<std::size_t>(group);
}

} // namespace

HitRing::HitRing(std::size_t capacity)
    : m_capacity(std::max<std::size_t>(capacity, 1)), m_seq(m_capacity), m_time(m_capacity), m_repeats(m_capacity)
{
    // Reserved, not touched: memory is taken from the system as rows arrive.
    m_visitor.reserve(m_capacity);
    m_repeat.reserve(m_capacity);
    m_entries.reserve(groupCount);
    for (std::size_t i = 0; i < groupCount; ++i) {
        const Group group = static_cast<Group>(i);
        m_dictionaries[i] = std::make_unique<Dictionary>(isLarge(group) ? largeEntriesMax : smallEntriesMax,
                                                         textBytesMax, fieldsOf(group));
        m_entries.emplace_back(m_capacity);
    }
}

HitRing::~HitRing() = default;

std::size_t HitRing::append(std::span<const protocol::Hit> hits)
{
    // So far ahead of its row's turn a visitor's place in the table is fetched, and half as far the row it stands for.
    constexpr std::size_t ahead = 8;
    std::size_t skipped = 0;
    for (std::size_t i = 0; i < hits.size(); ++i) {
        if (i + ahead < hits.size())
            m_repeats.seek(hits[i + ahead].visitor.value);
        if (size() == m_capacity)
            m_repeats.seek(m_visitor[slot(m_first + ahead)]);
        if (i + ahead / 2 < hits.size())
            m_repeats.fetch(repeatRows(), hits[i + ahead / 2].visitor.value);
        const protocol::Hit& hit = hits[i];
        if (!hit.seq || (m_end > m_first && hit.seq <= seqAt(m_end - 1))) {
            ++skipped;
            continue;
        }
        if (size() == m_capacity)
            evictOldest();
        const RowNumber row = m_end++;
        write(row, hit);
        if (m_marked == row) // else marking is under way, and comes by
            noteRepeat(row);
    }
    return skipped;
}

void HitRing::append(const HitColumns& chunk)
{
    const std::size_t count = chunk.size();
    if (count > m_capacity) {
        for (std::size_t row = 0; row < count; ++row)
            append(std::array{chunk.hitAt(row)});
        return;
    }
    while (size() + count > m_capacity)
        evictOldest();
    for (std::size_t i = 0; i < groupCount; ++i)
        writeGroup(i, chunk);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t at = slot(m_end++);
        if (at >= m_visitor.size()) {
            m_visitor.resize(at + 1);
            m_repeat.resize(at + 1);
        }
        m_seq.put(at, chunk.seqs[i]);
        m_time.put(at, chunk.times[i]);
        m_visitor[at] = chunk.visitors[i];
        m_repeat[at] = false;
    }
}

// Each text is looked up once, however many rows have it.
void HitRing::writeGroup(std::size_t group, const HitColumns& chunk)
{
    const HitColumns::Texts& texts = chunk.groups[group];
    Dictionary& dictionary = *m_dictionaries[group];
    std::vector<std::uint32_t> entries(texts.values.size()), uses(texts.values.size());
    for (std::size_t i = 0; i < entries.size(); ++i)
        entries[i] = dictionary.intern(texts.values[i]);
    for (std::size_t i = 0; i < chunk.size(); ++i) {
        const std::uint32_t which = texts.which[i];
        ++uses[which];
        m_entries[group].put(slot(m_end + i), entries[which]);
    }
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (uses[i] == 0)
            dictionary.release(entries[i]);
        else
            dictionary.useMore(entries[i], uses[i] - 1);
    }
}

HitRing::Inserted HitRing::insertOlder(std::span<const protocol::Hit> hits)
{
    Inserted result;
    std::vector<const protocol::Hit*> fresh;
    fresh.reserve(hits.size());
    for (const protocol::Hit& hit : hits) {
        if (hit.seq && !rowOf(hit.seq))
            fresh.push_back(&hit);
        else
            ++result.known;
    }
    std::sort(fresh.begin(), fresh.end(), [](const auto* a, const auto* b) { return a->seq < b->seq; });
    const auto same =
        std::unique(fresh.begin(), fresh.end(), [](const auto* a, const auto* b) { return a->seq == b->seq; });
    result.known += static_cast<std::size_t>(fresh.end() - same);
    fresh.erase(same, fresh.end());

    // What is older than rows that have already left has left as well. Of the rest the newest stay: as many as fit.
    const auto firstKept =
        std::find_if(fresh.begin(), fresh.end(), [&](const auto* hit) { return hit->seq > m_lostUpTo; });
    std::size_t dropped = static_cast<std::size_t>(firstKept - fresh.begin());
    while (dropped < fresh.size() && size() + fresh.size() - dropped > m_capacity) {
        if (size() > 0 && fresh[dropped]->seq > seqAt(m_first))
            evictOldest();
        else
            m_lostUpTo = fresh[dropped++]->seq;
    }
    fresh.erase(fresh.begin(), fresh.begin() + static_cast<std::ptrdiff_t>(dropped));
    result.tooOld = dropped;

    // Both are in order: merged from behind, so that no row is overwritten before it has moved.
    RowNumber from = m_end;
    m_end += fresh.size();
    RowNumber to = m_end;
    for (std::size_t left = fresh.size(); left > 0;) {
        --to;
        if (from > m_first && seqAt(from - 1) > fresh[left - 1]->seq) {
            copyRow(--from, to);
        } else {
            write(to, *fresh[--left]);
            result.rows.push_back(to);
        }
    }
    std::reverse(result.rows.begin(), result.rows.end());
    if (!result.rows.empty())
        beginMarking();
    return result;
}

void HitRing::clear()
{
    m_first = m_end = m_marked = 0;
    m_evicted = 0;
    m_lostUpTo = {};
    m_seq.clear();
    m_time.clear();
    m_visitor.clear();
    m_repeat.clear();
    for (std::size_t i = 0; i < groupCount; ++i) {
        m_entries[i].clear();
        m_dictionaries[i]->clear();
    }
    m_repeats.clear();
}

void HitRing::write(RowNumber row, const protocol::Hit& hit)
{
    const std::size_t at = slot(row);
    if (at >= m_visitor.size()) {
        m_visitor.resize(at + 1);
        m_repeat.resize(at + 1);
    }
    m_seq.put(at, hit.seq.value);
    m_time.put(at, hit.time.value);
    m_visitor[at] = hit.visitor.value;
    m_repeat[at] = false;
    // Dictionaries are larger than the processor's caches: what the groups need of them is fetched side by side.
    Dictionary::Sought sought[groupCount];
    for (std::size_t i = 0; i < groupCount; ++i) {
        joinGroup(static_cast<Group>(i), hit, m_keys[i]);
        sought[i] = m_dictionaries[i]->seek(m_keys[i], m_lastEntries[i]);
    }
    for (std::size_t i = 0; i < groupCount; ++i)
        m_dictionaries[i]->fetch(sought[i]);
    for (std::size_t i = 0; i < groupCount; ++i) {
        m_lastEntries[i] = m_dictionaries[i]->intern(m_keys[i], m_lastEntries[i], sought[i]);
        m_entries[i].put(at, m_lastEntries[i]);
    }
}

// Takes the dictionary entries along: each is used by as many rows as before.
void HitRing::copyRow(RowNumber from, RowNumber to)
{
    const std::size_t a = slot(from);
    const std::size_t b = slot(to);
    if (b >= m_visitor.size()) {
        m_visitor.resize(b + 1);
        m_repeat.resize(b + 1);
    }
    m_seq.put(b, m_seq.at(a));
    m_time.put(b, m_time.at(a));
    m_visitor[b] = m_visitor[a];
    m_repeat[b] = m_repeat[a];
    for (EntryColumn& column : m_entries)
        column.put(b, column.at(a));
}

void HitRing::evictOldest()
{
    for (std::size_t i = 0; i < groupCount; ++i)
        m_dictionaries[i]->release(entryAt(static_cast<Group>(i), m_first));
    m_repeats.forget(m_visitor[slot(m_first)], slot(m_first));
    m_lostUpTo = seqAt(m_first);
    ++m_first;
    ++m_evicted;
}

std::uint32_t HitRing::entryAt(Group group, RowNumber row) const
{
    return m_entries[indexOf(group)].at(slot(row));
}

protocol::Hit HitRing::hitAt(RowNumber row) const
{
    protocol::Hit hit;
    hit.seq = seqAt(row);
    hit.time = timeAt(row);
    hit.visitor = visitorAt(row);
    for (std::size_t i = 0; i < groupCount; ++i)
        readEntry(static_cast<Group>(i), entryAt(static_cast<Group>(i), row), hit);
    return hit;
}

void HitRing::readEntry(Group group, std::uint32_t entry, protocol::Hit& hit) const
{
    splitGroup(group, dictionary(group).value(entry), hit);
}

RowNumber HitRing::firstRowAfter(protocol::HitSeq seq) const
{
    RowNumber low = m_first;
    RowNumber high = m_end;
    while (low < high) {
        const RowNumber middle = low + (high - low) / 2;
        if (seqAt(middle) <= seq)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

std::optional<RowNumber> HitRing::rowOf(protocol::HitSeq seq) const
{
    const RowNumber after = firstRowAfter(seq);
    if (after == m_first || seqAt(after - 1) != seq)
        return std::nullopt;
    return after - 1;
}

RepeatMarks::Rows HitRing::repeatRows() const
{
    return {m_visitor.data(), m_time};
}

void HitRing::noteRepeat(RowNumber row)
{
    m_repeat[slot(row)] = m_repeats.note(repeatRows(), slot(row), m_repeatWindowMs);
    m_marked = row + 1;
}

void HitRing::beginMarking()
{
    m_repeats.clear();
    m_marked = m_first;
}

bool HitRing::markMoreRepeats(std::size_t rowsMax)
{
    const RowNumber from = std::max(m_marked, m_first);
    const RowNumber to = from + std::min<RowNumber>(rowsMax, m_end - from);
    for (RowNumber row = from; row < to; ++row)
        noteRepeat(row);
    return m_marked < m_end;
}

void HitRing::setRepeatWindow(std::int64_t windowMs)
{
    if (windowMs == m_repeatWindowMs)
        return;
    m_repeatWindowMs = windowMs;
    beginMarking();
}

std::uint64_t HitRing::overflowed() const
{
    std::uint64_t sum = 0;
    for (const auto& dictionary : m_dictionaries)
        sum += dictionary->overflowed();
    return sum;
}

double HitRing::columnBytesPerRow() const
{
    // A bit for the repeat mark.
    std::size_t bytes = m_seq.bytesPerRow() + m_time.bytesPerRow() + sizeof(std::uint64_t);
    for (const EntryColumn& column : m_entries)
        bytes += column.bytesPerRow();
    return static_cast<double>(bytes) + 1.0 / 8;
}

std::size_t HitRing::bytes() const
{
    std::size_t sum =
        static_cast<std::size_t>(static_cast<double>(m_capacity) * columnBytesPerRow()) + m_repeats.bytes();
    for (const auto& dictionary : m_dictionaries)
        sum += dictionary->bytes();
    return sum;
}

} // namespace state

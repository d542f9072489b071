// SPDX-License-Identifier: GPL-3.0-or-later
// The bytes of a pack: columns one after another, each in the order of the entries, so that like lies beside like.
#include <algorithm>
#include <array>
#include <limits>

#include "backend/protocol/varints.h"
#include "backend/rollups/pack.h"

namespace rollups {

using protocol::putSized;
using protocol::putVarint;
using Column = protocol::VarintReader;

namespace {

constexpr std::uint64_t version = 1;
constexpr int hashBytes = visitorBits / 8;

// The columns of what the cells hold.
class CountColumns {
public:
    void add(const Counts& counts)
    {
        putVarint(m_columns[0], counts.hits);
        putVarint(m_columns[1], counts.hits - counts.clicks);
        putVarint(m_columns[2], counts.clicks - counts.humanClicks);
        putVarint(m_columns[3], counts.scans);
    }
    void write(std::string& out) const
    {
        for (const std::string& column : m_columns)
            putSized(out, column);
    }

private:
    std::array<std::string, 4> m_columns;
};

class CountReader {
public:
    explicit CountReader(Column& in)
    {
        for (Column& column : m_columns)
            column = Column(in.sized());
    }
    Counts next()
    {
        Counts counts;
        counts.hits = m_columns[0].number();
        counts.clicks = counts.hits - m_columns[1].number();
        counts.humanClicks = counts.clicks - m_columns[2].number();
        counts.scans = m_columns[3].number();
        return counts;
    }
    bool isReadOut() const
    {
        return std::all_of(m_columns.begin(), m_columns.end(), [](const Column& one) { return one.isReadOut(); });
    }

private:
    std::array<Column, 4> m_columns;
};

class SetColumns {
public:
    void add(const VisitorSet& set)
    {
        const auto precision = static_cast<std::uint64_t>(set.precision());
        putVarint(m_sizes, (set.isEstimated() ? 0 : set.hashes().size() + 1) << 5 | precision);
        for (const std::uint64_t hash : set.hashes())
            for (int byte = hashBytes - 1; byte >= 0; --byte)
                m_contents.push_back(static_cast<char>(hash >> (8 * byte)));
        m_contents.append(set.registers().begin(), set.registers().end());
    }
    void write(std::string& out) const
    {
        putSized(out, m_sizes);
        putSized(out, m_contents);
    }

private:
    std::string m_sizes, m_contents;
};

// Where the contents of a set begin and end; ranks are only looked at when the set is taken out.
class ViewReader {
public:
    explicit ViewReader(Column& in) : m_sizes(Column(in.sized())), m_contents(Column(in.sized())) {}
    PackedSet next()
    {
        const std::uint64_t head = m_sizes.number();
        PackedSet set;
        set.precision = static_cast<int>(head & 31);
        set.isEstimated = head >> 5 == 0;
        m_isSound =
            m_isSound && (set.precision == VisitorSet::linkPrecision || set.precision == VisitorSet::totalPrecision);
        const std::uint64_t count = set.isEstimated ? 0 : (head >> 5) - 1;
        m_isSound = m_isSound && count <= VisitorSet::exactMax(set.precision);
        if (m_isSound)
            set.contents = m_contents.bytes(set.isEstimated ? std::uint64_t{1} << set.precision : count * hashBytes);
        return set;
    }
    bool isReadOut() const { return m_isSound && m_sizes.isReadOut() && m_contents.isReadOut(); }

private:
    Column m_sizes, m_contents;
    bool m_isSound = true;
};

class SetReader {
public:
    explicit SetReader(Column& in) : m_views(in) {}
    VisitorSet next()
    {
        const PackedSet set = m_views.next();
        const std::string_view bytes = set.contents;
        if (set.isEstimated) {
            std::vector<std::uint8_t> registers(bytes.begin(), bytes.end());
            for (const std::uint8_t rank : registers)
                m_isSound = m_isSound && rank <= VisitorSet::rankMax(set.precision);
            return VisitorSet::ofRegisters(set.precision, std::move(registers));
        }
        std::vector<std::uint64_t> hashes(bytes.size() / hashBytes);
        for (std::size_t at = 0; at < hashes.size(); ++at)
            for (std::size_t byte = 0; byte < hashBytes; ++byte)
                hashes[at] = hashes[at] << 8 | static_cast<std::uint8_t>(bytes[at * hashBytes + byte]);
        return VisitorSet(set.precision, std::move(hashes));
    }
    bool isReadOut() const { return m_isSound && m_views.isReadOut(); }

private:
    ViewReader m_views;
    bool m_isSound = true;
};

template <class Payload> struct PayloadColumns;
template <> struct PayloadColumns<Counts> {
    using Writer = CountColumns;
    using Reader = CountReader;
};
template <> struct PayloadColumns<VisitorSet> {
    using Writer = SetColumns;
    using Reader = SetReader;
};
template <> struct PayloadColumns<PackedSet> {
    using Reader = ViewReader;
};

void putWords(std::string& out, const std::vector<std::string>& words)
{
    putVarint(out, words.size());
    std::string_view before;
    for (const std::string& word : words) {
        const auto shared = static_cast<std::size_t>(
            std::mismatch(before.begin(), before.end(), word.begin(), word.end()).first - before.begin());
        putVarint(out, shared);
        putVarint(out, word.size() - shared);
        out.append(word, shared);
        before = word;
    }
}

bool readWords(Column& in, std::vector<std::string>& words)
{
    const std::uint64_t count = in.number();
    if (count > in.left()) // each takes two bytes at least
        return false;
    words.resize(count);
    for (std::size_t at = 0; at < count; ++at) {
        const std::uint64_t shared = in.number();
        const std::string_view before = at > 0 ? std::string_view(words[at - 1]) : std::string_view();
        if (shared > before.size())
            return false;
        const std::string_view rest = in.bytes(in.number());
        words[at].reserve(shared + rest.size());
        words[at].append(before.substr(0, shared)).append(rest);
    }
    return in.isWhole();
}

void putBuckets(std::string& out, const std::vector<std::int64_t>& buckets)
{
    putVarint(out, buckets.size());
    std::int64_t before = 0;
    for (const std::int64_t bucket : buckets) {
        const std::int64_t step = bucket - before;
        putVarint(out, static_cast<std::uint64_t>(step) << 1 ^ static_cast<std::uint64_t>(step >> 63));
        before = bucket;
    }
}

bool readBuckets(Column& in, std::vector<std::int64_t>& buckets)
{
    const std::uint64_t count = in.number();
    if (count > in.left())
        return false;
    buckets.resize(count);
    std::uint64_t at = 0;
    for (std::int64_t& bucket : buckets) {
        const std::uint64_t step = in.number();
        at += (step >> 1) ^ (~(step & 1) + 1);
        bucket = static_cast<std::int64_t>(at);
    }
    return in.isWhole();
}

} // namespace

template <class Payload> std::string encode(const Pack<Payload>& pack)
{
    std::string links, words, buckets;
    typename PayloadColumns<Payload>::Writer payloads;
    std::uint64_t linkBefore = 0, linkCount = 0;
    const auto& entries = pack.entries;
    for (std::size_t at = 0; at < entries.size();) {
        const std::uint64_t link = entries[at].link;
        putVarint(links, link - linkBefore);
        linkBefore = link;
        ++linkCount;
        std::uint64_t wordCount = 0;
        std::uint32_t wordBefore = 0;
        while (at < entries.size() && entries[at].link == link) {
            const std::uint32_t word = entries[at].word;
            putVarint(words, word - wordBefore);
            wordBefore = word;
            ++wordCount;
            std::uint64_t bucketCount = 0;
            for (std::uint32_t bucketBefore = 0;
                 at < entries.size() && entries[at].link == link && entries[at].word == word; ++at) {
                putVarint(buckets, entries[at].bucket - bucketBefore);
                bucketBefore = entries[at].bucket;
                ++bucketCount;
                payloads.add(entries[at].payload);
            }
            putVarint(words, bucketCount);
        }
        putVarint(links, wordCount);
    }
    std::string out;
    putVarint(out, version);
    putWords(out, pack.words);
    putBuckets(out, pack.buckets);
    putVarint(out, entries.size());
    putVarint(out, linkCount);
    for (const std::string* column : {&links, &words, &buckets})
        putSized(out, *column);
    payloads.write(out);
    return out;
}

template <class Payload> bool decode(std::string_view bytes, Pack<Payload>& pack)
{
    pack = {};
    Column in(bytes);
    if (in.number() != version || !readWords(in, pack.words) || !readBuckets(in, pack.buckets))
        return false;
    const std::uint64_t entryCount = in.number(), linkCount = in.number();
    Column links = Column(in.sized()), words = Column(in.sized()), buckets = Column(in.sized());
    typename PayloadColumns<Payload>::Reader payloads(in);
    if (!in.isReadOut() || entryCount > buckets.left())
        return false;
    pack.entries.resize(entryCount);
    std::size_t at = 0;
    std::uint64_t link = 0;
    for (std::uint64_t linkAt = 0; linkAt < linkCount && links.isWhole(); ++linkAt) {
        link += links.number();
        std::uint64_t word = 0;
        for (std::uint64_t left = links.number(); left > 0 && words.isWhole(); --left) {
            word += words.number();
            std::uint64_t bucket = 0;
            const std::uint64_t count = words.number();
            if (count > entryCount - at || word >= pack.words.size())
                return false;
            for (const std::size_t end = at + count; at < end; ++at) {
                bucket += buckets.number();
                if (bucket >= pack.buckets.size())
                    return false;
                auto& entry = pack.entries[at];
                entry.link = link;
                entry.word = static_cast<std::uint32_t>(word);
                entry.bucket = static_cast<std::uint32_t>(bucket);
                entry.payload = payloads.next();
            }
        }
    }
    return at == entryCount && links.isReadOut() && words.isReadOut() && buckets.isReadOut() && payloads.isReadOut();
}

template std::string encode(const CellPack&);
template std::string encode(const VisitorPack&);
template bool decode(std::string_view, CellPack&);
template bool decode(std::string_view, VisitorPack&);
template bool decode(std::string_view, VisitorViews&);

} // namespace rollups

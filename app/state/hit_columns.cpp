// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/state/hit_columns.h"

#include <algorithm>
#include <limits>
#include <unordered_map>
#include <utility>

#include "backend/protocol/varints.h"

namespace state {

namespace {

// No message of the stream begins like this: what earlier builds kept is not taken for columns.
constexpr char shapeMark = '\x01';

std::int64_t apart(std::int64_t from, std::int64_t to)
{
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from));
}

std::int64_t further(std::int64_t from, std::int64_t by)
{
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(from) + static_cast<std::uint64_t>(by));
}

bool readTexts(protocol::VarintReader& reader, std::size_t rows, HitColumns::Texts& texts)
{
    const std::uint64_t values = reader.number();
    if (values > rows || values > reader.left())
        return false;
    texts.values.reserve(values);
    for (std::uint64_t i = 0; i < values; ++i)
        texts.values.emplace_back(reader.sized());
    texts.which.resize(rows);
    std::uint64_t highest = 0;
    for (std::uint32_t& which : texts.which) {
        const std::uint64_t number = reader.number();
        highest = std::max(highest, number);
        which = static_cast<std::uint32_t>(number);
    }
    return reader.isWhole() && (rows == 0 || highest < values);
}

} // namespace

protocol::Hit HitColumns::hitAt(std::size_t row) const
{
    protocol::Hit hit;
    hit.seq = protocol::HitSeq(seqs[row]);
    hit.time = protocol::UtcMs(times[row]);
    hit.visitor = protocol::VisitorKey(visitors[row]);
    for (std::size_t i = 0; i < groupCount; ++i)
        splitGroup(static_cast<Group>(i), groups[i].values[groups[i].which[row]], hit);
    return hit;
}

HitColumns columnsOf(std::span<const protocol::Hit> hits)
{
    HitColumns columns;
    columns.seqs.reserve(hits.size());
    columns.times.reserve(hits.size());
    columns.visitors.reserve(hits.size());
    for (const protocol::Hit& hit : hits) {
        columns.seqs.push_back(hit.seq.value);
        columns.times.push_back(hit.time.value);
        columns.visitors.push_back(hit.visitor.value);
    }
    std::unordered_map<std::string, std::uint32_t> numbers;
    std::string value;
    for (std::size_t i = 0; i < groupCount; ++i) {
        HitColumns::Texts& texts = columns.groups[i];
        numbers.clear();
        texts.which.reserve(hits.size());
        for (const protocol::Hit& hit : hits) {
            joinGroup(static_cast<Group>(i), hit, value);
            const auto [at, isNew] = numbers.try_emplace(value, static_cast<std::uint32_t>(texts.values.size()));
            if (isNew)
                texts.values.push_back(value);
            texts.which.push_back(at->second);
        }
    }
    return columns;
}

// The mark, how many, then column by column: sequences and times as distances, visitors as they are, and of each group
// its texts and which of them a row has.
std::string encodeColumns(const HitColumns& columns)
{
    std::string out(1, shapeMark);
    protocol::putVarint(out, columns.size());
    std::uint64_t seq = 0;
    for (const std::uint64_t next : columns.seqs)
        protocol::putVarint(out, next - std::exchange(seq, next));
    std::int64_t time = 0;
    for (const std::int64_t next : columns.times)
        protocol::putZigzag(out, apart(std::exchange(time, next), next));
    for (const std::uint64_t visitor : columns.visitors)
        for (int shift = 0; shift < 64; shift += 8)
            out += static_cast<char>(visitor >> shift & 0xff);
    for (const HitColumns::Texts& texts : columns.groups) {
        protocol::putVarint(out, texts.values.size());
        for (const std::string& value : texts.values)
            protocol::putSized(out, value);
        for (const std::uint32_t which : texts.which)
            protocol::putVarint(out, which);
    }
    return out;
}

ColumnsPtr decodeColumns(std::string_view bytes, std::size_t hitsMax)
{
    if (bytes.empty() || bytes.front() != shapeMark)
        return nullptr;
    protocol::VarintReader reader(bytes.substr(1));
    const std::uint64_t count = reader.number();
    if (count > hitsMax || count > reader.left())
        return nullptr;
    auto columns = std::make_shared<HitColumns>();
    columns->seqs.reserve(count);
    columns->times.reserve(count);
    columns->visitors.reserve(count);
    std::uint64_t seq = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t step = reader.number();
        if (step == 0 || step > std::numeric_limits<std::uint64_t>::max() - seq)
            return nullptr;
        columns->seqs.push_back(seq += step);
    }
    std::int64_t time = 0;
    for (std::uint64_t i = 0; i < count; ++i)
        columns->times.push_back(time = further(time, reader.zigzag()));
    const std::string_view visitors = reader.bytes(count * sizeof(std::uint64_t));
    for (std::size_t at = 0; at < visitors.size(); at += sizeof(std::uint64_t)) {
        std::uint64_t visitor = 0;
        for (std::size_t i = 0; i < sizeof visitor; ++i)
            visitor |= std::uint64_t{static_cast<unsigned char>(visitors[at + i])} << (8 * i);
        columns->visitors.push_back(visitor);
    }
    for (HitColumns::Texts& texts : columns->groups)
        if (!readTexts(reader, count, texts))
            return nullptr;
    return reader.isReadOut() ? columns : nullptr;
}

} // namespace state

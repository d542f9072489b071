// SPDX-License-Identifier: GPL-3.0-or-later
// The writing half of hit_block.h.
#include <algorithm>
#include <unordered_map>

#include "backend/storage/framed_file.h"
#include "backend/storage/hits/block_tables.h"
#include "backend/storage/hits/hit_block.h"
#include "backend/storage/packed_bytes.h"

namespace storage {

using protocol::putSized;
using protocol::putVarint;
using protocol::putZigzag;

namespace {

constexpr std::uint64_t infoVersion = 1, blockVersion = 1;
// Hostile texts are all distinct: a block of them is closed before it takes more memory than this to build or to read.
constexpr std::size_t wordBytesMax = 4 * 1024 * 1024;
// Of zstd: 3 took half the time of 9 and 2 % more bytes (tests/bench/storage).
constexpr int level = 3;

// A row's numbers and words, and which row it is.
class RowIds {
public:
    explicit RowIds(std::size_t columns) : m_columns(columns) {}

    std::uint32_t idOf(const std::uint64_t* row)
    {
        m_key.assign(reinterpret_cast<const char*>(row), m_columns * sizeof *row);
        const auto [found, isNew] = m_ids.try_emplace(m_key, static_cast<std::uint32_t>(m_ids.size()));
        if (isNew)
            m_rows.insert(m_rows.end(), row, row + m_columns);
        return found->second;
    }
    std::size_t columns() const { return m_columns; }
    const std::vector<std::uint64_t>& rows() const { return m_rows; }

private:
    std::size_t m_columns;
    std::string m_key;
    std::unordered_map<std::string, std::uint32_t> m_ids;
    std::vector<std::uint64_t> m_rows;
};

} // namespace

struct BlockBuilder::Columns {
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
    };

    Columns()
    {
        for (const TableShape& shape : blockShapes)
            tables.emplace_back(shape.numbers + shape.textCount);
    }

    std::uint64_t wordOf(std::string_view text)
    {
        if (text.empty())
            return 0;
        if (const auto found = words.find(text); found != words.end())
            return found->second;
        putSized(wordBytes, text);
        return words.emplace(text, words.size() + 1).first->second;
    }
    void addVisitor(std::uint64_t visitor)
    {
        // 0 = new, its eight bytes follow in a column of their own; else the place of an earlier one, from 1.
        const auto [found, isNew] = visitors.try_emplace(visitor, visitors.size() + 1);
        putVarint(visitorColumn, isNew ? 0 : found->second);
        for (int byte = 0; isNew && byte < 8; ++byte)
            visitorBytes.push_back(static_cast<char>(visitor >> (8 * byte)));
    }

    void appendBlock(std::string& frame) const;

    BlockInfo info;
    std::int64_t lastTime = 0;
    std::string seqColumn, timeColumn, visitorColumn, visitorBytes, wordBytes;
    std::unordered_map<std::string, std::uint64_t, Hash, std::equal_to<>> words;
    std::unordered_map<std::uint64_t, std::uint64_t> visitors;
    std::vector<RowIds> tables;
    std::array<std::string, blockTables> rowColumns;
};

BlockBuilder::BlockBuilder() : m_columns(std::make_unique<Columns>()) {}

BlockBuilder::~BlockBuilder() = default;

std::size_t BlockBuilder::hits() const
{
    return m_columns->info.hits;
}

bool BlockBuilder::isFull() const
{
    return hits() >= hitsMax || m_columns->wordBytes.size() >= wordBytesMax;
}

void BlockBuilder::add(const protocol::HitView& hit)
{
    Columns& columns = *m_columns;
    BlockInfo& info = columns.info;
    const std::int64_t time = hit.time.value;
    if (info.hits == 0) {
        info.firstSeq = hit.seq.value;
        info.firstTime = info.lastTime = time;
        putVarint(columns.seqColumn, hit.seq.value);
    } else {
        putVarint(columns.seqColumn, hit.seq.value - info.lastSeq - 1);
    }
    // Steps may be anything, for clocks may: they wrap, and the reader's sums wrap back.
    putZigzag(columns.timeColumn, static_cast<std::int64_t>(static_cast<std::uint64_t>(time) -
                                                            static_cast<std::uint64_t>(columns.lastTime)));
    columns.lastTime = time;
    ++info.hits;
    info.lastSeq = hit.seq.value;
    info.firstTime = std::min(info.firstTime, time);
    info.lastTime = std::max(info.lastTime, time);
    addTo(info.totals, hit);
    columns.addVisitor(hit.visitor.value);

    std::array<std::uint64_t, 16> row{};
    for (std::size_t table = 0; table < blockTables; ++table) {
        const TableShape& shape = blockShapes[table];
        if (table == 0)
            row = {hit.workspace.value,
                   static_cast<std::uint64_t>(hit.hitClass),
                   static_cast<std::uint64_t>(hit.reason),
                   static_cast<std::uint64_t>(hit.touch),
                   static_cast<std::uint64_t>(hit.device),
                   static_cast<std::uint64_t>(hit.botCategory),
                   std::uint64_t{hit.late},
                   hit.status,
                   hit.ruleVersion};
        else if (shape.numbers == 1)
            row[0] = hit.link.value;
        for (std::size_t at = 0; at < shape.textCount; ++at)
            row[shape.numbers + at] = columns.wordOf(hit.texts[shape.texts[at]]);
        putVarint(columns.rowColumns[table], columns.tables[table].idOf(row.data()));
    }
}

void BlockBuilder::finish(std::string& out, std::vector<LateMark> lateMarks)
{
    Columns& columns = *m_columns;
    std::string data;
    if (hits() > 0)
        appendFrame(data, [&](std::string& frame) { columns.appendBlock(frame); });
    columns.info.lateMarks = std::move(lateMarks);
    columns.info.dataBytes = data.size();
    appendFrame(out, [&](std::string& frame) { appendInfo(frame, columns.info); });
    out += data;
    m_columns = std::make_unique<Columns>();
}

void BlockBuilder::Columns::appendBlock(std::string& frame) const
{
    const Columns& columns = *this;
    std::string bytes;
    putVarint(bytes, columns.info.hits);
    putVarint(bytes, columns.words.size());
    putSized(bytes, columns.wordBytes);
    for (const std::string* column :
         {&columns.seqColumn, &columns.timeColumn, &columns.visitorColumn, &columns.visitorBytes})
        putSized(bytes, *column);
    for (std::size_t table = 0; table < blockTables; ++table) {
        const RowIds& rows = columns.tables[table];
        const std::size_t count = rows.rows().size() / rows.columns();
        putVarint(bytes, count);
        for (std::size_t column = 0; column < rows.columns(); ++column)
            for (std::size_t row = 0; row < count; ++row)
                putVarint(bytes, rows.rows()[row * rows.columns() + column]);
        putSized(bytes, columns.rowColumns[table]);
    }
    putVarint(frame, blockVersion);
    frame += packedBytes(bytes, level);
}

void appendInfo(std::string& out, const BlockInfo& info)
{
    for (const std::uint64_t value : {infoVersion, info.hits, info.firstSeq, info.lastSeq - info.firstSeq})
        putVarint(out, value);
    putZigzag(out, info.firstTime);
    putVarint(out, static_cast<std::uint64_t>(info.lastTime) - static_cast<std::uint64_t>(info.firstTime));
    putVarint(out, info.dataBytes);
    putVarint(out, info.totals.size());
    for (const auto& [workspace, totals] : info.totals)
        for (const std::uint64_t value :
             {std::uint64_t{workspace}, totals.hits, totals.click, totals.probe, totals.prefetch, totals.miss,
              totals.blocked, totals.bots, totals.botClicks, totals.late})
            putVarint(out, value);
    putVarint(out, info.lateMarks.size());
    for (const LateMark& mark : info.lateMarks) {
        putVarint(out, mark.seq);
        putVarint(out, mark.workspace);
    }
}

} // namespace storage

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backend/protocol/hit_bytes.h"
#include "backend/storage/store.h"

namespace storage {

// Hits by class and kind, over each workspace; of HitTotals its counts only.
using TotalsByWorkspace = std::map<std::uint32_t, HitTotals>;
void addTo(TotalsByWorkspace& totals, const protocol::HitView& hit);

// A stored hit that turned out to be late.
struct LateMark {
    std::uint64_t seq = 0;
    std::uint32_t workspace = 0;
};

// What stands before a block in a sealed file, so that a reader knows what is in it without unpacking it.
struct BlockInfo {
    std::uint64_t hits = 0; // may be none, for late marks alone
    std::uint64_t firstSeq = 0, lastSeq = 0;
    std::int64_t firstTime = 0, lastTime = 0; // the lowest and the highest
    TotalsByWorkspace totals;
    std::vector<LateMark> lateMarks; // of hits in earlier blocks
    std::uint64_t dataBytes = 0;     // of the frame that follows, head included
    std::uint64_t dataAt = 0;        // where that begins; of this place in this file, so not written
};
void appendInfo(std::string& out, const BlockInfo& info);
std::optional<BlockInfo> infoFrom(std::string_view payload);

// Hits of one day in the order of their sequences become columns, like beside like, and then bytes. One thread. Full
// after so many hits, or so many bytes of distinct texts: then finish().
class BlockBuilder {
public:
    static constexpr std::size_t hitsMax = 32 * 1024;

    BlockBuilder();
    ~BlockBuilder();

    bool isFull() const;
    std::size_t hits() const;
    // The sequence must be beyond that of the one before.
    void add(const protocol::HitView& hit);
    // Appends the block, its info before it, and begins anew. Without hits the info stands alone.
    void finish(std::string& out, std::vector<LateMark> lateMarks);

private:
    struct Columns;
    std::unique_ptr<Columns> m_columns;
};

// A block, unpacked. Any thread reads it; the views point into it.
class HitBlock {
public:
    // Nothing where the bytes are no block.
    static std::shared_ptr<const HitBlock> read(std::string_view payload);

    std::size_t size() const { return m_seqs.size(); }
    std::uint64_t seq(std::size_t at) const { return m_seqs[at]; }
    protocol::HitView at(std::size_t at) const;
    // The same without its texts.
    protocol::HitView numbersAt(std::size_t at) const;
    std::int64_t time(std::size_t at) const { return m_times[at]; }
    // The block's distinct texts; [0] is the empty one. And which of them a hit's text is.
    const std::vector<std::string_view>& words() const { return m_words; }
    std::uint32_t word(std::size_t at, std::size_t text) const;

private:
    // Facts that go together stand once for all hits that share them: of the link, the place and the agent, and of all
    // that are no texts. Sizes are checked while reading, so every number below is one of a row or of a word.
    struct Table {
        std::size_t columns = 0;
        std::vector<std::uint64_t> values; // row by row
        std::vector<std::uint32_t> rows;   // of each hit
        std::uint64_t value(std::size_t at, std::size_t column) const { return values[rows[at] * columns + column]; }
    };
    bool readColumns(std::string_view payload);
    bool readTable(protocol::VarintReader& bytes, Table& table, std::size_t wordsFrom) const;

    std::string m_bytes;
    std::vector<std::string_view> m_words;
    std::vector<std::uint64_t> m_seqs;
    std::vector<std::int64_t> m_times;
    std::vector<std::uint64_t> m_visitors;
    std::array<Table, 6> m_tables;
};

} // namespace storage

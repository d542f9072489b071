// SPDX-License-Identifier: GPL-3.0-or-later
// The reading half. What is read may be damaged in ways a checksum does not tell, by a disk or by hand: every number is
// held against what it may be.
#include "backend/storage/hits/hit_block.h"

#include <limits>

#include "backend/storage/hits/block_tables.h"
#include "backend/storage/packed_bytes.h"

namespace storage {

using protocol::VarintReader;

namespace {

constexpr std::uint64_t infoVersion = 1, blockVersion = 1;
constexpr std::uint64_t hitsMax = 1'000'000; // far above what is written
constexpr std::uint64_t workspacesMax = 1'000'000;

} // namespace

void addTo(TotalsByWorkspace& totals, const protocol::HitView& hit)
{
    HitTotals& sum = totals[hit.workspace.value];
    ++sum.hits;
    switch (hit.hitClass) {
    case protocol::HitClass::Click:
        ++sum.click;
        break;
    case protocol::HitClass::Probe:
        ++sum.probe;
        break;
    case protocol::HitClass::Prefetch:
        ++sum.prefetch;
        break;
    case protocol::HitClass::Miss:
        ++sum.miss;
        break;
    case protocol::HitClass::Blocked:
        ++sum.blocked;
        break;
    }
    sum.bots += hit.isBot() ? 1 : 0;
    sum.botClicks += hit.isBot() && hit.isClick() ? 1 : 0;
    sum.late += hit.late ? 1 : 0;
}

std::optional<BlockInfo> infoFrom(std::string_view payload)
{
    VarintReader bytes(payload);
    BlockInfo info;
    if (bytes.number() != infoVersion)
        return std::nullopt;
    info.hits = bytes.number();
    info.firstSeq = bytes.number();
    info.lastSeq = info.firstSeq + bytes.number();
    info.firstTime = bytes.zigzag();
    // Added as unsigned: a damaged time may be anything, and must not overflow.
    info.lastTime = static_cast<std::int64_t>(static_cast<std::uint64_t>(info.firstTime) + bytes.number());
    info.dataBytes = bytes.number();
    const std::uint64_t workspaces = bytes.number();
    for (std::uint64_t at = 0; at < workspaces && at < workspacesMax && bytes.isWhole(); ++at) {
        HitTotals& totals = info.totals[static_cast<std::uint32_t>(bytes.number())];
        for (std::uint64_t HitTotals::* count :
             {&HitTotals::hits, &HitTotals::click, &HitTotals::probe, &HitTotals::prefetch, &HitTotals::miss,
              &HitTotals::blocked, &HitTotals::bots, &HitTotals::botClicks, &HitTotals::late})
            totals.*count = bytes.number();
    }
    const std::uint64_t marks = bytes.number();
    for (std::uint64_t at = 0; at < marks && bytes.isWhole(); ++at)
        info.lateMarks.push_back({bytes.number(), static_cast<std::uint32_t>(bytes.number())});
    const bool isSound = info.hits == 0 ? info.lastSeq == 0 && info.dataBytes == 0
                                        : info.firstSeq > 0 && info.lastSeq >= info.firstSeq && info.dataBytes > 0;
    if (!bytes.isReadOut() || info.hits > hitsMax || !isSound)
        return std::nullopt;
    return info;
}

std::shared_ptr<const HitBlock> HitBlock::read(std::string_view payload)
{
    const auto block = std::make_shared<HitBlock>();
    VarintReader head(payload);
    if (head.number() != blockVersion || !unpackBytes(head.bytes(head.left()), block->m_bytes) ||
        !block->readColumns(block->m_bytes))
        return nullptr;
    return block;
}

bool HitBlock::readColumns(std::string_view payload)
{
    VarintReader bytes(payload);
    const std::uint64_t hits = bytes.number(), wordCount = bytes.number();
    VarintReader wordColumn(bytes.sized());
    VarintReader seqs(bytes.sized()), times(bytes.sized()), visitors(bytes.sized());
    std::string_view visitorBytes = bytes.sized();
    if (!bytes.isWhole() || hits == 0 || hits > hitsMax || wordCount > wordColumn.left())
        return false;
    m_words.reserve(wordCount + 1);
    m_words.emplace_back();
    for (std::uint64_t at = 0; at < wordCount; ++at)
        m_words.push_back(wordColumn.sized());

    m_seqs.reserve(hits);
    m_times.reserve(hits);
    m_visitors.reserve(hits);
    std::vector<std::uint64_t> seen;
    std::int64_t time = 0;
    for (std::uint64_t at = 0; at < hits; ++at) {
        const std::uint64_t step = seqs.number();
        m_seqs.push_back(at == 0 ? step : m_seqs.back() + step + 1);
        // Added as unsigned: a damaged time may be anything, and must not overflow.
        time = static_cast<std::int64_t>(static_cast<std::uint64_t>(time) + static_cast<std::uint64_t>(times.zigzag()));
        m_times.push_back(time);
        const std::uint64_t visitor = visitors.number();
        if (visitor == 0) {
            if (visitorBytes.size() < 8)
                return false;
            std::uint64_t key = 0;
            for (std::size_t byte = 0; byte < 8; ++byte)
                key |= std::uint64_t{static_cast<unsigned char>(visitorBytes[byte])} << (8 * byte);
            visitorBytes.remove_prefix(8);
            seen.push_back(key);
            m_visitors.push_back(key);
        } else if (visitor <= seen.size()) {
            m_visitors.push_back(seen[visitor - 1]);
        } else {
            return false;
        }
    }
    for (std::size_t table = 0; table < blockTables; ++table) {
        m_tables[table].columns = blockShapes[table].numbers + blockShapes[table].textCount;
        if (!readTable(bytes, m_tables[table], blockShapes[table].numbers))
            return false;
    }
    return bytes.isReadOut() && wordColumn.isReadOut() && seqs.isReadOut() && times.isReadOut() &&
           visitors.isReadOut() && visitorBytes.empty();
}

bool HitBlock::readTable(VarintReader& bytes, Table& table, std::size_t wordsFrom) const
{
    const std::uint64_t count = bytes.number();
    if (count == 0 || count > size())
        return false;
    table.values.resize(count * table.columns);
    for (std::size_t column = 0; column < table.columns; ++column)
        for (std::uint64_t row = 0; row < count; ++row) {
            const std::uint64_t value = bytes.number();
            if (column >= wordsFrom && value >= m_words.size())
                return false;
            if (wordsFrom == shapeNumbers && value > shapeMax[column])
                return false;
            table.values[row * table.columns + column] = value;
        }
    VarintReader rows(bytes.sized());
    table.rows.reserve(size());
    for (std::size_t at = 0; at < size(); ++at) {
        const std::uint64_t row = rows.number();
        if (row >= count)
            return false;
        table.rows.push_back(static_cast<std::uint32_t>(row));
    }
    return bytes.isWhole() && rows.isReadOut();
}

std::uint32_t HitBlock::word(std::size_t at, std::size_t text) const
{
    const TextPlace place = textPlaces[text];
    return static_cast<std::uint32_t>(m_tables[place.table].value(at, place.column));
}

protocol::HitView HitBlock::numbersAt(std::size_t at) const
{
    const Table& shape = m_tables[0];
    const auto number = [&](std::size_t column) { return shape.value(at, column); };
    protocol::HitView hit;
    hit.seq = protocol::HitSeq(m_seqs[at]);
    hit.time = protocol::UtcMs(m_times[at]);
    hit.visitor = protocol::VisitorKey(m_visitors[at]);
    hit.workspace = protocol::WorkspaceId(static_cast<std::uint32_t>(number(0)));
    hit.hitClass = static_cast<protocol::HitClass>(number(1));
    hit.reason = static_cast<protocol::HitReason>(number(2));
    hit.touch = static_cast<protocol::TouchType>(number(3));
    hit.device = static_cast<protocol::DeviceType>(number(4));
    hit.botCategory = static_cast<protocol::BotCategory>(number(5));
    hit.late = number(6) != 0;
    hit.status = static_cast<std::uint16_t>(number(7));
    hit.ruleVersion = static_cast<std::uint32_t>(number(8));
    hit.link = protocol::LinkId(m_tables[1].value(at, 0));
    return hit;
}

protocol::HitView HitBlock::at(std::size_t at) const
{
    protocol::HitView hit = numbersAt(at);
    for (std::size_t text = 0; text < hit.texts.size(); ++text)
        hit.texts[text] = m_words[word(at, text)];
    return hit;
}

} // namespace storage

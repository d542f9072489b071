// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/hits/recovery.h"

#include <algorithm>
#include <array>

#include "backend/storage/hits/day_folder.h"
#include "backend/storage/hits/hit_log.h"

namespace storage {

namespace {

constexpr std::size_t infoBytes = 4096; // read at a time of what stands between two blocks

std::string wholeFrame(std::string_view payload)
{
    std::string frame;
    appendFrame(frame, [&](std::string& out) { out += payload; });
    return frame;
}

enum class Kind { Piece, Sealed, Spill };
constexpr std::array kindNames{"the log", "the sealed file", "the spill file"};

// What can be read of a damaged file, and how much cannot.
class Salvage {
public:
    Salvage(Kind kind, runtime::File& to) : m_kind(kind), m_to(to) {}

    // A whole frame of it, in their order.
    void take(std::string_view payload)
    {
        switch (m_kind) {
        case Kind::Piece:
            return takeLogFrame(payload);
        case Kind::Sealed:
            return takeSealedFrame(payload);
        case Kind::Spill:
            return takeSpilled(payload);
        }
    }
    // Something that is no frame, or the end.
    void leap()
    {
        if (m_block)
            m_missing += m_block->hits;
        m_block.reset();
    }

    std::uint64_t lastSeq() const { return m_lastSeq; }
    std::string summary() const
    {
        std::string text = std::to_string(m_hits) + " hits of it could be read";
        if (m_missing > 0)
            text += ", at most " + std::to_string(m_missing) + " between them could not";
        return text;
    }

private:
    void note(std::uint64_t firstSeq, std::uint64_t lastSeq, std::uint64_t hits)
    {
        m_hits += hits;
        // Around midnight some of those between lie in the other day's file.
        if (m_lastSeq != 0 && firstSeq > m_lastSeq + 1 && m_kind != Kind::Sealed)
            m_missing += firstSeq - m_lastSeq - 1;
        m_lastSeq = std::max(m_lastSeq, lastSeq);
    }
    void takeLogFrame(std::string_view payload)
    {
        protocol::HitBatch read;
        std::vector<LateMark> marks;
        std::string frame = wholeFrame(payload);
        // One that is not what its checksum says would be damage again at the next start.
        if (!readLogFrame(payload, [&](const HitView& hit) { read.push_back(hit.hit()); }, marks)) {
            frame.clear();
            appendHitFrames(frame, read);
        }
        for (const protocol::Hit& hit : read)
            note(hit.seq.value, hit.seq.value, 1);
        m_to.append(frame);
    }
    void takeSealedFrame(std::string_view payload)
    {
        if (auto next = infoFrom(payload)) {
            leap();
            if (next->hits == 0)
                return m_to.append(wholeFrame(payload));
            m_info = wholeFrame(payload);
            m_block = std::move(next);
        } else if (m_block && m_block->dataBytes == payload.size() + frameHeadBytes) {
            m_to.append(m_info + wholeFrame(payload));
            note(m_block->firstSeq, m_block->lastSeq, m_block->hits);
            m_block.reset();
        } else if (const auto block = HitBlock::read(payload)) {
            // What stood before it is damaged, and can be made again but for the late marks of other blocks.
            BlockBuilder builder;
            for (std::size_t at = 0; at < block->size(); ++at)
                builder.add(block->at(at));
            std::string frames;
            builder.finish(frames, {});
            m_to.append(frames);
            note(block->seq(0), block->seq(block->size() - 1), block->size());
        }
    }
    void takeSpilled(std::string_view payload)
    {
        protocol::VarintReader bytes(payload);
        HitView hit;
        if (!takeHit(bytes, hit))
            return;
        note(hit.seq.value, hit.seq.value, 1);
        m_to.append(wholeFrame(payload));
    }

    const Kind m_kind;
    runtime::File& m_to;
    std::uint64_t m_hits = 0, m_missing = 0, m_lastSeq = 0;
    std::string m_info; // of the block that comes next
    std::optional<BlockInfo> m_block;
};

// Puts what can be read of a damaged file in its place.
Recovered salvage(runtime::Files& files, const std::string& path, Kind kind, std::vector<std::string>& notices)
{
    const std::string salvaged = path + ".part";
    files.remove(salvaged);
    Recovered found{0, true};
    std::string summary;
    {
        const auto from = files.openRead(path), to = files.openAppend(salvaged);
        Salvage salvage(kind, *to);
        FrameReader frames(*from, 0);
        std::string_view payload;
        for (bool goesOn = true; goesOn; goesOn = frames.skipDamage()) {
            while (frames.next(payload))
                salvage.take(payload);
            salvage.leap();
        }
        to->sync();
        found.lastSeq = salvage.lastSeq();
        summary = salvage.summary();
    }
    notices.push_back(std::string(kindNames[static_cast<std::size_t>(kind)]) + " " + path +
                      " is damaged; set aside as " + setAside(path) + "; " + summary);
    files.rename(salvaged, path);
    return found;
}

void cut(runtime::Files& files, const std::string& path, std::uint64_t end)
{
    files.openAppend(path)->truncate(end);
}

} // namespace

Recovered recoverPiece(runtime::Files& files, const std::string& path, bool afterCrash,
                       std::vector<std::string>& notices)
{
    Recovered found;
    bool isTorn = false;
    std::uint64_t end = 0;
    {
        const auto file = files.openRead(path);
        LogReader log(*file, 0);
        std::vector<LateMark> marks;
        std::uint64_t last = 0;
        while (log.next([&](const HitView& hit) { last = std::max(last, hit.seq.value); }, marks)) {
            end = log.at();
            found.lastSeq = last; // of whole frames only: what is cut counts no more
        }
        if (end == file->size())
            return found;
        LogReader beyond(*file, end);
        isTorn = afterCrash && !beyond.skipDamage();
    }
    if (!isTorn)
        return salvage(files, path, Kind::Piece, notices);
    cut(files, path, end);
    return found;
}

SealedEnd sealedEnd(runtime::File& file)
{
    SealedEnd end, before;
    const std::uint64_t size = file.size();
    std::string_view payload;
    BlockInfo last;
    while (true) {
        FrameReader frames(file, end.at, infoBytes);
        if (!frames.next(payload))
            break;
        const auto info = infoFrom(payload);
        if (!info || frames.at() > size || info->dataBytes > size - frames.at()) // a sum could overflow
            break;
        before = end;
        last = *info;
        last.dataAt = frames.at();
        end = {frames.at() + info->dataBytes, std::max(end.lastSeq, info->lastSeq)};
    }
    if (last.dataBytes == 0)
        return end;
    FrameReader data(file, last.dataAt, static_cast<std::size_t>(last.dataBytes));
    return data.next(payload) && data.at() == end.at ? end : before;
}

Recovered recoverSealed(runtime::Files& files, const std::string& path, bool afterCrash,
                        std::vector<std::string>& notices)
{
    if (!files.exists(path))
        return {};
    SealedEnd end;
    bool isTorn = false;
    {
        const auto file = files.openRead(path);
        end = sealedEnd(*file);
        if (end.at == file->size())
            return {end.lastSeq, false};
        isTorn = afterCrash && !FrameReader(*file, end.at).skipDamage();
    }
    if (!isTorn)
        return salvage(files, path, Kind::Sealed, notices);
    cut(files, path, end.at);
    return {end.lastSeq, false};
}

Recovered recoverSpill(runtime::Files& files, const std::string& path, bool afterCrash,
                       std::vector<std::string>& notices)
{
    if (!files.exists(path))
        return {};
    {
        const auto file = files.openRead(path);
        FrameReader frames(*file, 0);
        std::uint64_t end = 0;
        std::string_view payload;
        while (frames.next(payload)) {
            protocol::VarintReader bytes(payload);
            HitView hit;
            if (!takeHit(bytes, hit))
                break;
            end = frames.at();
        }
        if (end == file->size() || (afterCrash && !FrameReader(*file, end).skipDamage()))
            return {};
    }
    return salvage(files, path, Kind::Spill, notices);
}

} // namespace storage

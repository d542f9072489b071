// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/hits/salvage.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>

#include "backend/storage/hits/day_folder.h"
#include "backend/storage/hits/hit_log.h"

namespace storage {

namespace {

constexpr std::array kindNames{"the log", "the sealed file", "the spill file"};
// Of late marks, which belong to hits of anywhere and stand behind all.
constexpr std::uint64_t noSeq = std::numeric_limits<std::uint64_t>::max();

// Hits that stand together: a frame, or a block.
struct Find {
    std::uint64_t firstSeq = noSeq, lastSeq = noSeq, hits = 0;
    std::uint64_t infoAt = 0, at = 0; // frames; infoAt only of a block whose info is whole
    bool hasInfo = false;
    bool isSound = true; // else it is not all that its checksum says, and is written anew
};

std::string wholeFrame(std::string_view payload)
{
    std::string frame;
    appendFrame(frame, [&](std::string& out) { out += payload; });
    return frame;
}

std::string frameAt(runtime::File& file, std::uint64_t at)
{
    constexpr std::size_t window = 4096;
    FrameReader frames(file, at, window);
    std::string_view payload;
    return frames.next(payload) ? std::string(payload) : std::string();
}

// Looks through a file for what is whole in it.
class Search {
public:
    Search(Salvaged kind, runtime::File& file) : m_kind(kind), m_frames(file, 0) {}

    std::vector<Find> run()
    {
        std::string_view payload;
        for (bool goesOn = true; goesOn; goesOn = m_frames.skipDamage()) {
            for (std::uint64_t at = m_frames.at(); m_frames.next(payload); at = m_frames.at())
                if (m_kind == Salvaged::Sealed)
                    takeSealed(payload, at);
                else
                    takeHits(payload, at);
            m_block.reset();
        }
        std::stable_sort(m_finds.begin(), m_finds.end(),
                         [](const Find& a, const Find& b) { return a.firstSeq < b.firstSeq; });
        return std::move(m_finds);
    }

private:
    void takeHits(std::string_view payload, std::uint64_t at)
    {
        Find find;
        find.at = at;
        const auto note = [&](const protocol::HitView& hit) {
            find.firstSeq = std::min(find.firstSeq, hit.seq.value);
            find.lastSeq = find.hits++ == 0 ? hit.seq.value : std::max(find.lastSeq, hit.seq.value);
        };
        std::vector<LateMark> marks;
        if (m_kind == Salvaged::Piece) {
            find.isSound = readLogFrame(payload, note, marks);
        } else {
            protocol::VarintReader bytes(payload);
            protocol::HitView hit;
            if (takeHit(bytes, hit))
                note(hit);
        }
        if (find.hits > 0 || !marks.empty())
            m_finds.push_back(find);
    }
    void takeSealed(std::string_view payload, std::uint64_t at)
    {
        if (auto next = infoFrom(payload)) {
            m_block = std::move(next);
            m_infoAt = at;
            if (m_block->hits == 0)
                m_finds.push_back({.infoAt = at, .at = at}); // late marks alone
        } else if (m_block && m_block->dataBytes == payload.size() + frameHeadBytes) {
            m_finds.push_back({m_block->firstSeq, m_block->lastSeq, m_block->hits, m_infoAt, at, true});
            m_block.reset();
        } else if (const auto block = HitBlock::read(payload)) {
            m_finds.push_back({block->seq(0), block->seq(block->size() - 1), block->size(), 0, at});
        }
    }

    const Salvaged m_kind;
    FrameReader m_frames;
    std::vector<Find> m_finds;
    std::optional<BlockInfo> m_block; // that comes next
    std::uint64_t m_infoAt = 0;
};

// What a find's hits are written as.
std::string bytesOf(runtime::File& file, Salvaged kind, const Find& find)
{
    const std::string payload = frameAt(file, find.at);
    std::string bytes;
    if (kind == Salvaged::Piece && !find.isSound) {
        protocol::HitBatch hits;
        std::vector<LateMark> marks;
        readLogFrame(payload, [&](const protocol::HitView& hit) { hits.push_back(hit.hit()); }, marks);
        appendHitFrames(bytes, protocol::PackedHits(hits));
    } else if (kind != Salvaged::Sealed || find.hits == 0) {
        bytes = wholeFrame(payload);
    } else if (find.hasInfo) {
        bytes = wholeFrame(frameAt(file, find.infoAt)) + wholeFrame(payload);
    } else if (const auto block = HitBlock::read(payload)) {
        // Its info is made again, but for the late marks of other blocks that stood there.
        BlockBuilder builder;
        for (std::size_t at = 0; at < block->size(); ++at)
            builder.add(block->at(at));
        builder.finish(bytes, {});
    }
    return bytes;
}

} // namespace

std::uint64_t salvage(runtime::Files& files, const std::string& path, Salvaged kind, std::uint64_t nextSeq,
                      std::vector<std::string>& notices)
{
    const std::string salvaged = path + ".part";
    std::uint64_t lastSeq = 0, hits = 0, missing = 0, next = 0;
    if (kind == Salvaged::Piece) // named by its first sequence
        std::from_chars(path.data() + path.rfind('/') + 1, path.data() + path.size(), next);
    files.remove(salvaged);
    {
        const auto from = files.openRead(path);
        FramedFile to(files.openWrite(salvaged), 0);
        for (const Find& find : Search(kind, *from).run()) {
            if (find.hits > 0) {
                if (find.firstSeq <= lastSeq)
                    continue; // a second time, by a page that was written to two places
                // Around midnight some of these lie in the other day's file.
                missing += next != 0 && find.firstSeq > next ? find.firstSeq - next : 0;
                lastSeq = find.lastSeq;
                next = lastSeq + 1;
                hits += find.hits;
            }
            to.append(bytesOf(*from, kind, find));
        }
        to.file().sync();
    }
    missing += next != 0 && nextSeq > next ? nextSeq - next : 0;
    std::string notice = std::string(kindNames[static_cast<std::size_t>(kind)]) + " " + path +
                         " is damaged; set aside as " + setAside(path) + "; " + std::to_string(hits) +
                         " hits of it could be read";
    if (missing > 0)
        notice += ", at most " + std::to_string(missing) + " more could not";
    notices.push_back(std::move(notice));
    files.rename(salvaged, path);
    return lastSeq;
}

} // namespace storage

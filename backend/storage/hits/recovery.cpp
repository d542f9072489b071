// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/hits/recovery.h"

#include <algorithm>

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

// Puts what can be read of a damaged file in its place.
Recovered salvage(runtime::Files& files, const std::string& path, const std::string& what, bool isSealed,
                  std::vector<std::string>& notices)
{
    Recovered found{0, true};
    const std::string salvaged = path + ".part";
    std::uint64_t hits = 0;
    files.remove(salvaged);
    {
        const auto from = files.openRead(path);
        const auto to = files.openWrite(salvaged);
        FrameReader frames(*from, 0);
        std::uint64_t end = 0;
        const auto append = [&](const std::string& bytes) {
            to->write(end, bytes);
            end += bytes.size();
        };
        std::string_view payload;
        std::string info; // of the block that comes next
        std::optional<BlockInfo> block;
        for (bool goesOn = true; goesOn; goesOn = frames.skipDamage()) {
            while (frames.next(payload)) {
                if (!isSealed) {
                    protocol::HitBatch read;
                    std::vector<LateMark> marks;
                    std::string frame = wholeFrame(payload);
                    // One that is not what its checksum says would be damage again at the next start.
                    if (!readLogFrame(payload, [&](const HitView& hit) { read.push_back(hit.hit()); }, marks)) {
                        frame.clear();
                        appendHitFrames(frame, read);
                    }
                    for (const protocol::Hit& hit : read)
                        found.lastSeq = std::max(found.lastSeq, hit.seq.value);
                    hits += read.size();
                    append(frame);
                } else if (auto next = infoFrom(payload)) {
                    info = wholeFrame(payload);
                    const bool isAlone = next->hits == 0;
                    block = std::move(next);
                    if (isAlone)
                        append(info);
                } else if (block && block->dataBytes == payload.size() + frameHeadBytes) {
                    append(info + wholeFrame(payload));
                    found.lastSeq = std::max(found.lastSeq, block->lastSeq);
                    hits += block->hits;
                    block.reset();
                }
            }
            block.reset();
        }
        to->sync();
    }
    notices.push_back(what + " " + path + " is damaged; set aside as " + setAside(path) + "; " + std::to_string(hits) +
                      " hits of it could be read");
    files.rename(salvaged, path);
    return found;
}

void cut(runtime::Files& files, const std::string& path, std::uint64_t end)
{
    files.openWrite(path)->truncate(end);
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
        return salvage(files, path, "the log", false, notices);
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
        return salvage(files, path, "the sealed file", true, notices);
    cut(files, path, end.at);
    return {end.lastSeq, false};
}

} // namespace storage

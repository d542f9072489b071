// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/hits/recovery.h"

#include <algorithm>

#include "backend/storage/hits/hit_log.h"
#include "backend/storage/hits/salvage.h"

namespace storage {

namespace {

constexpr std::size_t infoBytes = 4096; // read at a time of what stands between two blocks

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
        bool isInOrder = true; // else a page was written to two places
        const auto note = [&](const protocol::HitView& hit) {
            isInOrder = isInOrder && hit.seq.value > last;
            last = std::max(last, hit.seq.value);
        };
        while (log.next(note, marks) && isInOrder) {
            end = log.at();
            found.lastSeq = last; // of whole frames only: what is cut counts no more
        }
        if (end == file->size())
            return found;
        LogReader beyond(*file, end);
        isTorn = afterCrash && !beyond.skipDamage();
    }
    if (!isTorn)
        return {salvage(files, path, Salvaged::Piece, 0, notices), true};
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

Recovered recoverSealed(runtime::Files& files, const std::string& path, bool afterCrash, std::uint64_t nextPiece,
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
        isTorn =
            afterCrash && nextPiece != 0 && nextPiece <= end.lastSeq + 1 && !FrameReader(*file, end.at).skipDamage();
    }
    if (!isTorn)
        return {salvage(files, path, Salvaged::Sealed, nextPiece, notices), true};
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
        protocol::HitSeq last;
        while (frames.next(payload)) {
            protocol::VarintReader bytes(payload);
            protocol::HitView hit;
            if (!takeHit(bytes, hit) || hit.seq <= last)
                break;
            last = hit.seq;
            end = frames.at();
        }
        if (end == file->size() || (afterCrash && !FrameReader(*file, end).skipDamage()))
            return {};
    }
    return {salvage(files, path, Salvaged::Spill, 0, notices), true};
}

} // namespace storage

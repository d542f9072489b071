// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/spill_file.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "backend/protocol/hit_bytes.h"

namespace storage {

SpillFile::SpillFile(runtime::Files& files, const std::string& folder)
{
    files.makeFolder(folder + "/spill");
    auto file = files.openWrite(pathIn(folder));
    const std::uint64_t size = file->size();
    FrameReader frames(*file, 0);
    std::uint64_t end = 0;
    std::string_view payload;
    while (frames.next(payload)) {
        protocol::VarintReader bytes(payload);
        protocol::HitView hit;
        if (!takeHit(bytes, hit))
            break;
        end = frames.at();
        ++m_hits;
        m_lastSeqFound = std::max(m_lastSeqFound, hit.seq);
    }
    m_lastSeq = m_lastSeqFound;
    m_tornBytes = size - end;
    m_file = std::make_unique<FramedFile>(std::move(file), end);
}

void SpillFile::append(std::span<const protocol::Hit> hits)
{
    if (hits.empty())
        return;
    // A frame for each hit: they are taken in by pieces of any size.
    std::string frames;
    for (const protocol::Hit& hit : hits)
        appendFrame(frames, [&](std::string& out) { appendHitBytes(out, hit); });
    m_file->append(frames);
    m_hits += hits.size();
    m_lastSeq = hits.back().seq;
}

protocol::HitBatch SpillFile::front(std::size_t hitsMax)
{
    protocol::HitBatch hits;
    FrameReader frames(m_file->file(), m_read);
    std::string_view payload;
    while (frames.at() < m_file->end() && hits.size() < hitsMax) {
        protocol::HitView hit;
        if (frames.next(payload))
            if (protocol::VarintReader bytes(payload); takeHit(bytes, hit)) {
                hits.push_back(hit.hit());
                continue;
            }
        throw std::system_error(EIO, std::generic_category(), "the spill file changed under us");
    }
    m_front = frames.at();
    m_frontHits = hits.size();
    return hits;
}

void SpillFile::drop()
{
    m_read = m_front;
    m_hits -= std::exchange(m_frontHits, 0);
    if (m_read < m_file->end())
        return;
    m_read = m_front = 0;
    // Where this fails the file only stays longer than need be: its hits are found stored already should they be read
    // again.
    m_file->cutTo(0);
}

} // namespace storage

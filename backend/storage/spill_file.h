// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "backend/protocol/hit.h"
#include "backend/storage/framed_file.h"

namespace storage {

// Where hits wait whose redirects left before the store had them: appended by write(), taken in by the pipeline, in
// order. Survives the process. Calls must not overlap (the pipeline guards it). Disk full or broken: std::system_error,
// and the file is as it was.
class SpillFile {
public:
    static std::string pathIn(const std::string& folder) { return folder + "/spill/hits.spill"; }
    // Finds what an earlier run left, up to the first record that is not whole; the rest is cut, see tornBytes(). What
    // is damaged is mended before, by recoverSpill().
    SpillFile(runtime::Files& files, const std::string& folder);

    // All or none. Each hit carries the sequence that is reserved for it.
    void append(std::span<const protocol::Hit> hits);

    bool isEmpty() const { return m_read == m_file->end(); }
    std::uint64_t hits() const { return m_hits; } // that wait
    // The highest sequence reserved by a hit that waited when this was opened.
    protocol::HitSeq lastSeqFound() const { return m_lastSeqFound; }
    // The newest that waits; none where none does.
    protocol::HitSeq lastSeq() const { return isEmpty() ? protocol::HitSeq() : m_lastSeq; }
    std::uint64_t tornBytes() const { return m_tornBytes; }
    // The oldest hits that wait, at most `hitsMax`; they stay until drop().
    protocol::HitBatch front(std::size_t hitsMax);
    // Those of the last front() are stored. The file is cut to nothing once all are.
    void drop();

private:
    std::unique_ptr<FramedFile> m_file;
    std::uint64_t m_read = 0;  // what lies before is stored
    std::uint64_t m_front = 0; // end of the last front()
    std::uint64_t m_hits = 0, m_frontHits = 0;
    protocol::HitSeq m_lastSeqFound, m_lastSeq;
    std::uint64_t m_tornBytes = 0;
};

} // namespace storage

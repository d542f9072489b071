// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/spill_file.h"

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>

#include "backend/storage/hit_bytes.h"

namespace storage {

namespace {

constexpr std::size_t headBytes = 8; // length and checksum, four bytes each, low byte first
// More than the largest hit: a destination of 8 KiB and eighteen texts of at most 512 bytes.
constexpr std::uint32_t recordBytesMax = 64 * 1024;
constexpr std::size_t windowBytes = 1024 * 1024;

void putNumber(std::string& out, std::size_t at, std::uint32_t value)
{
    for (std::size_t byte = 0; byte < 4; ++byte)
        out[at + byte] = static_cast<char>(value >> (8 * byte));
}

std::uint32_t numberAt(std::string_view bytes, std::size_t at)
{
    std::uint32_t value = 0;
    for (std::size_t byte = 0; byte < 4; ++byte)
        value |= std::uint32_t{static_cast<unsigned char>(bytes[at + byte])} << (8 * byte);
    return value;
}

} // namespace

struct SpillFile::Record {
    std::optional<protocol::Hit> hit; // nothing: torn, or the end
    std::uint64_t end = 0;
};

SpillFile::SpillFile(runtime::Files& files, const std::string& folder)
{
    files.makeFolder(folder + "/spill");
    m_file = files.openAppend(folder + "/spill/hits.spill");
    const std::uint64_t size = m_file->size();
    std::string window;
    std::uint64_t windowStart = 0;
    for (Record record = recordAt(0, window, windowStart); record.hit; record = recordAt(m_end, window, windowStart)) {
        m_end = record.end;
        ++m_hits;
        m_lastSeqFound = std::max(m_lastSeqFound, record.hit->seq);
    }
    m_tornBytes = size - m_end;
    m_tailIsDirty = m_tornBytes > 0;
}

SpillFile::Record SpillFile::recordAt(std::uint64_t offset, std::string& window, std::uint64_t& windowStart)
{
    // The window moves so that a whole record of any size lies in it.
    if (offset < windowStart || offset + headBytes + recordBytesMax > windowStart + window.size()) {
        if (offset != windowStart || window.size() < windowBytes) {
            window = m_file->read(offset, windowBytes);
            windowStart = offset;
        }
    }
    const std::string_view rest = std::string_view(window).substr(offset - windowStart);
    if (rest.size() < headBytes)
        return {};
    const std::uint32_t length = numberAt(rest, 0);
    if (length > recordBytesMax || rest.size() - headBytes < length)
        return {};
    const std::string_view payload = rest.substr(headBytes, length);
    if (crc32(payload) != numberAt(rest, 4))
        return {};
    return {hitFromBytes(payload), offset + headBytes + length};
}

void SpillFile::append(std::span<const protocol::Hit> hits)
{
    if (hits.empty())
        return;
    std::string bytes;
    for (const protocol::Hit& hit : hits) {
        const std::size_t start = bytes.size();
        bytes.append(headBytes, '\0');
        appendHitBytes(bytes, hit);
        const std::size_t length = bytes.size() - start - headBytes;
        if (length > recordBytesMax)
            throw std::system_error(EMSGSIZE, std::generic_category(), "a hit is too long for the spill file");
        putNumber(bytes, start, static_cast<std::uint32_t>(length));
        putNumber(bytes, start + 4, crc32(std::string_view(bytes).substr(start + headBytes)));
    }
    if (m_tailIsDirty)
        m_file->truncate(m_end);
    m_tailIsDirty = true;
    try {
        m_file->append(bytes);
    } catch (const std::system_error&) {
        try {
            m_file->truncate(m_end);
            m_tailIsDirty = false;
        } catch (const std::system_error&) {
            // Stays dirty: the next append cuts it first, and a reader stops at the torn record.
        }
        throw;
    }
    m_tailIsDirty = false;
    m_end += bytes.size();
    m_hits += hits.size();
}

protocol::HitBatch SpillFile::front(std::size_t hitsMax)
{
    protocol::HitBatch hits;
    std::string window;
    std::uint64_t windowStart = 0;
    m_front = m_read;
    while (m_front < m_end && hits.size() < hitsMax) {
        Record record = recordAt(m_front, window, windowStart);
        if (!record.hit)
            throw std::system_error(EIO, std::generic_category(), "the spill file changed under us");
        hits.push_back(std::move(*record.hit));
        m_front = record.end;
    }
    m_frontHits = hits.size();
    return hits;
}

void SpillFile::drop()
{
    m_read = m_front;
    m_hits -= std::exchange(m_frontHits, 0);
    if (m_read < m_end)
        return;
    // Where this fails the file only stays longer than need be: its hits are found stored already should they be read
    // again.
    m_file->truncate(0);
    m_read = m_front = m_end = 0;
    m_tailIsDirty = false;
}

} // namespace storage

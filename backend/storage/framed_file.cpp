// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/framed_file.h"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "backend/storage/checksum.h"

namespace storage {

namespace {

constexpr std::string_view frameMark = "\xf2hit";

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

void appendFrame(std::string& out, const std::function<void(std::string&)>& fill)
{
    const std::size_t start = out.size();
    out += frameMark;
    out.append(frameHeadBytes - frameMark.size(), '\0');
    fill(out);
    const std::size_t length = out.size() - start - frameHeadBytes;
    if (length > frameBytesMax) {
        out.resize(start);
        throw std::system_error(EMSGSIZE, std::generic_category(), "too long to be stored in one piece");
    }
    putNumber(out, start + 4, static_cast<std::uint32_t>(length));
    putNumber(out, start + 8, crc32(std::string_view(out).substr(start + frameHeadBytes)));
}

bool FrameReader::load(std::size_t bytes)
{
    if (m_at >= m_windowAt && m_at + bytes <= m_windowAt + m_window.size())
        return true;
    m_window = m_file.read(m_at, std::max(bytes, m_windowBytes));
    m_windowAt = m_at;
    return m_window.size() >= bytes;
}

bool FrameReader::next(std::string_view& payload)
{
    if (!load(frameHeadBytes) || !rest().starts_with(frameMark))
        return false;
    const std::uint32_t length = numberAt(rest(), 4), sum = numberAt(rest(), 8);
    if (length > frameBytesMax || !load(frameHeadBytes + length))
        return false;
    payload = rest().substr(frameHeadBytes, length);
    if (crc32(payload) != sum)
        return false;
    m_at += frameHeadBytes + length;
    return true;
}

bool FrameReader::skipDamage()
{
    const std::uint64_t from = m_at;
    std::string_view payload;
    for (++m_at; load(frameHeadBytes);) {
        const std::size_t mark = rest().find(frameMark);
        // The mark may lie across the window's end.
        m_at += mark == std::string_view::npos ? rest().size() - frameMark.size() + 1 : mark;
        if (mark == std::string_view::npos)
            continue;
        const std::uint64_t found = m_at;
        if (next(payload)) {
            m_at = found;
            return true;
        }
        m_at = found + 1;
    }
    m_at = from;
    return false;
}

FramedFile::FramedFile(std::unique_ptr<runtime::File> file, std::uint64_t end, Beyond beyond)
    : m_file(std::move(file)), m_end(end), m_tailIsDirty(beyond == Beyond::Rubble && m_file->size() != end)
{
}

void FramedFile::append(std::string_view frames, bool durably)
{
    if (m_tailIsDirty)
        m_file->truncate(m_end);
    m_tailIsDirty = true;
    try {
        m_file->write(m_end, frames);
        if (durably)
            m_file->sync();
    } catch (const std::system_error&) {
        try {
            m_file->truncate(m_end);
            m_tailIsDirty = false;
        } catch (const std::system_error&) {
            // Stays dirty: the next append cuts it first, and a reader stops at the torn frame.
        }
        throw;
    }
    m_tailIsDirty = false;
    m_end += frames.size();
}

void FramedFile::cutTo(std::uint64_t end)
{
    m_tailIsDirty = true;
    m_end = std::min(m_end, end);
    m_file->truncate(m_end);
    m_tailIsDirty = false;
}

} // namespace storage

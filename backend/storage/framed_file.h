// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "backend/runtime/files.h"

namespace storage {

// Frames: what is appended stands between a mark, its length and its checksum, so that after whatever a crash or a disk
// left behind one can tell what is whole. FORMAT.md has the bytes.
inline constexpr std::size_t frameHeadBytes = 12;
inline constexpr std::uint32_t frameBytesMax = 16 * 1024 * 1024; // of one payload

// Appends a frame of what `fill` appends. Throws std::system_error (EMSGSIZE) where that is too long, `out` unchanged.
void appendFrame(std::string& out, const std::function<void(std::string&)>& fill);

// Reads a file's frames one after another, beside a writer too: what is not whole yet is the end for now. One thread;
// the file outlives it. Throws std::system_error where the file cannot be read.
class FrameReader {
public:
    // Reads at least so many bytes at a time.
    FrameReader(runtime::File& file, std::uint64_t from, std::size_t windowBytes = 1024 * 1024)
        : m_file(file), m_windowBytes(windowBytes), m_at(from)
    {
    }

    // The next frame's payload, valid until the next call; false at the end of what is whole.
    bool next(std::string_view& payload);
    // Where the next frame begins.
    std::uint64_t at() const { return m_at; }
    // Looks for the next whole frame behind something that is none. False where there is none to the end of the file.
    bool skipDamage();

private:
    bool load(std::size_t bytes); // of the file from m_at on
    std::string_view rest() const { return std::string_view(m_window).substr(m_at - m_windowAt); }

    runtime::File& m_file;
    const std::size_t m_windowBytes;
    std::uint64_t m_at;
    std::string m_window;
    std::uint64_t m_windowAt = 0;
};

// A file that frames are appended to. Calls must not overlap. Disk full or broken: std::system_error, and what counts
// as written is as it was.
class FramedFile {
public:
    // What may lie beyond the whole frames of a file.
    enum class Beyond : std::uint8_t { Rubble, Zeros };

    // Nothing is read: `end` is where its whole frames end. Zeros stay, to be written over.
    FramedFile(std::unique_ptr<runtime::File> file, std::uint64_t end, Beyond beyond = Beyond::Rubble);

    // All of `frames` or none; `durably`: and they are on the disk.
    void append(std::string_view frames, bool durably = false);
    // What lies beyond counts no more, also where this throws; nothing does beyond the end.
    void cutTo(std::uint64_t end);
    std::uint64_t end() const { return m_end; }
    runtime::File& file() { return *m_file; }

private:
    std::unique_ptr<runtime::File> m_file;
    std::uint64_t m_end;
    bool m_tailIsDirty; // something that is neither a whole frame nor zeros may lie beyond m_end
};

} // namespace storage

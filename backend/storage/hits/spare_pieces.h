// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "backend/runtime/files.h"

namespace storage {

// Under durability `power`: the next pieces of a log, made ahead as zeros in full length, on the disk. What is written
// over them changes neither the file's length nor its blocks, so a sync brings nothing but the hits themselves to the
// disk: 170 us instead of 270 to 340 (pwrite and fdatasync over and over, 6,000 bytes each, ext4 on a virtual disk).
// Belongs to the sealer and its thread; take() is the writer's, which does without where none is ready: they are made
// while hits come slowly, for zeros on their way to the disk would hold up commits. Disk full: the space goes back, and
// it is tried again later.
class SparePieces {
public:
    SparePieces(runtime::Files& files, std::string folder, std::uint64_t pieceBytes);
    ~SparePieces();

    // Makes a part of one, where there are too few; call it ten times a second. `isIdle`: no hit waits for the disk, so
    // it may be a large part. Throws std::system_error.
    void makeMore(bool isIdle);
    static bool isReady(runtime::Files& files, const std::string& folder);
    // Puts one in the place of `path`, where nothing may be. False: none is ready.
    static bool take(runtime::Files& files, const std::string& folder, const std::string& path);
    // Where durability is `process`, none is needed.
    static void remove(runtime::Files& files, const std::string& folder);

private:
    runtime::Files& m_files;
    const std::string m_folder;
    const std::uint64_t m_pieceBytes;
    std::unique_ptr<runtime::File> m_file; // while one is made
    std::uint64_t m_made = 0;
    int m_callsToSkip = 0;
};

} // namespace storage

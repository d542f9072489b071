// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "backend/storage/store.h"

namespace storage {

// The file `lock` of a data folder, held by flock for as long as this lives (the kernel lets it go when the process
// dies, however it dies). Its text says who holds it. Throws StoreError where another holds it.
class FolderLock {
public:
    explicit FolderLock(const std::string& folder);
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

    void write(const RunningBackend& backend);

private:
    int m_file = -1;
};

// The process that holds the folder now, if any. Never blocks and changes nothing.
std::optional<RunningBackend> findRunning(const std::string& folder);

} // namespace storage

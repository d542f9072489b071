// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "backend/links/snapshot.h"
#include "backend/protocol/hit.h"

namespace pipeline {

// Keeps the counts of limited links whole: what was clicked before is added from storage, when the program starts and
// when a link first gets a limit, so that no click counts twice and none is left out. The pipeline's thread.
class ClickCounts {
public:
    explicit ClickCounts(std::string folder) : m_folder(std::move(folder)) {}

    // All limited links of a snapshot that nobody uses yet. Throws StoreError.
    void complete(const links::Snapshot& snapshot) const;
    // One link, whatever its limit, before it gets one. Throws StoreError.
    void complete(const links::Snapshot& snapshot, protocol::LinkId link) const;

    // Late hits were stored. Those before `firstOwn` are of an earlier run of the program, which nobody has counted
    // yet.
    static void noteStored(const links::Snapshot& snapshot, std::span<const protocol::Hit> hits,
                           std::uint64_t firstOwn);

private:
    std::string m_folder;
};

} // namespace pipeline

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "backend/protocol/ids.h"
#include "backend/rollups/pack.h"

namespace storage {

// Numbers are stored.
enum class RestatementReason : std::uint8_t {
    Late = 1,    // hits that came after their hour had been reported
    Rebuild = 2, // the rollups were made again, and differ
    Zone = 3,    // they were made again for another reporting zone: the days begin at other times
};

// By how much: a rebuild may take away.
struct Change {
    std::int64_t hits = 0, clicks = 0, humanClicks = 0, scans = 0;

    bool isNone() const { return *this == Change(); }
    Change& operator+=(const Change& other);
    friend bool operator==(const Change&, const Change&) = default;
};
Change changeFrom(const rollups::Counts& before, const rollups::Counts& after);

// Figures that had been reported and have changed since: what, when, by how much. One for each run of the rollup job,
// workspace, link and day; those of a run beyond `restatementsPerRun` are summed over links, by day.
struct Restatement {
    std::uint64_t id = 0; // grows; 0 = not stored yet
    protocol::UtcMs notedAt;
    protocol::WorkspaceId workspace;
    RestatementReason reason = RestatementReason::Late;
    protocol::UtcMs day;      // of the reporting zone
    protocol::UtcMs from, to; // the hours concerned, half open
    std::uint64_t link = 0;   // 0 = hits that found none, or several
    bool isOfSeveral = false; // sums several links
    Change change;
    std::optional<rollups::Counts> before; // of a rebuild: what was there
};
inline constexpr std::size_t restatementsPerRun = 100;
inline constexpr std::size_t restatementsMax = 100'000; // of all workspaces: beyond, the oldest go

struct RestatementQuery {
    protocol::WorkspaceId workspace;
    protocol::UtcMs from, to;                        // half open: what concerns any hour of it
    std::optional<std::vector<std::uint64_t>> links; // only these, and sums of several; sorted
    std::uint64_t before = 0;                        // ids below it; 0 = from the newest
    std::size_t limit = 0;
};

// What a report says of the restatements of its range.
struct RestatedSum {
    std::uint64_t count = 0;
    std::uint64_t ofSeveral = 0; // of them, sums of several links: not in `change` where links were asked for
    std::uint64_t beyond = 0;    // of them, such as reach beyond the range: in `change` whole
    protocol::UtcMs last;        // when the newest was noted
    Change change;
};

} // namespace storage

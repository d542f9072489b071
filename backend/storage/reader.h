// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "backend/protocol/messages.h"
#include "backend/rollups/hit_facts.h"
#include "backend/storage/edit_marks.h"
#include "backend/storage/rollup_report.h"
#include "backend/storage/store.h"

namespace storage {

// Reads a data folder, beside a running backend or on a stopped one. One per thread; it
// remembers what it has seen of the days, so that asking again costs only what is new. Throws StoreError.
class Reader {
public:
    explicit Reader(std::string folder);
    ~Reader();

    HitTotals totals() const; // over all workspaces
    HitTotals totals(protocol::WorkspaceId workspace) const;

    // Hits after `after` in the order of their sequence, at most `limit` of those that match. `coveredTo` becomes the
    // last sequence looked at: ask again from there. No workspace = all.
    protocol::HitBatch hitsAfter(protocol::HitSeq after, std::size_t limit, protocol::WorkspaceId workspace,
                                 const protocol::StreamFilter& filter, protocol::HitSeq& coveredTo) const;
    // Calls `take` for every hit after `after`, at most about `limit` of them; their order is by day. Returns the
    // last sequence looked at.
    protocol::HitSeq factsAfter(protocol::HitSeq after, std::size_t limit, rollups::Words& words,
                                const std::function<void(const rollups::HitFacts&)>& take) const;
    // Hits that this reader could not read, for what they stand in is damaged. Not part of what the above gave.
    std::uint64_t damagedHits() const;
    // The newest stored hit's sequence; none where there is no hit.
    protocol::HitSeq lastSeq() const;
    // The first hit with time ≥ `from` (for the live window after a start), none where there is none. Exact where hits
    // lie in the order of their time, which only late hits break.
    protocol::HitSeq firstSeqSince(protocol::UtcMs from) const;

    // Calls `row` in the order bucket, link, value; false from `row` stops.
    void rollups(const RollupQuery& query, const std::function<bool(const protocol::RollupRow&)>& row) const;

    ReportFigures report(const ReportQuery& query) const;
    // Newest first.
    std::vector<Restatement> restatements(const RestatementQuery& query) const;
    // Of the stored hits with a time in [from, to): by link, 0 = none. Nothing where the days hold more than `hitsMax`.
    std::optional<std::map<std::uint64_t, RawCounts>> countRaw(protocol::WorkspaceId workspace, protocol::UtcMs from,
                                                               protocol::UtcMs to, protocol::HitSeq watermark,
                                                               std::uint64_t hitsMax) const;
    // The start of the first day whose hits are all there; 0 = none was ever dropped.
    protocol::UtcMs wholeSince() const;
    // The zone that the rollups' days of a workspace follow: the workspace's own, except while they are rebuilt for a
    // new one. Empty where there are none yet.
    std::string rollupZone(protocol::WorkspaceId workspace) const;
    // Of a rebuild that is under way: the hit it has reached.
    std::optional<protocol::HitSeq> rebuiltTo() const;

    // Adds to each link named in `clicks` (by id, all of one workspace) the clicks stored of it, as far back as the
    // rollups go.
    void addClicks(protocol::WorkspaceId workspace, std::map<std::uint64_t, std::uint64_t>& clicks) const;

    std::vector<links::Workspace> workspaces() const;
    std::vector<links::Domain> domains() const;
    void forEachLink(const std::function<void(links::Link&&)>& link) const;
    std::vector<Token> tokens() const;
    // The token with this secret, if valid. Constant-time comparison of hashes.
    std::optional<Token> tokenOf(std::string_view secret) const;
    std::string dataId() const; // random, made with the folder

    // Newest first: ids below `before`, 0 = from the newest. No workspace = all; no `until` = up to now.
    std::vector<protocol::Edit> editsSince(protocol::UtcMs from, std::uint64_t before, std::size_t limit,
                                           protocol::WorkspaceId workspace = {}, protocol::UtcMs until = {}) const;
    std::vector<EditMark> editMarks(const EditMarkQuery& query) const;
    // Of one link, newest first; `before` is an edit's id, 0 = from the newest.
    std::vector<protocol::Edit> editsOf(protocol::LinkId link, std::uint64_t before, std::size_t limit) const;

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace storage

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "backend/protocol/rollup.h"
#include "backend/rollups/pack.h"
#include "backend/storage/rollup_report.h"
#include "backend/storage/sqlite/rollup_store.h"

namespace storage {

// Reads rollups.db beside its writer. One thread. A folder without the file has no cells and the watermark 0.
class RollupQueries {
public:
    explicit RollupQueries(std::string folder);

    RollupMark mark();
    // The zone that the workspace's days were folded with; empty before its first hit was.
    std::string zone(protocol::WorkspaceId workspace);
    // Of a rebuild that is under way: the hit it has reached. Nothing where there is none.
    std::optional<protocol::HitSeq> rebuilt();
    // Adds to each link named in `clicks` what it has taken up to the watermark, which is returned; all of one moment.
    RollupMark addClicks(protocol::WorkspaceId workspace, std::map<std::uint64_t, std::uint64_t>& clicks);
    // In the order bucket, link, value; all rows of one query are of one moment. `settings` gives the links their
    // names. Memory grows with the cells of one period.
    void run(const RollupQuery& query, const Database& settings,
             const std::function<bool(const protocol::RollupRow&)>& row);
    ReportFigures report(const ReportQuery& query);
    std::vector<Restatement> restatements(const RestatementQuery& query);

private:
    // Which packs: of the period, or of those that may hold buckets in [from, to).
    struct Range {
        rollups::PackKind kind = rollups::PackKind::Days;
        protocol::Dimension dimension = protocol::Dimension::None;
        std::int64_t from = INT64_MIN, to = INT64_MAX;
        std::uint64_t firstLink = 0, lastLink = UINT64_MAX;
    };
    bool open();
    std::vector<std::int64_t> periods(protocol::WorkspaceId workspace, const Range& range);
    // One row of the table at a time; but a period in which values were summed as others goes as one pack while rows of
    // it are loose, for what is a value of its own in one may be among the others of another.
    template <class Pack>
    void forEachPack(protocol::WorkspaceId workspace, const Range& range, const std::function<void(const Pack&)>& take);
    // Of one period: all its sets at once, unread; `bytes` is what they look into.
    std::vector<rollups::VisitorViews> setsOf(protocol::WorkspaceId workspace, const Range& period,
                                              std::deque<std::string>& bytes);
    Statement packRows(protocol::WorkspaceId workspace, const Range& range);
    std::set<std::int64_t> mixedPeriods(protocol::WorkspaceId workspace, const Range& range);
    struct PeriodRows;
    bool runPeriod(const RollupQuery& query, const Range& range, const std::function<bool(protocol::RollupRow&&)>& row);
    void addCells(const RollupQuery& query, const rollups::CellPack& pack, PeriodRows& rows);
    void addUniques(const RollupQuery& query, const Range& range, PeriodRows& rows);
    void reportCells(const ReportQuery& query, ReportFigures& figures);
    void reportTotalVisitors(const ReportQuery& query, rollups::PackKind kind, ReportFigures& figures);
    void reportValueVisitors(const ReportQuery& query, rollups::PackKind kind, ReportFigures& figures);
    template <class Places, class Take>
    void unite(const ReportQuery& query, const Range& range, Places places, const Take& take);
    template <class Places, class Take>
    void unitePeriod(const ReportQuery& query, const Range& period, Places& places, const Take& take);

    const std::string m_folder;
    std::uint64_t m_inode = 0;
    Database m_database;
};

} // namespace storage

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backend/api/controllers/controllers.h"
#include "backend/pipeline/zone_days.h"
#include "backend/storage/rollup_report.h"

namespace api {

// A range of whole buckets in one zone.
struct ReportRange {
    protocol::UtcMs from, to; // half open
};

// The buckets of one granularity: minutes are UTC's, hours and days a zone's.
class Buckets {
public:
    Buckets(protocol::Granularity granularity, const std::string& zone) : m_granularity(granularity), m_days(zone) {}

    protocol::UtcMs start(protocol::UtcMs time);
    protocol::UtcMs next(protocol::UtcMs start);
    protocol::UtcMs dayStart(protocol::UtcMs time) { return m_days.dayStart(time); }
    // So many of the zone's days before or after, at the same distance from the day's start.
    protocol::UtcMs daysAway(protocol::UtcMs time, std::int64_t days);
    ReportRange widened(protocol::UtcMs from, protocol::UtcMs to);
    // As long as `range`, from `from` on: so many days where buckets are days, else so many milliseconds.
    ReportRange asLong(const ReportRange& range, protocol::UtcMs from);

private:
    const protocol::Granularity m_granularity;
    pipeline::ZoneDays m_days;
};

struct ReportRequest {
    storage::ReportQuery query;
    std::string zone;
    std::string by = "none", where;
    std::size_t limit = 0;
    ReportRange asked; // before it was widened
};

// Reads what the routes of reports share; nothing where it has been answered already. `hoursOnly`: the granularity is
// not asked for.
std::optional<ReportRequest> reportRequest(const Surroundings& around, const Call& call, const Respond& respond,
                                           bool hoursOnly);
// The links of a campaign, as links name it now; sorted.
std::vector<std::uint64_t> linksOfCampaign(const links::Snapshot& snapshot, protocol::WorkspaceId workspace,
                                           const std::string& campaign);
// Whether sets of days answer for the range: where it is of whole days, or of days that are not over yet.
bool isOfWholeDays(Buckets& buckets, const ReportRange& range, protocol::UtcMs now);
// Answers 422 where minutes so old are no longer kept.
bool isKept(const storage::ReportQuery& query, protocol::UtcMs now, const Respond& respond);

} // namespace api

// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/api/controllers/report_request.h"

#include <algorithm>

#include "backend/pipeline/rollup_job.h"
#include "backend/protocol/words.h"

namespace api {

using protocol::Granularity;
using protocol::UtcMs;

namespace {

constexpr std::int64_t rangeDaysMax = 366;
constexpr std::int64_t defaultRangeDays = 30;
constexpr std::int64_t minutesUpToMs = 6 * protocol::msPerHour;
constexpr std::int64_t hoursUpToMs = 3 * protocol::msPerDay;
constexpr std::size_t valuesMax = 1000, valuesDefault = 50;
constexpr std::size_t namesMax = 100; // of one list
constexpr std::size_t valueBytesMax = 2048;
constexpr std::int64_t msPerWideDay = 25 * protocol::msPerHour;

std::int64_t floorTo(std::int64_t time, std::int64_t step)
{
    return time - ((time % step) + step) % step;
}

// What stands between commas; nothing, and an answer, where it is too much.
std::optional<std::vector<std::string>> listParameter(const Call& call, const Respond& respond, const char* name)
{
    std::vector<std::string> list;
    const std::string* text = call.request.parameter(name);
    for (std::size_t at = 0; text && at <= text->size() && !text->empty();) {
        const std::size_t end = std::min(text->find(',', at), text->size());
        list.push_back(text->substr(at, end - at));
        at = end + 1;
    }
    if (list.size() <= namesMax)
        return list;
    respond(problem(400, "too_many", name, namesMax));
    return std::nullopt;
}

// Calls `take` for each link of the workspace.
template <class Take>
void forEachOwnLink(const links::Snapshot& snapshot, protocol::WorkspaceId workspace, const Take& take)
{
    constexpr std::size_t piece = 10'000;
    protocol::LinkId after;
    for (std::size_t got = piece; got == piece;) {
        const auto page = snapshot.linksAfter(after, piece);
        got = page.size();
        for (const links::HeldLink* link : page) {
            after = link->id;
            const links::Domain* domain = snapshot.domain(link->domain);
            if (domain && domain->workspace == workspace)
                take(*link, *domain);
        }
    }
}

bool contains(const std::vector<std::string>& list, const std::string& text)
{
    return std::find(list.begin(), list.end(), text) != list.end();
}

// Sets the links that the parameters restrict to; false where it has answered.
bool restrictLinks(const links::Snapshot& snapshot, const Call& call, const Respond& respond,
                   std::optional<std::vector<std::uint64_t>>& wanted)
{
    const auto named = listParameter(call, respond, "link"), domains = listParameter(call, respond, "domain"),
               campaigns = listParameter(call, respond, "campaign"), tags = listParameter(call, respond, "tag");
    if (!named || !domains || !campaigns || !tags)
        return false;
    if (named->empty() && domains->empty() && campaigns->empty() && tags->empty())
        return true;
    std::vector<std::uint64_t> ids;
    for (const std::string& text : *named) {
        const links::Link* link = ownLink(snapshot, call.caller.workspace, text);
        if (!link)
            return respond(problem(404, "not_found", "link")), false;
        ids.push_back(link->id.value);
    }
    for (const std::string& host : *domains)
        if (!ownDomain(snapshot, call.caller.workspace, host))
            return respond(problem(404, "not_found", "domain")), false;
    std::sort(ids.begin(), ids.end());
    wanted.emplace();
    forEachOwnLink(snapshot, call.caller.workspace, [&](const links::HeldLink& link, const links::Domain& domain) {
        const bool isTagged =
            std::any_of(link.tags.begin(), link.tags.end(), [&](const auto& tag) { return contains(*tags, tag); });
        if ((ids.empty() || std::binary_search(ids.begin(), ids.end(), link.id.value)) &&
            (domains->empty() || contains(*domains, domain.host)) &&
            (campaigns->empty() || contains(*campaigns, link.campaign)) && (tags->empty() || isTagged))
            wanted->push_back(link.id.value);
    });
    std::sort(wanted->begin(), wanted->end());
    return true;
}

// `by` and `where`; false where it has answered.
bool readDimension(const Call& call, const Respond& respond, ReportRequest& request)
{
    if (const std::string* text = call.request.parameter("where"); text && !text->empty()) {
        const std::size_t colon = text->find(':');
        const auto dimension = protocol::dimensionFrom(text->substr(0, colon));
        if (colon == std::string::npos || !dimension || *dimension == protocol::Dimension::None)
            return respond(problem(400, "unknown_word", "where")), false;
        if (text->size() > valueBytesMax)
            return respond(problem(400, "too_long", "where", valueBytesMax)), false;
        request.query.dimension = *dimension;
        request.query.where = text->substr(colon + 1);
        request.where = *text;
    }
    const std::string* text = call.request.parameter("by");
    if (!text || text->empty() || *text == "none")
        return true;
    request.by = *text;
    if (*text == "link") {
        request.query.by = storage::ReportQuery::By::Link;
        return true;
    }
    const auto dimension = protocol::dimensionFrom(*text);
    if (!dimension)
        return respond(problem(400, "unknown_word", "by")), false;
    if (request.query.where && *dimension != request.query.dimension)
        return respond(problem(422, "one_dimension", "by")), false;
    request.query.dimension = *dimension;
    request.query.by = storage::ReportQuery::By::Value;
    return true;
}

// The range and the granularity; false where it has answered.
bool readRange(const Call& call, const Respond& respond, UtcMs now, bool hoursOnly, ReportRequest& request)
{
    const auto to = timeParameter(call, respond, "to", now);
    if (!to)
        return false;
    const auto from = timeParameter(call, respond, "from", UtcMs(to->value - defaultRangeDays * protocol::msPerDay));
    if (!from)
        return false;
    if (from->value >= to->value || from->value < 0)
        return respond(problem(400, "empty_range", "from")), false;
    const std::int64_t length = to->value - from->value;
    if (length > rangeDaysMax * protocol::msPerDay)
        return respond(problem(400, "range_too_long", "from", rangeDaysMax)), false;
    request.asked = {*from, *to};
    const std::int64_t minutesFrom = now.value - pipeline::minutesKeptDays * protocol::msPerDay;
    request.query.granularity = length <= minutesUpToMs && from->value >= minutesFrom ? Granularity::Minute
                                : length <= hoursUpToMs                               ? Granularity::Hour
                                                                                      : Granularity::Day;
    if (hoursOnly) {
        request.query.granularity = Granularity::Hour;
    } else if (const std::string* text = call.request.parameter("granularity"); text && !text->empty()) {
        const auto granularity = protocol::granularityFrom(*text);
        if (!granularity)
            return respond(problem(400, "unknown_word", "granularity")), false;
        request.query.granularity = *granularity;
    }
    return true;
}

} // namespace

UtcMs Buckets::start(UtcMs time)
{
    if (m_granularity == Granularity::Minute)
        return UtcMs(floorTo(time.value, protocol::msPerMinute));
    return m_granularity == Granularity::Day ? m_days.dayStart(time) : m_days.hourStart(time);
}

UtcMs Buckets::next(UtcMs start)
{
    if (m_granularity == Granularity::Minute)
        return UtcMs(start.value + protocol::msPerMinute);
    return m_granularity == Granularity::Day ? m_days.dayEnd(start) : m_days.hourEnd(start);
}

UtcMs Buckets::daysAway(UtcMs time, std::int64_t days)
{
    UtcMs day = m_days.dayStart(time);
    const std::int64_t within = time.value - day.value;
    for (; days < 0; ++days)
        day = m_days.dayStart(UtcMs(day.value - 1));
    for (; days > 0; --days)
        day = m_days.dayStart(UtcMs(day.value + msPerWideDay)); // no day is longer, nor as short as an hour
    return UtcMs(day.value + within);
}

ReportRange Buckets::widened(UtcMs from, UtcMs to)
{
    const UtcMs end = start(to);
    return {start(from), end == to ? to : next(end)};
}

ReportRange Buckets::asLong(const ReportRange& range, UtcMs from)
{
    const UtcMs first = start(from);
    if (m_granularity != Granularity::Day)
        return {first, UtcMs(first.value + range.to.value - range.from.value)};
    UtcMs end = first;
    for (UtcMs day = range.from; day < range.to; day = next(day))
        end = next(end);
    return {first, end};
}

std::vector<std::uint64_t> linksOfCampaign(const links::Snapshot& snapshot, protocol::WorkspaceId workspace,
                                           const std::string& campaign)
{
    std::vector<std::uint64_t> ids;
    forEachOwnLink(snapshot, workspace, [&](const links::HeldLink& link, const links::Domain&) {
        if (link.campaign == campaign)
            ids.push_back(link.id.value);
    });
    std::sort(ids.begin(), ids.end());
    return ids;
}

bool isOfWholeDays(Buckets& buckets, const ReportRange& range, UtcMs now)
{
    return buckets.dayStart(range.from) == range.from &&
           (buckets.dayStart(range.to) == range.to || (range.to > now && buckets.daysAway(range.from, 1) >= range.to));
}

bool isKept(const storage::ReportQuery& query, UtcMs now, const Respond& respond)
{
    if (query.granularity != Granularity::Minute ||
        query.from.value >= now.value - pipeline::minutesKeptDays * protocol::msPerDay - protocol::msPerMinute)
        return true;
    respond(problem(422, "granularity_gone", "granularity", pipeline::minutesKeptDays));
    return false;
}

std::optional<ReportRequest> reportRequest(const Surroundings& around, const Call& call, const Respond& respond,
                                           bool hoursOnly)
{
    ReportRequest request;
    const UtcMs now = around.now();
    const auto snapshot = around.snapshot.current();
    request.query.workspace = call.caller.workspace;
    const auto limit = numberParameter(call, respond, "limit", valuesDefault, 1, valuesMax);
    if (!limit || !readRange(call, respond, now, hoursOnly, request) || !readDimension(call, respond, request) ||
        !restrictLinks(*snapshot, call, respond, request.query.links))
        return std::nullopt;
    request.limit = *limit;
    request.zone = call.reader->rollupZone(call.caller.workspace);
    if (request.zone.empty())
        if (const links::Workspace* workspace = snapshot->workspace(call.caller.workspace))
            request.zone = workspace->zone;
    Buckets buckets(request.query.granularity, request.zone);
    const ReportRange range = buckets.widened(request.asked.from, request.asked.to);
    request.query.from = range.from;
    request.query.to = range.to;
    request.query.uniques = isOfWholeDays(buckets, range, now);
    if (!isKept(request.query, now, respond))
        return std::nullopt;
    return request;
}

} // namespace api

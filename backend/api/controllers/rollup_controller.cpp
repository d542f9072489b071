// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "backend/api/controllers/controllers.h"
#include "backend/api/json_fields.h"
#include "backend/protocol/words.h"

#include <QJsonDocument>

namespace api {

namespace {

// Ranges up to 365 days, as the product promises; a leap day is within it.
constexpr std::int64_t rangeDaysMax = 366;
// Rows of one answer, about 15 MB of JSON; exports have no such limit.
constexpr std::size_t rowsMax = 100'000;

std::int64_t defaultRangeMs(protocol::Granularity granularity)
{
    switch (granularity) {
    case protocol::Granularity::Minute:
        return 2 * protocol::msPerHour;
    case protocol::Granularity::Hour:
        return 2 * protocol::msPerDay;
    case protocol::Granularity::Day:
        break;
    }
    return 30 * protocol::msPerDay;
}

void appendRow(std::string& out, const protocol::RollupRow& row)
{
    out += "{\"bucket\":\"" + protocol::rfc3339(row.bucket) + "\",\"link\":" + std::to_string(row.link.value);
    out += ",\"domain\":" + jsonString(row.domain) + ",\"slug\":" + jsonString(row.slug) +
           ",\"value\":" + jsonString(row.value);
    out += ",\"hits\":" + std::to_string(row.hits) + ",\"clicks\":" + std::to_string(row.clicks);
    out += ",\"human_clicks\":" + std::to_string(row.humanClicks) + ",\"scans\":" + std::to_string(row.scans);
    out += ",\"uniques\":" + (row.uniques ? std::to_string(*row.uniques) : std::string("null")) + "}";
}

// The query of the request's parameters; nothing where it has been answered already.
std::optional<storage::RollupQuery> queryOf(const Surroundings& around, const Call& call, const Respond& respond)
{
    const auto fail = [&respond](std::string_view code, std::string_view field,
                                 std::optional<std::int64_t> limit = std::nullopt) {
        respond(problem(400, code, field, limit));
        return std::nullopt;
    };
    storage::RollupQuery query;
    query.workspace = call.caller.workspace;
    query.rowsMax = rowsMax + 1;
    if (const std::string* text = call.request.parameter("granularity")) {
        const auto granularity = protocol::granularityFrom(*text);
        if (!granularity)
            return fail("unknown_word", "granularity");
        query.granularity = *granularity;
    }
    if (const std::string* text = call.request.parameter("by"); text && !text->empty()) {
        const auto dimension = protocol::dimensionFrom(*text);
        if (!dimension)
            return fail("unknown_word", "by");
        query.by = *dimension;
    }
    const auto to = timeParameter(call, respond, "to", protocol::UtcMs(around.now().value + protocol::msPerMinute));
    if (!to)
        return std::nullopt;
    const auto from =
        timeParameter(call, respond, "from",
                      protocol::UtcMs(std::max<std::int64_t>(0, to->value - defaultRangeMs(query.granularity))));
    if (!from)
        return std::nullopt;
    if (from->value >= to->value)
        return fail("empty_range", "from");
    if (to->value - from->value > rangeDaysMax * protocol::msPerDay)
        return fail("range_too_long", "from", rangeDaysMax);
    query.from = *from;
    query.to = *to;
    if (const std::string* text = call.request.parameter("link"); text && !text->empty()) {
        const auto snapshot = around.snapshot.current();
        const links::Link* link = ownLink(*snapshot, call.caller.workspace, *text);
        if (!link) {
            respond(problem(404, "not_found", "link"));
            return std::nullopt;
        }
        query.link = link->id;
    }
    if (const std::string* text = call.request.parameter("per_link"))
        query.perLink = *text == "1" || *text == "true";
    return query;
}

void listRollups(const Surroundings& around, const Call& call, const Respond& respond)
{
    const auto query = queryOf(around, call, respond);
    if (!query)
        return;
    // Read before the rows: they are complete at least up to it.
    const protocol::Watermark watermark = around.pipeline.watermark();
    Response response;
    response.body = "{\"granularity\":\"" + std::string(protocol::word(query->granularity)) + "\",\"by\":\"" +
                    std::string(protocol::word(query->by)) + "\",\"from\":\"" + protocol::rfc3339(query->from) +
                    "\",\"to\":\"" + protocol::rfc3339(query->to) + "\",\"rows\":[";
    std::size_t rows = 0;
    call.reader->rollups(*query, [&](const protocol::RollupRow& row) {
        if (rows++ > 0)
            response.body += ',';
        appendRow(response.body, row);
        return rows <= rowsMax;
    });
    if (rows > rowsMax)
        return respond(problem(422, "too_many_rows", "from", rowsMax));
    response.body +=
        "],\"watermark\":" + QJsonDocument(jsonOf(watermark)).toJson(QJsonDocument::Compact).toStdString() + "}";
    respond(std::move(response));
}

void answerProgress(const Surroundings& around, const Call& call, const Respond& respond)
{
    const bool isRunning = around.pipeline.counters().rebuilding;
    const auto reached = call.reader->rebuiltTo();
    const std::uint64_t last = call.reader->lastSeq().value;
    const std::uint64_t done = reached ? reached->value : isRunning ? 0 : last;
    respond(json(
        {{"running", isRunning || reached}, {"done", static_cast<qint64>(done)}, {"of", static_cast<qint64>(last)}}));
}

} // namespace

void addRollupRoutes(Router& router, const Surroundings& around)
{
    router.add({"GET", "/v1/rollups", Access::Viewer, RunsOn::Worker,
                [&around](const Call& call, const Respond& respond) { listRollups(around, call, respond); }});
    router.add(
        {"POST", "/v1/rollups/run", Access::Operator, RunsOn::Loop, [&around](const Call&, const Respond& respond) {
             around.pipeline.rollUpNow();
             respond(json({{"watermark", jsonOf(around.pipeline.watermark())}}, 202));
         }});
    router.add(
        {"POST", "/v1/rollups/rebuild", Access::Admin, RunsOn::Loop, [&around](const Call&, const Respond& respond) {
             around.pipeline.rollUpNow(true);
             respond(json({{"running", true}}, 202));
         }});
    router.add({"GET", "/v1/rollups/progress", Access::Viewer, RunsOn::Worker,
                [&around](const Call& call, const Respond& respond) { answerProgress(around, call, respond); }});
}

} // namespace api

// SPDX-License-Identifier: GPL-3.0-or-later
// Raw against rolled up: the stored hits counted one by one, beside what the rollups say of the same time.
#include <algorithm>
#include <map>

#include "backend/api/controllers/controllers.h"
#include "backend/api/controllers/report_json.h"
#include "backend/api/controllers/report_request.h"

namespace api {

using storage::RawCounts;

namespace {

// Some seconds of reading.
constexpr std::uint64_t hitsMax = 20'000'000;

struct Row {
    RawCounts raw;
    rollups::Counts rolled;

    std::uint64_t toCome() const { return raw.all.hits - raw.rolled.hits; }
};

struct Verdict {
    const char* state;
    const char* why;
};

// Rollups outlive the hits: more rolled up than stored is no difference where the hits were dropped.
Verdict verdictOf(const Row& row, bool rawIsWhole)
{
    if (row.raw.rolled == row.rolled)
        return row.toCome() > 0 ? Verdict{"to_come", "after_watermark"} : Verdict{"equal", ""};
    if (!rawIsWhole && row.rolled.hits > row.raw.rolled.hits)
        return {"raw_gone", "retention"};
    return {"differs", "unexplained"};
}

void appendRow(std::string& out, std::uint64_t link, const links::Snapshot& snapshot, const Row& row, bool rawIsWhole)
{
    const links::Link* known = snapshot.link(protocol::LinkId(link));
    const links::Domain* domain = known ? snapshot.domain(known->domain) : nullptr;
    const Verdict verdict = verdictOf(row, rawIsWhole);
    out += "{\"link\":" + std::to_string(link) + ",\"domain\":" + jsonString(domain ? domain->host : std::string()) +
           ",\"slug\":" + jsonString(known ? known->slug : std::string()) + ",\"raw\":";
    appendObject(out, {row.raw.all, {}, {}});
    out += ",\"rolled\":";
    appendObject(out, {row.rolled, {}, {}});
    out += ",\"to_come\":" + std::to_string(row.toCome()) + ",\"late\":" + std::to_string(row.raw.late) +
           ",\"state\":\"" + verdict.state + "\",\"why\":\"" + verdict.why + "\"}";
}

void answerReconciliation(const Surroundings& around, const Call& call, const Respond& respond)
{
    auto request = reportRequest(around, call, respond, true);
    if (!request)
        return;
    storage::ReportQuery& query = request->query;
    query.by = storage::ReportQuery::By::Link;
    query.dimension = protocol::Dimension::None;
    query.where.reset();
    query.uniques = false;
    const Freshness fresh{around.pipeline.watermark(), around.now()};
    const storage::ReportFigures figures = call.reader->report(query);
    const auto raw = call.reader->countRaw(query.workspace, query.from, query.to, figures.upTo, hitsMax);
    if (!raw)
        return respond(problem(422, "too_many_hits", "from", static_cast<std::int64_t>(hitsMax)));
    std::map<std::uint64_t, Row> rows;
    for (const storage::ReportValue& value : figures.values)
        rows[value.link].rolled = value.figures.counts;
    for (const auto& [link, counts] : *raw)
        if (!query.links || std::binary_search(query.links->begin(), query.links->end(), link))
            rows[link].raw = counts;
    Row totals;
    for (const auto& [link, row] : rows) {
        totals.raw.all += row.raw.all;
        totals.raw.rolled += row.raw.rolled;
        totals.raw.late += row.raw.late;
        totals.rolled += row.rolled;
    }
    const bool rawIsWhole = call.reader->wholeSince() <= query.from;
    const std::string* perLink = call.request.parameter("per_link");
    const auto snapshot = around.snapshot.current();
    Response response;
    std::string& out = response.body;
    out = "{\"from\":" + quoted(query.from) + ",\"to\":" + quoted(query.to) + ",\"rows\":[";
    if (perLink && (*perLink == "1" || *perLink == "true")) {
        for (const auto& [link, row] : rows) {
            out += out.back() == '[' ? "" : ",";
            appendRow(out, link, *snapshot, row, rawIsWhole);
        }
    }
    out += "],\"totals\":";
    appendRow(out, 0, *snapshot, totals, rawIsWhole);
    appendFreshness(out, fresh);
    out += '}';
    respond(std::move(response));
}

} // namespace

void addReconciliationRoutes(Router& router, const Surroundings& around)
{
    router.add({"GET", "/v1/reports/reconciliation", Access::Viewer, RunsOn::Worker,
                [&around](const Call& call, const Respond& respond) { answerReconciliation(around, call, respond); }});
}

} // namespace api

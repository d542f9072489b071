// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <unordered_map>

#include <QDateTime>
#include <QTimeZone>

#include "backend/api/controllers/controllers.h"
#include "backend/api/controllers/report_json.h"
#include "backend/api/controllers/report_request.h"
#include "backend/pipeline/rollup_job.h"
#include "backend/protocol/words.h"

namespace api {

using protocol::UtcMs;
using storage::Figures;
using storage::ReportFigures;
using storage::ReportQuery;

namespace {

constexpr std::size_t seriesMax = 5; // values that carry a series
constexpr std::int64_t daysPerWeek = 7, hoursPerDay = 24;
constexpr double linkError = 0.016; // of estimated uniques, as FORMAT.md has it

struct Comparison {
    ReportRange range;
    std::optional<ReportFigures> figures;
};

void appendSeries(std::string& out, const storage::Series& series, Buckets& buckets, const Freshness& fresh)
{
    out += '[';
    bool isFirst = true;
    for (const auto& [bucket, figures] : series) {
        out += isFirst ? "{\"at\":" : ",{\"at\":";
        isFirst = false;
        out += quoted(UtcMs(bucket)) + ",";
        appendCounts(out, figures);
        if (fresh.isPartial(buckets.next(UtcMs(bucket))))
            out += ",\"partial\":true";
        out += '}';
    }
    out += ']';
}

// "domain/slug" of a link as it is named now; what was deleted keeps its name.
std::string linkName(const links::Snapshot& snapshot, std::uint64_t id)
{
    const links::Link* link = snapshot.link(protocol::LinkId(id));
    const links::Domain* domain = link ? snapshot.domain(link->domain) : nullptr;
    return domain ? domain->host + "/" + link->slug : std::string();
}

void appendValues(std::string& out, const ReportRequest& request, const ReportFigures& figures,
                  const links::Snapshot& snapshot, Buckets& buckets, const Freshness& fresh)
{
    const bool isByLink = request.query.by == ReportQuery::By::Link;
    const std::size_t shown = std::min(request.limit, figures.values.size());
    Figures others = figures.totals;
    others.uniques.reset(); // people are not told apart from those of the values shown
    others.scanners.reset();
    out += ",\"values\":[";
    for (std::size_t at = 0; at < shown; ++at) {
        const storage::ReportValue& value = figures.values[at];
        out += at > 0 ? ",{\"value\":" : "{\"value\":";
        out += jsonString(isByLink ? linkName(snapshot, value.link) : value.value);
        if (isByLink)
            out += ",\"link\":" + std::to_string(value.link);
        out += ',';
        appendCounts(out, value.figures);
        if (at < request.query.seriesOf) {
            out += ",\"series\":";
            appendSeries(out, value.series, buckets, fresh);
        }
        out += '}';
        others.counts.hits -= value.figures.counts.hits;
        others.counts.clicks -= value.figures.counts.clicks;
        others.counts.humanClicks -= value.figures.counts.humanClicks;
        others.counts.scans -= value.figures.counts.scans;
    }
    if (request.query.by == ReportQuery::By::Nothing)
        others.counts = {};
    out += "],\"values_total\":" + std::to_string(figures.values.size()) + ",\"others\":";
    appendObject(out, others);
}

// The same values in the same order, of the other range.
void appendCompared(std::string& out, const ReportRequest& request, const ReportFigures& figures,
                    const Comparison& comparison, Buckets& buckets, const Freshness& fresh)
{
    out += ",\"compared\":";
    if (!comparison.figures) {
        out += "null";
        return;
    }
    const ReportFigures& other = *comparison.figures;
    out += "{\"from\":" + quoted(comparison.range.from) + ",\"to\":" + quoted(comparison.range.to) + ",\"totals\":";
    appendObject(out, other.totals);
    out += ",\"series\":";
    appendSeries(out, other.series, buckets, fresh);
    std::unordered_map<std::string, const storage::ReportValue*> byName;
    const auto nameOf = [](const storage::ReportValue& value) {
        return value.value + '\0' + std::to_string(value.link);
    };
    for (const storage::ReportValue& value : other.values)
        byName[nameOf(value)] = &value;
    out += ",\"values\":[";
    for (std::size_t at = 0; at < std::min(request.limit, figures.values.size()); ++at) {
        const auto found = byName.find(nameOf(figures.values[at]));
        Figures none;
        if (figures.values[at].figures.uniques)
            none.uniques = none.scanners = 0;
        out += at > 0 ? "," : "";
        appendObject(out, found == byName.end() ? none : found->second->figures);
    }
    out += "]}";
}

// When the campaign's links were clicked first, to the bucket; 0 = never.
UtcMs firstClick(const Call& call, ReportQuery query, Buckets& buckets, UtcMs now)
{
    const protocol::Granularity granularity = query.granularity;
    query.by = ReportQuery::By::Nothing;
    query.dimension = protocol::Dimension::None;
    query.where.reset();
    query.uniques = false;
    query.granularity = protocol::Granularity::Day;
    query.from = UtcMs(0);
    query.to = UtcMs(now.value + protocol::msPerDay);
    for (const auto step : {protocol::Granularity::Day, granularity}) {
        query.granularity = step;
        const ReportFigures figures = call.reader->report(query);
        const auto first = std::find_if(figures.series.begin(), figures.series.end(),
                                        [](const auto& one) { return one.second.counts.clicks > 0; });
        if (first == figures.series.end())
            break; // minutes of long ago are gone: the day is what is known
        query.from = UtcMs(first->first);
        query.to = buckets.daysAway(query.from, 1);
    }
    return query.from;
}

// Nothing where it has been answered already.
std::optional<Comparison> compare(const Surroundings& around, const Call& call, const Respond& respond,
                                  const ReportRequest& request, Buckets& buckets)
{
    Comparison comparison;
    const std::string* text = call.request.parameter("compare");
    if (!text || text->empty())
        return comparison;
    constexpr std::string_view ofCampaign = "campaign:";
    ReportQuery query = request.query;
    const ReportRange range{query.from, query.to};
    if (*text == "previous") {
        std::int64_t days = 0;
        for (UtcMs day = range.from; day < range.to; day = buckets.daysAway(day, 1))
            ++days;
        comparison.range = query.granularity == protocol::Granularity::Day
                               ? ReportRange{buckets.daysAway(range.from, -days), range.from}
                               : ReportRange{UtcMs(2 * range.from.value - range.to.value), range.from};
    } else if (*text == "weekdays") {
        const std::int64_t week = daysPerWeek * protocol::msPerDay;
        const std::int64_t weeks = (range.to.value - range.from.value - protocol::msPerHour + week - 1) / week;
        comparison.range =
            buckets.asLong(range, buckets.daysAway(range.from, -daysPerWeek * std::max<std::int64_t>(weeks, 1)));
    } else if (text->starts_with(ofCampaign)) {
        query.links =
            linksOfCampaign(*around.snapshot.current(), call.caller.workspace, text->substr(ofCampaign.size()));
        if (query.links->empty())
            return respond(problem(404, "not_found", "compare")), std::nullopt;
        comparison.range = buckets.asLong(range, firstClick(call, query, buckets, around.now()));
    } else if (const auto start = protocol::utcMsFrom(*text); start && start->value >= 0) {
        comparison.range = buckets.asLong(range, *start);
    } else {
        return respond(problem(400, "unknown_word", "compare")), std::nullopt;
    }
    query.from = comparison.range.from;
    query.to = comparison.range.to;
    query.seriesOf = 0;
    query.uniques = isOfWholeDays(buckets, comparison.range, around.now());
    if (!isKept(query, around.now(), respond))
        return std::nullopt;
    comparison.figures = call.reader->report(query);
    return comparison;
}

void answerReport(const Surroundings& around, const Call& call, const Respond& respond)
{
    auto request = reportRequest(around, call, respond, false);
    if (!request)
        return;
    if (const std::string* split = call.request.parameter("split"); split && (*split == "1" || *split == "true"))
        request->query.seriesOf = std::min(request->limit, seriesMax);
    Buckets buckets(request->query.granularity, request->zone);
    // Read before the figures: they are complete at least up to it.
    const Freshness fresh{around.pipeline.watermark(), around.now()};
    const ReportFigures figures = call.reader->report(request->query);
    const auto comparison = compare(around, call, respond, *request, buckets);
    if (!comparison)
        return;
    Response response;
    std::string& out = response.body;
    out = "{\"from\":" + quoted(request->query.from) + ",\"to\":" + quoted(request->query.to) +
          ",\"zone\":" + jsonString(request->zone) + ",\"granularity\":\"" +
          std::string(protocol::word(request->query.granularity)) + "\",\"by\":" + jsonString(request->by) +
          ",\"where\":" + (request->where.empty() ? "null" : jsonString(request->where)) + ",\"totals\":";
    appendObject(out, figures.totals);
    out += ",\"series\":";
    appendSeries(out, figures.series, buckets, fresh);
    appendValues(out, *request, figures, *around.snapshot.current(), buckets, fresh);
    const bool isEmpty = figures.series.empty();
    out += ",\"first\":" + (isEmpty ? "null" : quoted(UtcMs(figures.series.begin()->first))) +
           ",\"last\":" + (isEmpty ? "null" : quoted(UtcMs(figures.series.rbegin()->first)));
    appendCompared(out, *request, figures, *comparison, buckets, fresh);
    appendFreshness(out, fresh);
    appendRestated(out, figures.restated, request->query.where.has_value());
    const bool isEstimated = figures.isEstimated || (comparison->figures && comparison->figures->isEstimated);
    out += ",\"uniques\":{\"kind\":\"daily_sum\",\"estimated\":" + std::string(isEstimated ? "true" : "false") +
           ",\"error\":" + QByteArray::number(linkError).toStdString() +
           "},\"kept\":{\"minutes_days\":" + std::to_string(pipeline::minutesKeptDays) +
           ",\"days\":" + std::to_string(pipeline::hoursKeptDays) + "}}";
    respond(std::move(response));
}

struct HourOfWeek {
    std::uint64_t times = 0;
    rollups::Counts counts;
};

void answerHours(const Surroundings& around, const Call& call, const Respond& respond)
{
    const auto request = reportRequest(around, call, respond, true);
    if (!request)
        return;
    ReportQuery query = request->query;
    query.by = ReportQuery::By::Nothing;
    query.uniques = false;
    const Freshness fresh{around.pipeline.watermark(), around.now()};
    const ReportFigures figures = call.reader->report(query);
    QTimeZone zone(QByteArray::fromStdString(request->zone));
    if (!zone.isValid())
        zone = QTimeZone(QTimeZone::UTC);
    std::array<HourOfWeek, daysPerWeek * hoursPerDay> cells;
    Buckets hours(protocol::Granularity::Hour, request->zone);
    for (UtcMs hour = query.from; hour < query.to; hour = hours.next(hour)) {
        const QDateTime local = QDateTime::fromMSecsSinceEpoch(hour.value, zone);
        const auto place = static_cast<std::size_t>((local.date().dayOfWeek() - 1) * hoursPerDay + local.time().hour());
        ++cells[place].times;
        if (const auto found = figures.series.find(hour.value); found != figures.series.end())
            cells[place].counts += found->second.counts;
    }
    Response response;
    std::string& out = response.body;
    out = "{\"from\":" + quoted(query.from) + ",\"to\":" + quoted(query.to) + ",\"zone\":" + jsonString(request->zone) +
          ",\"cells\":[";
    for (std::size_t at = 0; at < cells.size(); ++at) {
        const rollups::Counts& counts = cells[at].counts;
        out += (at > 0 ? ",{\"weekday\":" : "{\"weekday\":") + std::to_string(at / hoursPerDay + 1) +
               ",\"hour\":" + std::to_string(at % hoursPerDay) + ",\"times\":" + std::to_string(cells[at].times) +
               ",\"hits\":" + std::to_string(counts.hits) + ",\"clicks\":" + std::to_string(counts.clicks) +
               ",\"human_clicks\":" + std::to_string(counts.humanClicks) +
               ",\"scans\":" + std::to_string(counts.scans) + "}";
    }
    out += ']';
    appendFreshness(out, fresh);
    appendRestated(out, figures.restated, query.where.has_value());
    out += '}';
    respond(std::move(response));
}

} // namespace

void addReportRoutes(Router& router, const Surroundings& around)
{
    router.add({"GET", "/v1/reports", Access::Viewer, RunsOn::Worker,
                [&around](const Call& call, const Respond& respond) { answerReport(around, call, respond); }});
    router.add({"GET", "/v1/reports/hours", Access::Viewer, RunsOn::Worker,
                [&around](const Call& call, const Respond& respond) { answerHours(around, call, respond); }});
}

} // namespace api

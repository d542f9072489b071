// SPDX-License-Identifier: GPL-3.0-or-later
#include <map>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include "backend/api/controllers/controllers.h"
#include "backend/api/json_fields.h"

namespace api {

namespace {

// Metrics of one name, whatever their labels, are one family.
Response metricsPage(const Surroundings& around)
{
    std::vector<Metric> metrics = around.seams.metrics;
    const auto add = [&metrics](const char* name, const char* help, bool counter,
                                const std::atomic<std::uint64_t>& value) {
        metrics.push_back(
            {name, help, counter, [&value] { return static_cast<double>(value.load(std::memory_order_relaxed)); }});
    };
    const pipeline::Counters& stored = around.pipeline.counters();
    add("clickroom_hits_stored_total", "Hits committed since start", true, stored.stored);
    add("clickroom_hits_late_total", "Hits redirected before they were stored", true, stored.late);
    add("clickroom_hits_lost_total", "Hits never stored", true, stored.lost);
    add("clickroom_hits_pending", "Hits waiting in the spill file", false, stored.pending);
    add("clickroom_commits_total", "Commits since start", true, stored.commits);
    add("clickroom_commit_failures_total", "Commits that failed", true, stored.commitFailures);
    add("clickroom_last_seq", "Sequence of the newest hit", false, stored.lastSeq);
    add("clickroom_watermark_seq", "Sequence up to which rollups are complete", false, stored.watermark);
    add("clickroom_api_requests_total", "API requests routed", true, around.requests);
    add("clickroom_api_queries_refused_total", "API queries refused because every worker was busy", true,
        around.queriesRefused);
    if (around.http) {
        add("clickroom_api_connections", "API connections open", false, around.http->connections);
        add("clickroom_api_connections_turned_away_total", "API connections over the limit", true,
            around.http->turnedAway);
        add("clickroom_api_malformed_total", "API requests refused before routing", true, around.http->malformed);
    }
    std::map<std::string, prometheus::MetricFamily> families;
    for (const Metric& metric : metrics) {
        prometheus::MetricFamily& family = families[metric.name];
        family.name = metric.name;
        family.help = metric.help;
        family.type = metric.counter ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge;
        prometheus::ClientMetric sample;
        for (const auto& [name, value] : metric.labels)
            sample.label.push_back({name, value});
        (metric.counter ? sample.counter.value : sample.gauge.value) = metric.value();
        family.metric.push_back(std::move(sample));
    }
    std::vector<prometheus::MetricFamily> list;
    for (auto& [name, family] : families)
        list.push_back(std::move(family));
    Response response;
    response.contentType = "text/plain; version=0.0.4; charset=utf-8";
    response.body = prometheus::TextSerializer().Serialize(list);
    return response;
}

} // namespace

void addHealthRoutes(Router& router, const Surroundings& around)
{
    router.add({"GET", "/health/live", Access::Open, RunsOn::Loop,
                [](const Call&, const Respond& respond) { respond(json({{"status", "live"}})); }});
    router.add({"GET", "/health/ready", Access::Open, RunsOn::Loop, [&around](const Call&, const Respond& respond) {
                    const std::string missing = around.seams.notReady ? around.seams.notReady() : std::string();
                    respond(missing.empty() ? json({{"status", "ready"}}) : problem(503, "not_ready", missing));
                }});
    router.add({"GET", "/metrics", Access::Open, RunsOn::Loop,
                [&around](const Call&, const Respond& respond) { respond(metricsPage(around)); }});
}

} // namespace api

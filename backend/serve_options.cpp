// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/serve_options.h"

#include <sstream>

#include "backend/cli/resources_folder.h"
#include "backend/cli/table_exports.h"
#include "backend/enrich/geo_database.h"

namespace {

constexpr std::int64_t exportEveryMin = 3'600'000, exportEveryMax = 31LL * 86'400'000;

cli::ExportSchedule exportsOf(const runtime::Config& config)
{
    cli::ExportSchedule exports;
    exports.folder = config.text("export-folder");
    exports.everyMs = config.durationMs("export-every", exportEveryMin, exportEveryMax);
    exports.format = protocol::tableFormatFrom(config.choice("export-format", {"csv", "jsonl", "xlsx"}))
                         .value_or(protocol::TableFormat::Csv);
    std::stringstream words(config.text("export"));
    for (std::string word; std::getline(words, word, ',');) {
        if (!cli::isTable(word))
            throw runtime::ConfigError("--export takes hits, links and rollups with commas between, not \"" + word +
                                       "\"");
        exports.what.push_back(word);
    }
    return exports;
}

} // namespace

ServeOptions serveOptions(const runtime::Config& config)
{
    ServeOptions options;
    options.dataFolder = config.text("data");
    options.json = config.flag("json");
    options.logLevel = runtime::logLevelFrom(config.choice("log-level", {"debug", "info", "warning", "error"})).value();
    options.logFormat = runtime::logFormatFrom(config.choice("log-format", {"logfmt", "json"})).value();

    const runtime::HostPort redirect = config.hostPort("redirect"), api = config.hostPort("api"),
                            stream = config.hostPort("stream");
    options.redirect.host = redirect.host;
    options.redirect.port = redirect.port;
    options.redirect.loops = static_cast<int>(config.integer("loops", 1, 256));
    for (const std::string& text : config.texts("trust")) {
        const auto network = enrich::Cidr::from(text);
        if (!network)
            throw runtime::ConfigError("--trust takes an address or a network such as 10.0.0.0/8, not \"" + text +
                                       "\"");
        options.redirect.trustedProxies.push_back(*network);
    }

    options.pipeline.durability = config.choice("durability", {"process", "power"}) == "power"
                                      ? pipeline::Durability::Power
                                      : pipeline::Durability::Process;
    options.pipeline.rollupIntervalMs = config.durationMs("rollup-interval", 100, 86'400'000);
    options.pipeline.lateAfterMs = config.durationMs("late-after", 1, 60'000);

    options.stream.host = stream.host;
    options.stream.port = stream.port;
    options.stream.allowedOrigins = config.texts("origin");

    options.api.host = api.host;
    options.api.port = api.port;
    options.api.dataFolder = options.dataFolder;
    options.api.server = "clickroomd " CLICKROOM_VERSION;
    if (!config.text("resolver").empty())
        options.resolver = config.hostPort("resolver");
    options.api.requestsPerSecond = config.integer("api-rate", 0, 1'000'000);
    options.api.queryWorkers = static_cast<int>(config.integer("query-workers", 1, 64));

    if (const runtime::TlsIdentity::Files files{config.text("tls-certificate"), config.text("tls-key")};
        files.areGiven() || !files.key.empty()) {
        if (files.certificate.empty() || files.key.empty())
            throw runtime::ConfigError("--tls-certificate and --tls-key go together: give both");
        options.tls = std::make_shared<runtime::TlsIdentityHolder>(files);
        options.redirect.tls = options.api.tls = options.stream.tls = options.tls;
    }

    options.exports = exportsOf(config);
    // The data folder's own files, then those named, then the one that ships.
    const std::string resources = cli::resourcesFolder();
    options.botList = resources + "/bots/crawler-user-agents.json";
    options.geoFiles = enrich::GeoDatabase::filesOf(options.dataFolder, {});
    for (const std::string& file : config.texts("geo"))
        options.geoFiles.push_back(file);
    options.geoFiles.push_back(resources + "/geo/country.mmdb");
    return options;
}

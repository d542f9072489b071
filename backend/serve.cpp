// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/serve.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <optional>
#include <unistd.h>

#include <QCoreApplication>
#include <QDateTime>
#include <QJsonObject>
#include <QTimeZone>
#include <QTimer>

#include "backend/api/token_book.h"
#include "backend/cli/command_line.h"
#include "backend/enrich/agent_catalogue.h"
#include "backend/enrich/geo_database.h"
#include "backend/enrich/visitor_salts.h"
#include "backend/pipeline/editor.h"
#include "backend/protocol/limits.h"
#include "backend/runtime/huge_pages.h"
#include "backend/runtime/stop_signal.h"
#include "backend/runtime/thread_owner.h"
#include "backend/serve_options.h"
#include "backend/storage/init_folder.h"
#include "backend/storage/reader.h"
#include "backend/txt_records.h"
#include "backend/visitor_facts.h"

namespace {

// Hits on their way to the pipeline. At 20,000 a second this is three seconds of a hanging disk before redirects are
// refused; the late guard lets them go long before.
constexpr std::size_t hitQueueHits = 65'536;
constexpr std::int64_t redirectGraceMs = 2000;
// What the live window is filled with after a start: its longest length, but no more than a start can wait for (about
// two seconds).
constexpr std::size_t preloadHitsMax = 500'000;
constexpr std::size_t preloadPageHits = 10'000;
// How long consoles have for their last frames and the bye.
constexpr int byeMs = 300;
constexpr int hourMs = 3'600'000;
constexpr int tlsCheckMs = 5'000;

std::string shownAddress(const std::string& host, std::uint16_t port)
{
    return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + std::to_string(port);
}

std::string_view word(links::Plan plan)
{
    return plan == links::Plan::Starter ? "starter" : "professional";
}

// Everything of a running backend, in the order in which it is made; destroyed in the reverse one.
class Backend {
public:
    explicit Backend(ServeOptions options);

    int run();

private:
    void preload();
    void listen();
    void announce() const;
    std::string streamUrl() const { return (m_options.tls ? "wss://" : "ws://") + m_streamAddress + "/v1/stream"; }
    void startThreads();
    void drain();
    void keepSalts();
    void keepTls();
    std::optional<stream::Grant> grantOf(std::string_view secret);
    stream::Seams streamSeams();
    pipeline::Listeners listeners();
    api::Seams apiSeams();
    redirect::RedirectServer::EnricherFactory enrichers();

    const ServeOptions m_options;
    runtime::SystemClock m_clock;
    runtime::Log m_log{m_clock, m_options.logLevel, m_options.logFormat};
    std::atomic<bool> m_stopping{false};
    std::atomic<bool> m_failed{false};
    std::atomic<std::uint64_t> m_tokenGeneration{0};

    const enrich::GeoDatabase::Opened m_geo = enrich::GeoDatabase::open(m_options.geoFiles);
    const enrich::AgentCatalogue::Loaded m_agents = enrich::AgentCatalogue::load(m_options.botList);
    const std::shared_ptr<enrich::VisitorSalts> m_salts =
        std::make_shared<enrich::VisitorSalts>(m_options.dataFolder + "/visitor.salts");

    storage::Store m_store;
    storage::Reader m_reader;
    api::TokenBook m_tokens; // the stream's
    links::SnapshotHolder m_snapshot;
    pipeline::HitQueue m_queue{hitQueueHits};
    stream::StreamServer m_stream;
    pipeline::Pipeline m_pipeline;
    redirect::RedirectServer m_redirect;
    api::ApiServer m_api;
    cli::ScheduledExports m_exports{m_options.exports, m_options.dataFolder, m_clock, m_log};
    std::string m_redirectAddress, m_apiAddress, m_streamAddress;

    runtime::StopSignal m_signal;
    QTimer m_hourly, m_tlsCheck;
    // Each group ends on its own: the edge first, the pipeline last.
    runtime::ThreadOwner m_edgeThreads, m_apiThreads, m_pipelineThreads, m_signalThread;
};

runtime::ThreadOwner::Failure stopOnFailure(const runtime::Log& log, std::atomic<bool>& failed,
                                            runtime::StopSignal& signal)
{
    return [&log, &failed, &signal](std::string_view name, std::string_view what) {
        log.error("thread failed", {{"thread", name}, {"reason", what}});
        failed = true;
        signal.cancel();
    };
}

Backend::Backend(ServeOptions options)
    : m_options(std::move(options)),
      m_store({m_options.dataFolder, m_options.pipeline.durability == pipeline::Durability::Power}),
      m_reader(m_options.dataFolder), m_tokens(m_options.dataFolder, m_tokenGeneration),
      m_stream(m_options.stream, streamSeams(), m_clock),
      m_pipeline(m_options.pipeline, m_store, m_snapshot, m_queue, m_clock, listeners()),
      m_redirect(m_options.redirect, m_snapshot, m_queue, m_clock, enrichers()),
      m_api(m_options.api, m_snapshot, m_pipeline, m_clock, m_tokenGeneration, apiSeams()),
      m_edgeThreads(stopOnFailure(m_log, m_failed, m_signal)), m_apiThreads(stopOnFailure(m_log, m_failed, m_signal)),
      m_pipelineThreads(stopOnFailure(m_log, m_failed, m_signal)),
      m_signalThread(stopOnFailure(m_log, m_failed, m_signal))
{
    for (const std::string& notice : m_store.notices())
        m_log.warning("recovered", {{"what", notice}});
    for (const std::string& problem : m_geo.problems)
        m_log.warning("place database not used", {{"reason", problem}});
    if (!m_agents.problem.empty())
        m_log.warning("bot list not used", {{"reason", m_agents.problem}});
    m_redirect.onHostReached([this](protocol::DomainId domain) { m_pipeline.hostReached(domain); });
    m_redirect.onHealth([this] { return !m_stopping.load(); });
}

// Consoles and redirects are let in only once every link is known: the first click after a start must not be a miss.
void Backend::preload()
{
    pipeline::Editor(m_store, m_snapshot, m_clock, {}).loadSnapshot();
    const protocol::UtcMs since(m_clock.utcMs() - protocol::limits::windowSecondsMax * protocol::msPerSecond);
    const std::uint64_t last = m_reader.lastSeq().value, first = m_reader.firstSeqSince(since).value;
    if (first == 0 || last < first)
        return;
    std::uint64_t at = std::max(first - 1, last > preloadHitsMax ? last - preloadHitsMax : 0);
    while (at < last) {
        protocol::HitSeq coveredTo(at);
        const protocol::HitBatch hits = m_reader.hitsAfter(protocol::HitSeq(at), preloadPageHits, {}, {}, coveredTo);
        if (!hits.empty())
            m_stream.preload(std::make_shared<const protocol::PackedHits>(hits));
        if (coveredTo.value <= at)
            break;
        at = coveredTo.value;
    }
}

void Backend::listen()
{
    m_stream.start();
    m_redirect.start();
    m_api.start();
    m_redirectAddress = shownAddress(m_options.redirect.host, m_redirect.port());
    m_apiAddress = shownAddress(m_options.api.host, m_api.port());
    m_streamAddress = shownAddress(m_options.stream.host, m_stream.port());
    m_api.setAddresses(m_redirectAddress, streamUrl());
    m_store.announce({getpid(), "http://" + m_apiAddress, "http://" + m_redirectAddress, streamUrl()});
}

void Backend::announce() const
{
    const char* const scheme = m_options.tls ? "https" : "http";
    if (m_options.json)
        cli::printJson({{"redirect", QString::fromStdString(m_redirectAddress)},
                        {"api", QString::fromStdString(m_apiAddress)},
                        {"stream", QString::fromStdString(m_streamAddress)},
                        {"tls", m_options.tls != nullptr},
                        {"data", QString::fromStdString(m_options.dataFolder)},
                        {"pid", static_cast<qint64>(getpid())}});
    else
        std::printf("redirect %s://%s\napi %s://%s\nstream %s\n", scheme, m_redirectAddress.c_str(), scheme,
                    m_apiAddress.c_str(), streamUrl().c_str());
    std::fflush(stdout);
}

void Backend::startThreads()
{
    // Under load, who comes in batches finds more in each, and wakes the others less often.
    using Turn = runtime::ThreadOwner::Turn;
    // Under `power` its syncs are what all others wait for.
    const bool isPower = m_options.pipeline.durability == pipeline::Durability::Power;
    m_pipelineThreads.start("pipeline", [this] { m_pipeline.run(); }, isPower ? Turn::Promptly : Turn::InBatches);
    m_pipelineThreads.start("late-guard", [this] { m_pipeline.runLateGuard(); });
    m_pipelineThreads.start("sealer", [this] { m_pipeline.runSealer(); }, Turn::InBatches);
    m_pipelineThreads.start("rollups", [this] { m_pipeline.runRollups(); }, Turn::Background);
    for (int i = 0; i < m_options.redirect.loops; ++i)
        m_edgeThreads.start("redirect-" + std::to_string(i), [this, i] { m_redirect.runLoop(i); }, Turn::InBatches);
    m_edgeThreads.start("passwords", [this] { m_redirect.runPasswordChecks(); });
    m_apiThreads.start("api", [this] { m_api.runLoop(); });
    for (int i = 0; i < m_options.api.queryWorkers; ++i)
        m_apiThreads.start("query-" + std::to_string(i), [this, i] { m_api.runWorker(i); });
    m_apiThreads.start("exports", [this] { m_exports.run(); }, Turn::Background);
    m_apiThreads.start("huge-pages", [] { runtime::moveHeapToHugePages(); }, Turn::Background);
    m_signalThread.start("signals", [this] {
        const int number = m_signal.wait();
        m_log.info("stopping", {{"signal", number}});
        QMetaObject::invokeMethod(QCoreApplication::instance(), &QCoreApplication::quit, Qt::QueuedConnection);
    });
}

// Visitor keys follow each workspace's own day, which moves with summer time; old salts go even when nobody clicks.
void Backend::keepSalts()
{
    const protocol::UtcMs now(m_clock.utcMs());
    const auto snapshot = m_snapshot.current();
    for (const links::Workspace* workspace : snapshot->workspaces()) {
        const QTimeZone zone(QByteArray::fromStdString(workspace->zone));
        if (zone.isValid())
            m_salts->setZoneOffset(
                workspace->id, 1000LL * zone.offsetFromUtc(QDateTime::fromMSecsSinceEpoch(now.value, QTimeZone::UTC)));
    }
    m_salts->destroyExpired(now);
    if (const std::string problem = m_salts->problem(); !problem.empty())
        m_log.warning("visitor salts not kept", {{"reason", problem}});
}

// A renewed certificate serves the connections to come; those open keep theirs.
void Backend::keepTls()
{
    std::string problem;
    switch (m_options.tls->reloadIfChanged(problem)) {
    case runtime::TlsIdentityHolder::Reload::Unchanged:
        return;
    case runtime::TlsIdentityHolder::Reload::Failed:
        return m_log.warning("certificate not renewed", {{"reason", problem}});
    case runtime::TlsIdentityHolder::Reload::Loaded:
        m_stream.reloadTls();
        return m_log.info("certificate renewed");
    }
}

int Backend::run()
{
    preload();
    keepSalts();
    QObject::connect(&m_hourly, &QTimer::timeout, &m_hourly, [this] { keepSalts(); });
    m_hourly.start(hourMs);
    QObject::connect(&m_tlsCheck, &QTimer::timeout, &m_tlsCheck, [this] { keepTls(); });
    if (m_options.tls)
        m_tlsCheck.start(tlsCheckMs);
    listen();
    startThreads();
    announce();
    m_log.info("ready", {{"redirect", m_redirectAddress}, {"api", m_apiAddress}, {"stream", m_streamAddress}});
    QCoreApplication::exec();
    drain();
    return m_failed ? 1 : 0;
}

// What is open is answered, what was answered is stored, what was stored is shown, then everybody is told goodbye.
void Backend::drain()
{
    m_stopping = true;
    m_redirect.stop(redirectGraceMs);
    m_edgeThreads.join();
    m_api.stop();
    m_exports.stop();
    m_apiThreads.join();
    m_queue.close();
    m_pipeline.stop();
    m_pipelineThreads.join();
    QCoreApplication::processEvents(QEventLoop::AllEvents, byeMs);
    m_stream.stop();
    QCoreApplication::processEvents(QEventLoop::AllEvents, byeMs);
    m_signal.cancel();
    m_signalThread.join();
    const pipeline::Counters& counters = m_pipeline.counters();
    m_log.info("stopped",
               {{"stored", counters.stored.load()}, {"late", counters.late.load()}, {"lost", counters.lost.load()}});
}

std::optional<stream::Grant> Backend::grantOf(std::string_view secret)
{
    try {
        const auto token = m_tokens.tokenOf(secret);
        if (!token)
            return std::nullopt;
        const auto snapshot = m_snapshot.current();
        const links::Workspace* workspace = snapshot->workspace(token->workspace);
        if (!workspace)
            return std::nullopt;
        return stream::Grant{token->workspace,
                             workspace->name,
                             std::string(api::word(token->role)),
                             token->name,
                             std::string(word(workspace->plan)),
                             workspace->privacy == links::PrivacyMode::Strict ? "strict" : "standard",
                             workspace->zone};
    } catch (const storage::StoreError& error) {
        m_log.warning("token not looked up", {{"reason", error.what()}});
        return std::nullopt;
    }
}

stream::Seams Backend::streamSeams()
{
    stream::Seams seams;
    seams.authenticate = [this](std::string_view token) { return grantOf(token); };
    const storage::HitTotals stored = m_reader.totals();
    seams.facts = [this, stored] {
        const pipeline::Counters& counters = m_pipeline.counters();
        // Before the pipeline's thread has begun, what lies in the folder is what there is.
        const protocol::HitSeq last(std::max(counters.lastSeq.load(), stored.lastSeq.value));
        const protocol::HitSeq first = stored.firstSeq ? stored.firstSeq : protocol::HitSeq(last ? 1 : 0);
        return stream::ServerFacts{first, last, counters.late.load(), counters.lost.load()};
    };
    seams.dataId = m_reader.dataId();
    seams.server = "clickroomd " CLICKROOM_VERSION;
    return seams;
}

pipeline::Listeners Backend::listeners()
{
    pipeline::Listeners listeners;
    listeners.hitsStored = [this](std::shared_ptr<const protocol::PackedHits> hits) {
        m_stream.publishHits(std::move(hits));
    };
    listeners.watermarkMoved = [this](const protocol::Watermark& watermark) { m_stream.publishWatermark(watermark); };
    listeners.edited = [this](const protocol::Edit& edit) { m_stream.publishEdit(edit); };
    return listeners;
}

redirect::RedirectServer::EnricherFactory Backend::enrichers()
{
    return [this] { return std::make_unique<enrich::Enricher>(m_geo.database, m_agents.catalogue, m_salts); };
}

api::Seams Backend::apiSeams()
{
    api::Seams seams;
    seams.txtRecords = [this](const std::string& name) { return txtRecords(name, m_options.resolver); };
    seams.agentOf = agentFactsOf(m_agents.catalogue);
    seams.placeOf = placeFactsOf(m_geo.database);
    seams.notReady = [this] { return m_stopping ? std::string("stopping") : std::string(); };
    const redirect::Counters& edge = m_redirect.counters();
    const auto add = [&seams](const char* name, const char* help, bool counter,
                              const std::atomic<std::uint64_t>& value) {
        seams.metrics.push_back(
            {name, help, counter, [&value] { return static_cast<double>(value.load(std::memory_order_relaxed)); }});
    };
    add("clickroom_redirect_requests_total", "Requests at the redirect edge", true, edge.requests);
    add("clickroom_redirect_reserved_total", "Requests for reserved paths", true, edge.reserved);
    add("clickroom_redirect_refused_total", "Requests refused before link resolution", true, edge.refused);
    add("clickroom_redirect_queue_full_total", "Requests answered 503 because the pipeline was full", true,
        edge.queueFull);
    add("clickroom_redirect_turned_away_total", "Connections over a limit", true, edge.turnedAway);
    add("clickroom_redirect_timed_out_total", "Requests answered 408 for being too slow", true, edge.timedOut);
    add("clickroom_redirect_tls_failures_total", "Connections that ended within their TLS handshake", true,
        edge.tlsFailures);
    add("clickroom_redirect_accept_failures_total", "Pauses in accepting for want of descriptors or memory", true,
        edge.acceptFailures);
    add("clickroom_redirect_connections", "Connections open at the redirect edge", false, edge.connections);
    seams.metrics.push_back({"clickroom_queue_hits", "Hits waiting for the pipeline", false,
                             [this] { return static_cast<double>(m_queue.size()); }});
    using Figure = std::uint64_t stream::StreamServer::Counters::*;
    const auto addStream = [&](const char* name, const char* help, bool counter, Figure figure) {
        seams.metrics.push_back(
            {name, help, counter, [this, figure] { return static_cast<double>(m_stream.counters().*figure); }});
    };
    addStream("clickroom_stream_sessions", "Consoles connected", false, &stream::StreamServer::Counters::sessions);
    addStream("clickroom_stream_frames_total", "Frames sent", true, &stream::StreamServer::Counters::framesSent);
    addStream("clickroom_stream_hits_total", "Hits sent", true, &stream::StreamServer::Counters::hitsSent);
    addStream("clickroom_stream_dropped_hits_total", "Hits not sent to slow consoles", true,
              &stream::StreamServer::Counters::hitsDropped);
    addStream("clickroom_stream_bytes_total", "Bytes sent", true, &stream::StreamServer::Counters::bytesSent);
    addStream("clickroom_stream_refused_total", "Handshakes refused", true, &stream::StreamServer::Counters::refused);
    return seams;
}

} // namespace

int runServe(cli::Arguments arguments)
{
    const cli::Parsed parsed = cli::parse("serve", arguments);
    if (parsed.exitStatus >= 0)
        return parsed.exitStatus;
    try {
        const ServeOptions options = serveOptions(parsed.config);
        storage::initFolder(options.dataFolder);
        return Backend(options).run();
    } catch (const runtime::ConfigError& error) {
        cli::fail(error.what());
        return 2;
    } catch (const std::exception& error) {
        return cli::fail(error.what());
    }
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/api/api_server.h"

#include <algorithm>
#include <chrono>

#include "backend/api/answer_book.h"
#include "backend/api/controllers/controllers.h"
#include "backend/api/link_json.h"
#include "backend/api/rate_limit.h"
#include "backend/api/token_book.h"
#include "backend/imports/drafts.h"
#include "backend/protocol/limits.h"
#include "backend/runtime/bounded_queue.h"

namespace api {

namespace {

// A query on its way to a worker.
struct Query {
    const Route* route = nullptr;
    Call call;
    Respond respond;
};

// One worker's queue. `waiting` counts what is queued and what is being answered, so that a worker busy with a long
// query is not taken for an idle one.
struct Lane {
    explicit Lane(std::size_t capacity) : queue(capacity) {}

    runtime::BoundedQueue<Query> queue;
    std::atomic<std::size_t> waiting{0};
};

constexpr std::int64_t stopGraceMs = 2000;
constexpr std::string_view defaultWorkspace = "default";

storage::Role least(Access access)
{
    switch (access) {
    case Access::Open:
    case Access::Viewer:
        return storage::Role::Viewer;
    case Access::Operator:
        return storage::Role::Operator;
    case Access::Admin:
        break;
    }
    return storage::Role::Admin;
}

} // namespace

struct ApiServer::Parts {
    Parts(Options options, const links::SnapshotHolder& snapshot, pipeline::Pipeline& pipeline,
          const runtime::Clock& clock, std::atomic<std::uint64_t>& tokenGeneration, Seams seams)
        : around{std::move(options), std::move(seams), snapshot, pipeline, clock, tokenGeneration, {}, nullptr},
          tokens(around.options.dataFolder, tokenGeneration), rateLimit(around.options.requestsPerSecond),
          http(HttpLimits{.bodyBytes = protocol::limits::apiBodyBytes,
                          .largeBody = [this](const Request& head) { return bodyLimitOf(head); },
                          .largeBodyBytes = imports::fileBytesMax},
               around.options.tls, [this](Request request, Respond respond) { handle(std::move(request), respond); })
    {
        around.http = &http.counters();
        around.dataId = storage::Reader(around.options.dataFolder).dataId();
        for (int i = 0; i < around.options.queryWorkers; ++i)
            lanes.push_back(std::make_unique<Lane>(around.options.queriesWaiting));
        addAllRoutes(router, around);
    }

    void handle(Request request, const Respond& respond);
    // A large body is taken only from who may send it where it belongs.
    std::uint64_t bodyLimitOf(const Request& head);
    // Fills the caller; false where the answer has been given.
    bool admit(const Route& route, Call& call, const Respond& respond);
    void enqueue(const Route& route, Call call, const Respond& respond);

    Surroundings around;
    Router router;
    TokenBook tokens; // the loop's, as the two that follow
    RateLimit rateLimit;
    AnswerBook answers;
    std::vector<std::unique_ptr<Lane>> lanes;
    HttpServer http; // last: its loop holds what the others answer
};

std::uint64_t ApiServer::Parts::bodyLimitOf(const Request& head)
{
    const Route* route = router.match(head.method, head.path).route;
    if (!route || route->bodyBytes <= protocol::limits::apiBodyBytes)
        return protocol::limits::apiBodyBytes;
    try {
        const auto token = tokens.tokenOf(bearerSecret(head.authorization));
        return token && token->role >= least(route->access) ? route->bodyBytes : protocol::limits::apiBodyBytes;
    } catch (const storage::StoreError&) {
        return protocol::limits::apiBodyBytes;
    }
}

bool ApiServer::Parts::admit(const Route& route, Call& call, const Respond& respond)
{
    if (route.access == Access::Open)
        return true;
    const auto token = tokens.tokenOf(bearerSecret(call.request.authorization));
    if (!token) {
        Response refusal = problem(401, "unauthorized", "Authorization");
        refusal.headers.emplace_back("WWW-Authenticate", "Bearer");
        respond(std::move(refusal));
        return false;
    }
    if (!rateLimit.take(token->id, around.clock.steadyNs() / 1'000'000)) {
        Response refusal = problem(429, "rate_limited", {}, around.options.requestsPerSecond);
        refusal.headers.emplace_back("Retry-After", "1");
        respond(std::move(refusal));
        return false;
    }
    around.pipeline.tokenUsed(token->id);
    const auto snapshot = around.snapshot.current();
    const links::Workspace* own = snapshot->workspace(token->workspace);
    call.caller.token = *token;
    call.caller.workspace = token->workspace;
    call.caller.administersAll = token->role == storage::Role::Admin && own && own->name == defaultWorkspace;
    if (token->role < least(route.access)) {
        respond(problem(403, "not_allowed", "role"));
        return false;
    }
    // The installation's admins may name another workspace; to everybody else it does not exist.
    if (const std::string* name = call.request.parameter("workspace");
        name && !name->empty() && (!own || own->name != *name)) {
        const links::Workspace* other = call.caller.administersAll ? snapshot->workspace(*name) : nullptr;
        if (!other) {
            respond(problem(call.caller.administersAll ? 404 : 403,
                            call.caller.administersAll ? "unknown_workspace" : "not_allowed", "workspace"));
            return false;
        }
        call.caller.workspace = other->id;
    }
    return true;
}

void ApiServer::Parts::enqueue(const Route& route, Call call, const Respond& respond)
{
    const auto lane = std::min_element(
        lanes.begin(), lanes.end(), [](const auto& a, const auto& b) { return a->waiting.load() < b->waiting.load(); });
    if (lane != lanes.end() && (*lane)->waiting.load() < around.options.queriesWaiting) {
        (*lane)->waiting.fetch_add(1);
        if ((*lane)->queue.tryPush(Query{&route, std::move(call), respond}))
            return;
        (*lane)->waiting.fetch_sub(1);
    }
    around.queriesRefused.fetch_add(1, std::memory_order_relaxed);
    Response refusal = problem(503, "too_many_queries", {}, static_cast<std::int64_t>(around.options.queriesWaiting));
    refusal.headers.emplace_back("Retry-After", "1");
    respond(std::move(refusal));
}

void ApiServer::Parts::handle(Request request, const Respond& respond)
{
    around.requests.fetch_add(1, std::memory_order_relaxed);
    Router::Match match = router.match(request.method, request.path);
    if (!match.route) {
        if (match.allowed.empty())
            return respond(problem(404, "not_found", "path"));
        Response refusal = problem(405, "method_not_allowed", "method");
        refusal.headers.emplace_back("Allow", match.allowed);
        return respond(std::move(refusal));
    }
    Call call;
    call.request = std::move(request);
    call.request.captured = std::move(match.captured);
    try {
        if (!admit(*match.route, call, respond))
            return;
        const auto answer = match.route->isCreate ? answers.begin(call, respond, around.now()) : std::optional(respond);
        if (!answer)
            return;
        const RunsOn runsOn = match.route->runsOn;
        if (runsOn == RunsOn::Loop || (runsOn == RunsOn::LoopUnlessPassword && !mayHoldPassword(call.request.body)))
            match.route->handler(call, *answer);
        else
            enqueue(*match.route, std::move(call), *answer);
    } catch (const storage::StoreError&) {
        respond(problem(503, "storage_failed"));
    } catch (const std::exception&) {
        respond(problem(500, "internal_error"));
    }
}

ApiServer::ApiServer(Options options, const links::SnapshotHolder& snapshot, pipeline::Pipeline& pipeline,
                     const runtime::Clock& clock, std::atomic<std::uint64_t>& tokenGeneration, Seams seams)
    : m_parts(std::make_unique<Parts>(std::move(options), snapshot, pipeline, clock, tokenGeneration, std::move(seams)))
{
}

ApiServer::~ApiServer() = default;

void ApiServer::setAddresses(std::string redirectAddress, std::string streamUrl)
{
    m_parts->around.options.redirectAddress = std::move(redirectAddress);
    m_parts->around.options.streamUrl = std::move(streamUrl);
}

void ApiServer::start()
{
    m_parts->http.listen(m_parts->around.options.host, m_parts->around.options.port);
}

std::uint16_t ApiServer::port() const
{
    return m_parts->http.port();
}

void ApiServer::runLoop()
{
    m_parts->http.run();
}

void ApiServer::runWorker(int worker)
{
    Lane& lane = *m_parts->lanes.at(static_cast<std::size_t>(worker));
    std::unique_ptr<storage::Reader> reader;
    std::vector<Query> queries;
    while (lane.queue.popAll(queries, std::chrono::milliseconds(1000))) {
        for (Query& query : queries) {
            try {
                if (!reader)
                    reader = std::make_unique<storage::Reader>(m_parts->around.options.dataFolder);
                query.call.reader = reader.get();
                query.route->handler(query.call, query.respond);
            } catch (const storage::StoreError&) {
                // A reader that failed once is not trusted again: the next query opens the folder anew.
                reader.reset();
                query.respond(problem(503, "storage_failed"));
            } catch (const std::exception&) {
                query.respond(problem(500, "internal_error"));
            }
            lane.waiting.fetch_sub(1);
        }
    }
}

void ApiServer::stop()
{
    for (const auto& lane : m_parts->lanes)
        lane->queue.close();
    m_parts->http.stop(stopGraceMs);
}

} // namespace api

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "backend/api/visitor_facts.h"
#include "backend/links/snapshot.h"
#include "backend/pipeline/pipeline.h"
#include "backend/runtime/clock.h"
#include "backend/runtime/tls_identity.h"

namespace api {

struct Options {
    std::string host = "127.0.0.1";
    std::uint16_t port = 8081; // 0 = any free one, see port()
    std::string dataFolder;
    std::string redirectAddress; // as told to consoles: "127.0.0.1:8080"
    std::string
        streamUrl; // "ws://127.0.0.1:8082/v1/stream"; the host is the one the client asked for where it is a wildcard
    std::string server;                                    // "clickroomd 0.1.0"
    std::shared_ptr<const runtime::TlsIdentityHolder> tls; // null: in clear
    int queryWorkers = 2;
    std::size_t queriesWaiting = 64;      // of one worker; beyond, a query is answered 503
    std::int64_t requestsPerSecond = 500; // of one token; 0 = any number. Bursts are ten seconds' worth
};

// A figure of another room for /metrics, read when asked. Labels are of our own making and few: never a slug or a host.
struct Metric {
    std::string name, help;
    bool counter = true;
    std::function<double()> value;
    std::vector<std::pair<std::string, std::string>> labels = {};
};

// What the API asks of the rest of the backend beside links and the pipeline. Each may be empty.
struct Seams {
    // The TXT records of a name; called on a query worker, may take seconds. Empty: a domain is verified by reserved
    // name only.
    std::function<std::vector<std::string>(const std::string& name)> txtRecords;
    // For /health/ready: empty = ready, otherwise a code of what is not.
    std::function<std::string()> notReady;
    std::vector<Metric> metrics;
    // For the simulator: what an agent and an address tell. Called on query workers.
    std::function<AgentFacts(const std::string& userAgent)> agentOf;
    std::function<PlaceFacts(const std::string& address)> placeOf;
};

// The HTTP API: one Asio loop and a few query workers, all threads of main's. Slow queries are refused (503) when every
// worker's queue is full. `tokenGeneration` is raised with every edit of a token (see TokenBook) and outlives this.
// Stop the pipeline before this is destroyed, and after stop().
class ApiServer {
public:
    ApiServer(Options options, const links::SnapshotHolder& snapshot, pipeline::Pipeline& pipeline,
              const runtime::Clock& clock, std::atomic<std::uint64_t>& tokenGeneration, Seams seams);
    ~ApiServer();

    // The last chance to say what the sessions are told; the ports of the other edges are known by then.
    void setAddresses(std::string redirectAddress, std::string streamUrl);
    void start(); // binds; throws std::system_error with the address in its text
    std::uint16_t port() const;
    void runLoop();
    void runWorker(int worker);
    // Open requests are answered, for two seconds at most; then every body returns.
    void stop();

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace api

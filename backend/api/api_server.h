// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "backend/links/snapshot.h"
#include "backend/pipeline/pipeline.h"
#include "backend/runtime/clock.h"

namespace api {

struct Options {
    std::string host = "127.0.0.1";
    std::uint16_t port = 8081;
    std::string dataFolder;
    std::string redirectAddress; // as told to consoles: "127.0.0.1:8080"
    std::string streamUrl;       // "ws://127.0.0.1:8082/v1/stream"; the host is the one the client asked for where it is a wildcard
    int queryWorkers = 2;
};

// A figure of another room for /metrics, read when asked.
struct Metric {
    std::string name, help;
    bool counter = true;
    std::function<double()> value;
};

// The HTTP API: one Asio loop and a few query workers, all threads of main's. Slow queries are refused (503) when every worker is busy
// and the queue is full.
class ApiServer {
public:
    ApiServer(Options options, const links::SnapshotHolder& snapshot, pipeline::Pipeline& pipeline, const runtime::Clock& clock,
              std::vector<Metric> metrics);
    ~ApiServer();

    void start(); // throws std::system_error with the address in its text
    std::uint16_t port() const;
    void runLoop();
    void runWorker(int worker);
    void stop();

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace api

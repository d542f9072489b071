// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "backend/enrich/enricher.h"
#include "backend/links/answered_hits.h"
#include "backend/links/snapshot.h"
#include "backend/runtime/clock.h"
#include "backend/runtime/handoff.h"
#include "backend/runtime/tls_identity.h"

namespace redirect {

struct Limits {
    std::size_t urlBytes = 8 * 1024;
    std::size_t headerBytes = 16 * 1024;
    std::size_t headerCount = 100;
    std::int64_t headerTimeMs = 10'000;      // from the first byte of a request to the end of its headers
    std::int64_t idleTimeMs = 60'000;        // between requests
    std::size_t connections = 20'000;        // over all loops
    std::size_t connectionsPerAddress = 256; // trusted proxies are exempt
    std::size_t pipelined = 64; // requests of one connection waiting for their answers; the rest is read later
};

struct Options {
    std::string host = "127.0.0.1";
    std::uint16_t port = 8080; // 0 = any free one, see port()
    int loops = 2;
    std::vector<enrich::Cidr> trustedProxies;
    bool trustLoopback = true; // loopback is among the trusted proxies
    Limits limits;
    // Null: in clear only. Else TLS is spoken with whoever begins it, on the same port.
    std::shared_ptr<const runtime::TlsIdentityHolder> tls;
};

// Counts since start; read by any thread. Every request becomes a hit or is counted beside: requests = hits handed on +
// reserved + refused + queueFull. Those that never were whole (timedOut) and connections turned away are no requests.
struct Counters {
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> reserved{0};    // answered, no hit
    std::atomic<std::uint64_t> refused{0};     // 400, 405, 414, 431: no link was looked up
    std::atomic<std::uint64_t> connections{0}; // open now
    std::atomic<std::uint64_t> accepted{0};
    std::atomic<std::uint64_t> queueFull{0};      // answered 503: neither recorded nor redirected
    std::atomic<std::uint64_t> turnedAway{0};     // connections over a limit, answered 503 or closed
    std::atomic<std::uint64_t> timedOut{0};       // requests answered 408
    std::atomic<std::uint64_t> tlsFailures{0};    // connections that ended within their handshake
    std::atomic<std::uint64_t> acceptFailures{0}; // no file descriptor or memory left; accepting paused for a moment
};

// The public edge: one listening socket, N loops. A request is parsed, decided, enriched and handed to `queue`; its
// answer leaves when the ticket is released. Owned by main; start() begins, each runLoop(i) is the body of one thread,
// stop() drains and ends them.
class RedirectServer {
public:
    using HitQueue = runtime::HandoffQueue<links::AnsweredHits>;
    // Makes each loop's own enricher.
    using EnricherFactory = std::function<std::unique_ptr<enrich::Enricher>()>;

    RedirectServer(Options options, const links::SnapshotHolder& snapshot, HitQueue& queue, const runtime::Clock& clock,
                   EnricherFactory enrichers);
    ~RedirectServer();

    // A request reached a verified domain that is not ready yet. Called on a loop's thread; must not block. Set before
    // start().
    void onHostReached(std::function<void(protocol::DomainId)> callback);
    // For /health/ready. Set before start().
    void onHealth(std::function<bool()> ready);

    // Binds and listens; throws std::system_error with the address in its text.
    void start();
    std::uint16_t port() const;
    void runLoop(int loop);
    // The body of one more thread: checks the passwords of links. Returns once every loop has.
    void runPasswordChecks();
    // No new connections; open requests are answered, at most `graceMs`; then every loop returns.
    void stop(std::int64_t graceMs);

    const Counters& counters() const;

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace redirect

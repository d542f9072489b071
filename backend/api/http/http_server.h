// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "backend/api/http/message.h"
#include "backend/runtime/tls_identity.h"

namespace api {

// What of a request is known before its body comes: method, path and authorization.
using BodyLimit = std::function<std::uint64_t(const Request& head)>;

struct HttpLimits {
    std::uint32_t headerBytes = 16 * 1024;
    std::uint64_t bodyBytes = 1024 * 1024;
    // For bodies above that, up to `largeBodyBytes`: asked, on the loop, how much this request may send. Empty: none
    // may.
    BodyLimit largeBody{};
    std::uint64_t largeBodyBytes = 0;
    std::size_t largeBodies = 2; // at a time, for they are held in memory
    std::int64_t largeBodyMs = 180'000;
    std::size_t connections = 1024;
    std::int64_t idleMs = 60'000;      // between requests, and until a request's header is complete
    std::int64_t handshakeMs = 10'000; // of TLS
    std::int64_t bodyMs = 30'000;
    std::int64_t answerMs = 30'000;       // from a whole request to its answer; then 503
    std::int64_t largeAnswerMs = 240'000; // the same where the body was large: on a slow machine it takes its time
    std::int64_t sendMs = 60'000;
};

struct HttpCounters {
    std::atomic<std::uint64_t> connections{0}; // open now
    std::atomic<std::uint64_t> accepted{0};
    std::atomic<std::uint64_t> turnedAway{0}; // over the limit of connections
    std::atomic<std::uint64_t> malformed{0};  // answered 400, 413, 414 or 431 by the server itself
};

// HTTP/1.1 with keep-alive on one loop of its own. Every whole request goes to `handle` (on the loop's thread), which
// answers from any thread. Owned by ApiServer; run() is the body of a thread.
class HttpServer {
public:
    using Handle = std::function<void(Request request, std::function<void(Response)> respond)>;

    // `tls` null: in clear. Else TLS, and in clear only from this machine itself.
    HttpServer(HttpLimits limits, std::shared_ptr<const runtime::TlsIdentityHolder> tls, Handle handle);
    ~HttpServer();

    void listen(const std::string& host, std::uint16_t port); // throws std::system_error with the address in its text
    std::uint16_t port() const;
    void run();
    // From any thread: no new connections, open requests are answered for at most `graceMs`, then run() returns.
    void stop(std::int64_t graceMs);

    const HttpCounters& counters() const;

    struct Parts;

private:
    std::shared_ptr<Parts> m_parts;
};

} // namespace api

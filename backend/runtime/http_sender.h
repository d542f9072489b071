// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace runtime {

// One request to send, without a body. Line breaks in it are sent as spaces.
struct OutgoingRequest {
    std::string method = "GET";
    std::string target = "/";
    std::vector<std::pair<std::string, std::string>> headers; // Host among them
    std::int64_t notBeforeMs = 0;                             // since the start of run()
};

struct HttpOutcome {
    unsigned status = 0; // 0: not answered
    std::string error;   // why not
};

// Sends requests to one HTTP/1.1 server over a few keep-alive connections, one request at a time on each: replayed and
// made-up traffic. A request whose kept-alive connection turns out to be closed is sent once more on a new one.
class HttpSender {
public:
    struct Options {
        std::string host = "127.0.0.1";
        std::uint16_t port = 8080;
        int connections = 16;
        std::int64_t timeoutMs = 30'000; // for connecting, and for each answer
    };

    // Gives the next request, or nothing when all are sent.
    using Source = std::function<std::optional<OutgoingRequest>()>;
    using Done = std::function<void(const OutgoingRequest&, const HttpOutcome&)>;

    explicit HttpSender(Options options);
    ~HttpSender();

    // Returns when the source is at its end and every request has its outcome, or after stop(). Both are called on this
    // thread.
    void run(Source source, Done done);
    // From within a callback, or from any thread: no further requests; those under way get no outcome.
    void stop();

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

// "http://127.0.0.1:8080" → host and port; nothing when it is no such address or has a path.
std::optional<std::pair<std::string, std::uint16_t>> httpAddress(std::string_view url);

} // namespace runtime

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

// An HTTP/1.1 server on a free port of 127.0.0.1 that remembers the heads of the requests it got, for tests of what
// sends requests.
class RecordingServer {
public:
    struct Answer {
        unsigned status = 302;
        std::string body;
        bool close = false;  // after the answer
        bool hangUp = false; // instead of an answer
    };
    // Called on the server's thread with a request's head.
    using Answerer = std::function<Answer(const std::string& head)>;

    explicit RecordingServer(Answerer answerer = {});
    ~RecordingServer();

    std::uint16_t port() const { return m_port; }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(m_port); }
    std::vector<std::string> heads() const;
    int connections() const { return m_connections; }
    int mostAtOnce() const { return m_mostAtOnce; }

private:
    struct Loop;
    struct Connection;

    Answerer m_answerer;
    std::uint16_t m_port = 0;
    mutable std::mutex m_mutex;
    std::vector<std::string> m_heads;
    std::atomic<int> m_connections{0}, m_open{0}, m_mostAtOnce{0};
    std::unique_ptr<Loop> m_loop;
};

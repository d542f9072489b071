// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <mutex>
#include <set>
#include <string>

#include "backend/runtime/http_sender.h"
#include "backend/runtime/thread_owner.h"

// Clicks on one link from a thread of its own, each with a placement that no other has: what was answered can be found
// again. The backend may die under it: unanswered clicks are simply not among the answered.
class Traffic {
public:
    Traffic(std::uint16_t port, std::string path, std::string prefix, int connections = 8)
        : m_path(std::move(path)), m_prefix(std::move(prefix)),
          m_sender(runtime::HttpSender::Options{
              .host = "127.0.0.1", .port = port, .connections = connections, .timeoutMs = 5000})
    {
    }
    ~Traffic() { finish(); }

    // At most `count` clicks, as fast as answered, or `perSecond` of them.
    void start(std::uint64_t count, double perSecond = 0)
    {
        m_threads.start("traffic", [this, count, perSecond] {
            m_sender.run(
                [this, count, perSecond]() -> std::optional<runtime::OutgoingRequest> {
                    if (m_sent >= count || m_stop)
                        return std::nullopt;
                    const std::uint64_t number = m_sent++;
                    runtime::OutgoingRequest request;
                    request.target = m_path + "?qr=" + m_prefix + std::to_string(number);
                    request.headers = {
                        {"Host", "localhost"},
                        {"User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"},
                        {"X-Forwarded-For", "81.2.69." + std::to_string(number % 200 + 1)}};
                    if (perSecond > 0)
                        request.notBeforeMs = static_cast<std::int64_t>(static_cast<double>(number) * 1000 / perSecond);
                    return request;
                },
                [this](const runtime::OutgoingRequest& request, const runtime::HttpOutcome& outcome) {
                    if (outcome.status != 302)
                        return;
                    const std::lock_guard lock(m_mutex);
                    m_answered.insert(request.target.substr(request.target.find('=') + 1));
                    m_count = m_answered.size();
                });
        });
    }
    void finish()
    {
        m_stop = true;
        m_sender.stop();
        m_threads.join();
    }
    void waitForAll() { m_threads.join(); }
    std::size_t answeredCount() const { return m_count; }
    // After finish() or waitForAll().
    const std::set<std::string>& answered() const { return m_answered; }

private:
    const std::string m_path, m_prefix;
    runtime::HttpSender m_sender;
    runtime::ThreadOwner m_threads;
    std::mutex m_mutex;
    std::set<std::string> m_answered;
    std::atomic<std::size_t> m_count{0};
    std::atomic<bool> m_stop{false};
    std::uint64_t m_sent = 0;
};

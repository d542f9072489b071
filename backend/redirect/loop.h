// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <span>
#include <vector>

#include "backend/redirect/connection.h"

namespace redirect {

// One event loop with its connections. Its thread runs run(); adopt(), release() and stop() may be called from any
// thread, the rest only by its connections. One timer sweeps all deadlines: a timer for each request would cost more
// than the request.
class Loop final : public runtime::ReturnPath, public PasswordAnswers {
public:
    Loop(Edge& edge, std::unique_ptr<enrich::Enricher> enricher);
    ~Loop() override;

    boost::asio::io_context& context() { return m_context; }
    void run();
    // Takes over an accepted connection, whose socket belongs to context().
    void adopt(Connection::Arrival arrival);
    void release(std::span<const std::uint64_t> tickets) override;
    void passwordChecked(PasswordCheck&& check) override;
    void stop(std::int64_t graceMs);

    // For its connections.
    Answerer& answerer() { return m_answerer; }
    RequestHead& head() { return m_head; }
    std::span<char> scratch() { return m_scratch; }
    const Limits& limits() const { return m_edge.options.limits; }
    std::int64_t steadyNs() const { return m_edge.clock.steadyNs(); }
    bool isStopping() const { return m_stopping; }
    void countRefused()
    {
        m_edge.counters.requests.fetch_add(1, std::memory_order_relaxed);
        m_edge.counters.refused.fetch_add(1, std::memory_order_relaxed);
    }
    std::shared_ptr<const runtime::TlsIdentity> tlsIdentity() const
    {
        return m_edge.options.tls ? m_edge.options.tls->current() : nullptr;
    }
    void countTlsFailure() { m_edge.counters.tlsFailures.fetch_add(1, std::memory_order_relaxed); }
    void countTimeout() { m_edge.counters.timedOut.fetch_add(1, std::memory_order_relaxed); }
    void free(std::uint32_t index);
    // Call when the answerer may have got hits: they are handed over once all that was ready is answered.
    void handOverLater();

private:
    void welcome(Connection::Arrival arrival);
    void settle(std::span<const std::uint64_t> tickets);
    void scheduleSweep();
    void sweep();
    void beginStop(std::int64_t graceMs);
    void leaveIfDone();

    // A request's head fits twice; what is longer comes in parts.
    static constexpr std::size_t scratchBytes = 16 * 1024;
    // Connections over a limit that are told so at a time; more are closed without a word.
    static constexpr std::size_t turnedAwayMax = 256;

    Edge& m_edge;
    boost::asio::io_context m_context{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> m_work{m_context.get_executor()};
    boost::asio::steady_timer m_sweepTimer{m_context};
    Answerer m_answerer;
    RequestHead m_head;
    std::array<char, scratchBytes> m_scratch{};
    std::vector<std::unique_ptr<Connection>> m_connections; // by index; null = free
    std::vector<std::uint32_t> m_freeIndexes;
    std::vector<Connection*> m_settled; // of the batch being released
    std::size_t m_open = 0;
    std::size_t m_turnedAway = 0;
    bool m_stopping = false;
    bool m_handsOver = false; // a hand-over is on its way
    std::int64_t m_stopDeadlineNs = 0;
};

} // namespace redirect

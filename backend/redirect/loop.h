// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "backend/redirect/connection.h"
#include "backend/redirect/poller.h"

namespace redirect {

class Acceptor;

// One event loop with its connections. Its thread runs run(), in rounds: what came from other threads, then every
// connection that is ready, then their hits to the pipeline, together. adopt(), release(), passwordChecked() and stop()
// may be called from any thread, the rest only by its own. One sweep looks after all deadlines: a timer for each
// request would cost more than the request.
class Loop final : public runtime::ReturnPath, public PasswordAnswers {
public:
    Loop(Edge& edge, std::unique_ptr<enrich::Enricher> enricher);
    ~Loop() override;

    // Before run(); the acceptor outlives the loop's run.
    void listenTo(Acceptor& acceptor);
    void run();
    // Takes over a connection that another loop has accepted.
    void adopt(Connection::Arrival arrival);
    void release(std::span<const std::uint64_t> tickets) override;
    void passwordChecked(PasswordCheck&& check) override;
    void stop(std::int64_t graceMs);
    // Connections, those on their way here too. Any thread.
    std::size_t load() const { return m_load.load(std::memory_order_relaxed); }

    // For the acceptor and its connections.
    void welcome(Connection::Arrival arrival);
    Answerer& answerer() { return m_answerer; }
    RequestHead& head() { return m_head; }
    std::span<char> scratch() { return m_scratch; }
    const Limits& limits() const { return m_edge.options.limits; }
    std::int64_t nowNs() const { return m_nowNs; } // when this round began, on the steady clock
    bool isStopping() const { return m_stopping; }
    void countRefused();
    std::shared_ptr<const runtime::TlsIdentity> tlsIdentity() const
    {
        return m_edge.options.tls ? m_edge.options.tls->current() : nullptr;
    }
    void countTlsFailure() { m_edge.counters.tlsFailures.fetch_add(1, std::memory_order_relaxed); }
    void countTimeout() { m_edge.counters.timedOut.fetch_add(1, std::memory_order_relaxed); }
    // False: the kernel has no memory for it.
    bool watch(const Connection& connection);
    // It has more to read than one turn is for.
    void readAgain(std::uint32_t index) { m_again.push_back(index); }

private:
    // What other threads bring.
    struct Mail {
        std::vector<Connection::Arrival> arrivals;
        std::vector<std::uint64_t> tickets;
        std::vector<PasswordCheck> checks;
        std::optional<std::int64_t> stopGraceMs;

        bool empty() const { return arrivals.empty() && tickets.empty() && checks.empty() && !stopGraceMs; }
    };
    template <class Put> void bring(Put put);
    bool hasMail(); // else the loop counts as asleep
    void readMail();
    int waitMs();
    void round();
    void acceptMore();
    void settle(std::span<const std::uint64_t> tickets);
    void free(const Connection& connection);
    void freeIfFinished(const Connection& connection);
    void sweep();
    void beginStop(std::int64_t graceMs);

    // A request's head fits twice; what is longer comes in parts.
    static constexpr std::size_t scratchBytes = 16 * 1024;
    // Connections over a limit that are told so at a time; more are closed without a word.
    static constexpr std::size_t turnedAwayMax = 256;

    Edge& m_edge;
    Poller m_poller;
    Acceptor* m_acceptor = nullptr;
    Answerer m_answerer;
    RequestHead m_head;
    std::array<char, scratchBytes> m_scratch{};
    std::vector<std::unique_ptr<Connection>> m_connections; // by index; null = free
    std::vector<std::uint32_t> m_freeIndexes;
    // Free from the next round on: this one's events may still name them.
    std::vector<std::uint32_t> m_freedIndexes;
    std::vector<std::uint32_t> m_again;
    std::vector<Connection*> m_settled; // of the batch being released
    std::size_t m_open = 0;
    std::size_t m_turnedAway = 0;
    std::int64_t m_nowNs = 0;
    std::int64_t m_sweepAtNs = 0;
    std::int64_t m_acceptAtNs = 0; // 0 = whenever told to
    std::int64_t m_cameAtNs = 0;   // the newest connection
    std::int64_t m_stopDeadlineNs = 0;
    bool m_stopping = false;
    std::atomic<std::size_t> m_load{0};

    std::mutex m_mutex; // guards the two below
    Mail m_mail;
    bool m_isAsleep = false; // whoever brings something wakes it
    Mail m_read;             // the loop's; kept for its memory
};

} // namespace redirect

// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/redirect/loop.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <chrono>

namespace redirect {

namespace {

namespace asio = boost::asio;

constexpr std::int64_t sweepMsMin = 10;
constexpr std::int64_t sweepMsMax = 500;

} // namespace

Loop::Loop(Edge& edge, std::unique_ptr<enrich::Enricher> enricher)
    : m_edge(edge), m_answerer(edge, std::move(enricher), *this, *this)
{
}

// Operations that were never carried out are dropped by the context, which goes after the connections that they point
// to.
Loop::~Loop() = default;

void Loop::run()
{
    scheduleSweep();
    m_context.run();
}

void Loop::adopt(Connection::Arrival arrival)
{
    asio::post(m_context, [this, moved = std::make_unique<Connection::Arrival>(std::move(arrival))] {
        welcome(std::move(*moved));
    });
}

void Loop::welcome(Connection::Arrival arrival)
{
    const bool turnedAway = arrival.welcome == Connection::Arrival::Welcome::TurnedAway;
    std::uint32_t index = static_cast<std::uint32_t>(m_connections.size());
    if (m_freeIndexes.empty()) {
        m_connections.emplace_back();
    } else {
        index = m_freeIndexes.back();
        m_freeIndexes.pop_back();
    }
    m_connections[index] = std::make_unique<Connection>(*this, index, std::move(arrival));
    ++m_open;
    Connection& connection = *m_connections[index];
    if (m_stopping || (turnedAway && m_turnedAway >= turnedAwayMax)) {
        m_turnedAway += turnedAway ? 1 : 0;
        connection.close();
    } else {
        m_turnedAway += turnedAway ? 1 : 0;
        connection.start();
    }
    if (connection.isFinished())
        free(index);
}

void Loop::free(std::uint32_t index)
{
    const Connection::Arrival& arrival = m_connections[index]->arrival();
    if (arrival.welcome == Connection::Arrival::Welcome::TurnedAway)
        --m_turnedAway;
    else
        m_edge.counters.connections.fetch_sub(1, std::memory_order_relaxed);
    if (arrival.counted)
        m_edge.addresses.give(arrival.place);
    m_connections[index].reset();
    m_freeIndexes.push_back(index);
    --m_open;
    leaveIfDone();
}

void Loop::handOverLater()
{
    if (m_handsOver || !m_answerer.hasHits())
        return;
    m_handsOver = true;
    asio::post(m_context, [this] {
        m_handsOver = false;
        m_answerer.handOver();
    });
}

void Loop::release(std::span<const std::uint64_t> tickets)
{
    asio::post(m_context, [this, copy = std::vector<std::uint64_t>(tickets.begin(), tickets.end())] { settle(copy); });
}

void Loop::passwordChecked(PasswordCheck&& check)
{
    asio::post(m_context, [this, moved = std::make_unique<PasswordCheck>(std::move(check))] {
        const auto index = static_cast<std::uint32_t>(moved->ticket >> 32);
        Connection& connection = *m_connections[index]; // is kept for as long as a ticket of it is out
        connection.answerChecked(static_cast<std::uint32_t>(moved->ticket & 0xffff'ffffU), *moved);
        if (connection.isFinished())
            free(index);
    });
}

void Loop::settle(std::span<const std::uint64_t> tickets)
{
    for (const std::uint64_t ticket : tickets) {
        Connection* const connection = m_connections[static_cast<std::size_t>(ticket >> 32)].get();
        connection->settle(static_cast<std::uint32_t>(ticket & 0xffff'ffffU));
        if (!connection->settledInBatch) {
            connection->settledInBatch = true;
            m_settled.push_back(connection);
        }
    }
    for (Connection* const connection : m_settled) {
        connection->settledInBatch = false;
        connection->advance();
        if (connection->isFinished())
            free(connection->index());
    }
    m_settled.clear();
}

void Loop::scheduleSweep()
{
    const Limits& limits = m_edge.options.limits;
    const std::int64_t everyMs =
        std::clamp(std::min(limits.headerTimeMs, limits.idleTimeMs) / 8, sweepMsMin, sweepMsMax);
    m_sweepTimer.expires_after(std::chrono::milliseconds(everyMs));
    m_sweepTimer.async_wait([this](const boost::system::error_code& ec) {
        if (!ec)
            sweep();
    });
}

void Loop::sweep()
{
    const std::int64_t nowNs = steadyNs();
    const bool over = m_stopping && nowNs >= m_stopDeadlineNs;
    for (std::uint32_t index = 0; index < m_connections.size(); ++index) {
        Connection* const connection = m_connections[index].get();
        if (connection == nullptr)
            continue;
        if (over)
            connection->close();
        else
            connection->checkDeadline(nowNs);
        if (connection->isFinished())
            free(index);
    }
    if (over && m_open > 0) {
        // Tickets that never came back must not keep the program from ending.
        m_context.stop();
        return;
    }
    if (m_work.owns_work())
        scheduleSweep();
}

void Loop::stop(std::int64_t graceMs)
{
    asio::post(m_context, [this, graceMs] { beginStop(graceMs); });
}

void Loop::beginStop(std::int64_t graceMs)
{
    if (m_stopping)
        return;
    m_stopping = true;
    m_stopDeadlineNs = steadyNs() + graceMs * 1'000'000;
    for (std::uint32_t index = 0; index < m_connections.size(); ++index) {
        Connection* const connection = m_connections[index].get();
        if (connection == nullptr)
            continue;
        connection->beginStop();
        if (connection->isFinished())
            free(index);
    }
    leaveIfDone();
}

void Loop::leaveIfDone()
{
    if (!m_stopping || m_open > 0)
        return;
    m_sweepTimer.cancel();
    m_work.reset();
}

} // namespace redirect

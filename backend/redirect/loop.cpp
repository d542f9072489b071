// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/redirect/loop.h"

#include <algorithm>
#include <limits>

#include "backend/redirect/acceptor.h"

namespace redirect {

namespace {

constexpr std::int64_t nsPerMs = 1'000'000;
constexpr std::int64_t sweepMsMin = 10;
constexpr std::int64_t sweepMsMax = 500;
// Long enough for descriptors to come free, short enough that the kernel's queue of waiting connections does not run
// over.
constexpr std::int64_t acceptPauseNs = 50 * nsPerMs;
// How long after a connection others are likely.
constexpr std::int64_t lookAgainNs = 10 * nsPerMs;
constexpr std::uint32_t acceptorToken = std::numeric_limits<std::uint32_t>::max();

} // namespace

Loop::Loop(Edge& edge, std::unique_ptr<enrich::Enricher> enricher)
    : m_edge(edge), m_answerer(edge, std::move(enricher), *this, *this)
{
}

Loop::~Loop() = default;

void Loop::listenTo(Acceptor& acceptor)
{
    m_acceptor = &acceptor;
    m_poller.watchShared(acceptor.descriptor(), acceptorToken);
}

void Loop::run()
{
    // Tickets that never came back must not keep the program from ending.
    while (!m_stopping || (m_open > 0 && m_nowNs < m_stopDeadlineNs))
        round();
    for (const auto& connection : m_connections)
        if (connection != nullptr)
            connection->close();
}

void Loop::round()
{
    const std::span<const Poller::Event> events = m_poller.wait(waitMs());
    m_nowNs = m_edge.clock.steadyNs();
    m_answerer.beginRound();
    readMail();
    std::vector<std::uint32_t> again;
    again.swap(m_again);
    for (const std::uint32_t index : again)
        if (Connection* const connection = m_connections[index].get()) {
            connection->onTurn();
            freeIfFinished(*connection);
        }
    for (const Poller::Event& event : events) {
        if (event.token == acceptorToken) {
            acceptMore();
        } else if (Connection* const connection = m_connections[event.token].get()) {
            connection->onReady(event);
            freeIfFinished(*connection);
        }
    }
    if (m_acceptAtNs != 0 && m_nowNs >= m_acceptAtNs && !m_stopping) {
        m_acceptAtNs = 0;
        m_poller.watchShared(m_acceptor->descriptor(), acceptorToken);
    }
    // Of loops that sleep, the kernel wakes one for a connection, and tells no other: while that one waits for a core,
    // whoever has one looks as well.
    if (m_acceptAtNs == 0 && m_nowNs - m_cameAtNs < lookAgainNs)
        acceptMore();
    if (m_nowNs >= m_sweepAtNs)
        sweep();
    m_answerer.endRound();
    m_freeIndexes.insert(m_freeIndexes.end(), m_freedIndexes.begin(), m_freedIndexes.end());
    m_freedIndexes.clear();
}

int Loop::waitMs()
{
    if (!m_again.empty() || hasMail())
        return 0;
    std::int64_t untilNs = m_sweepAtNs;
    if (m_acceptAtNs != 0)
        untilNs = std::min(untilNs, m_acceptAtNs);
    if (m_stopping)
        untilNs = std::min(untilNs, m_stopDeadlineNs);
    return static_cast<int>(std::clamp<std::int64_t>((untilNs - m_nowNs) / nsPerMs + 1, 0, sweepMsMax));
}

template <class Put> void Loop::bring(Put put)
{
    bool wakes = false;
    {
        const std::lock_guard lock(m_mutex);
        put(m_mail);
        wakes = m_isAsleep;
        m_isAsleep = false;
    }
    if (wakes)
        m_poller.wake();
}

bool Loop::hasMail()
{
    const std::lock_guard lock(m_mutex);
    m_isAsleep = m_mail.empty();
    return !m_isAsleep;
}

void Loop::readMail()
{
    {
        const std::lock_guard lock(m_mutex);
        m_isAsleep = false;
        std::swap(m_mail, m_read);
    }
    settle(m_read.tickets);
    for (PasswordCheck& check : m_read.checks) {
        Connection& connection = *m_connections[check.ticket >> 32]; // is kept for as long as a ticket of it is out
        connection.answerChecked(static_cast<std::uint32_t>(check.ticket & 0xffff'ffffU), check);
        freeIfFinished(connection);
    }
    for (Connection::Arrival& arrival : m_read.arrivals) {
        m_load.fetch_sub(1, std::memory_order_relaxed); // counted on its way, and again by welcome()
        welcome(std::move(arrival));
    }
    if (m_read.stopGraceMs)
        beginStop(*m_read.stopGraceMs);
    m_read.tickets.clear();
    m_read.checks.clear();
    m_read.arrivals.clear();
    m_read.stopGraceMs.reset();
}

void Loop::adopt(Connection::Arrival arrival)
{
    m_load.fetch_add(1, std::memory_order_relaxed);
    bring([&](Mail& mail) { mail.arrivals.push_back(std::move(arrival)); });
}

void Loop::release(std::span<const std::uint64_t> tickets)
{
    bring([&](Mail& mail) { mail.tickets.insert(mail.tickets.end(), tickets.begin(), tickets.end()); });
}

void Loop::passwordChecked(PasswordCheck&& check)
{
    bring([&](Mail& mail) { mail.checks.push_back(std::move(check)); });
}

void Loop::stop(std::int64_t graceMs)
{
    bring([&](Mail& mail) { mail.stopGraceMs = graceMs; });
}

void Loop::acceptMore()
{
    if (m_stopping || m_acceptor->accept(*this))
        return;
    m_poller.forget(m_acceptor->descriptor());
    m_acceptAtNs = m_nowNs + acceptPauseNs;
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
    m_cameAtNs = m_nowNs;
    ++m_open;
    m_load.fetch_add(1, std::memory_order_relaxed);
    Connection& connection = *m_connections[index];
    const bool isUnheard = m_stopping || (turnedAway && m_turnedAway >= turnedAwayMax);
    m_turnedAway += turnedAway ? 1 : 0;
    if (isUnheard)
        connection.close();
    else
        connection.start();
    freeIfFinished(connection);
}

bool Loop::watch(const Connection& connection)
{
    return m_poller.watch(connection.arrival().socket.descriptor(), connection.index());
}

void Loop::countRefused()
{
    m_edge.counters.requests.fetch_add(1, std::memory_order_relaxed);
    m_edge.counters.refused.fetch_add(1, std::memory_order_relaxed);
}

void Loop::freeIfFinished(const Connection& connection)
{
    if (connection.isFinished())
        free(connection);
}

void Loop::free(const Connection& connection)
{
    const Connection::Arrival& arrival = connection.arrival();
    if (arrival.welcome == Connection::Arrival::Welcome::TurnedAway)
        --m_turnedAway;
    else
        m_edge.counters.connections.fetch_sub(1, std::memory_order_relaxed);
    if (arrival.counted)
        m_edge.addresses.give(arrival.place);
    const std::uint32_t index = connection.index();
    m_connections[index].reset();
    m_freedIndexes.push_back(index);
    --m_open;
    m_load.fetch_sub(1, std::memory_order_relaxed);
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
        freeIfFinished(*connection);
    }
    m_settled.clear();
}

void Loop::sweep()
{
    const bool over = m_stopping && m_nowNs >= m_stopDeadlineNs;
    for (const auto& connection : m_connections) {
        if (connection == nullptr)
            continue;
        if (over)
            connection->close();
        else
            connection->checkDeadline(m_nowNs);
        freeIfFinished(*connection);
    }
    const Limits& limits = m_edge.options.limits;
    m_sweepAtNs =
        m_nowNs + std::clamp(std::min(limits.headerTimeMs, limits.idleTimeMs) / 8, sweepMsMin, sweepMsMax) * nsPerMs;
}

void Loop::beginStop(std::int64_t graceMs)
{
    if (m_stopping)
        return;
    m_stopping = true;
    m_stopDeadlineNs = m_nowNs + graceMs * nsPerMs;
    m_poller.forget(m_acceptor->descriptor());
    m_acceptor->leave();
    for (const auto& connection : m_connections) {
        if (connection == nullptr)
            continue;
        connection->beginStop();
        freeIfFinished(*connection);
    }
}

} // namespace redirect

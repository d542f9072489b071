// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/redirect/redirect_server.h"

#include <algorithm>

#include "backend/redirect/acceptor.h"
#include "backend/redirect/loop.h"

namespace redirect {

namespace {

std::vector<enrich::Cidr> trustedOf(const Options& options)
{
    std::vector<enrich::Cidr> trusted = options.trustedProxies;
    if (options.trustLoopback) {
        trusted.push_back(*enrich::Cidr::from("127.0.0.0/8"));
        trusted.push_back(*enrich::Cidr::from("::1"));
    }
    return trusted;
}

} // namespace

struct RedirectServer::Parts {
    Edge edge;
    EnricherFactory enrichers;
    std::vector<std::unique_ptr<Loop>> loops = {};
    std::unique_ptr<Acceptor> acceptor = {};
    std::atomic<int> loopsRunning{0};
};

RedirectServer::RedirectServer(Options options, const links::SnapshotHolder& snapshot, HitQueue& queue,
                               const runtime::Clock& clock, EnricherFactory enrichers)
    : m_parts(new Parts{
          .edge =
              {.options = options, .snapshot = snapshot, .queue = queue, .clock = clock, .trusted = trustedOf(options)},
          .enrichers = std::move(enrichers)})
{
}

RedirectServer::~RedirectServer() = default;

void RedirectServer::onHostReached(std::function<void(protocol::DomainId)> callback)
{
    m_parts->edge.hostReached = std::move(callback);
}

void RedirectServer::onHealth(std::function<bool()> ready)
{
    m_parts->edge.ready = std::move(ready);
}

void RedirectServer::start()
{
    for (int i = 0; i < std::max(1, m_parts->edge.options.loops); ++i)
        m_parts->loops.push_back(
            std::make_unique<Loop>(m_parts->edge, m_parts->enrichers ? m_parts->enrichers() : nullptr));
    m_parts->loopsRunning = static_cast<int>(m_parts->loops.size());
    m_parts->acceptor = std::make_unique<Acceptor>(m_parts->edge, m_parts->loops);
    m_parts->acceptor->listen();
}

std::uint16_t RedirectServer::port() const
{
    return m_parts->acceptor == nullptr ? std::uint16_t{0} : m_parts->acceptor->port();
}

void RedirectServer::runLoop(int loop)
{
    m_parts->loops.at(static_cast<std::size_t>(loop))->run();
    if (m_parts->loopsRunning.fetch_sub(1) == 1)
        m_parts->edge.passwords.close();
}

void RedirectServer::runPasswordChecks()
{
    m_parts->edge.passwords.run();
}

void RedirectServer::stop(std::int64_t graceMs)
{
    if (m_parts->acceptor == nullptr)
        return;
    m_parts->edge.stopping.store(true);
    for (const auto& loop : m_parts->loops)
        loop->stop(graceMs);
}

const Counters& RedirectServer::counters() const
{
    return m_parts->edge.counters;
}

} // namespace redirect

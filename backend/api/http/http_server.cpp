// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/api/http/http_server.h"

#include <chrono>
#include <system_error>

#include <boost/asio/post.hpp>

#include "backend/api/http/http_session.h"

namespace api {

using std::chrono::milliseconds;

void HttpServer::Parts::accept()
{
    acceptor.async_accept(loop, [this](beast::error_code error, tcp::socket socket) {
        if (stopping || error == asio::error::operation_aborted)
            return;
        if (error) {
            // Out of descriptors, mostly: a short pause instead of a loop that spins.
            retryTimer.expires_after(milliseconds(100));
            retryTimer.async_wait([this](beast::error_code) {
                if (!stopping)
                    accept();
            });
            return;
        }
        counters.accepted.fetch_add(1, std::memory_order_relaxed);
        beast::error_code ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        const bool full = sessions.size() >= limits.connections;
        const auto session = std::make_shared<HttpSession>(*this, std::move(socket));
        if (full) {
            counters.turnedAway.fetch_add(1, std::memory_order_relaxed);
            session->turnAway();
        } else {
            session->greet();
        }
        accept();
    });
}

void HttpServer::Parts::closeAll()
{
    const std::unordered_set<HttpSession*> open = sessions;
    for (HttpSession* session : open)
        session->close();
}

HttpServer::HttpServer(HttpLimits limits, std::shared_ptr<const runtime::TlsIdentityHolder> tls, Handle handle)
    : m_parts(std::make_shared<Parts>(limits, std::move(tls), std::move(handle)))
{
}

HttpServer::~HttpServer() = default;

void HttpServer::listen(const std::string& host, std::uint16_t port)
{
    const std::string shown = host + ":" + std::to_string(port);
    try {
        tcp::resolver resolver(m_parts->loop);
        const auto found = resolver.resolve(host, std::to_string(port), tcp::resolver::passive);
        const tcp::endpoint endpoint = found.begin()->endpoint();
        m_parts->acceptor.open(endpoint.protocol());
        m_parts->acceptor.set_option(asio::socket_base::reuse_address(true));
        m_parts->acceptor.bind(endpoint);
        m_parts->acceptor.listen(asio::socket_base::max_listen_connections);
        m_parts->port = m_parts->acceptor.local_endpoint().port();
    } catch (const boost::system::system_error& error) {
        throw std::system_error(std::error_code(error.code()), "the API cannot listen on " + shown);
    }
    m_parts->accept();
}

std::uint16_t HttpServer::port() const
{
    return m_parts->port;
}

void HttpServer::run()
{
    m_parts->loop.run();
}

void HttpServer::stop(std::int64_t graceMs)
{
    // Not shared: the loop's own handlers must not keep the loop alive.
    asio::post(m_parts->loop, [parts = m_parts.get(), graceMs] {
        parts->stopping = true;
        beast::error_code ignored;
        parts->acceptor.close(ignored);
        parts->retryTimer.cancel();
        const std::unordered_set<HttpSession*> open = parts->sessions;
        for (HttpSession* session : open)
            session->finish();
        // The timer itself would keep the loop alive: it is only set while somebody is still being answered.
        if (parts->sessions.empty())
            return;
        parts->graceTimer.expires_after(milliseconds(graceMs));
        parts->graceTimer.async_wait([parts](beast::error_code error) {
            if (!error)
                parts->loop.stop();
        });
    });
}

const HttpCounters& HttpServer::counters() const
{
    return m_parts->counters;
}

} // namespace api

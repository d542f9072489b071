// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/redirect/acceptor.h"

#include <algorithm>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <system_error>

namespace redirect {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// Long enough for descriptors to come free, short enough that the kernel's queue of waiting connections does not run
// over.
constexpr std::chrono::milliseconds acceptPause{50};

enrich::IpAddress addressOf(const asio::ip::address& address)
{
    if (address.is_v4())
        return enrich::IpAddress::v4(address.to_v4().to_uint());
    const asio::ip::address_v6 v6 = address.to_v6();
    if (v6.is_v4_mapped())
        return enrich::IpAddress::v4(asio::ip::make_address_v4(asio::ip::v4_mapped, v6).to_uint());
    enrich::IpAddress held;
    const auto bytes = v6.to_bytes();
    std::copy(bytes.begin(), bytes.end(), held.bytes.begin());
    held.v6 = true;
    return held;
}

} // namespace

Acceptor::Acceptor(Edge& edge, const std::vector<std::unique_ptr<Loop>>& loops)
    : m_edge(edge), m_loops(loops), m_socket(loops.front()->context()), m_pause(loops.front()->context())
{
}

void Acceptor::listen()
{
    const Options& options = m_edge.options;
    const auto check = [&](const boost::system::error_code& ec) {
        if (ec)
            throw std::system_error(ec, "cannot listen for redirects on " + options.host + ":" +
                                            std::to_string(options.port));
    };
    boost::system::error_code ec;
    tcp::resolver resolver(m_loops.front()->context());
    const auto found = resolver.resolve(options.host, std::to_string(options.port), tcp::resolver::passive, ec);
    check(ec);
    const tcp::endpoint endpoint = found.begin()->endpoint();
    m_socket.open(endpoint.protocol(), ec);
    check(ec);
    m_socket.set_option(asio::socket_base::reuse_address(true), ec);
    if (endpoint.address().is_v6() && endpoint.address().is_unspecified())
        m_socket.set_option(asio::ip::v6_only(false), ec);
    m_socket.bind(endpoint, ec);
    check(ec);
    m_socket.listen(asio::socket_base::max_listen_connections, ec);
    check(ec);
    m_port = m_socket.local_endpoint().port();
    accept();
}

void Acceptor::accept()
{
    Loop& loop = *m_loops[m_next++ % m_loops.size()];
    m_socket.async_accept(loop.context(), [this, &loop](const boost::system::error_code& ec, tcp::socket socket) {
        onAccepted(ec, std::move(socket), loop);
    });
}

void Acceptor::onAccepted(const boost::system::error_code& ec, tcp::socket socket, Loop& loop)
{
    if (!m_socket.is_open())
        return;
    if (ec == asio::error::connection_aborted)
        return accept();
    if (ec)
        return pause();
    accept();

    Counters& counters = m_edge.counters;
    counters.accepted.fetch_add(1, std::memory_order_relaxed);
    boost::system::error_code gone;
    const tcp::endpoint peer = socket.remote_endpoint(gone);
    if (gone)
        return;
    Connection::Arrival arrival{std::move(socket), addressOf(peer.address())};
    arrival.place = m_edge.addresses.placeOf(arrival.peer);
    const bool limited = !m_edge.isTrusted(arrival.peer);
    const bool room = counters.connections.load(std::memory_order_relaxed) < m_edge.options.limits.connections;
    arrival.counted =
        room && limited && m_edge.addresses.tryTake(arrival.place, m_edge.options.limits.connectionsPerAddress);
    if (room && (!limited || arrival.counted)) {
        counters.connections.fetch_add(1, std::memory_order_relaxed);
    } else {
        arrival.welcome = Connection::Arrival::Welcome::TurnedAway;
        counters.turnedAway.fetch_add(1, std::memory_order_relaxed);
    }
    loop.adopt(std::move(arrival));
}

// Out of file descriptors or memory: the waiting connection stays in the kernel's queue, and asking again at once would
// only spin.
void Acceptor::pause()
{
    m_edge.counters.acceptFailures.fetch_add(1, std::memory_order_relaxed);
    m_pause.expires_after(acceptPause);
    m_pause.async_wait([this](const boost::system::error_code& ec) {
        if (!ec && m_socket.is_open())
            accept();
    });
}

void Acceptor::stop()
{
    asio::post(m_loops.front()->context(), [this] {
        boost::system::error_code ec;
        m_socket.close(ec);
        m_pause.cancel();
    });
}

} // namespace redirect

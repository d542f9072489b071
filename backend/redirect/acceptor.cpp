// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/redirect/acceptor.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace redirect {

namespace {

// Between two looks at the connections that are open already.
constexpr int acceptedAtOnce = 16;
// A loop keeps what it accepts until it has so many connections more than another: handing one over wakes a thread.
constexpr std::size_t unevenMax = 4;

enrich::IpAddress addressOf(const sockaddr_storage& from)
{
    if (from.ss_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &from, sizeof v4);
        return enrich::IpAddress::v4(ntohl(v4.sin_addr.s_addr));
    }
    sockaddr_in6 v6{};
    std::memcpy(&v6, &from, sizeof v6);
    const std::uint8_t* const bytes = v6.sin6_addr.s6_addr;
    if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr))
        return enrich::IpAddress::v4(std::uint32_t{bytes[12]} << 24 | std::uint32_t{bytes[13]} << 16 |
                                     std::uint32_t{bytes[14]} << 8 | bytes[15]);
    enrich::IpAddress held;
    std::copy_n(bytes, held.bytes.size(), held.bytes.begin());
    held.v6 = true;
    return held;
}

void set(int socket, int level, int name, int value)
{
    ::setsockopt(socket, level, name, &value, sizeof value);
}

} // namespace

void Acceptor::listen()
{
    const Options& options = m_edge.options;
    const auto check = [&](bool good, const std::error_code& error) {
        if (!good)
            throw std::system_error(error, "cannot listen for redirects on " + options.host + ":" +
                                               std::to_string(options.port));
    };
    const auto last = [] { return std::error_code(errno, std::system_category()); };
    addrinfo hints{};
    hints.ai_flags = AI_PASSIVE;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int problem = ::getaddrinfo(options.host.c_str(), std::to_string(options.port).c_str(), &hints, &found);
    check(problem == 0, problem == EAI_SYSTEM ? last() : std::make_error_code(std::errc::address_not_available));
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owned(found, ::freeaddrinfo);

    m_socket = Socket(::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int socket = m_socket.descriptor();
    check(socket >= 0, last());
    set(socket, SOL_SOCKET, SO_REUSEADDR, 1);
    set(socket, IPPROTO_TCP, TCP_NODELAY, 1); // those that are accepted have it too
    if (found->ai_family == AF_INET6)
        set(socket, IPPROTO_IPV6, IPV6_V6ONLY, 0);
    check(::bind(socket, found->ai_addr, found->ai_addrlen) == 0, last());
    check(::listen(socket, SOMAXCONN) == 0, last());
    sockaddr_storage own{};
    socklen_t size = sizeof own;
    check(::getsockname(socket, reinterpret_cast<sockaddr*>(&own), &size) == 0, last());
    // Both families have the port in the same place.
    sockaddr_in in{};
    std::memcpy(&in, &own, sizeof in);
    m_port = ntohs(in.sin_port);
    m_listening = m_loops.size();
    for (const auto& loop : m_loops)
        loop->listenTo(*this);
}

bool Acceptor::accept(Loop& loop)
{
    for (int taken = 0; taken < acceptedAtOnce; ++taken) {
        sockaddr_storage from{};
        socklen_t size = sizeof from;
        Socket socket(
            ::accept4(m_socket.descriptor(), reinterpret_cast<sockaddr*>(&from), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (socket.descriptor() < 0) {
            switch (errno) {
            case EMFILE:
            case ENFILE:
            case ENOBUFS:
            case ENOMEM:
                m_edge.counters.acceptFailures.fetch_add(1, std::memory_order_relaxed);
                return false;
            case EAGAIN:
                return true;
            default:
                continue; // gone before it was taken in; Linux also tells errors of the network here
            }
        }
        m_edge.counters.accepted.fetch_add(1, std::memory_order_relaxed);
        welcome({std::move(socket), addressOf(from)}, loop);
    }
    return true;
}

void Acceptor::welcome(Connection::Arrival arrival, Loop& loop)
{
    Counters& counters = m_edge.counters;
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
    const auto emptiest = std::min_element(m_loops.begin(), m_loops.end(),
                                           [](const auto& a, const auto& b) { return a->load() < b->load(); });
    if ((*emptiest)->load() + unevenMax < loop.load())
        (*emptiest)->adopt(std::move(arrival));
    else
        loop.welcome(std::move(arrival));
}

void Acceptor::leave()
{
    if (m_listening.fetch_sub(1) == 1)
        m_socket.close();
}

} // namespace redirect

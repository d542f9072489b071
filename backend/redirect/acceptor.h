// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <vector>

#include "backend/redirect/loop.h"

namespace redirect {

// The one listening socket: accepts on the first loop and deals connections out to all in turn, so that each carries
// the same number.
class Acceptor {
public:
    Acceptor(Edge& edge, const std::vector<std::unique_ptr<Loop>>& loops);

    void listen(); // throws std::system_error with the address in its text
    std::uint16_t port() const { return m_port; }
    // From any thread.
    void stop();

private:
    void accept();
    void onAccepted(const boost::system::error_code& ec, boost::asio::ip::tcp::socket socket, Loop& loop);
    void pause();

    Edge& m_edge;
    const std::vector<std::unique_ptr<Loop>>& m_loops;
    boost::asio::ip::tcp::acceptor m_socket;
    boost::asio::steady_timer m_pause;
    std::size_t m_next = 0;
    std::uint16_t m_port = 0;
};

} // namespace redirect

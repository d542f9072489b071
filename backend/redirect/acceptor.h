// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "backend/redirect/loop.h"

namespace redirect {

// The one listening socket, watched by all loops: whichever is awake accepts, and keeps the connection unless it has
// many more than another. Lives from before the loops run until after; accept() is called by any loop.
class Acceptor {
public:
    Acceptor(Edge& edge, const std::vector<std::unique_ptr<Loop>>& loops) : m_edge(edge), m_loops(loops) {}

    void listen(); // throws std::system_error with the address in its text
    std::uint16_t port() const { return m_port; }
    int descriptor() const { return m_socket.descriptor(); }
    // Takes in what waits, a few at a time, for `loop`, whose thread calls. False: there is no descriptor or memory
    // left for one; asking again at once would only spin.
    bool accept(Loop& loop);
    // A loop listens no more. With the last the socket is closed.
    void leave();

private:
    void welcome(Connection::Arrival arrival, Loop& loop);

    Edge& m_edge;
    const std::vector<std::unique_ptr<Loop>>& m_loops;
    Socket m_socket;
    std::atomic<std::size_t> m_listening{0}; // loops
    std::uint16_t m_port = 0;
};

} // namespace redirect

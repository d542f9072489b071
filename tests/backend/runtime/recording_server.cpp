// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/backend/runtime/recording_server.h"

#include <algorithm>
#include <thread>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

namespace asio = boost::asio;
using asio::ip::tcp;

struct RecordingServer::Loop {
    asio::io_context context;
    tcp::acceptor acceptor{context, {asio::ip::address_v4::loopback(), 0}};
    std::thread thread;
};

struct RecordingServer::Connection : std::enable_shared_from_this<Connection> {
    Connection(RecordingServer& s, tcp::socket so) : server(s), socket(std::move(so)) {}
    ~Connection() { --server.m_open; }

    void read()
    {
        asio::async_read_until(socket, asio::dynamic_buffer(in), "\r\n\r\n",
                               [self = shared_from_this()](const auto& error, std::size_t size) {
                                   if (!error)
                                       self->answer(size);
                               });
    }

    void answer(std::size_t size)
    {
        const std::string head = in.substr(0, size);
        in.erase(0, size);
        {
            std::lock_guard lock(server.m_mutex);
            server.m_heads.push_back(head);
        }
        const Answer answer = server.m_answerer ? server.m_answerer(head) : Answer();
        if (answer.hangUp)
            return;
        const bool bodiless = head.starts_with("HEAD ");
        out = "HTTP/1.1 " + std::to_string(answer.status) +
              " x\r\nContent-Length: " + std::to_string(answer.body.size()) +
              (answer.close ? "\r\nConnection: close" : "") + "\r\n\r\n" + (bodiless ? "" : answer.body);
        asio::async_write(socket, asio::buffer(out),
                          [self = shared_from_this(), close = answer.close](const auto& error, std::size_t) {
                              if (!error && !close)
                                  self->read();
                          });
    }

    RecordingServer& server;
    tcp::socket socket;
    std::string in, out;
};

RecordingServer::RecordingServer(Answerer answerer) : m_answerer(std::move(answerer)), m_loop(std::make_unique<Loop>())
{
    m_port = m_loop->acceptor.local_endpoint().port();
    // The acceptor's handler starts the next accept itself.
    struct Accept {
        RecordingServer& server;
        void operator()() const
        {
            server.m_loop->acceptor.async_accept([self = *this](const auto& error, tcp::socket socket) {
                if (error)
                    return;
                ++self.server.m_connections;
                self.server.m_mostAtOnce = std::max<int>(self.server.m_mostAtOnce, ++self.server.m_open);
                std::make_shared<Connection>(self.server, std::move(socket))->read();
                self();
            });
        }
    };
    Accept{*this}();
    m_loop->thread = std::thread([this] { m_loop->context.run(); });
}

RecordingServer::~RecordingServer()
{
    m_loop->context.stop();
    m_loop->thread.join();
}

std::vector<std::string> RecordingServer::heads() const
{
    std::lock_guard lock(m_mutex);
    return m_heads;
}

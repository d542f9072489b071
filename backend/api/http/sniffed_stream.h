// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include "backend/runtime/tls_identity.h"

namespace api {

// A connection in clear or under TLS, as Beast's functions want it: the deadlines are the TCP stream's. One thread.
class SniffedStream {
public:
    explicit SniffedStream(boost::asio::ip::tcp::socket socket) : m_tcp(std::move(socket)) {}

    using executor_type = boost::beast::tcp_stream::executor_type;
    executor_type get_executor() { return m_tcp.get_executor(); }
    boost::beast::tcp_stream& tcp() { return m_tcp; }
    bool isTls() const { return m_tls.has_value(); }

    // `identity` must have come with a first byte that begins TLS. `done(error)`.
    template <class Done> void shakeHands(std::shared_ptr<const runtime::TlsIdentity> identity, Done&& done)
    {
        SSL_CTX_up_ref(identity->context()); // Asio's context takes one reference over
        m_context.emplace(identity->context());
        m_tls.emplace(m_tcp, *m_context);
        m_tls->async_handshake(boost::asio::ssl::stream_base::server, std::forward<Done>(done));
    }

    template <class Buffers, class Token> auto async_read_some(const Buffers& buffers, Token&& token)
    {
        return m_tls ? m_tls->async_read_some(buffers, std::forward<Token>(token))
                     : m_tcp.async_read_some(buffers, std::forward<Token>(token));
    }
    template <class Buffers, class Token> auto async_write_some(const Buffers& buffers, Token&& token)
    {
        return m_tls ? m_tls->async_write_some(buffers, std::forward<Token>(token))
                     : m_tcp.async_write_some(buffers, std::forward<Token>(token));
    }

private:
    boost::beast::tcp_stream m_tcp;
    std::optional<boost::asio::ssl::context> m_context;
    std::optional<boost::asio::ssl::stream<boost::beast::tcp_stream&>> m_tls;
};

} // namespace api

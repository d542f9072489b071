// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_set>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "backend/api/http/http_server.h"
#include "backend/api/http/sniffed_stream.h"

namespace api {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

class HttpSession;

struct HttpServer::Parts : std::enable_shared_from_this<HttpServer::Parts> {
    Parts(HttpLimits limitsGiven, std::shared_ptr<const runtime::TlsIdentityHolder> tlsGiven, Handle handleGiven)
        : limits(limitsGiven), tls(std::move(tlsGiven)), handle(std::move(handleGiven)), loop(1), acceptor(loop),
          graceTimer(loop), retryTimer(loop)
    {
    }

    void accept();
    void closeAll();

    const HttpLimits limits;
    const std::shared_ptr<const runtime::TlsIdentityHolder> tls; // null: in clear
    const Handle handle;
    std::size_t largeBodies = 0; // being received or answered
    std::unordered_set<HttpSession*> sessions;
    HttpCounters counters;
    std::uint16_t port = 0;
    bool stopping = false;
    // After what a dying session touches: destroying the loop destroys the sessions its handlers still hold.
    asio::io_context loop;
    tcp::acceptor acceptor;
    asio::steady_timer graceTimer;
    asio::steady_timer retryTimer;
};

// One connection. Lives as long as an operation or an unanswered request holds it; all of it runs on the loop's thread.
class HttpSession : public std::enable_shared_from_this<HttpSession> {
public:
    HttpSession(HttpServer::Parts& server, tcp::socket socket);
    ~HttpSession();
    // Where there is a certificate, TLS is spoken, and in clear only by this machine itself: a token must not cross a
    // network unprotected, and the commands beside the backend need no certificate for 127.0.0.1.
    void greet();
    void read();
    // Refuses the connection whole: one answer, then the end.
    void turnAway();
    // The backend is stopping: an idle connection ends now, a busy one after its answer.
    void finish();
    void close();

private:
    void sniff();
    void headerRead(beast::error_code error);
    // The limit of the body that is about to come; nothing where it has been refused.
    std::optional<std::uint64_t> bodyLimit();
    void giveUpLargeBody();
    void requestRead(beast::error_code error);
    void answer(Request request);
    // The first answer of a turn counts; one that comes after the deadline's does nothing.
    void respond(std::uint64_t turn, Response response);
    void send(Response response, bool keepAlive);
    // Closing with unread bytes would reset the connection and take the answer with it: what still comes is read for a
    // moment and thrown away.
    void lastWordSaid();
    void throwAway(std::size_t soFar);
    void malformed(Response response);
    void refuse(beast::error_code error);
    HttpServer::Parts& m_server;
    SniffedStream m_stream;
    asio::steady_timer m_answerTimer;
    beast::flat_buffer m_buffer;
    std::optional<http::request_parser<http::string_body>> m_parser;
    http::response<http::string_body> m_response;
    std::uint64_t m_turn = 0;
    std::uint64_t m_bodyLimit = 0;
    bool m_largeBody = false;
    bool m_answering = false;
    bool m_sending = false;
    bool m_head = false;
    bool m_lingering = false;
    bool m_keepAlive = false;
    bool m_clearRefused = false; // in clear, from elsewhere, although there is a certificate
};

} // namespace api

// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/api/http/http_session.h"

#include <algorithm>
#include <chrono>

#include <boost/asio/post.hpp>

namespace api {

using std::chrono::milliseconds;

namespace {

constexpr std::int64_t lingerMs = 1000;
constexpr std::size_t lingerReadBytes = 16 * 1024;
constexpr std::size_t lingerBytesMax = 4 * 1024 * 1024;

} // namespace

HttpSession::HttpSession(HttpServer::Parts& server, tcp::socket socket)
    : m_server(server), m_stream(std::move(socket)), m_answerTimer(server.loop), m_buffer(64 * 1024)
{
    m_server.sessions.insert(this);
    m_server.counters.connections.fetch_add(1, std::memory_order_relaxed);
}

HttpSession::~HttpSession()
{
    giveUpLargeBody();
    m_server.sessions.erase(this);
    m_server.counters.connections.fetch_sub(1, std::memory_order_relaxed);
    if (m_server.stopping && m_server.sessions.empty() && !m_server.loop.stopped())
        m_server.graceTimer.cancel();
}

void HttpSession::greet()
{
    if (!m_server.tls)
        return read();
    m_stream.tcp().expires_after(milliseconds(m_server.limits.handshakeMs));
    m_stream.tcp().socket().async_wait(tcp::socket::wait_read, [self = shared_from_this()](beast::error_code error) {
        if (!error)
            self->sniff();
    });
    // The socket's own wait is not the stream's: the stream's deadline does not end it.
    m_answerTimer.expires_after(milliseconds(m_server.limits.handshakeMs));
    m_answerTimer.async_wait([weak = weak_from_this()](beast::error_code error) {
        if (const auto self = weak.lock(); !error && self)
            self->close();
    });
}

void HttpSession::read()
{
    m_answering = false;
    m_head = false;
    giveUpLargeBody();
    m_parser.emplace();
    m_parser->header_limit(m_server.limits.headerBytes);
    // Whether this request may have so much is told by its header.
    m_bodyLimit = std::max(m_server.limits.bodyBytes, m_server.limits.largeBody ? m_server.limits.largeBodyBytes : 0);
    m_parser->body_limit(m_bodyLimit);
    m_stream.tcp().expires_after(milliseconds(m_server.limits.idleMs));
    http::async_read_header(
        m_stream, m_buffer, *m_parser,
        [self = shared_from_this()](beast::error_code error, std::size_t) { self->headerRead(error); });
}

void HttpSession::turnAway()
{
    if (m_server.tls)
        return close(); // nobody knows yet what it speaks
    send(problem(503, "too_many_connections", {}, static_cast<std::int64_t>(m_server.limits.connections)), false);
}

void HttpSession::finish()
{
    if (!m_answering || m_lingering)
        close();
}

void HttpSession::close()
{
    beast::error_code ignored;
    m_answerTimer.cancel();
    m_stream.tcp().socket().shutdown(tcp::socket::shutdown_both, ignored);
    m_stream.tcp().close();
}

void HttpSession::sniff()
{
    m_answerTimer.cancel();
    char first = 0;
    beast::error_code error;
    tcp::socket& socket = m_stream.tcp().socket();
    socket.receive(asio::buffer(&first, 1), tcp::socket::message_peek, error);
    if (error)
        return close();
    constexpr char handshakeRecord = 0x16;
    if (first == handshakeRecord) {
        m_stream.shakeHands(m_server.tls->current(), [self = shared_from_this()](beast::error_code failed) {
            if (failed)
                return self->close();
            self->read();
        });
        return;
    }
    const auto peer = socket.remote_endpoint(error).address();
    m_clearRefused = error || (!peer.is_loopback() && peer != socket.local_endpoint(error).address());
    read();
}

void HttpSession::headerRead(beast::error_code error)
{
    if (error)
        return refuse(error);
    const auto& head = m_parser->get();
    if (m_clearRefused)
        return malformed(problem(403, "tls_required"));
    // RFC 9112: a request of HTTP/1.1 without exactly one Host is malformed.
    if (head.version() == 11 && head.count(http::field::host) != 1)
        return malformed(problem(400, "host_header", "Host"));
    const auto limit = bodyLimit();
    if (!limit)
        return;
    m_bodyLimit = *limit;
    m_parser->body_limit(m_bodyLimit);
    m_stream.tcp().expires_after(milliseconds(m_largeBody ? m_server.limits.largeBodyMs : m_server.limits.bodyMs));
    http::async_read(
        m_stream, m_buffer, *m_parser,
        [self = shared_from_this()](beast::error_code readError, std::size_t) { self->requestRead(readError); });
}

std::optional<std::uint64_t> HttpSession::bodyLimit()
{
    const HttpLimits& limits = m_server.limits;
    const auto& head = m_parser->get();
    const auto length = m_parser->content_length();
    const bool large = length ? *length > limits.bodyBytes : m_parser->chunked();
    if (!large || !limits.largeBody)
        return limits.bodyBytes;
    Request request;
    request.method = std::string(head.method_string());
    request.authorization = std::string(head[http::field::authorization]);
    const bool readable = setTarget(request, std::string_view(head.target().data(), head.target().size()));
    const std::uint64_t limit = readable ? std::max(limits.bodyBytes, limits.largeBody(request)) : limits.bodyBytes;
    if (length && *length > limit) {
        malformed(problem(413, "body_too_large", {}, static_cast<std::int64_t>(limit)));
        return std::nullopt;
    }
    if (limit > limits.bodyBytes) {
        if (m_server.largeBodies >= limits.largeBodies) {
            Response busy = problem(503, "too_many_large_bodies", {}, static_cast<std::int64_t>(limits.largeBodies));
            busy.headers.emplace_back("Retry-After", "5");
            send(std::move(busy), false);
            return std::nullopt;
        }
        m_largeBody = true;
        ++m_server.largeBodies;
    }
    return limit;
}

void HttpSession::giveUpLargeBody()
{
    if (m_largeBody)
        --m_server.largeBodies;
    m_largeBody = false;
}

void HttpSession::requestRead(beast::error_code error)
{
    if (error)
        return refuse(error);
    const auto& message = m_parser->get();
    Request request;
    request.method = std::string(message.method_string());
    request.body = std::move(m_parser->get().body());
    request.accept = std::string(message[http::field::accept]);
    request.authorization = std::string(message[http::field::authorization]);
    request.contentType = std::string(message[http::field::content_type]);
    request.host = std::string(message[http::field::host]);
    request.ifMatch = std::string(message[http::field::if_match]);
    request.idempotencyKey = std::string(message["Idempotency-Key"]);
    m_head = message.method() == http::verb::head;
    m_keepAlive = message.keep_alive();
    if (!setTarget(request, std::string_view(message.target().data(), message.target().size())))
        return malformed(problem(400, "request_target"));
    answer(std::move(request));
}

void HttpSession::answer(Request request)
{
    m_answering = true;
    m_stream.tcp().expires_never();
    const std::uint64_t turn = ++m_turn;
    const std::int64_t within = m_largeBody ? m_server.limits.largeAnswerMs : m_server.limits.answerMs;
    m_answerTimer.expires_after(milliseconds(within));
    m_answerTimer.async_wait([self = shared_from_this(), turn, within](beast::error_code error) {
        if (!error)
            self->respond(turn, problem(503, "answer_timeout", {}, within));
    });
    // Weak both: an answer may come from another thread after the connection, or the whole server, has gone.
    m_server.handle(std::move(request),
                    [parts = m_server.weak_from_this(), weak = weak_from_this(), turn](Response response) {
                        if (const auto server = parts.lock())
                            asio::post(server->loop, [weak, turn, made = std::move(response)]() mutable {
                                if (const auto self = weak.lock())
                                    self->respond(turn, std::move(made));
                            });
                    });
}

void HttpSession::respond(std::uint64_t turn, Response response)
{
    if (turn != m_turn || !m_answering || m_sending)
        return;
    m_answerTimer.cancel();
    send(std::move(response), m_keepAlive && !m_server.stopping);
}

void HttpSession::send(Response response, bool keepAlive)
{
    m_sending = true;
    m_answering = true;
    m_response = {};
    m_response.version(11);
    m_response.result(response.status);
    m_response.set(http::field::content_type, response.contentType);
    m_response.set(http::field::cache_control, "no-store");
    m_response.set("X-Content-Type-Options", "nosniff");
    for (const auto& [name, value] : response.headers)
        m_response.set(name, value);
    m_response.keep_alive(keepAlive);
    if (response.status != 204)
        m_response.content_length(response.body.size());
    if (!m_head)
        m_response.body() = std::move(response.body);
    m_stream.tcp().expires_after(milliseconds(m_server.limits.sendMs));
    http::async_write(m_stream, m_response,
                      [self = shared_from_this(), keepAlive](beast::error_code error, std::size_t) {
                          self->m_sending = false;
                          self->m_response = {};
                          if (error)
                              return self->close();
                          if (!keepAlive)
                              return self->lastWordSaid();
                          self->read();
                      });
}

void HttpSession::lastWordSaid()
{
    if (m_server.stopping)
        return close();
    m_lingering = true;
    beast::error_code ignored;
    m_stream.tcp().socket().shutdown(tcp::socket::shutdown_send, ignored);
    m_buffer.consume(m_buffer.size());
    m_stream.tcp().expires_after(milliseconds(lingerMs));
    throwAway(0);
}

void HttpSession::throwAway(std::size_t soFar)
{
    m_stream.async_read_some(m_buffer.prepare(lingerReadBytes),
                             [self = shared_from_this(), soFar](beast::error_code error, std::size_t bytes) {
                                 if (error || soFar + bytes > lingerBytesMax)
                                     return self->close();
                                 self->throwAway(soFar + bytes);
                             });
}

void HttpSession::malformed(Response response)
{
    m_server.counters.malformed.fetch_add(1, std::memory_order_relaxed);
    send(std::move(response), false);
}

void HttpSession::refuse(beast::error_code error)
{
    if (error == http::error::header_limit || error == http::error::buffer_overflow)
        return malformed(problem(431, "header_too_large", {}, m_server.limits.headerBytes));
    if (error == http::error::body_limit)
        return malformed(problem(413, "body_too_large", {}, static_cast<std::int64_t>(m_bodyLimit)));
    // Everything else of the parser's own is a broken request; a closed or silent connection just ends.
    if (error.category() == http::make_error_code(http::error::bad_method).category() &&
        error != http::error::end_of_stream && error != http::error::partial_message)
        return malformed(problem(400, "malformed_request"));
    close();
}

} // namespace api

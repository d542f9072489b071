// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/api/http/http_server.h"

#include <chrono>
#include <optional>
#include <system_error>
#include <unordered_set>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

namespace api {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using std::chrono::milliseconds;

namespace {

class Session;

constexpr std::int64_t lingerMs = 1000;
constexpr std::size_t lingerReadBytes = 16 * 1024;
constexpr std::size_t lingerBytesMax = 4 * 1024 * 1024;

} // namespace

struct HttpServer::Parts : std::enable_shared_from_this<HttpServer::Parts> {
    Parts(HttpLimits limitsGiven, Handle handleGiven)
        : limits(limitsGiven), handle(std::move(handleGiven)), loop(1), acceptor(loop), graceTimer(loop),
          retryTimer(loop)
    {
    }

    void accept();
    void closeAll();

    const HttpLimits limits;
    const Handle handle;
    std::unordered_set<Session*> sessions;
    HttpCounters counters;
    std::uint16_t port = 0;
    bool stopping = false;
    // After what a dying session touches: destroying the loop destroys the sessions its handlers still hold.
    asio::io_context loop;
    tcp::acceptor acceptor;
    asio::steady_timer graceTimer;
    asio::steady_timer retryTimer;
};

namespace {

// One connection. Lives as long as an operation or an unanswered request holds it; all of it runs on the loop's thread.
class Session : public std::enable_shared_from_this<Session> {
public:
    Session(HttpServer::Parts& server, tcp::socket socket)
        : m_server(server), m_stream(std::move(socket)), m_answerTimer(server.loop), m_buffer(64 * 1024)
    {
        m_server.sessions.insert(this);
        m_server.counters.connections.fetch_add(1, std::memory_order_relaxed);
    }

    ~Session()
    {
        m_server.sessions.erase(this);
        m_server.counters.connections.fetch_sub(1, std::memory_order_relaxed);
        if (m_server.stopping && m_server.sessions.empty() && !m_server.loop.stopped())
            m_server.graceTimer.cancel();
    }

    void read()
    {
        m_answering = false;
        m_head = false;
        m_parser.emplace();
        m_parser->header_limit(m_server.limits.headerBytes);
        m_parser->body_limit(m_server.limits.bodyBytes);
        m_stream.expires_after(milliseconds(m_server.limits.idleMs));
        http::async_read_header(
            m_stream, m_buffer, *m_parser,
            [self = shared_from_this()](beast::error_code error, std::size_t) { self->headerRead(error); });
    }

    // Refuses the connection whole: one answer, then the end.
    void turnAway()
    {
        send(problem(503, "too_many_connections", {}, static_cast<std::int64_t>(m_server.limits.connections)), false);
    }

    // The backend is stopping: an idle connection ends now, a busy one after its answer.
    void finish()
    {
        if (!m_answering || m_lingering)
            close();
    }

    void close()
    {
        beast::error_code ignored;
        m_answerTimer.cancel();
        m_stream.socket().shutdown(tcp::socket::shutdown_both, ignored);
        m_stream.close();
    }

private:
    void headerRead(beast::error_code error)
    {
        if (error)
            return refuse(error);
        const auto& head = m_parser->get();
        // RFC 9112: a request of HTTP/1.1 without exactly one Host is malformed.
        if (head.version() == 11 && head.count(http::field::host) != 1)
            return malformed(problem(400, "host_header", "Host"));
        m_stream.expires_after(milliseconds(m_server.limits.bodyMs));
        http::async_read(
            m_stream, m_buffer, *m_parser,
            [self = shared_from_this()](beast::error_code readError, std::size_t) { self->requestRead(readError); });
    }

    void requestRead(beast::error_code error)
    {
        if (error)
            return refuse(error);
        const auto& message = m_parser->get();
        Request request;
        request.method = std::string(message.method_string());
        request.body = message.body();
        request.accept = std::string(message[http::field::accept]);
        request.authorization = std::string(message[http::field::authorization]);
        request.contentType = std::string(message[http::field::content_type]);
        request.host = std::string(message[http::field::host]);
        request.ifMatch = std::string(message[http::field::if_match]);
        m_head = message.method() == http::verb::head;
        m_keepAlive = message.keep_alive();
        if (!setTarget(request, std::string_view(message.target().data(), message.target().size())))
            return malformed(problem(400, "request_target"));
        answer(std::move(request));
    }

    void answer(Request request)
    {
        m_answering = true;
        m_stream.expires_never();
        const std::uint64_t turn = ++m_turn;
        m_answerTimer.expires_after(milliseconds(m_server.limits.answerMs));
        m_answerTimer.async_wait([self = shared_from_this(), turn](beast::error_code error) {
            if (!error)
                self->respond(turn, problem(503, "answer_timeout", {}, self->m_server.limits.answerMs));
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

    // The first answer of a turn counts; one that comes after the deadline's does nothing.
    void respond(std::uint64_t turn, Response response)
    {
        if (turn != m_turn || !m_answering || m_sending)
            return;
        m_answerTimer.cancel();
        send(std::move(response), m_keepAlive && !m_server.stopping);
    }

    void send(Response response, bool keepAlive)
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
        m_stream.expires_after(milliseconds(m_server.limits.sendMs));
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

    // Closing with unread bytes would reset the connection and take the answer with it: what still comes is read for a
    // moment and thrown away.
    void lastWordSaid()
    {
        if (m_server.stopping)
            return close();
        m_lingering = true;
        beast::error_code ignored;
        m_stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
        m_buffer.consume(m_buffer.size());
        m_stream.expires_after(milliseconds(lingerMs));
        throwAway(0);
    }

    void throwAway(std::size_t soFar)
    {
        m_stream.async_read_some(m_buffer.prepare(lingerReadBytes),
                                 [self = shared_from_this(), soFar](beast::error_code error, std::size_t bytes) {
                                     if (error || soFar + bytes > lingerBytesMax)
                                         return self->close();
                                     self->throwAway(soFar + bytes);
                                 });
    }

    void malformed(Response response)
    {
        m_server.counters.malformed.fetch_add(1, std::memory_order_relaxed);
        send(std::move(response), false);
    }

    void refuse(beast::error_code error)
    {
        if (error == http::error::header_limit || error == http::error::buffer_overflow)
            return malformed(problem(431, "header_too_large", {}, m_server.limits.headerBytes));
        if (error == http::error::body_limit)
            return malformed(problem(413, "body_too_large", {}, static_cast<std::int64_t>(m_server.limits.bodyBytes)));
        // Everything else of the parser's own is a broken request; a closed or silent connection just ends.
        if (error.category() == http::make_error_code(http::error::bad_method).category() &&
            error != http::error::end_of_stream && error != http::error::partial_message)
            return malformed(problem(400, "malformed_request"));
        close();
    }

    HttpServer::Parts& m_server;
    beast::tcp_stream m_stream;
    asio::steady_timer m_answerTimer;
    beast::flat_buffer m_buffer;
    std::optional<http::request_parser<http::string_body>> m_parser;
    http::response<http::string_body> m_response;
    std::uint64_t m_turn = 0;
    bool m_answering = false;
    bool m_sending = false;
    bool m_head = false;
    bool m_lingering = false;
    bool m_keepAlive = false;
};

} // namespace

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
        const auto session = std::make_shared<Session>(*this, std::move(socket));
        if (full) {
            counters.turnedAway.fetch_add(1, std::memory_order_relaxed);
            session->turnAway();
        } else {
            session->read();
        }
        accept();
    });
}

void HttpServer::Parts::closeAll()
{
    const std::unordered_set<Session*> open = sessions;
    for (Session* session : open)
        session->close();
}

HttpServer::HttpServer(HttpLimits limits, Handle handle) : m_parts(std::make_shared<Parts>(limits, std::move(handle)))
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
    asio::post(m_parts->loop, [parts = m_parts, graceMs] {
        parts->stopping = true;
        beast::error_code ignored;
        parts->acceptor.close(ignored);
        parts->retryTimer.cancel();
        const std::unordered_set<Session*> open = parts->sessions;
        for (Session* session : open)
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

// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/runtime/http_sender.h"

#include <algorithm>
#include <charconv>
#include <chrono>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

namespace runtime {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::uint64_t answerBytesMax = 1024 * 1024;
constexpr std::uint32_t answerHeaderBytesMax = 64 * 1024;

void appendLine(std::string& out, std::string_view text)
{
    const std::size_t from = out.size();
    out += text;
    std::replace_if(
        out.begin() + static_cast<std::ptrdiff_t>(from), out.end(),
        [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
}

std::string bytesOf(const OutgoingRequest& request)
{
    std::string out;
    appendLine(out, request.method);
    out += ' ';
    appendLine(out, request.target);
    out += " HTTP/1.1\r\n";
    for (const auto& [name, value] : request.headers) {
        appendLine(out, name);
        out += ": ";
        appendLine(out, value);
        out += "\r\n";
    }
    if (request.method != "GET" && request.method != "HEAD")
        out += "Content-Length: 0\r\n";
    return out += "\r\n";
}

} // namespace

struct HttpSender::Parts {
    explicit Parts(Options o) : options(std::move(o)) {}

    // One connection's life: connects when it must, and serves the source until its end.
    asio::awaitable<void> serve()
    {
        beast::tcp_stream stream(loop);
        beast::flat_buffer buffer;
        bool connected = false;
        while (std::optional<OutgoingRequest> request = source()) {
            asio::steady_timer timer(loop, started + std::chrono::milliseconds(request->notBeforeMs));
            if (request->notBeforeMs > 0)
                co_await timer.async_wait(asio::use_awaitable);
            const std::string bytes = bytesOf(*request);
            HttpOutcome outcome;
            bool again = true;
            while (again) {
                const bool fresh = !connected;
                again = false;
                if (fresh) {
                    buffer.clear();
                    outcome.error = co_await connect(stream);
                    if (!outcome.error.empty())
                        break;
                    connected = true;
                }
                again =
                    co_await exchange(stream, buffer, bytes, request->method == "HEAD", connected, outcome) && !fresh;
            }
            done(*request, outcome);
        }
    }

    asio::awaitable<std::string> connect(beast::tcp_stream& stream)
    {
        error_code error;
        stream.close();
        stream.expires_after(timeout());
        co_await stream.async_connect(endpoints, asio::redirect_error(asio::use_awaitable, error));
        if (error)
            co_return "connecting: " + error.message();
        stream.socket().set_option(asio::ip::tcp::no_delay(true), error);
        co_return std::string();
    }

    // True: the connection was closed before a byte of the answer came.
    asio::awaitable<bool> exchange(beast::tcp_stream& stream, beast::flat_buffer& buffer, const std::string& bytes,
                                   bool head, bool& connected, HttpOutcome& outcome)
    {
        error_code error;
        stream.expires_after(timeout());
        co_await asio::async_write(stream, asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, error));
        // A server that refuses a request may answer and close before having read it: what it said is still to be read.
        http::response_parser<http::string_body> parser;
        parser.body_limit(answerBytesMax);
        parser.header_limit(answerHeaderBytesMax);
        parser.skip(head);
        error_code readError;
        co_await http::async_read(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, readError));
        if (readError) {
            connected = false;
            const bool nothingCame = !parser.got_some() && buffer.size() == 0 && readError != beast::error::timeout;
            outcome = {0, (error ? "sending: " + error.message() : "waiting for the answer: " + readError.message())};
            co_return nothingCame;
        }
        outcome = {parser.get().result_int(), {}};
        connected = parser.get().keep_alive() && !error;
        co_return false;
    }

    std::chrono::milliseconds timeout() const { return std::chrono::milliseconds(options.timeoutMs); }

    Options options;
    asio::io_context loop{1};
    asio::ip::tcp::resolver::results_type endpoints;
    std::chrono::steady_clock::time_point started;
    Source source;
    Done done;
};

HttpSender::HttpSender(Options options) : m_parts(std::make_unique<Parts>(std::move(options))) {}

HttpSender::~HttpSender() = default;

void HttpSender::run(Source source, Done done)
{
    Parts& parts = *m_parts;
    asio::ip::tcp::resolver resolver(parts.loop);
    parts.endpoints = resolver.resolve(parts.options.host, std::to_string(parts.options.port));
    parts.source = std::move(source);
    parts.done = std::move(done);
    parts.started = std::chrono::steady_clock::now();
    for (int i = 0; i < std::max(1, parts.options.connections); ++i) {
        asio::co_spawn(parts.loop, parts.serve(), [](const std::exception_ptr& thrown) {
            if (thrown)
                std::rethrow_exception(thrown);
        });
    }
    parts.loop.run();
}

void HttpSender::stop()
{
    m_parts->loop.stop();
}

std::optional<std::pair<std::string, std::uint16_t>> httpAddress(std::string_view url)
{
    constexpr std::string_view scheme = "http://";
    if (!url.starts_with(scheme))
        return std::nullopt;
    url.remove_prefix(scheme.size());
    if (url.ends_with('/'))
        url.remove_suffix(1);
    std::string_view host = url, port = "80";
    if (url.starts_with('[')) {
        const std::size_t end = url.find(']');
        if (end == std::string_view::npos || (end + 1 < url.size() && url[end + 1] != ':'))
            return std::nullopt;
        host = url.substr(1, end - 1);
        if (end + 1 < url.size())
            port = url.substr(end + 2);
    } else if (const std::size_t colon = url.find(':'); colon != std::string_view::npos) {
        host = url.substr(0, colon);
        port = url.substr(colon + 1);
    }
    std::uint16_t number = 0;
    const auto [stop, error] = std::from_chars(port.data(), port.data() + port.size(), number);
    if (host.empty() || host.find_first_of("/?#@ ") != std::string_view::npos || error != std::errc() ||
        stop != port.data() + port.size() || number == 0)
        return std::nullopt;
    return std::pair(std::string(host), number);
}

} // namespace runtime

// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/cli/api_client.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include <QJsonDocument>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

namespace cli {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

// The backend gives up first, and says so itself: after 30 s, and with a file to take in after 240.
constexpr auto answerWithin = std::chrono::seconds(60);
constexpr auto fileAnswerWithin = std::chrono::seconds(300);
constexpr std::uint64_t answerBytesMax = 64 * 1024 * 1024;

} // namespace

std::string ApiAnswer::problem() const
{
    std::string type = body.value(QLatin1StringView("type")).toString().section(QLatin1Char('/'), -1).toStdString();
    std::replace(type.begin(), type.end(), '-', '_');
    return type.empty() ? "status_" + std::to_string(status) : type;
}

std::string ApiAnswer::field() const
{
    return body.value(QLatin1StringView("field")).toString().toStdString();
}

ApiClient::ApiClient(std::string address, std::string token) : m_address(std::move(address)), m_token(std::move(token))
{
    std::string rest = m_address.substr(m_address.find("://") == std::string::npos ? 0 : m_address.find("://") + 3);
    rest = rest.substr(0, rest.find('/'));
    const std::size_t colon = rest.rfind(':');
    m_host = rest.substr(0, colon);
    m_port = colon == std::string::npos ? "80" : rest.substr(colon + 1);
    if (m_host.size() > 1 && m_host.front() == '[' && m_host.back() == ']')
        m_host = m_host.substr(1, m_host.size() - 2);
    // A backend that listens everywhere also listens here.
    if (m_host == "0.0.0.0" || m_host == "::")
        m_host = m_host == "::" ? "::1" : "127.0.0.1";
}

ApiAnswer ApiClient::send(const std::string& method, const std::string& target, const QJsonObject& body,
                          const std::string& ifMatch) const
{
    return exchange(method, target, "application/json",
                    body.isEmpty() ? std::string() : QJsonDocument(body).toJson(QJsonDocument::Compact).toStdString(),
                    ifMatch);
}

ApiAnswer ApiClient::sendFile(const std::string& target, const std::string& file) const
{
    return exchange("POST", target, "text/csv", file);
}

ApiAnswer ApiClient::exchange(const std::string& method, const std::string& target, const std::string& type,
                              const std::string& body, const std::string& ifMatch) const
{
    asio::io_context loop(1);
    beast::tcp_stream stream(loop);
    beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(answerBytesMax);
    http::request<http::string_body> request(http::string_to_verb(method), target, 11);
    request.set(http::field::host, m_host);
    request.set(http::field::authorization, "Bearer " + m_token);
    request.set(http::field::connection, "close");
    if (!body.empty()) {
        request.set(http::field::content_type, type);
        request.body() = body;
    }
    if (!ifMatch.empty())
        request.set(http::field::if_match, ifMatch);
    request.prepare_payload();
    beast::error_code error;
    // Asynchronous inside, for the deadline; one after the other on this thread.
    const auto endpoints = asio::ip::tcp::resolver(loop).resolve(m_host, m_port, error);
    if (!error) {
        stream.expires_after(type == "text/csv" ? fileAnswerWithin : answerWithin);
        stream.async_connect(endpoints, [&](beast::error_code connected, const auto&) {
            error = connected;
            if (error)
                return;
            http::async_write(stream, request, [&](beast::error_code written, std::size_t) {
                error = written;
                if (error)
                    return;
                http::async_read(stream, buffer, parser, [&](beast::error_code read, std::size_t) { error = read; });
            });
        });
        loop.run();
    }
    if (error)
        throw std::runtime_error("the backend at " + m_address + " does not answer: " + error.message());
    ApiAnswer answer;
    answer.status = parser.get().result_int();
    answer.body = QJsonDocument::fromJson(QByteArray::fromStdString(parser.get().body())).object();
    return answer;
}

std::string percentEncoded(const std::string& text)
{
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '.' ||
            c == '_' || c == '~') {
            out += c;
        } else {
            out += '%';
            out += digits[byte >> 4];
            out += digits[byte & 0xf];
        }
    }
    return out;
}

} // namespace cli

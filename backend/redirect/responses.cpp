// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/redirect/responses.h"

#include <array>
#include <charconv>
#include <chrono>
#include <format>

namespace redirect {

namespace {

std::string_view reasonPhrase(std::uint16_t status)
{
    switch (status) {
    case 200:
        return "OK";
    case 204:
        return "No Content";
    case 301:
        return "Moved Permanently";
    case 302:
        return "Found";
    case 303:
        return "See Other";
    case 307:
        return "Temporary Redirect";
    case 308:
        return "Permanent Redirect";
    case 400:
        return "Bad Request";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 408:
        return "Request Timeout";
    case 410:
        return "Gone";
    case 414:
        return "URI Too Long";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 503:
        return "Service Unavailable";
    default:
        return "Error";
    }
}

void appendNumber(std::string& out, std::size_t number)
{
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

void appendStart(std::string& out, const ResponseFrame& frame, std::uint16_t status)
{
    out += "HTTP/1.1 ";
    appendNumber(out, status);
    out += ' ';
    out += reasonPhrase(status);
    out += "\r\nDate: ";
    out += frame.date;
}

void appendEnd(std::string& out, const ResponseFrame& frame)
{
    // A redirect never hides later clicks in a cache. The referrer policy follows the visitor to the destination, which
    // so learns the site that the link stood on, as it would without us, but neither its path nor, on the way from
    // https to http, anything.
    out += "\r\nX-Robots-Tag: noindex\r\nReferrer-Policy: strict-origin-when-cross-origin\r\nX-Content-Type-Options: "
           "nosniff";
    if (frame.close)
        out += "\r\nConnection: close";
    else if (frame.http10)
        out += "\r\nConnection: keep-alive";
    out += "\r\n\r\n";
}

void appendBody(std::string& out, const ResponseFrame& frame, std::string_view type, std::string_view body,
                std::string_view caching)
{
    out += "\r\nContent-Type: ";
    out += type;
    out += "\r\nContent-Length: ";
    appendNumber(out, body.size());
    out += "\r\nCache-Control: ";
    out += caching;
    appendEnd(out, frame);
    if (!frame.head)
        out += body;
}

constexpr std::string_view plainText = "text/plain; charset=utf-8";
constexpr std::string_view neverCached = "private, no-store";
constexpr std::string_view cachedADay = "public, max-age=86400";

} // namespace

void appendRedirect(std::string& out, const ResponseFrame& frame, std::uint16_t status, std::string_view location)
{
    appendStart(out, frame, status);
    out += "\r\nLocation: ";
    out += location;
    out += "\r\nContent-Length: 0\r\nCache-Control: private, no-store";
    appendEnd(out, frame);
}

void appendPlain(std::string& out, const ResponseFrame& frame, std::uint16_t status, std::string_view body)
{
    appendStart(out, frame, status);
    if (status == 405)
        out += "\r\nAllow: GET, HEAD";
    if (status == 503)
        out += "\r\nRetry-After: 1";
    std::array<char, 64> line{};
    if (body.empty()) {
        const std::string_view phrase = reasonPhrase(status);
        const std::size_t length = phrase.copy(line.data(), line.size() - 1);
        line[length] = '\n';
        body = {line.data(), length + 1};
    }
    appendBody(out, frame, plainText, body, neverCached);
}

void appendPage(std::string& out, const ResponseFrame& frame, std::uint16_t status, std::string_view html)
{
    appendStart(out, frame, status);
    if (status == 429)
        out += "\r\nRetry-After: 60";
    if (status == 503)
        out += "\r\nRetry-After: 1";
    out += "\r\nContent-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; "
           "base-uri 'none'";
    appendBody(out, frame, "text/html; charset=utf-8", html, neverCached);
}

void appendReserved(std::string& out, const ResponseFrame& frame, std::string_view path, bool ready)
{
    if (path == "/health/live")
        return appendPlain(out, frame, 200, "live\n");
    if (path == "/health/ready")
        return ready ? appendPlain(out, frame, 200, "ready\n") : appendPlain(out, frame, 503, "not ready\n");
    if (path == "/robots.txt") {
        appendStart(out, frame, 200);
        return appendBody(out, frame, plainText, "User-agent: *\nDisallow: /\n", cachedADay);
    }
    if (path == "/.well-known/gpc.json") {
        appendStart(out, frame, 200);
        return appendBody(out, frame, "application/json", "{\"gpc\":true}\n", cachedADay);
    }
    // /favicon.ico and the rest of /.well-known/.
    appendStart(out, frame, 404);
    appendBody(out, frame, plainText, "Not Found\n", cachedADay);
}

std::string httpDate(std::int64_t utcMs)
{
    constexpr std::array dayNames = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array monthNames = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    using namespace std::chrono;
    const sys_seconds second = floor<seconds>(sys_time<milliseconds>(milliseconds(utcMs)));
    const sys_days day = floor<std::chrono::days>(second);
    const year_month_day date(day);
    return std::format("{}, {:02} {} {:04} {:%H:%M:%S} GMT", dayNames[weekday(day).c_encoding()], unsigned(date.day()),
                       monthNames[unsigned(date.month()) - 1], int(date.year()), second);
}

} // namespace redirect

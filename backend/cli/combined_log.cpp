// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/cli/combined_log.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <stdexcept>

namespace cli {

namespace {

constexpr std::size_t lineBytesMax = 128 * 1024;
constexpr std::size_t methodBytesMax = 32;

int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = static_cast<char>(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// Takes the next word up to a space.
std::optional<std::string_view> takeWord(std::string_view& rest)
{
    const std::size_t end = rest.find(' ');
    if (end == 0 || end == std::string_view::npos)
        return std::nullopt;
    const std::string_view word = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return word;
}

// What one escape stands for; `at` is behind the backslash and ends behind the escape.
char unescaped(std::string_view text, std::size_t& at)
{
    const char c = text[at++];
    if (c == 'x' && at + 1 < text.size() && hexDigit(text[at]) >= 0 && hexDigit(text[at + 1]) >= 0) {
        at += 2;
        return static_cast<char>(hexDigit(text[at - 2]) * 16 + hexDigit(text[at - 1]));
    }
    switch (c) {
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case 'v':
        return '\v';
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    default:
        return c;
    }
}

// Takes a quoted field with its escapes resolved. Nothing when it does not begin or never ends.
std::optional<std::string> takeQuoted(std::string_view& rest)
{
    if (!rest.starts_with('"'))
        return std::nullopt;
    std::string out;
    for (std::size_t at = 1; at < rest.size();) {
        const char c = rest[at++];
        if (c == '"') {
            rest.remove_prefix(at);
            return out;
        }
        if (c != '\\')
            out.push_back(c);
        else if (at < rest.size())
            out.push_back(unescaped(rest, at));
    }
    return std::nullopt;
}

std::optional<int> number(std::string_view text)
{
    int value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && stop == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

// "[17/May/2015:10:05:03 +0000] "
std::optional<std::int64_t> takeTime(std::string_view& rest)
{
    constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (rest.size() < 29 || rest[0] != '[' || rest[27] != ']' || rest[28] != ' ')
        return std::nullopt;
    const auto day = number(rest.substr(1, 2)), year = number(rest.substr(8, 4)), hour = number(rest.substr(13, 2));
    const auto minute = number(rest.substr(16, 2)), second = number(rest.substr(19, 2));
    const auto zoneHours = number(rest.substr(23, 2)), zoneMinutes = number(rest.substr(25, 2));
    const auto month = std::ranges::find(months, rest.substr(4, 3));
    const char sign = rest[22];
    if (!day || !year || !hour || !minute || !second || !zoneHours || !zoneMinutes || month == months.end() ||
        (sign != '+' && sign != '-'))
        return std::nullopt;
    const std::chrono::year_month_day date(std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(month - months.begin()) + 1),
                                           std::chrono::day(static_cast<unsigned>(*day)));
    if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60)
        return std::nullopt;
    const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
    const std::int64_t zone = (sign == '-' ? -1 : 1) * (*zoneHours * 60 + *zoneMinutes);
    rest.remove_prefix(29);
    return (((days * 24 + *hour) * 60 + *minute - zone) * 60 + *second) * 1000;
}

// Bytes that must not stand in a request line as they are.
std::string sendable(std::string_view target)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : target) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte > 0x20 && byte < 0x7f) {
            out.push_back(c);
        } else {
            out.push_back('%');
            out.push_back(digits[byte >> 4]);
            out.push_back(digits[byte & 15]);
        }
    }
    return out;
}

// "GET /path HTTP/1.1"; before HTTP/1.0 there was no third word.
bool readRequest(std::string_view request, LogLine& line)
{
    const std::size_t first = request.find(' ');
    if (first == 0 || first == std::string_view::npos || first > methodBytesMax)
        return false;
    const std::string_view method = request.substr(0, first);
    const bool isMethod = std::ranges::all_of(
        method, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_'; });
    std::string_view target = request.substr(first + 1);
    if (const std::size_t last = target.rfind(' ');
        last != std::string_view::npos && target.substr(last + 1).starts_with("HTTP/"))
        target = target.substr(0, last);
    // A proxy's form of the target is brought to the server's own.
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (target.starts_with(scheme)) {
            const std::size_t slash = target.find('/', scheme.size());
            target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
        }
    }
    if (!isMethod || target.empty())
        return false;
    line.method = method;
    line.target = sendable(target);
    return true;
}

} // namespace

std::optional<LogLine> logLineFrom(std::string_view text)
{
    LogLine line;
    std::string_view rest = text;
    const auto address = takeWord(rest);
    if (!address || !takeWord(rest))
        return std::nullopt;
    // The user's name may hold spaces: the time begins at the bracket.
    const std::size_t bracket = rest.find(" [");
    if (bracket == std::string_view::npos)
        return std::nullopt;
    rest.remove_prefix(bracket + 1);
    const auto time = takeTime(rest);
    const auto request = time ? takeQuoted(rest) : std::nullopt;
    if (!request || !rest.starts_with(' '))
        return std::nullopt;
    rest.remove_prefix(1);
    const auto status = takeWord(rest);
    const auto bytes = takeWord(rest);
    if (!status || !number(*status) || !bytes)
        return std::nullopt;
    const auto referer = takeQuoted(rest);
    if (!referer || !rest.starts_with(' '))
        return std::nullopt;
    rest.remove_prefix(1);
    const auto agent = takeQuoted(rest);
    if (!agent || !readRequest(*request, line))
        return std::nullopt;
    line.address = *address;
    line.utcMs = *time;
    line.referer = *referer == "-" ? std::string() : *referer;
    line.agent = *agent == "-" ? std::string() : *agent;
    return line;
}

CombinedLog::CombinedLog(const std::string& path) : m_file(path, std::ios::binary)
{
    if (!m_file)
        throw std::runtime_error(path + ": the log cannot be read; is the path right?");
}

std::optional<LogLine> CombinedLog::next()
{
    for (;;) {
        m_line.clear();
        bool cut = false;
        std::streambuf* const buffer = m_file.rdbuf();
        int c = buffer->sbumpc();
        if (c == std::char_traits<char>::eof())
            return std::nullopt;
        for (; c != std::char_traits<char>::eof() && c != '\n'; c = buffer->sbumpc()) {
            if (m_line.size() < lineBytesMax)
                m_line.push_back(static_cast<char>(c));
            else
                cut = true;
        }
        if (m_line.ends_with('\r'))
            m_line.pop_back();
        if (m_line.empty())
            continue;
        if (auto line = cut ? std::nullopt : logLineFrom(m_line))
            return line;
        ++m_unreadable;
    }
}

} // namespace cli

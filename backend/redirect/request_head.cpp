// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/redirect/request_head.h"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>

#include "backend/protocol/limits.h"

namespace redirect {

namespace {

namespace beast = boost::beast;
namespace http = beast::http;

// Beyond the URL a request line holds a method and a version; whoever needs more than this means no good.
constexpr std::size_t requestLineExtra = 64;
// A password in a form, every byte of it escaped, and room to spare.
constexpr std::uint64_t formBytesMax = 1024;

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool equalsIgnoreCase(std::string_view text, std::string_view lowerCase)
{
    return text.size() == lowerCase.size() &&
           std::equal(text.begin(), text.end(), lowerCase.begin(), [](char a, char b) { return lower(a) == b; });
}

bool containsIgnoreCase(std::string_view text, std::string_view lowerCase)
{
    return std::search(text.begin(), text.end(), lowerCase.begin(), lowerCase.end(),
                       [](char a, char b) { return lower(a) == b; }) != text.end();
}

std::string_view view(beast::string_view text)
{
    return {text.data(), text.size()};
}

bool isPrefetch(std::string_view purpose)
{
    return containsIgnoreCase(purpose, "prefetch") || containsIgnoreCase(purpose, "prerender") ||
           containsIgnoreCase(purpose, "preview");
}

// "host", "host:port", "[v6]", "[v6]:port" → the host in lower case. False: not one.
bool readHost(std::string_view text, std::string& host)
{
    host.clear();
    std::size_t end = 0;
    if (text.starts_with('[')) {
        end = text.find(']');
        if (end == std::string_view::npos)
            return false;
        ++end;
        if (text.substr(1, end - 2).find_first_not_of("0123456789abcdefABCDEF:.") != std::string_view::npos)
            return false;
    } else {
        end = std::min(text.find(':'), text.size());
        const auto fits = [](char c) {
            const char l = lower(c);
            return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
        };
        if (!std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), fits))
            return false;
    }
    const std::string_view port = text.substr(end);
    if (end == 0 || end > protocol::limits::domainBytes || port.size() > 6 || (!port.empty() && port[0] != ':') ||
        port.find_first_not_of("0123456789", 1) != std::string_view::npos)
        return false;
    host.resize(end);
    std::transform(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), host.begin(), lower);
    return true;
}

// Beast's grammar with our limits; keeps views of the few headers that matter.
class HeadParser final : public http::basic_parser<true> {
public:
    HeadParser(std::string_view bytes, const Limits& limits, RequestHead& head)
        : m_bytes(bytes), m_limits(limits), m_head(head)
    {
        // Ours are checked first; Beast's only has to be the larger.
        header_limit(static_cast<std::uint32_t>(limits.urlBytes + limits.headerBytes + 4 * requestLineExtra));
        body_limit(boost::none);
    }

    std::uint16_t status() const { return m_status; }
    bool hasRequestLine() const { return m_fieldsStart != 0; }
    std::size_t fieldsStart() const { return m_fieldsStart; }
    std::string_view target() const { return m_target; }
    std::string_view hostText() const { return m_host; }
    int hosts() const { return m_hosts; }
    bool hasTransferEncoding() const { return m_transferEncoding; }
    bool isForm() const { return m_isForm; }

private:
    void refuse(std::uint16_t status, beast::error_code& ec)
    {
        m_status = status;
        ec = http::error::header_limit;
    }

    void on_request_impl(http::verb method, beast::string_view, beast::string_view target, int version,
                         beast::error_code& ec) override
    {
        m_target = view(target);
        if (m_target.size() > m_limits.urlBytes)
            return refuse(414, ec);
        m_head.method = method == http::verb::get    ? RequestHead::Method::Get
                        : method == http::verb::head ? RequestHead::Method::Head
                        : method == http::verb::post ? RequestHead::Method::Post
                                                     : RequestHead::Method::Other;
        m_head.http10 = version == 10;
        // " HTTP/1.1\r\n" follows the target.
        m_fieldsStart = static_cast<std::size_t>(target.data() + target.size() - m_bytes.data()) + 11;
    }

    void on_field_impl(http::field name, beast::string_view nameText, beast::string_view valueText,
                       beast::error_code& ec) override
    {
        const std::string_view value = view(valueText);
        const char* const end = value.data() + value.size();
        // A folded line lies in a buffer of the parser's; its end is nowhere in ours.
        if (std::less<const char*>()(value.data(), m_bytes.data()) ||
            std::less<const char*>()(m_bytes.data() + m_bytes.size(), end))
            return refuse(400, ec);
        if (++m_fields > m_limits.headerCount ||
            static_cast<std::size_t>(end - m_bytes.data()) > m_fieldsStart + m_limits.headerBytes)
            return refuse(431, ec);
        keep(name, view(nameText), value);
    }

    void keep(http::field name, std::string_view nameText, std::string_view value)
    {
        switch (name) {
        case http::field::host:
            ++m_hosts;
            m_host = value;
            break;
        case http::field::user_agent:
            m_head.userAgent = value;
            break;
        case http::field::referer:
            m_head.referer = value;
            break;
        case http::field::accept_language:
            m_head.acceptLanguage = value;
            break;
        case http::field::accept:
            m_head.accept = value;
            break;
        case http::field::content_type:
            m_isForm =
                equalsIgnoreCase(value.substr(0, value.find_first_of("; ")), "application/x-www-form-urlencoded");
            break;
        case http::field::transfer_encoding:
            m_transferEncoding = true;
            break;
        case http::field::forwarded:
            join(m_head.forwarded, m_head.forwardedLines, value);
            break;
        default:
            keepByName(nameText, value);
        }
    }

    // Beast knows no numbers for these. Their first letters are x, s or p, so most headers end at the first comparison.
    void keepByName(std::string_view name, std::string_view value)
    {
        switch (lower(name.front())) {
        case 'x':
            if (equalsIgnoreCase(name, "x-forwarded-for"))
                join(m_head.xForwardedFor, m_head.xForwardedForLines, value);
            else if (equalsIgnoreCase(name, "x-purpose") || equalsIgnoreCase(name, "x-moz"))
                m_head.prefetch |= isPrefetch(value);
            break;
        case 's':
            if (equalsIgnoreCase(name, "sec-ch-ua"))
                m_head.secChUa = value;
            else if (equalsIgnoreCase(name, "sec-ch-ua-mobile"))
                m_head.secChUaMobile = value;
            else if (equalsIgnoreCase(name, "sec-ch-ua-platform"))
                m_head.secChUaPlatform = value;
            else if (equalsIgnoreCase(name, "sec-gpc"))
                m_head.globalPrivacyControl = value == "1";
            else if (equalsIgnoreCase(name, "sec-purpose"))
                m_head.prefetch |= isPrefetch(value);
            break;
        case 'p':
            if (equalsIgnoreCase(name, "purpose"))
                m_head.prefetch |= isPrefetch(value);
            break;
        default:
            break;
        }
    }

    static void join(std::string_view& whole, std::string& lines, std::string_view value)
    {
        if (whole.data() == nullptr) {
            whole = value;
            return;
        }
        if (lines.empty())
            lines = whole;
        (lines += ", ") += value;
        whole = lines;
    }

    void on_header_impl(beast::error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, beast::error_code&) override {}
    std::size_t on_body_impl(beast::string_view, beast::error_code&) override { return 0; }
    void on_chunk_header_impl(std::uint64_t, beast::string_view, beast::error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view, beast::error_code&) override { return 0; }
    void on_finish_impl(beast::error_code&) override {}
    void on_response_impl(int, beast::string_view, int, beast::error_code&) override {}

    const std::string_view m_bytes;
    const Limits& m_limits;
    RequestHead& m_head;
    std::string_view m_target;
    std::string_view m_host;
    std::size_t m_fieldsStart = 0;
    std::size_t m_fields = 0;
    int m_hosts = 0;
    bool m_transferEncoding = false;
    bool m_isForm = false;
    std::uint16_t m_status = 0;
};

void clear(RequestHead& head)
{
    head.method = RequestHead::Method::Other;
    head.http10 = head.keepAlive = head.hasBody = head.prefetch = head.globalPrivacyControl = false;
    head.host.clear();
    head.path = head.query = {};
    head.userAgent = head.referer = head.acceptLanguage = head.accept = {};
    head.secChUa = head.secChUaMobile = head.secChUaPlatform = {};
    head.forwarded = head.xForwardedFor = head.form = head.raw = {};
    head.forwardedLines.clear();
    head.xForwardedForLines.clear();
}

// Splits the target into path and query. In absolute form its host must be the Host header's. False: neither form.
bool readTarget(std::string_view target, RequestHead& head)
{
    if (!target.starts_with('/')) {
        const std::size_t authority = equalsIgnoreCase(target.substr(0, 7), "http://")    ? 7
                                      : equalsIgnoreCase(target.substr(0, 8), "https://") ? 8
                                                                                          : 0;
        if (authority == 0)
            return false;
        const std::size_t end = std::min(target.find_first_of("/?", authority), target.size());
        std::string host;
        if (!readHost(target.substr(authority, end - authority), host) || host != head.host)
            return false;
        target.remove_prefix(end);
    }
    const std::size_t question = std::min(target.find('?'), target.size());
    head.path = question == 0 ? std::string_view("/") : target.substr(0, question);
    head.query = target.substr(std::min(question + 1, target.size()));
    return true;
}

HeadResult refused(std::uint16_t status)
{
    return {HeadResult::State::Refused, 0, status};
}

HeadResult unfinished(const HeadParser& parser, std::string_view bytes, const Limits& limits)
{
    if (!parser.hasRequestLine())
        return bytes.size() > limits.urlBytes + requestLineExtra ? refused(414) : HeadResult{};
    return bytes.size() - std::min(bytes.size(), parser.fieldsStart()) > limits.headerBytes ? refused(431)
                                                                                            : HeadResult{};
}

} // namespace

HeadResult readHead(std::string_view bytes, const Limits& limits, RequestHead& head)
{
    clear(head);
    HeadParser parser(bytes, limits, head);
    beast::error_code ec;
    const std::size_t taken = parser.put(boost::asio::const_buffer(bytes.data(), bytes.size()), ec);
    if (parser.status() != 0)
        return refused(parser.status());
    if (ec == http::error::need_more)
        return unfinished(parser, bytes, limits);
    if (ec == http::error::header_limit)
        return refused(parser.hasRequestLine() ? 431 : 414);
    if (ec)
        return refused(400);
    if (taken > parser.fieldsStart() + limits.headerBytes)
        return refused(431);
    const boost::optional<std::uint64_t> length = parser.content_length();
    head.hasBody = parser.hasTransferEncoding() || (length && *length > 0);
    head.keepAlive = parser.keep_alive() && !head.hasBody;
    std::size_t whole = taken;
    if (head.method == RequestHead::Method::Post) {
        if (!parser.isForm() || parser.hasTransferEncoding() || !length || *length > formBytesMax) {
            head.method = RequestHead::Method::Other;
        } else if (whole += static_cast<std::size_t>(*length); whole > bytes.size()) {
            return {HeadResult::State::NeedMore, whole, 0};
        } else {
            head.form = bytes.substr(taken, static_cast<std::size_t>(*length));
            head.keepAlive = parser.keep_alive();
            head.hasBody = false;
        }
    }
    head.raw = bytes.substr(0, whole);
    if (parser.hosts() != 1 || !readHost(parser.hostText(), head.host))
        return refused(400);
    if (head.method == RequestHead::Method::Other)
        return {HeadResult::State::Complete, taken, 0};
    if (!readTarget(parser.target(), head))
        return refused(400);
    return {HeadResult::State::Complete, whole, 0};
}

} // namespace redirect

// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <string_view>

#include "backend/links/decision.h"
#include "backend/links/destination.h"
#include "backend/protocol/limits.h"
#include "backend/protocol/words.h"

namespace links {

namespace {

constexpr std::size_t labelBytesMax = 63; // RFC 1035

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

std::string lowerText(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}

bool isControl(char c)
{
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

struct UrlParts {
    std::string scheme; // lower case; empty = no absolute URL
    std::string_view authority;
};

UrlParts partsOf(std::string_view url)
{
    const std::size_t colon = url.find("://");
    if (colon == std::string_view::npos || colon == 0)
        return {};
    const std::string_view rest = url.substr(colon + 3);
    return {lowerText(url.substr(0, colon)), rest.substr(0, rest.find_first_of("/?#\\"))};
}

bool isIpv6Literal(std::string_view host)
{
    return host.size() >= 4 && host.starts_with('[') && host.ends_with(']') &&
           host.find(':') != std::string_view::npos &&
           host.substr(1, host.size() - 2).find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
}

// The authority without its port; nothing where the port is none.
std::string_view withoutPort(std::string_view authority)
{
    const std::size_t colon = authority.rfind(':');
    if (colon == std::string_view::npos || (authority.starts_with('[') && authority.ends_with(']')))
        return authority;
    const std::string_view port = authority.substr(colon + 1);
    if (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != std::string_view::npos)
        return {};
    unsigned number = 0;
    for (const char c : port)
        number = number * 10 + static_cast<unsigned>(c - '0');
    return number >= 1 && number <= 65535 ? authority.substr(0, colon) : std::string_view();
}

} // namespace

std::string destinationHost(std::string_view destination)
{
    std::string host = lowerText(withoutPort(partsOf(destination).authority));
    if (host.ends_with('.'))
        host.pop_back();
    return host;
}

std::string destinationProblem(std::string_view destination)
{
    if (destination.empty())
        return "empty";
    if (destination.size() > protocol::limits::destinationBytes)
        return "too_long";
    if (std::any_of(destination.begin(), destination.end(), isControl))
        return "control";
    // A space is a slip; a backslash is a slash to browsers and none to everybody else.
    if (destination.find_first_of(" \\") != std::string_view::npos)
        return "character";
    const UrlParts parts = partsOf(destination);
    if (parts.scheme != "http" && parts.scheme != "https")
        return "scheme";
    if (parts.authority.find('@') != std::string_view::npos)
        return "credentials";
    if (isIpv6Literal(withoutPort(parts.authority)))
        return {};
    std::string host = destinationHost(destination);
    // Other people's hosts may hold an underscore, which a host of ours may not.
    std::replace(host.begin(), host.end(), '_', 'a');
    return hostProblem(host).empty() ? std::string() : "host";
}

std::string destinationProblem(std::string_view destination, const Snapshot& snapshot)
{
    if (std::string problem = destinationProblem(destination); !problem.empty())
        return problem;
    const Domain* const domain = snapshot.domain(destinationHost(destination));
    return domain != nullptr && domain->state == DomainState::Ready ? "own_domain" : std::string();
}

std::string slugProblem(std::string_view slug)
{
    if (slug.size() > protocol::limits::slugBytes)
        return "too_long";
    if (isReservedPath("/" + std::string(slug)))
        return "reserved";
    // What would not show as it is written (control and bidirectional characters, broken UTF-8) could pass for another
    // slug.
    if (protocol::visibleText(slug, protocol::limits::slugBytes) != slug)
        return "control";
    for (std::string_view rest = slug; !rest.empty();) {
        const std::size_t slash = std::min(rest.find('/'), rest.size());
        const std::string_view segment = rest.substr(0, slash);
        if (segment == "." || segment == "..")
            return "dot_segment"; // browsers resolve these before they ask
        rest.remove_prefix(std::min(slash + 1, rest.size()));
    }
    return {};
}

std::string hostProblem(std::string_view host)
{
    if (host.empty())
        return "empty";
    if (host.size() > protocol::limits::domainBytes)
        return "too_long";
    const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; };
    if (!std::all_of(host.begin(), host.end(), fits))
        return "character";
    for (std::size_t start = 0; start <= host.size();) {
        const std::size_t dot = std::min(host.find('.', start), host.size());
        const std::string_view label = host.substr(start, dot - start);
        if (label.empty() || label.size() > labelBytesMax || label.front() == '-' || label.back() == '-')
            return "label";
        start = dot + 1;
    }
    return {};
}

} // namespace links

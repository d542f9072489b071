// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <string_view>

#include "backend/links/ascii.h"
#include "backend/links/decision.h"
#include "backend/links/destination.h"
#include "backend/protocol/limits.h"
#include "backend/protocol/words.h"

namespace links {

namespace {

constexpr std::size_t labelBytesMax = 63; // RFC 1035
constexpr std::size_t schemeBytesMax = 32;

bool isControl(char c)
{
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

// What stands before "://", in lower case; empty where that is nowhere.
std::string schemeOf(std::string_view url)
{
    const std::size_t colon = url.find("://");
    return colon == std::string_view::npos ? std::string() : lowerAscii(url.substr(0, colon));
}

std::string_view authorityOf(std::string_view url)
{
    const std::size_t colon = url.find("://");
    if (colon == std::string_view::npos || colon == 0)
        return {};
    const std::string_view rest = url.substr(colon + 3);
    return rest.substr(0, rest.find_first_of("/?#\\"));
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

void readDestinationHost(std::string_view destination, std::string& host)
{
    host.assign(withoutPort(authorityOf(destination)));
    std::transform(host.begin(), host.end(), host.begin(), [](char c) { return lowerAscii(c); });
    if (host.ends_with('.'))
        host.pop_back();
}

std::string destinationHost(std::string_view destination)
{
    std::string host;
    readDestinationHost(destination, host);
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
    const std::string scheme = schemeOf(destination);
    if (scheme != "http" && scheme != "https")
        return "scheme";
    const std::string_view authority = authorityOf(destination);
    if (authority.find('@') != std::string_view::npos)
        return "credentials";
    if (isIpv6Literal(withoutPort(authority)))
        return {};
    std::string host = destinationHost(destination);
    // Other people's hosts may hold an underscore, which a host of ours may not.
    std::replace(host.begin(), host.end(), '_', 'a');
    return hostProblem(host).empty() ? std::string() : "host";
}

std::string destinationProblem(std::string_view destination, const Snapshot& snapshot)
{
    return destinationProblem(destination, snapshot, nullptr);
}

bool isAppScheme(std::string_view scheme)
{
    constexpr std::string_view never[] = {"http", "https", "javascript", "data",        "file", "vbscript",
                                          "blob", "about", "filesystem", "view-source", "jar",  "chrome"};
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
    };
    return !scheme.empty() && scheme.size() <= schemeBytesMax && scheme.front() >= 'a' && scheme.front() <= 'z' &&
           std::all_of(scheme.begin(), scheme.end(), fits) &&
           std::find(std::begin(never), std::end(never), scheme) == std::end(never);
}

Exit exitOf(std::string_view destination)
{
    if (destination.empty())
        return Exit::None;
    const std::string problem = destinationProblem(destination);
    if (problem.empty())
        return Exit::Web;
    const std::size_t colon = destination.find(':');
    const bool maybeApp = problem == "scheme" && colon != std::string_view::npos && colon + 1 < destination.size();
    return maybeApp && isAppScheme(lowerAscii(destination.substr(0, colon))) ? Exit::App : Exit::Refused;
}

ExitState exitState(std::string_view destination, Exit exit, const Snapshot& snapshot, const Workspace* workspace,
                    std::string& host)
{
    if (exit == Exit::App && workspace != nullptr) {
        const std::string_view scheme = destination.substr(0, destination.find(':'));
        const auto& allowed = workspace->appSchemes;
        const bool open = std::any_of(allowed.begin(), allowed.end(),
                                      [&](const std::string& one) { return compareLower(scheme, one) == 0; });
        return open ? ExitState::Open : ExitState::Refused;
    }
    if (exit != Exit::Web)
        return ExitState::Refused;
    readDestinationHost(destination, host);
    const Domain* const domain = snapshot.domain(host);
    return domain != nullptr && domain->state == DomainState::Ready ? ExitState::OwnDomain : ExitState::Open;
}

std::string destinationProblem(std::string_view destination, const Snapshot& snapshot, const Workspace* workspace)
{
    std::string host;
    switch (exitState(destination, exitOf(destination), snapshot, workspace, host)) {
    case ExitState::Open:
        return {};
    case ExitState::OwnDomain:
        return "own_domain";
    case ExitState::Refused:
        break;
    }
    return destinationProblem(destination);
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

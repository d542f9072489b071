// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/enrich/request_text.h"

#include <algorithm>
#include <array>

#include "backend/protocol/limits.h"
#include "backend/protocol/words.h"

namespace enrich {

namespace {

constexpr char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool isLetter(char c)
{
    return lower(c) >= 'a' && lower(c) <= 'z';
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

bool startsWithoutCase(std::string_view text, std::string_view lowerPrefix)
{
    return text.size() >= lowerPrefix.size() && std::equal(lowerPrefix.begin(), lowerPrefix.end(), text.begin(),
                                                           [](char a, char b) { return a == lower(b); });
}

// What a host name may hold, internationalised ones included: no white space, controls, quotes or separators.
bool isHostByte(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || isLetter(c) || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

// An IPv6 literal between brackets, zone and all left out.
std::string ipLiteral(std::string_view authority)
{
    const std::size_t end = authority.find(']');
    if (end == std::string_view::npos || end < 3 || end > 46)
        return {};
    const std::string_view inside = authority.substr(1, end - 1);
    const bool valid = std::ranges::all_of(inside, [](char c) {
        return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'f') || c == ':' || c == '.';
    });
    return valid ? lowerAscii(inside) : std::string();
}

} // namespace

std::string lowerAscii(std::string_view text)
{
    std::string out(text.substr(0, agentScanBytes));
    std::ranges::transform(out, out.begin(), lower);
    return out;
}

std::string referrerHost(std::string_view referer)
{
    constexpr std::array<std::string_view, 3> schemes = {"https://", "http://", "android-app://"};
    referer = trimmed(referer);
    const auto scheme =
        std::ranges::find_if(schemes, [&](std::string_view s) { return startsWithoutCase(referer, s); });
    if (scheme == schemes.end())
        return {};
    referer.remove_prefix(scheme->size());
    std::string_view authority = referer.substr(0, referer.find_first_of("/?#\\"));
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos)
        authority.remove_prefix(at + 1);
    if (authority.starts_with('['))
        return ipLiteral(authority);
    std::string_view host = authority.substr(0, authority.find(':'));
    while (host.ends_with('.'))
        host.remove_suffix(1);
    if (host.empty() || host.size() > protocol::limits::referrerBytes || host.front() == '.' ||
        !std::ranges::all_of(host, isHostByte))
        return {};
    // Beyond ASCII nothing is checked but that it can be shown: what is no UTF-8 or hides in the text becomes visible.
    return protocol::visibleText(lowerAscii(host), protocol::limits::referrerBytes);
}

std::string primaryLanguage(std::string_view acceptLanguage)
{
    std::string_view tag = acceptLanguage.substr(0, acceptLanguage.find_first_of(",;"));
    tag = trimmed(tag.substr(0, 64));
    tag = tag.substr(0, tag.find_first_of("-_"));
    // ISO 639 codes have two or three letters; longer primary subtags are only reserved (RFC 5646).
    if (tag.size() < 2 || tag.size() > 3 || !std::ranges::all_of(tag, isLetter))
        return {};
    return lowerAscii(tag);
}

} // namespace enrich

// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/enrich/ip_address.h"

#include <algorithm>
#include <charconv>
#include <format>

namespace enrich {

namespace {

constexpr std::size_t addressBytesMax = 45; // "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255"
constexpr int hopsMax = 64;

// Four decimal parts without leading zeros (octal in some readers, so refused).
bool readV4(std::string_view text, std::uint8_t* out)
{
    for (int part = 0; part < 4; ++part) {
        const std::size_t end = part == 3 ? text.size() : text.find('.');
        if (end == std::string_view::npos || end == 0 || end > 3)
            return false;
        const std::string_view digits = text.substr(0, end);
        unsigned number = 0;
        const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
        if (error != std::errc() || stop != digits.data() + digits.size() || number > 255 ||
            (digits.size() > 1 && digits[0] == '0'))
            return false;
        out[part] = static_cast<std::uint8_t>(number);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return true;
}

bool readV6(std::string_view text, std::array<std::uint8_t, 16>& out)
{
    std::array<std::uint8_t, 16> bytes{};
    std::size_t count = 0;
    std::size_t gap = std::string_view::npos; // where "::" stands
    if (text.starts_with("::")) {
        gap = 0;
        text.remove_prefix(2);
    }
    while (!text.empty()) {
        if (count >= 16)
            return false;
        const std::size_t colon = std::min(text.find(':'), text.size());
        const std::string_view group = text.substr(0, colon);
        if (colon == text.size() && group.find('.') != std::string_view::npos) {
            if (count > 12 || !readV4(group, bytes.data() + count))
                return false;
            count += 4;
            break;
        }
        unsigned number = 0;
        const auto [stop, error] = std::from_chars(group.data(), group.data() + group.size(), number, 16);
        if (group.empty() || group.size() > 4 || error != std::errc() || stop != group.data() + group.size())
            return false;
        bytes[count++] = static_cast<std::uint8_t>(number >> 8);
        bytes[count++] = static_cast<std::uint8_t>(number & 0xff);
        if (colon == text.size())
            break;
        text.remove_prefix(colon + 1);
        if (text.starts_with(':')) {
            if (gap != std::string_view::npos)
                return false;
            gap = count;
            text.remove_prefix(1);
        } else if (text.empty()) {
            return false; // one colon at the end
        }
    }
    if (gap == std::string_view::npos ? count != 16 : count > 14)
        return false;
    out = bytes;
    if (gap != std::string_view::npos) {
        std::fill(out.begin() + static_cast<std::ptrdiff_t>(gap), out.end(), std::uint8_t{0});
        std::copy_backward(bytes.begin() + static_cast<std::ptrdiff_t>(gap),
                           bytes.begin() + static_cast<std::ptrdiff_t>(count), out.end());
    }
    return true;
}

bool isMapped(const std::array<std::uint8_t, 16>& bytes)
{
    return std::all_of(bytes.begin(), bytes.begin() + 10, [](std::uint8_t b) { return b == 0; }) && bytes[10] == 0xff &&
           bytes[11] == 0xff;
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

// "1.2.3.4", "1.2.3.4:80", "2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:80", each perhaps in quotes.
std::optional<IpAddress> readNode(std::string_view node)
{
    node = trimmed(node);
    if (node.size() >= 2 && node.front() == '"' && node.back() == '"')
        node = node.substr(1, node.size() - 2);
    if (node.starts_with('[')) {
        const std::size_t end = node.find(']');
        if (end == std::string_view::npos || (end + 1 < node.size() && node[end + 1] != ':'))
            return std::nullopt;
        return IpAddress::from(node.substr(1, end - 1));
    }
    const std::size_t colon = node.find(':');
    if (colon != std::string_view::npos && node.find(':', colon + 1) == std::string_view::npos)
        node = node.substr(0, colon); // one colon: IPv4 with a port
    return IpAddress::from(node);
}

bool equalsIgnoreCase(std::string_view a, std::string_view lower)
{
    return a.size() == lower.size() && std::equal(a.begin(), a.end(), lower.begin(), [](char x, char y) {
               return (x >= 'A' && x <= 'Z' ? x + 32 : x) == y;
           });
}

// The last element of a list, taken off. Quotes are paired from the right: what trusted proxies appended is
// well-formed, so an unpaired quote that a visitor put further left cannot swallow it.
std::string_view takeLast(std::string_view& list, char separator)
{
    bool quoted = false;
    for (std::size_t i = list.size(); i-- > 0;) {
        if (list[i] == '"')
            quoted = !quoted;
        else if (list[i] == separator && !quoted) {
            const std::string_view last = list.substr(i + 1);
            list = list.substr(0, i);
            return last;
        }
    }
    const std::string_view last = list;
    list = {};
    return last;
}

// The node of "for=" in one element of Forwarded; none where it is missing, doubled or unreadable (obfuscated,
// "unknown").
std::optional<IpAddress> readForwardedElement(std::string_view element)
{
    std::optional<IpAddress> found;
    bool seen = false;
    while (!element.empty()) {
        const std::string_view pair = trimmed(takeLast(element, ';'));
        const std::size_t equals = pair.find('=');
        if (equals == std::string_view::npos || !equalsIgnoreCase(trimmed(pair.substr(0, equals)), "for"))
            continue;
        if (seen)
            return std::nullopt;
        seen = true;
        found = readNode(pair.substr(equals + 1));
    }
    return found;
}

bool isTrusted(const IpAddress& address, const std::vector<Cidr>& trusted)
{
    return std::any_of(trusted.begin(), trusted.end(), [&](const Cidr& range) { return range.contains(address); });
}

} // namespace

std::optional<IpAddress> IpAddress::from(std::string_view text)
{
    IpAddress address;
    if (text.empty() || text.size() > addressBytesMax)
        return std::nullopt;
    if (text.find(':') == std::string_view::npos) {
        if (!readV4(text, address.bytes.data()))
            return std::nullopt;
        return address;
    }
    if (!readV6(text, address.bytes))
        return std::nullopt;
    address.v6 = true;
    if (isMapped(address.bytes)) {
        IpAddress inner;
        std::copy(address.bytes.begin() + 12, address.bytes.end(), inner.bytes.begin());
        return inner;
    }
    return address;
}

IpAddress IpAddress::v4(std::uint32_t hostOrder)
{
    IpAddress address;
    for (std::size_t i = 0; i < 4; ++i)
        address.bytes[i] = static_cast<std::uint8_t>(hostOrder >> (24 - 8 * i));
    return address;
}

std::string IpAddress::text() const
{
    if (!v6)
        return std::format("{}.{}.{}.{}", bytes[0], bytes[1], bytes[2], bytes[3]);
    // RFC 5952: lower case, no leading zeros, the first longest run of two or more zero groups becomes "::".
    std::array<unsigned, 8> groups{};
    for (std::size_t i = 0; i < 8; ++i)
        groups[i] = static_cast<unsigned>(bytes[2 * i] << 8) | bytes[2 * i + 1];
    std::size_t runStart = 8, runLength = 1;
    for (std::size_t i = 0; i < 8; ++i) {
        std::size_t length = 0;
        while (i + length < 8 && groups[i + length] == 0)
            ++length;
        if (length > runLength) {
            runStart = i;
            runLength = length;
        }
    }
    std::string out;
    for (std::size_t i = 0; i < 8; ++i) {
        if (i == runStart) {
            out += "::";
            i += runLength - 1;
            continue;
        }
        if (!out.empty() && out.back() != ':')
            out += ':';
        out += std::format("{:x}", groups[i]);
    }
    return out;
}

std::optional<Cidr> Cidr::from(std::string_view text)
{
    const std::size_t slash = text.find('/');
    const auto address = IpAddress::from(text.substr(0, slash));
    if (!address)
        return std::nullopt;
    // "::ffff:10.0.0.0/104" is held as IPv4, whose prefix is 96 bits shorter.
    const bool mapped = !address->v6 && text.find(':') != std::string_view::npos;
    Cidr range{*address, address->v6 ? 128 : 32};
    if (slash == std::string_view::npos)
        return range;
    const std::string_view digits = text.substr(slash + 1);
    int bits = 0;
    const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (digits.empty() || digits[0] == '-' || error != std::errc() || stop != digits.data() + digits.size())
        return std::nullopt;
    bits -= mapped ? 96 : 0;
    if (bits < 0 || bits > range.bits)
        return std::nullopt;
    range.bits = bits;
    return range;
}

bool Cidr::contains(const IpAddress& address) const
{
    if (address.v6 != network.v6)
        return false;
    const auto whole = static_cast<std::size_t>(bits / 8);
    if (!std::equal(network.bytes.begin(), network.bytes.begin() + static_cast<std::ptrdiff_t>(whole),
                    address.bytes.begin()))
        return false;
    const int rest = bits % 8;
    if (rest == 0)
        return true;
    const int mask = 0xff00 >> rest;
    return ((network.bytes[whole] ^ address.bytes[whole]) & mask & 0xff) == 0;
}

IpAddress clientAddress(const IpAddress& peer, std::string_view forwarded, std::string_view xForwardedFor,
                        const std::vector<Cidr>& trusted)
{
    IpAddress current = peer;
    const bool standard = !trimmed(forwarded).empty();
    std::string_view rest = standard ? forwarded : xForwardedFor;
    for (int hop = 0; hop < hopsMax && !rest.empty() && isTrusted(current, trusted); ++hop) {
        const std::string_view element = takeLast(rest, ',');
        if (trimmed(element).empty())
            continue; // an empty list element, which the grammar allows
        const auto before = standard ? readForwardedElement(element) : readNode(element);
        if (!before)
            break;
        current = *before;
    }
    return current;
}

} // namespace enrich

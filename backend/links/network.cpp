// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/links/network.h"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <cstring>
#include <string>

namespace links {

namespace {

constexpr int mappedBits = 96; // before the four bytes of an IPv4 address

} // namespace

std::optional<NetAddress> addressFrom(std::string_view text)
{
    NetAddress address{};
    if (text.size() > 45)
        return std::nullopt;
    const std::string whole(text);
    if (whole.find(':') != std::string::npos)
        return ::inet_pton(AF_INET6, whole.c_str(), address.data()) == 1 ? std::optional(address) : std::nullopt;
    address[10] = address[11] = 0xff;
    return ::inet_pton(AF_INET, whole.c_str(), address.data() + 12) == 1 ? std::optional(address) : std::nullopt;
}

std::optional<Network> Network::from(std::string_view text)
{
    const std::size_t slash = text.find('/');
    const auto address = addressFrom(text.substr(0, slash));
    if (!address)
        return std::nullopt;
    Network network{*address, 128};
    if (slash != std::string_view::npos) {
        const std::string_view digits = text.substr(slash + 1);
        const bool v4 = text.substr(0, slash).find(':') == std::string_view::npos;
        const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), network.bits);
        if (digits.empty() || digits.size() > 3 || error != std::errc() || stop != digits.data() + digits.size() ||
            network.bits < 0 || network.bits > (v4 ? 32 : 128))
            return std::nullopt;
        network.bits += v4 ? mappedBits : 0;
    }
    for (std::size_t i = 0; i < network.address.size(); ++i) {
        const int kept = std::clamp(network.bits - static_cast<int>(i) * 8, 0, 8);
        network.address[i] = static_cast<std::uint8_t>(network.address[i] & (0xff00 >> kept));
    }
    return network;
}

bool Network::contains(const NetAddress& other) const
{
    const auto whole = static_cast<std::size_t>(bits / 8);
    if (std::memcmp(address.data(), other.data(), whole) != 0)
        return false;
    return bits % 8 == 0 || address[whole] == (other[whole] & (0xff00 >> (bits % 8)) & 0xff);
}

} // namespace links

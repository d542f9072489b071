// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace enrich {

// An IPv4 or IPv6 address. IPv4-mapped IPv6 (::ffff:a.b.c.d) is held as IPv4. Lives only as long as its request.
struct IpAddress {
    std::array<std::uint8_t, 16> bytes{}; // IPv4 in the first four
    bool v6 = false;

    static std::optional<IpAddress> from(std::string_view text); // without brackets, port or zone
    static IpAddress v4(std::uint32_t hostOrder);
    std::string text() const;

    friend bool operator==(const IpAddress&, const IpAddress&) = default;
};

struct Cidr {
    IpAddress network;
    int bits = 0;

    static std::optional<Cidr> from(std::string_view text); // "10.0.0.0/8", "::1", "127.0.0.1"
    bool contains(const IpAddress& address) const;
};

// The visitor's address: walks Forwarded (RFC 7239), or else X-Forwarded-For, from right to left for as long as the hop
// before is a trusted proxy. Each argument holds that header's lines joined by ", ". What cannot be read ends the walk
// at the last trusted hop.
IpAddress clientAddress(const IpAddress& peer, std::string_view forwarded, std::string_view xForwardedFor,
                        const std::vector<Cidr>& trusted);

} // namespace enrich

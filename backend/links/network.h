// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace links {

// An address as rules see it: IPv6, with IPv4 in its mapped form (::ffff:a.b.c.d). Lives only as long as its request.
using NetAddress = std::array<std::uint8_t, 16>;

std::optional<NetAddress> addressFrom(std::string_view text); // without brackets, port or zone

// "192.0.2.0/24", "2001:db8::/32", or a single address. Bits behind the prefix do not count.
struct Network {
    NetAddress address{};
    int bits = 128; // of the IPv6 form

    static std::optional<Network> from(std::string_view text);
    bool contains(const NetAddress& other) const;
    bool contains(const Network& other) const { return other.bits >= bits && contains(other.address); }

    friend auto operator<=>(const Network&, const Network&) = default;
};

} // namespace links

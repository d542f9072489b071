// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <random>

#include "backend/enrich/ip_address.h"

namespace redirect {

// How many connections are open by address, over all loops, without locks and without keeping an address: a table of
// counts by a hash with a random key. Two addresses may share a count; with as many places as there are connections
// that only matters near the limit. IPv6 counts by /64, the smallest network that one subscriber gets.
class AddressCounts {
public:
    AddressCounts()
    {
        std::random_device random;
        for (std::uint64_t& part : m_key)
            part = (static_cast<std::uint64_t>(random()) << 32) | random();
    }

    std::uint32_t placeOf(const enrich::IpAddress& address) const
    {
        std::uint64_t network = 0;
        for (std::size_t i = 0; i < (address.v6 ? 8U : 4U); ++i)
            network = (network << 8) | address.bytes[i];
        std::uint64_t x = (network ^ m_key[0]) * (m_key[1] | 1);
        x = (x ^ (x >> 29)) * (m_key[2] | 1);
        x ^= x >> 32;
        return static_cast<std::uint32_t>((x ^ (address.v6 ? m_key[3] : 0)) % places);
    }

    // False: `limit` are open already; nothing was counted.
    bool tryTake(std::uint32_t place, std::size_t limit)
    {
        if ((*m_counts)[place].fetch_add(1, std::memory_order_relaxed) < limit)
            return true;
        give(place);
        return false;
    }

    void give(std::uint32_t place) { (*m_counts)[place].fetch_sub(1, std::memory_order_relaxed); }

private:
    static constexpr std::size_t places = 65'536;

    std::array<std::uint64_t, 4> m_key{};
    std::unique_ptr<std::array<std::atomic<std::uint32_t>, places>> m_counts =
        std::make_unique<std::array<std::atomic<std::uint32_t>, places>>();
};

} // namespace redirect

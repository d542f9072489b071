// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <unordered_map>

#include "backend/protocol/ids.h"

namespace api {

// How many requests a token may make: so many a second over time, and `burstSeconds` worth of them at once. One thread.
class RateLimit {
public:
    static constexpr std::int64_t burstSeconds = 10;

    explicit RateLimit(std::int64_t perSecond) : m_perSecond(perSecond) {} // 0 = any number

    bool take(protocol::TokenId token, std::int64_t nowMs)
    {
        if (m_perSecond <= 0)
            return true;
        // In thousandths of a request, so that a millisecond brings a whole number of them.
        const std::int64_t full = m_perSecond * burstSeconds * protocol::msPerSecond;
        const auto [bucket, isNew] = m_buckets.try_emplace(token.value, Bucket{full, nowMs});
        Bucket& one = bucket->second;
        const std::int64_t passed = std::clamp<std::int64_t>(nowMs - one.atMs, 0, burstSeconds * protocol::msPerSecond);
        one = {std::min(full, one.left + passed * m_perSecond), nowMs};
        if (one.left < protocol::msPerSecond)
            return false;
        one.left -= protocol::msPerSecond;
        return true;
    }

private:
    struct Bucket {
        std::int64_t left, atMs;
    };

    std::int64_t m_perSecond;
    std::unordered_map<std::uint32_t, Bucket> m_buckets; // one a token that was valid: few
};

} // namespace api

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstdint>

namespace protocol {

// An id that cannot be mistaken for another kind of number. Zero always means "none".
template <class Tag, class Rep = std::uint64_t> struct StrongId {
    Rep value{};

    constexpr StrongId() = default;
    constexpr explicit StrongId(Rep v) : value(v) {}
    constexpr explicit operator bool() const { return value != Rep{}; }
    friend constexpr auto operator<=>(StrongId, StrongId) = default;
};

// The place of a hit in the one unsigned count per data folder, from 1, without gaps.
using HitSeq = StrongId<struct HitSeqTag>;
using WorkspaceId = StrongId<struct WorkspaceIdTag, std::uint32_t>;
using DomainId = StrongId<struct DomainIdTag, std::uint32_t>;
using LinkId = StrongId<struct LinkIdTag, std::uint64_t>;
using TokenId = StrongId<struct TokenIdTag, std::uint32_t>;
// A visitor's keyed hash; none under Sec-GPC and in strict mode.
using VisitorKey = StrongId<struct VisitorKeyTag, std::uint64_t>;

// Milliseconds since 1970-01-01T00:00:00Z.
struct UtcMs {
    std::int64_t value{};

    constexpr UtcMs() = default;
    constexpr explicit UtcMs(std::int64_t v) : value(v) {}
    friend constexpr auto operator<=>(UtcMs, UtcMs) = default;
};

inline constexpr std::int64_t msPerSecond = 1000;
inline constexpr std::int64_t msPerMinute = 60 * msPerSecond;
inline constexpr std::int64_t msPerHour = 60 * msPerMinute;
inline constexpr std::int64_t msPerDay = 24 * msPerHour;

} // namespace protocol

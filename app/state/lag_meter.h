// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace state {

// Percentiles of the lag of the recent live frames: the backend's share (oldest hit to sending) plus half a round trip.
class LagMeter {
public:
    static constexpr std::size_t framesMax = 256;

    void add(std::int64_t lagMs);
    void clear();
    // Nothing before the first live frame.
    std::optional<std::int64_t> p50Ms() const { return percentile(50); }
    std::optional<std::int64_t> p95Ms() const { return percentile(95); }

private:
    std::optional<std::int64_t> percentile(std::size_t percent) const;

    std::vector<std::int64_t> m_lags;
    std::size_t m_next = 0;
};

} // namespace state

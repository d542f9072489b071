// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/state/lag_meter.h"

#include <algorithm>

namespace state {

void LagMeter::add(std::int64_t lagMs)
{
    if (m_lags.size() < framesMax) {
        m_lags.push_back(lagMs);
        return;
    }
    m_lags[m_next] = lagMs;
    m_next = (m_next + 1) % framesMax;
}

void LagMeter::clear()
{
    m_lags.clear();
    m_next = 0;
}

std::optional<std::int64_t> LagMeter::percentile(std::size_t percent) const
{
    if (m_lags.empty())
        return std::nullopt;
    std::vector<std::int64_t> sorted = m_lags;
    // Nearest rank: the smallest value that at least so many percent do not exceed.
    const std::size_t rank = (sorted.size() * percent + 99) / 100;
    const auto at = sorted.begin() + static_cast<std::ptrdiff_t>(rank == 0 ? 0 : rank - 1);
    std::nth_element(sorted.begin(), at, sorted.end());
    return *at;
}

} // namespace state

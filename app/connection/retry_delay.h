// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace connection {

// How long to wait before the attempt-th reconnection (from 1): `firstMs`, doubled each time up to `maxMs`, and ±20 %
// by `dice` (0 to 1), so that a hundred consoles do not come back in the same instant.
constexpr int retryDelayMs(int attempt, int firstMs, int maxMs, double dice)
{
    int delay = firstMs;
    for (int i = 1; i < attempt && delay < maxMs; ++i)
        delay *= 2;
    delay = delay < maxMs ? delay : maxMs;
    return static_cast<int>(delay * (0.8 + 0.4 * dice));
}

} // namespace connection

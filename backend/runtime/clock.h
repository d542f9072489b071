// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace runtime {

// The seam for time. Thread-safe; owned by main (or by a test), outlives every room.
class Clock {
public:
    virtual ~Clock() = default;

    // Milliseconds since 1970 UTC. May jump when the machine's clock is set.
    virtual std::int64_t utcMs() const = 0;
    // Nanoseconds that never go back; for durations only.
    virtual std::int64_t steadyNs() const = 0;
};

class SystemClock final : public Clock {
public:
    std::int64_t utcMs() const override;
    std::int64_t steadyNs() const override;
};

} // namespace runtime

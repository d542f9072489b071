// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/runtime/clock.h"

#include <chrono>

namespace runtime {

std::int64_t SystemClock::utcMs() const
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

std::int64_t SystemClock::steadyNs() const
{
    using namespace std::chrono;
    return duration_cast<nanoseconds>(steady_clock::now().time_since_epoch()).count();
}

} // namespace runtime

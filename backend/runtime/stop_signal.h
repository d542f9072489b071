// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

namespace runtime {

// While it lives, SIGINT and SIGTERM do not end the program but wake wait(). Made and owned by main. Destroying it
// restores the default, so that a second signal during a slow shutdown ends the program at once.
class StopSignal {
public:
    StopSignal();
    ~StopSignal();
    StopSignal(const StopSignal&) = delete;
    StopSignal& operator=(const StopSignal&) = delete;

    // Blocks until the signal arrives (also one that came before) or cancel(). The signal's number, or 0 when
    // cancelled.
    int wait();
    // From any thread: lets wait() return.
    void cancel();

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace runtime

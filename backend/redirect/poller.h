// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "backend/redirect/socket.h"

struct epoll_event;

namespace redirect {

// What a loop sleeps in: Linux' epoll. A connection is told of once each time that it becomes ready (edge-triggered),
// so that a request costs no call to arm its descriptor again: with one, each request took a system call more. One
// thread, but for wake(). Throws std::system_error where the kernel gives no descriptor.
class Poller {
public:
    struct Event {
        std::uint32_t token = 0;
        bool readable = false; // data, an end or an error waits to be read
        bool writable = false;
        bool ended = false; // the peer has ended its half
    };

    Poller();
    ~Poller();
    Poller(const Poller&) = delete;
    Poller& operator=(const Poller&) = delete;

    // From now until its descriptor is closed; also tells what it is ready for already. False: no memory for it.
    bool watch(int descriptor, std::uint32_t token);
    // A listening socket that several loops share: one of those that sleep is woken for each connection.
    void watchShared(int descriptor, std::uint32_t token);
    void forget(int descriptor);
    // Returns at the first event, after `timeoutMs`, or once woken.
    std::span<const Event> wait(int timeoutMs);
    // Ends the wait that runs, or else the next. Any thread.
    void wake();

private:
    static constexpr int eventsMax = 256; // taken at a time

    Socket m_epoll;
    Socket m_wakeUp;
    std::array<Event, eventsMax> m_events{};
};

} // namespace redirect

// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/redirect/poller.h"

#include <cerrno>
#include <limits>
#include <system_error>

#include <sys/epoll.h>
#include <sys/eventfd.h>

namespace redirect {

namespace {

constexpr std::uint64_t wakeUpToken = std::numeric_limits<std::uint64_t>::max();

[[noreturn]] void fail(const char* what)
{
    throw std::system_error(errno, std::system_category(), what);
}

} // namespace

Poller::Poller() : m_epoll(::epoll_create1(EPOLL_CLOEXEC)), m_wakeUp(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    if (m_epoll.descriptor() < 0 || m_wakeUp.descriptor() < 0)
        fail("cannot make a redirect loop");
    epoll_event asked{};
    asked.events = EPOLLIN | EPOLLET; // each write to it counts, so it need not be read
    asked.data.u64 = wakeUpToken;
    if (::epoll_ctl(m_epoll.descriptor(), EPOLL_CTL_ADD, m_wakeUp.descriptor(), &asked) != 0)
        fail("cannot make a redirect loop");
}

Poller::~Poller() = default;

bool Poller::watch(int descriptor, std::uint32_t token)
{
    epoll_event asked{};
    asked.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    asked.data.u64 = token;
    return ::epoll_ctl(m_epoll.descriptor(), EPOLL_CTL_ADD, descriptor, &asked) == 0;
}

void Poller::watchShared(int descriptor, std::uint32_t token)
{
    epoll_event asked{};
    asked.events = EPOLLIN | EPOLLEXCLUSIVE;
    asked.data.u64 = token;
    if (::epoll_ctl(m_epoll.descriptor(), EPOLL_CTL_ADD, descriptor, &asked) != 0)
        fail("cannot watch the listening socket");
}

void Poller::forget(int descriptor)
{
    ::epoll_ctl(m_epoll.descriptor(), EPOLL_CTL_DEL, descriptor, nullptr);
}

std::span<const Poller::Event> Poller::wait(int timeoutMs)
{
    std::array<epoll_event, eventsMax> found;
    const int count = ::epoll_wait(m_epoll.descriptor(), found.data(), eventsMax, timeoutMs);
    std::size_t told = 0;
    for (int at = 0; at < count; ++at) {
        const epoll_event& event = found[static_cast<std::size_t>(at)];
        if (event.data.u64 == wakeUpToken)
            continue;
        m_events[told++] = {static_cast<std::uint32_t>(event.data.u64),
                            (event.events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0,
                            (event.events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0,
                            (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0};
    }
    return {m_events.data(), told};
}

void Poller::wake()
{
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(m_wakeUp.descriptor(), &one, sizeof one);
}

} // namespace redirect

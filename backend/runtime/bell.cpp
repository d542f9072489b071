// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/runtime/bell.h"

#include <algorithm>
#include <cerrno>
#include <limits>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace runtime {

Bell::Bell()
{
    if (::pipe(m_ends) != 0)
        throw std::system_error(errno, std::system_category(), "no pipe to wake a thread by");
    for (const int end : m_ends)
        if (::fcntl(end, F_SETFL, O_NONBLOCK) != 0 || ::fcntl(end, F_SETFD, FD_CLOEXEC) != 0) {
            const int problem = errno;
            ::close(m_ends[0]);
            ::close(m_ends[1]);
            throw std::system_error(problem, std::system_category(), "no pipe to wake a thread by");
        }
}

Bell::~Bell()
{
    ::close(m_ends[0]);
    ::close(m_ends[1]);
}

void Bell::ring()
{
    // Full: it has been rung already.
    const char one = 1;
    [[maybe_unused]] const ssize_t written = ::write(m_ends[1], &one, 1);
}

void Bell::wait(std::chrono::milliseconds most)
{
    constexpr std::chrono::milliseconds::rep longest = std::numeric_limits<int>::max();
    pollfd asked{m_ends[0], POLLIN, 0};
    if (::poll(&asked, 1, static_cast<int>(std::clamp<std::chrono::milliseconds::rep>(most.count(), 0, longest))) > 0) {
        char rings[64];
        while (::read(m_ends[0], rings, sizeof rings) == static_cast<ssize_t>(sizeof rings)) {
        }
    }
}

} // namespace runtime

// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/runtime/thread_owner.h"

#include <exception>
#include <utility>

#ifdef __linux__
#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace runtime {

namespace {

void nameThisThread([[maybe_unused]] const std::string& name)
{
#ifdef __linux__
    pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
#endif
}

constexpr int backgroundNice = 10; // by the kernel's table of weights, a tenth of a thread at 0

#ifdef __linux__
// As sched_setattr(2) has it; no header of glibc's does before 2.41. A slice shorter than the usual one brings a
// waking thread's turn forward (Linux 6.6 and later; before, it is ignored).
struct Schedule {
    std::uint32_t size = sizeof(Schedule);
    std::uint32_t policy = SCHED_OTHER;
    std::uint64_t flags = 0;
    std::int32_t nice = 0;
    std::uint32_t priority = 0;
    std::uint64_t sliceNs = 100'000; // the shortest there is
    std::uint64_t deadlineNs = 0, periodNs = 0;
};
#endif

// What is refused only takes its turn earlier.
void takeTurn([[maybe_unused]] ThreadOwner::Turn turn)
{
#ifdef __linux__
    if (turn == ThreadOwner::Turn::AtOnce)
        return;
    if (turn == ThreadOwner::Turn::Promptly) {
        const Schedule prompt;
        ::syscall(SYS_sched_setattr, 0, &prompt, 0);
        return;
    }
    const sched_param none{};
    pthread_setschedparam(pthread_self(), SCHED_BATCH, &none);
    if (turn == ThreadOwner::Turn::Background)
        setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), backgroundNice);
#endif
}

} // namespace

ThreadOwner::ThreadOwner(Failure onFailure) : m_onFailure(std::move(onFailure)) {}

ThreadOwner::~ThreadOwner()
{
    join();
}

void ThreadOwner::start(std::string name, std::function<void()> body, Turn turn)
{
    m_threads.emplace_back([name = std::move(name), body = std::move(body), onFailure = m_onFailure, turn] {
        nameThisThread(name);
        takeTurn(turn);
        if (!onFailure) {
            body();
            return;
        }
        try {
            body();
        } catch (const std::exception& error) {
            onFailure(name, error.what());
        }
    });
}

void ThreadOwner::join()
{
    for (std::thread& thread : m_threads)
        thread.join();
    m_threads.clear();
}

} // namespace runtime

// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/runtime/thread_owner.h"

#include <exception>
#include <utility>

#ifdef __linux__
#include <pthread.h>
#endif

namespace runtime {

namespace {

void nameThisThread([[maybe_unused]] const std::string& name)
{
#ifdef __linux__
    pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
#endif
}

} // namespace

ThreadOwner::ThreadOwner(Failure onFailure) : m_onFailure(std::move(onFailure)) {}

ThreadOwner::~ThreadOwner()
{
    join();
}

void ThreadOwner::start(std::string name, std::function<void()> body)
{
    m_threads.emplace_back([name = std::move(name), body = std::move(body), onFailure = m_onFailure] {
        nameThisThread(name);
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

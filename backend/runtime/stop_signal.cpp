// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/runtime/stop_signal.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>

namespace runtime {

struct StopSignal::Parts {
    boost::asio::io_context loop{1};
    boost::asio::signal_set signals{loop, SIGINT, SIGTERM};
    int received = 0;
};

StopSignal::StopSignal() : m_parts(std::make_unique<Parts>())
{
    m_parts->signals.async_wait([parts = m_parts.get()](const boost::system::error_code& error, int number) {
        if (!error)
            parts->received = number;
    });
}

StopSignal::~StopSignal() = default;

int StopSignal::wait()
{
    // The loop runs out of work once the one wait has ended, by a signal or by cancel().
    m_parts->loop.run();
    return m_parts->received;
}

void StopSignal::cancel()
{
    boost::asio::post(m_parts->loop, [parts = m_parts.get()] { parts->signals.cancel(); });
}

} // namespace runtime

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QThread>

#include <memory>

#include "app/connection/connection.h"
#include "app/shell/live_wiring.h"
#include "app/state/live_state.h"
#include "tests/app/signals_arrived.h"

// A console without a window: connection on its own thread and state on the test's, joined as the shell joins them.
class ConsoleUnderTest {
public:
    explicit ConsoleUnderTest(connection::Options options = fastOptions(), std::size_t capacity = 100'000)
        : state(capacity), connection(new connection::Connection(options)),
          statuses(connection, &connection::Connection::statusChanged)
    {
        shell::wireLive(*connection, state);
        QObject::connect(&m_thread, &QThread::finished, connection, &QObject::deleteLater);
        connection->moveToThread(&m_thread);
        m_thread.start();
    }
    ~ConsoleUnderTest()
    {
        m_thread.quit();
        m_thread.wait();
    }

    static connection::Options fastOptions()
    {
        connection::Options options;
        options.requestTimeoutMs = 2000;
        options.silenceTimeoutMs = 5000;
        options.pingIntervalMs = 100;
        options.retryFirstMs = 20;
        options.retryMaxMs = 100;
        options.gapRetryMs = 20;
        return options;
    }

    // For a backend that is killed and comes back.
    static connection::Options patientOptions()
    {
        connection::Options options;
        options.retryFirstMs = 50;
        options.retryMaxMs = 500;
        return options;
    }

    state::Phase phase() const { return state.connection().phase; }
    state::OfflineReason reason() const { return state.connection().reason; }
    // Whether the ring holds these sequences, each once and none else.
    bool holdsExactly(std::uint64_t first, std::uint64_t last) const
    {
        const state::HitRing& ring = state.ring();
        if (ring.size() != last - first + 1)
            return false;
        for (state::RowNumber row = ring.firstRow(); row < ring.endRow(); ++row) {
            const protocol::Hit hit = ring.hitAt(row);
            if (hit.seq.value != first + (row - ring.firstRow()) || hit.slug != std::to_string(hit.seq.value))
                return false;
        }
        return true;
    }

    state::LiveState state;
    connection::Connection* connection;
    SignalsArrived statuses;

private:
    QThread m_thread;
};

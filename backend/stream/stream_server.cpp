// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/stream/stream_server.h"

#include <QElapsedTimer>
#include <QTimer>

#include <atomic>
#include <variant>

#include "backend/runtime/bounded_queue.h"
#include "backend/stream/gate.h"
#include "backend/stream/hub.h"

namespace stream {

using protocol::HitSeq;
using HitsPtr = std::shared_ptr<const protocol::PackedHits>;

namespace {
constexpr std::size_t queueItemsMax = 16'384;
constexpr std::int64_t takeEveryMs = 10; // a frame leaves every 50 ms at most
} // namespace

struct StreamServer::Parts {
    using Event = std::variant<HitsPtr, protocol::Watermark, protocol::Edit>;

    Parts(Options o, Seams s, const runtime::Clock& c, QObject* parent)
        : options(std::move(o)), seams(std::move(s)), around{options, c, counters}, queue(queueItemsMax),
          hub(seams, around, parent), gate(seams, around, parent), takeTimer(parent)
    {
    }

    const Options options;
    const Seams seams;
    SharedCounters counters;
    const Surroundings around;
    runtime::BoundedQueue<Event> queue;
    std::atomic<std::size_t> hitsWaiting{0};
    std::atomic<std::uint64_t> lostLast{0}; // newest hit that the queue did not take
    std::atomic<bool> wakePending{false};
    std::atomic<std::uint16_t> port{0};
    Hub hub;
    Gate gate;
    std::vector<Event> taken;
    QTimer takeTimer;
    QElapsedTimer sinceTaken;
};

StreamServer::StreamServer(Options options, Seams seams, const runtime::Clock& clock)
    : m_parts(std::make_unique<Parts>(std::move(options), std::move(seams), clock, this))
{
    connect(&m_parts->gate, &Gate::opened, &m_parts->hub, &Hub::open);
    m_parts->takeTimer.setSingleShot(true);
    m_parts->takeTimer.setTimerType(Qt::PreciseTimer);
    m_parts->sinceTaken.start();
    connect(&m_parts->takeTimer, &QTimer::timeout, this, &StreamServer::takeWaiting);
    // What waits goes with the frame that is about to leave, not with the next one.
    connect(&m_parts->hub, &Hub::flushDue, this, &StreamServer::takeWaiting);
}

StreamServer::~StreamServer() = default;

void StreamServer::start()
{
    m_parts->hub.start();
    m_parts->gate.listen();
    m_parts->port = m_parts->gate.port();
    takeWaiting();
}

std::uint16_t StreamServer::port() const
{
    return m_parts->port;
}

void StreamServer::reloadTls()
{
    m_parts->gate.reloadTls();
}

void StreamServer::stop()
{
    takeWaiting();
    m_parts->gate.close();
    m_parts->hub.stop();
}

void StreamServer::preload(HitsPtr hits)
{
    m_parts->hub.preload(hits);
}

void StreamServer::publishHits(HitsPtr hits)
{
    if (hits->empty())
        return;
    const std::size_t count = hits->size();
    const std::uint64_t last = hits->lastSeq().value;
    const std::size_t waiting = m_parts->hitsWaiting.fetch_add(count);
    if (waiting > m_parts->options.queueHitsMax || !m_parts->queue.tryPush(std::move(hits))) {
        m_parts->hitsWaiting -= count;
        std::uint64_t known = m_parts->lostLast;
        while (known < last && !m_parts->lostLast.compare_exchange_weak(known, last)) {
        }
    }
    wake();
}

void StreamServer::publishWatermark(const protocol::Watermark& watermark)
{
    if (m_parts->queue.tryPush(watermark)) // a later one says more
        wake();
}

void StreamServer::publishEdit(const protocol::Edit& edit)
{
    if (m_parts->queue.tryPush(edit))
        wake();
}

// One queued call at a time, however much is published; and under load none at all until the next taking is due, since
// each wakes a thread: thousands of commits a second need not be thousands of wake-ups.
void StreamServer::wake()
{
    if (!m_parts->wakePending.exchange(true))
        QMetaObject::invokeMethod(this, &StreamServer::takeWhenDue, Qt::QueuedConnection);
}

void StreamServer::takeWhenDue()
{
    const std::int64_t left = takeEveryMs - m_parts->sinceTaken.elapsed();
    if (left <= 0)
        takeWaiting();
    else
        m_parts->takeTimer.start(static_cast<int>(left));
}

void StreamServer::takeWaiting()
{
    Parts& parts = *m_parts;
    parts.takeTimer.stop();
    parts.sinceTaken.restart();
    parts.wakePending = false;
    // Read before the queue: a loss noted now is newer than nothing that the queue does not hold yet.
    const HitSeq lost{parts.lostLast};
    parts.queue.popAll(parts.taken, std::chrono::milliseconds(0));
    for (const Parts::Event& event : parts.taken) {
        if (const auto* hits = std::get_if<HitsPtr>(&event)) {
            parts.hitsWaiting -= (*hits)->size();
            parts.hub.takeHits(*hits);
        } else if (const auto* watermark = std::get_if<protocol::Watermark>(&event)) {
            parts.hub.takeWatermark(*watermark);
        } else if (const auto* edit = std::get_if<protocol::Edit>(&event)) {
            parts.hub.takeEdit(*edit);
        }
    }
    parts.taken.clear();
    if (lost)
        parts.hub.takeLoss(lost);
}

StreamServer::Counters StreamServer::counters() const
{
    const SharedCounters& now = m_parts->counters;
    return {now.sessions, now.framesSent, now.hitsSent, now.hitsDropped, now.bytesSent, now.refused};
}

} // namespace stream

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/connection/live_line.h"

#include <QDateTime>

#include <algorithm>

#include "backend/protocol/limits.h"

// What a line does with the messages of the stream.
namespace connection {

using protocol::HitSeq;
using state::OfflineReason;
using state::Phase;

namespace {

constexpr qint64 subscribeIntervalMs = 600;
// No honest count or clock gets there, and from here on sums could run over.
constexpr HitSeq seqMax{std::uint64_t{1} << 62};
constexpr qint64 skewMaxMs = 400LL * 365 * 24 * 3600 * 1000;

OfflineReason reasonOf(protocol::ByeReason reason)
{
    switch (reason) {
    case protocol::ByeReason::ShuttingDown:
        return OfflineReason::ServerClosing;
    case protocol::ByeReason::Unauthorized:
    case protocol::ByeReason::TokenRevoked:
        return OfflineReason::Unauthorized;
    case protocol::ByeReason::TooManySessions:
        return OfflineReason::TooManySessions;
    case protocol::ByeReason::TooSlow:
    case protocol::ByeReason::Idle:
        return OfflineReason::TooSlow;
    case protocol::ByeReason::BadFilter:
        return OfflineReason::BadFilter;
    case protocol::ByeReason::BadMessage:
    case protocol::ByeReason::TooLarge:
        break;
    }
    return OfflineReason::ProtocolError;
}

} // namespace

void LiveLine::onMessage(protocol::Message&& message)
{
    noteAlive();
    if (!m_helloSeen && !std::holds_alternative<protocol::Hello>(message) &&
        !std::holds_alternative<protocol::Bye>(message)) {
        violation(QStringLiteral("no_hello"));
        return goOffline(OfflineReason::ProtocolError, QStringLiteral("no_hello"));
    }
    if (auto* frame = std::get_if<protocol::Frame>(&message))
        return onFrame(std::move(*frame));
    if (const auto* window = std::get_if<protocol::Window>(&message)) {
        emit m_out.windowArrived(*window);
    } else if (const auto* status = std::get_if<protocol::SessionStatus>(&message)) {
        onStatus(*status);
    } else if (const auto* hello = std::get_if<protocol::Hello>(&message)) {
        onHello(*hello);
    } else if (const auto* subscribed = std::get_if<protocol::Subscribed>(&message)) {
        onSubscribed(*subscribed);
    } else if (const auto* watermark = std::get_if<protocol::Watermark>(&message)) {
        emit m_out.watermarkArrived(*watermark);
    } else if (const auto* edit = std::get_if<protocol::Edit>(&message)) {
        emit m_out.editArrived(*edit);
    } else if (const auto* alert = std::get_if<protocol::Alert>(&message)) {
        emit m_out.alertArrived(*alert);
    } else if (const auto* bye = std::get_if<protocol::Bye>(&message)) {
        onBye(*bye);
    } else {
        violation(QStringLiteral("unexpected_message")); // one that only a console sends
    }
}

void LiveLine::onHello(const protocol::Hello& hello)
{
    if (m_helloSeen)
        return violation(QStringLiteral("second_hello"));
    m_helloSeen = true;
    m_status.startedOver = false;
    const bool otherData = !m_dataId.empty() && m_dataId != hello.dataId;
    // The same folder, yet it knows less than was received from it: it was restored from a copy, and counts anew from
    // there.
    const bool wentBack = m_cursor && hello.dataId == m_dataId && hello.lastSeq < *m_cursor;
    if (wentBack)
        violation(QStringLiteral("cursor_ahead"));
    if (otherData || wentBack) {
        forgetHistory();
        m_status.startedOver = true;
    }
    m_dataId = hello.dataId;
    m_resumeUntil = hello.lastSeq;
    m_creditWindow = std::clamp(hello.creditFrames, 1, protocol::limits::creditFramesMax);
    m_credit = m_creditWindow;
    emit m_out.helloArrived(hello);
    if (!m_cursor && m_options.historyHits > 0 && hello.lastSeq) {
        const std::uint64_t oldest = hello.firstSeq ? hello.firstSeq.value - 1 : 0;
        const std::uint64_t back = hello.lastSeq.value - std::min(hello.lastSeq.value, m_options.historyHits);
        m_cursor = HitSeq(std::min(std::max(back, oldest), hello.lastSeq.value));
    }
    subscribe(true);
    m_pingTimer.start();
    ping();
}

void LiveLine::subscribe(bool resume)
{
    protocol::Subscribe message;
    message.id = ++m_subscription;
    message.filter = m_filter;
    message.windowSeconds = m_windowSeconds;
    if (resume)
        message.cursor = m_cursor;
    m_askedFrom = message.cursor;
    m_filterSent = m_filter;
    m_subscribed = false;
    m_sinceSubscribe.start();
    m_stream->send(message);
}

// A filter may change with each key that is pressed; the backend takes twenty subscriptions in ten seconds.
void LiveLine::subscribeSoon()
{
    if (m_subscribeTimer.isActive())
        return;
    const qint64 passed = m_sinceSubscribe.isValid() ? m_sinceSubscribe.elapsed() : subscribeIntervalMs;
    if (passed >= subscribeIntervalMs)
        subscribe(false);
    else
        m_subscribeTimer.start(static_cast<int>(subscribeIntervalMs - passed));
}

void LiveLine::onSubscribed(const protocol::Subscribed& subscribed)
{
    if (subscribed.id != m_subscription)
        return; // of a subscription that has been replaced since
    m_subscribed = true;
    m_filterInForce = m_filterSent;
    m_gaps.setOnline(true);
    const HitSeq from = std::min(subscribed.from, seqMax), before = m_cursor.value_or(from);
    if (m_askedFrom && from > *m_askedFrom && from > before)
        m_gaps.add(before.value + 1, from.value, m_filterInForce);
    m_cursor = std::max(before, from);
    emit m_out.subscribed(subscribed, m_filterInForce);
    setPhase(*m_cursor < m_resumeUntil ? Phase::Resuming : Phase::Live);
}

// False: the backend sent more frames than it was allowed to, and goes on doing so.
bool LiveLine::takeCredit()
{
    ++m_unapplied;
    if (--m_credit >= 0)
        return true;
    violation(QStringLiteral("credit_exceeded"));
    return m_stream != nullptr;
}

void LiveLine::onFrame(protocol::Frame&& frame)
{
    if (!takeCredit())
        return;
    if (frame.first > frame.last || !frame.first || frame.last > seqMax) {
        --m_unapplied; // nobody will apply it
        return violation(QStringLiteral("frame_range"));
    }
    const HitSeq before = m_cursor.value_or(HitSeq(frame.first.value - 1));
    if (frame.first.value > before.value + 1)
        m_gaps.add(before.value + 1, frame.first.value - 1, m_filterInForce);
    if (frame.dropped > 0)
        m_gaps.add(frame.first.value, frame.last.value, m_filterInForce);
    m_cursor = std::max(before, frame.last);
    const bool caughtUp = m_status.phase == Phase::Resuming && (!frame.resumed || *m_cursor >= m_resumeUntil);
    emit m_out.frameArrived(std::make_shared<const protocol::Frame>(std::move(frame)));
    if (caughtUp)
        setPhase(Phase::Live);
}

void LiveLine::grantFrames(int frames)
{
    const int stale = std::clamp(frames, 0, m_staleUnapplied);
    m_staleUnapplied -= stale;
    const int mine = std::clamp(frames - stale, 0, m_unapplied);
    m_unapplied -= mine;
    m_toGrant += mine;
    // By quarters of the window, so that there is not one message back for each that came.
    if (!m_stream || m_toGrant < std::max(1, m_creditWindow / 4))
        return;
    m_credit += m_toGrant;
    m_stream->send(protocol::Credit{m_toGrant});
    m_toGrant = 0;
}

void LiveLine::ping()
{
    if (!m_stream)
        return;
    m_pingPending = true;
    m_pingSentNs = m_clock.nsecsElapsed();
    m_stream->send(protocol::Ping{++m_pingEcho});
}

void LiveLine::onStatus(const protocol::SessionStatus& status)
{
    if (m_pingPending && status.echo == m_pingEcho) {
        // Half the way there and half back: the clock was read in the middle.
        m_pingPending = false;
        const qint64 roundTripMs = (m_clock.nsecsElapsed() - m_pingSentNs) / 1'000'000;
        const qint64 middle = QDateTime::currentMSecsSinceEpoch() - roundTripMs / 2;
        const qint64 theirs = std::clamp<qint64>(status.time.value, middle - skewMaxMs, middle + skewMaxMs);
        emit m_out.clockMeasured(theirs - middle, roundTripMs);
        m_status.attempt = 0; // it holds: the next break starts with the shortest wait
    }
    emit m_out.sessionStatusArrived(status);
}

void LiveLine::onBye(const protocol::Bye& bye)
{
    emit m_out.byeArrived(bye);
    goOffline(reasonOf(bye.reason), QString::fromStdString(bye.field).left(128));
}

void LiveLine::setStreamFilter(const protocol::StreamFilter& filter)
{
    protocol::StreamFilter normal = filter;
    normal.normalise();
    if (normal == m_filter)
        return;
    m_filter = normal;
    if (m_helloSeen && m_stream)
        subscribeSoon();
    else if (m_status.reason == OfflineReason::BadFilter)
        retryNow();
}

void LiveLine::setWindowSeconds(qint64 seconds)
{
    if (seconds == m_windowSeconds)
        return;
    m_windowSeconds = seconds;
    if (m_helloSeen && m_stream)
        subscribeSoon();
}

} // namespace connection

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/connection/live_line.h"

#include <QDateTime>
#include <QRandomGenerator>

#include <utility>

#include "app/connection/api_reader.h"
#include "app/connection/retry_delay.h"

namespace connection {

using state::OfflineReason;
using state::Phase;

namespace {

constexpr qint64 sessionBytesMax = 256 * 1024;

bool isUsable(const QUrl& url)
{
    return url.isValid() && !url.host().isEmpty() && url.userInfo().isEmpty() &&
           (url.scheme() == QLatin1StringView("http") || url.scheme() == QLatin1StringView("https"));
}

OfflineReason reasonOf(const Problem& problem)
{
    if (problem.status == 401)
        return OfflineReason::Unauthorized;
    if (problem.status == 403)
        return OfflineReason::Forbidden;
    if (problem.code == QLatin1StringView("redirected"))
        return OfflineReason::Redirected;
    if (problem.code == QLatin1StringView("timeout"))
        return OfflineReason::Timeout;
    if (problem.code == QLatin1StringView("tls"))
        return OfflineReason::TlsError;
    if (problem.code == QLatin1StringView("too_large") || problem.code == QLatin1StringView("not_http") ||
        (problem.status >= 400 && problem.status < 500))
        return OfflineReason::NotClickroom;
    return OfflineReason::Unreachable;
}

// Trying again by itself would change nothing: the user has to do something first.
bool needsUser(OfflineReason reason)
{
    return reason == OfflineReason::BadAddress || reason == OfflineReason::Unauthorized ||
           reason == OfflineReason::Forbidden || reason == OfflineReason::Redirected ||
           reason == OfflineReason::BadFilter;
}

} // namespace

LiveLine::LiveLine(Connection& outward, const Options& options)
    : m_out(outward), m_options(options), m_api(options.requestTimeoutMs, options.answers), m_links(m_api, outward),
      m_reports(m_api, outward), m_gaps(m_api, options.gapHitsMax, options.gapRetryMs,
                                        {[this](const state::GapReport& gap) { emit m_out.gapChanged(gap); },
                                         [this](const FramePtr& page) { emit m_out.fetchedArrived(page); },
                                         [this](const QString& code) { violation(code); }})
{
    m_retryTimer.setSingleShot(true);
    connect(&m_retryTimer, &QTimer::timeout, this, &LiveLine::attempt);
    m_silenceTimer.setSingleShot(true);
    m_silenceTimer.setInterval(m_options.silenceTimeoutMs);
    connect(&m_silenceTimer, &QTimer::timeout, this,
            [this] { goOffline(OfflineReason::Timeout, QStringLiteral("silence")); });
    m_subscribeTimer.setSingleShot(true);
    connect(&m_subscribeTimer, &QTimer::timeout, this, [this] { subscribe(false); });
    m_pingTimer.setInterval(m_options.pingIntervalMs);
    connect(&m_pingTimer, &QTimer::timeout, this, &LiveLine::ping);
    m_clock.start();
}

LiveLine::~LiveLine() = default;

void LiveLine::setPhase(Phase phase, OfflineReason reason, const QString& detail)
{
    if (phase != m_status.phase || reason != m_status.reason)
        m_status.sinceMs = QDateTime::currentMSecsSinceEpoch();
    m_status.phase = phase;
    m_status.reason = reason;
    m_status.detail = detail;
    m_status.retryAtMs =
        m_retryTimer.isActive() ? QDateTime::currentMSecsSinceEpoch() + m_retryTimer.remainingTime() : 0;
    emit m_out.statusChanged(m_status);
}

void LiveLine::connectTo(const QUrl& baseUrl, const QString& token)
{
    QUrl base = baseUrl.adjusted(QUrl::RemovePath | QUrl::RemoveQuery | QUrl::RemoveFragment);
    const QByteArray secret = token.trimmed().toUtf8();
    dropStream();
    m_status.attempt = 0;
    if (base != m_baseUrl || secret != m_token)
        forgetHistory();
    if (m_resume)
        takeUp(*std::exchange(m_resume, std::nullopt));
    m_baseUrl = base;
    m_token = secret;
    m_api.setTarget(m_baseUrl, m_token);
    m_wanted = true;
    if (!isUsable(baseUrl))
        return goOffline(OfflineReason::BadAddress, {});
    // A control character in a header would be a second header.
    for (const char c : secret) {
        if (static_cast<unsigned char>(c) <= ' ' || static_cast<unsigned char>(c) >= 0x7f)
            return goOffline(OfflineReason::Unauthorized, QStringLiteral("token"));
    }
    attempt();
}

void LiveLine::disconnectFromServer()
{
    m_wanted = false;
    m_retryTimer.stop();
    dropStream();
    m_api.setOnline(false);
    m_status.attempt = 0;
    setPhase(Phase::Disconnected);
}

void LiveLine::retryNow()
{
    if (m_wanted && m_status.phase == Phase::Offline && m_status.reason != OfflineReason::BadAddress)
        attempt();
}

void LiveLine::startOver()
{
    forgetHistory();
    if (!m_wanted || !isUsable(m_baseUrl))
        return;
    dropStream();
    m_status.attempt = 0;
    attempt();
}

// What was shown so far is of another count, or not wanted any more.
void LiveLine::forgetHistory()
{
    m_gaps.clear();
    const bool hadSome = m_cursor.has_value();
    m_cursor.reset();
    m_dataId.clear();
    if (hadSome)
        emit m_out.startedOver();
}

void LiveLine::takeUp(const state::ResumePoint& place)
{
    if (place.dataId.empty() || !place.cursor)
        return;
    m_dataId = place.dataId;
    m_cursor = place.cursor;
    m_filter = place.filter;
    for (const state::GapReport& gap : place.gaps)
        m_gaps.add(gap.coveredTo + 1, gap.last, place.filter);
}

void LiveLine::attempt()
{
    m_retryTimer.stop();
    dropStream();
    setPhase(Phase::Connecting);
    m_api.get(QStringLiteral("/v1/session"), {}, "application/json", sessionBytesMax,
              [this, number = ++m_attempts](const Reply& reply) {
                  if (number == m_attempts && m_status.phase == Phase::Connecting)
                      onSession(reply);
              });
}

void LiveLine::onSession(const Reply& reply)
{
    if (reply.problem.isSet())
        return goOffline(reasonOf(reply.problem),
                         reply.problem.detail.isEmpty() ? reply.problem.code : reply.problem.detail);
    const std::optional<Session> session = sessionFrom(reply.body);
    if (!session)
        return goOffline(OfflineReason::NotClickroom, QStringLiteral("session"));
    m_session = *session;
    m_api.setOnline(true);
    emit m_out.sessionArrived(m_session);
    openStream();
}

void LiveLine::openStream()
{
    const QUrl url(m_session.streamUrl, QUrl::StrictMode);
    const bool encrypted = url.scheme() == QLatin1StringView("wss");
    if (!url.isValid() || url.host().isEmpty() || (!encrypted && url.scheme() != QLatin1StringView("ws")))
        return goOffline(OfflineReason::NotClickroom, QStringLiteral("stream_url"));
    // A token that came by an encrypted line does not leave by an open one.
    if (m_baseUrl.scheme() == QLatin1StringView("https") && !encrypted)
        return goOffline(OfflineReason::TlsError, QStringLiteral("stream_not_encrypted"));
    setPhase(Phase::Authenticating);
    m_helloSeen = m_subscribed = false;
    m_violations = 0;
    m_stream = std::make_unique<StreamSocket>(StreamSocket::Outputs{
        [this] { noteAlive(); },
        [this](protocol::Message&& message) { onMessage(std::move(message)); },
        [this](const QString& code) { violation(code); },
        [this](OfflineReason reason, const QString& detail) { goOffline(reason, detail); },
    });
    m_silenceTimer.start();
    m_stream->open(url, m_token);
}

void LiveLine::dropStream()
{
    m_silenceTimer.stop();
    m_pingTimer.stop();
    m_subscribeTimer.stop();
    m_gaps.setOnline(false);
    m_staleUnapplied += m_unapplied;
    m_unapplied = m_toGrant = m_credit = 0;
    m_pingPending = false;
    // This may be called from within one of its own signals.
    if (m_stream) {
        m_stream->shut();
        m_stream.release()->deleteLater();
    }
}

void LiveLine::goOffline(OfflineReason reason, const QString& detail)
{
    dropStream();
    m_api.setOnline(false);
    if (!m_wanted)
        return;
    if (needsUser(reason)) {
        m_retryTimer.stop();
    } else {
        ++m_status.attempt;
        m_retryTimer.start(retryDelayMs(m_status.attempt, m_options.retryFirstMs, m_options.retryMaxMs,
                                        QRandomGenerator::global()->generateDouble()));
    }
    setPhase(Phase::Offline, reason, detail);
}

void LiveLine::violation(const QString& code)
{
    emit m_out.violation(code);
    if (++m_violations > violationsMax && m_stream)
        goOffline(OfflineReason::ProtocolError, code);
}

void LiveLine::noteAlive()
{
    m_silenceTimer.start();
}

} // namespace connection

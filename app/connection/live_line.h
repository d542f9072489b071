// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <QUrl>

#include <memory>
#include <optional>

#include "app/connection/api_client.h"
#include "app/connection/connection.h"
#include "app/connection/gap_fetcher.h"
#include "app/connection/link_calls.h"
#include "app/connection/report_calls.h"
#include "app/connection/stream_socket.h"

namespace connection {

// What a Connection does, on its own thread: session, handshake, subscription, order of sequences, credit, clock,
// retries.
class LiveLine final : public QObject {
public:
    LiveLine(Connection& outward, const Options& options);
    ~LiveLine() override;

    void connectTo(const QUrl& baseUrl, const QString& token);
    void resumeFrom(const state::ResumePoint& place) { m_resume = place; }
    void disconnectFromServer();
    void retryNow();
    void startOver();
    void setStreamFilter(const protocol::StreamFilter& filter);
    void setWindowSeconds(qint64 seconds);
    void grantFrames(int frames);
    void continueFetching() { m_gaps.pageApplied(); }

    void getRollups(quint64 request, const RollupQuery& query);
    void getLinks(quint64 request, const std::shared_ptr<Links>& soFar, const QString& cursor);
    void getDiagnosis(quint64 request, const QString& link);
    LinkCalls& links() { return m_links; }
    ReportCalls& reports() { return m_reports; }

private:
    // Breaches of protocol in one session that are counted and borne; then it is ended.
    static constexpr int violationsMax = 100;

    void setPhase(state::Phase phase, state::OfflineReason reason = state::OfflineReason::None,
                  const QString& detail = {});
    void attempt();
    void onSession(const Reply& reply);
    void openStream();
    void dropStream();
    void goOffline(state::OfflineReason reason, const QString& detail);
    void forgetHistory();
    void takeUp(const state::ResumePoint& place);
    void violation(const QString& code);
    void subscribe(bool resume);
    void noteAlive();
    bool takeCredit();
    void subscribeSoon();

    void onMessage(protocol::Message&& message);
    void onHello(const protocol::Hello& hello);
    void onSubscribed(const protocol::Subscribed& subscribed);
    void onFrame(protocol::Frame&& frame);
    void onStatus(const protocol::SessionStatus& status);
    void onBye(const protocol::Bye& bye);
    void ping();

    Connection& m_out;
    Options m_options;
    ApiClient m_api;
    LinkCalls m_links;
    ReportCalls m_reports;
    GapFetcher m_gaps;
    std::unique_ptr<StreamSocket> m_stream;
    QTimer m_retryTimer, m_silenceTimer, m_pingTimer, m_subscribeTimer;
    QElapsedTimer m_clock, m_sinceSubscribe;

    QUrl m_baseUrl;
    QByteArray m_token;
    Session m_session;
    state::ConnectionStatus m_status;
    quint64 m_attempts = 0;
    bool m_wanted = false; // somebody asked for a connection and did not end it

    protocol::StreamFilter m_filter;        // asked for
    protocol::StreamFilter m_filterSent;    // with the last subscription
    protocol::StreamFilter m_filterInForce; // confirmed
    qint64 m_windowSeconds = 0;
    std::string m_dataId;
    std::optional<state::ResumePoint> m_resume; // for the next connectTo()
    std::optional<protocol::HitSeq> m_cursor;   // everything up to here was handed on, or is a gap
    protocol::HitSeq m_resumeUntil;             // newest hit when the session began
    std::optional<protocol::HitSeq> m_askedFrom;
    std::int32_t m_subscription = 0;
    bool m_helloSeen = false;
    bool m_subscribed = false;
    int m_violations = 0;

    int m_credit = 0; // frames the backend may still send
    int m_creditWindow = 1;
    int m_toGrant = 0;
    int m_unapplied = 0;      // frames of this session handed on and not granted yet
    int m_staleUnapplied = 0; // of sessions before

    std::int64_t m_pingEcho = 0;
    bool m_pingPending = false;
    qint64 m_pingSentNs = 0;
};

} // namespace connection

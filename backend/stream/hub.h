// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>

#include <map>
#include <memory>
#include <tuple>
#include <vector>

#include "backend/insight/live_window.h"
#include "backend/stream/channel.h"

namespace stream {

// Where hits meet sessions: the replay ring, the live window, the channels, and the clockwork that flushes frames,
// windows and statuses. Lives on the stream's thread.
class Hub final : public QObject {
    Q_OBJECT

public:
    Hub(const Seams& seams, const Surroundings& around, QObject* parent);
    ~Hub() override;

    void preload(const std::shared_ptr<const protocol::PackedHits>& hits);
    void start();
    void stop(); // bye to everyone

    void takeHits(const std::shared_ptr<const protocol::PackedHits>& hits);
    // Hits up to `last` were stored but never came here.
    void takeLoss(protocol::HitSeq last);
    void takeWatermark(const protocol::Watermark& watermark);
    void takeEdit(const protocol::Edit& edit);
    void flushSoon();

    void open(QWebSocket* socket, protocol::Encoding encoding, const Grant& grant, const std::string& token);

signals:
    void flushDue(); // frames are about to be made

private:
    void append(const std::shared_ptr<const protocol::PackedHits>& hits);
    void flush();
    void subscribe(Session& session, const protocol::Subscribe& asked);
    void place(Session& session, const protocol::Subscribe& asked);
    Channel& channelOf(const Selection& selection);
    void leaveChannel(Session& session);
    bool openView(Session& session, const protocol::StreamFilter& filter, std::int64_t windowSeconds);
    void remove(Session& session);
    void tick();
    void beginWindows();
    void sendWindows();
    void sendStatus(Session& session, const ServerFacts& facts, std::int64_t echo);
    void sendToAll(const protocol::Message& message, protocol::WorkspaceId workspace);
    int sessionsOf(protocol::WorkspaceId workspace) const;

    const Seams& m_seams;
    Surroundings m_around;
    ReplayRing m_ring;
    insight::LiveWindow m_window;
    std::map<Selection, std::unique_ptr<Channel>> m_channels;
    std::vector<Session*> m_sessions;
    std::size_t m_sessionsPeak = 0; // since spare memory was given back
    int m_giveBackIn = 0;           // ticks, for what came free since
    std::optional<protocol::Watermark> m_watermark;
    protocol::HitSeq m_preloadedFrom; // none: nothing was preloaded
    protocol::UtcMs m_preloadedFromTime;
    QTimer m_flushTimer, m_windowTimer, m_windowPause, m_tickTimer, m_catchUpTimer;
    // Of the round of windows that is under way: the sessions before have theirs, and others may share it.
    std::size_t m_windowNext = 0;
    std::map<std::tuple<std::size_t, bool, protocol::Encoding>, Encoded> m_windowsMade;
    std::int64_t m_flushedMs = 0;
    std::int64_t m_tokensCheckedMs = 0;
    std::size_t m_unflushed = 0; // hits since the last flush
    bool m_started = false;
};

} // namespace stream

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QWebSocket>

#include <atomic>
#include <optional>

#include "backend/stream/frame_maker.h"
#include "backend/stream/stream_server.h"

namespace stream {

struct SharedCounters {
    std::atomic<std::uint64_t> sessions{0}, framesSent{0}, hitsSent{0}, hitsDropped{0}, bytesSent{0}, refused{0};
};

// What every part of the stream needs; outlives all of them.
struct Surroundings {
    const Options& options;
    const runtime::Clock& clock;
    SharedCounters& counters;

    std::int64_t steadyMs() const { return clock.steadyNs() / 1'000'000; }
    std::int64_t utcMs() const { return clock.utcMs(); }
};

// One console's connection: takes its messages apart, counts its credit and its unsent bytes, says bye. What it is
// sent, and when, is the hub's. Owns the socket. Whatever breaks a rule ends in bye and in closed().
class Session final : public QObject {
    Q_OBJECT

public:
    // Where the session stands in the stream; the hub's to change.
    struct Delivery {
        class Channel* channel = nullptr; // none: not subscribed yet
        std::size_t view = 0;             // of the live window
        protocol::HitSeq cursor;          // covered by frames, or by `gap`
        protocol::HitSeq resumeUntil;     // frames up to here are history
        bool subscribed = false;
        bool inStep = false;          // gets the channel's frames as they are made
        protocol::HitSeq gapFirst;    // start of what was passed over and not told yet; none = nothing
        std::uint64_t gapDropped = 0; // hits in it
        std::uint64_t sentHits = 0, droppedHits = 0;
    };

    Session(QWebSocket* socket, protocol::Encoding encoding, Grant grant, std::string token, const Surroundings& around,
            QObject* parent);

    const Grant& grant() const { return m_grant; }
    const std::string& token() const { return m_token; }
    protocol::Encoding encoding() const { return m_encoding; }
    bool isEnding() const { return m_ending; }
    Delivery delivery;

    // A frame may be sent: there is credit, and less than `bytesMax` is waiting in the socket.
    bool canTakeFrame(std::int64_t bytesMax) const;
    bool canTakeFrame() const;
    void sendFrame(const MadeFrame& frame);
    // Anything else; left out while too much is waiting, since a later one says more.
    void send(const Encoded& message);
    void sendNow(const protocol::Message& message);
    void bye(protocol::ByeReason reason, std::string field = {}, std::int64_t limit = 0);

    // Once a second: asks a silent console for a sign of life, and gives up one that shows none.
    void checkLife();

signals:
    void subscribeAsked(const protocol::Subscribe& subscribe);
    void pinged(qint64 echo);
    void roomMade(); // credit came or bytes left
    void closed();

private:
    // Counts what happens within a period; false when that is too much.
    struct Rate {
        bool take(std::int64_t nowMs, std::int64_t periodMs, int most);
        std::int64_t fromMs = 0;
        int count = 0;
    };

    void takeMessage(std::string_view bytes);
    void takeCredit(std::int32_t frames);
    void write(const Encoded& message);
    bool takeSubscribe();

    QWebSocket* m_socket;
    protocol::Encoding m_encoding;
    Grant m_grant;
    std::string m_token;
    Surroundings m_around;
    std::int32_t m_credit;
    std::int64_t m_heardMs, m_writtenMs, m_pingedMs;
    Rate m_messages, m_subscribes;
    bool m_ending = false;
};

// Says bye on a socket that never became a session, and closes it.
void refuse(QWebSocket* socket, protocol::Encoding encoding, protocol::ByeReason reason, std::string field,
            std::int64_t limit);
} // namespace stream

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QUrl>
#include <QWebSocket>

#include <functional>
#include <memory>

#include "app/state/connection_status.h"
#include "backend/protocol/messages.h"

namespace connection {

// One WebSocket to a backend's stream: opened, its messages decoded and counted against limits, closed once. Lives on
// the connection's thread. A new one is made for each attempt, so that nothing of an old one can be taken for the new.
class StreamSocket final : public QObject {
public:
    // Beside frames, which are bounded by credit: so much a second and no more. A bulk edit of links is within it.
    static constexpr int messagesPerSecondMax = 20'000;
    static constexpr qint64 bytesPerSecondMax = 64LL * 1024 * 1024;

    struct Outputs {
        std::function<void()> opened;
        std::function<void(protocol::Message&& message)> message;
        std::function<void(const QString& code)> violation;
        // Called once, at the latest from close().
        std::function<void(state::OfflineReason reason, const QString& detail)> ended;
    };

    StreamSocket(Outputs outputs, QObject* parent = nullptr);
    ~StreamSocket() override;

    void open(const QUrl& url, const QByteArray& token);
    void send(const protocol::Message& message);
    void close(state::OfflineReason reason, const QString& detail);
    // Closes without telling anybody.
    void shut();

private:
    void onConnected();
    void onBinary(const QByteArray& bytes);
    bool isFlood(qint64 bytes);
    void onError();

    Outputs m_outputs;
    QWebSocket m_socket;
    QElapsedTimer m_second;
    int m_messagesInSecond = 0;
    qint64 m_bytesInSecond = 0;
    bool m_ended = false;
};

} // namespace connection

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QWebSocket>

#include <functional>
#include <map>
#include <optional>

#include "backend/protocol/codec.h"

// A console as small as it can be: subscribes, checks that every sequence is covered once, resumes from its cursor.
class StreamClient : public QObject {
    Q_OBJECT

public:
    StreamClient(protocol::Encoding encoding, QByteArray token, QObject* parent = nullptr);

    // Opens with the cursor it has; none at first.
    void open(const QString& url);
    void close();
    protocol::StreamFilter filter;

    bool subscribed() const { return m_subscribed; }
    std::uint64_t cursor() const { return m_cursor.value_or(0); }
    std::uint64_t dropped = 0;
    // Sequences received; the value is how often.
    std::map<std::uint64_t, int> seen;
    std::map<std::uint64_t, std::string> placements; // by sequence
    QStringList violations;                          // of the protocol or of the count
    std::optional<protocol::Hello> hello;
    std::optional<protocol::Bye> bye;
    std::optional<protocol::Watermark> watermark;
    std::optional<protocol::WindowAggregate> window;
    std::optional<protocol::SessionStatus> status;
    int closeCode = 0;

    // Fetches what lies between the cursor and where the stream can begin; given by the test.
    std::function<protocol::HitBatch(std::uint64_t after, std::uint64_t upTo)> fetch;
    std::function<void(const protocol::Frame&)> onFrame;

private:
    void send(const protocol::Message& message);
    void take(const std::string& bytes);
    void take(const protocol::Frame& frame);
    void keep(const protocol::HitBatch& hits);

    const protocol::Encoding m_encoding;
    const QByteArray m_token;
    QWebSocket m_socket;
    bool m_subscribed = false;
    std::optional<std::uint64_t> m_cursor;
};

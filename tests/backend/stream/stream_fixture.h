// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QNetworkRequest>
#include <QTest>
#include <QWebSocket>
#include <QWebSocketHandshakeOptions>

#include <algorithm>
#include <atomic>
#include <memory>
#include <vector>

#include "backend/protocol/codec.h"
#include "backend/stream/stream_server.h"

namespace fixture {

inline constexpr std::int64_t noon = 1772366400000;

// A clock that tests set; durations run with the real one.
class TestClock final : public runtime::Clock {
public:
    std::int64_t utcMs() const override { return nowMs; }
    std::int64_t steadyNs() const override { return m_real.steadyNs(); }
    std::atomic<std::int64_t> nowMs{noon};

private:
    runtime::SystemClock m_real;
};

inline protocol::Hit hit(std::uint64_t seq, std::uint32_t workspace = 1)
{
    protocol::Hit made;
    made.seq = protocol::HitSeq{seq};
    made.time = protocol::UtcMs{noon};
    made.workspace = protocol::WorkspaceId{workspace};
    made.domain = "localhost";
    made.slug = "launch";
    made.country = seq % 3 == 0 ? "DE" : "FR";
    made.visitor = protocol::VisitorKey{seq};
    made.status = 302;
    return made;
}

inline std::shared_ptr<const protocol::PackedHits> packed(const protocol::HitBatch& hits)
{
    return std::make_shared<const protocol::PackedHits>(hits);
}

inline std::shared_ptr<const protocol::PackedHits> hits(std::uint64_t first, std::uint64_t last,
                                                        std::uint32_t workspace = 1)
{
    protocol::HitBatch batch;
    for (std::uint64_t seq = first; seq <= last; ++seq)
        batch.push_back(hit(seq, workspace));
    return packed(batch);
}

// A server with three tokens: "one" and "uno" of workspace 1, "two" of workspace 2 on the starter plan.
struct Server {
    explicit Server(stream::Options options = {}) : stream(fill(std::move(options)), seams(), clock) {}

    static stream::Options fill(stream::Options options)
    {
        options.port = 0;
        options.frameIntervalMs = std::min(options.frameIntervalMs, 5);
        options.windowIntervalMs = std::min(options.windowIntervalMs, 50);
        return options;
    }

    stream::Seams seams()
    {
        stream::Seams made;
        made.authenticate = [this](std::string_view token) -> std::optional<stream::Grant> {
            if (revoked == token)
                return std::nullopt;
            if (token == "one" || token == "uno")
                return stream::Grant{protocol::WorkspaceId{1}, "default",  "viewer",       "t1",
                                     "professional",           "standard", "Europe/Berlin"};
            if (token == "two")
                return stream::Grant{protocol::WorkspaceId{2}, "second", "admin", "t2", "starter", "strict", "UTC"};
            return std::nullopt;
        };
        made.facts = [this] { return facts; };
        made.dataId = "data-1";
        made.server = "clickroomd test";
        return made;
    }

    QUrl url(const char* path = "/v1/stream") const
    {
        return QUrl(QStringLiteral("ws://127.0.0.1:%1%2").arg(stream.port()).arg(QLatin1String(path)));
    }

    TestClock clock;
    stream::ServerFacts facts;
    std::string revoked;
    stream::StreamServer stream;
};

// One console.
class Client {
public:
    explicit Client(protocol::Encoding encoding = protocol::Encoding::Cbor, const QString& origin = {})
        : m_encoding(encoding), socket(origin)
    {
        QObject::connect(&socket, &QWebSocket::binaryMessageReceived, &socket,
                         [this](const QByteArray& bytes) { take(bytes.toStdString(), protocol::Encoding::Cbor); });
        QObject::connect(&socket, &QWebSocket::textMessageReceived, &socket,
                         [this](const QString& text) { take(text.toStdString(), protocol::Encoding::Json); });
    }

    void open(const QUrl& url, const char* token = "one", const QStringList& subprotocols = {})
    {
        QNetworkRequest request(url);
        if (token)
            request.setRawHeader("Authorization", QByteArray("Bearer ") + token);
        QWebSocketHandshakeOptions options;
        const std::string_view own =
            m_encoding == protocol::Encoding::Cbor ? protocol::subprotocolCbor : protocol::subprotocolJson;
        options.setSubprotocols(subprotocols.isEmpty()
                                    ? QStringList{QString::fromUtf8(own.data(), static_cast<qsizetype>(own.size()))}
                                    : subprotocols);
        socket.open(request, options);
    }

    void send(const protocol::Message& message)
    {
        const std::string bytes = protocol::encode(message, m_encoding);
        if (m_encoding == protocol::Encoding::Cbor)
            socket.sendBinaryMessage(QByteArray::fromStdString(bytes));
        else
            socket.sendTextMessage(QString::fromStdString(bytes));
    }

    void subscribe(protocol::StreamFilter filter = {}, std::optional<std::uint64_t> cursor = {},
                   std::int64_t windowSeconds = 0)
    {
        protocol::Subscribe message{++subscriptions, std::move(filter), std::nullopt, windowSeconds};
        if (cursor)
            message.cursor = protocol::HitSeq{*cursor};
        send(message);
    }

    template <class T> std::vector<T> all() const
    {
        std::vector<T> found;
        for (const protocol::Message& message : messages)
            if (const auto* wanted = std::get_if<T>(&message))
                found.push_back(*wanted);
        return found;
    }
    // Asked once for every message that comes: without a copy of all that came before.
    template <class T> const T* newest() const
    {
        for (auto message = messages.rbegin(); message != messages.rend(); ++message)
            if (const auto* wanted = std::get_if<T>(&*message))
                return wanted;
        return nullptr;
    }
    template <class T> T last() const { return newest<T>() ? *newest<T>() : T{}; }
    template <class T> int count() const
    {
        return static_cast<int>(std::ranges::count_if(
            messages, [](const protocol::Message& message) { return std::holds_alternative<T>(message); }));
    }

    // Sequences of all hits received, in order.
    std::vector<std::uint64_t> sequences() const
    {
        std::vector<std::uint64_t> found;
        for (const protocol::Message& message : messages)
            if (const auto* frame = std::get_if<protocol::Frame>(&message))
                for (const protocol::Hit& one : frame->hits)
                    found.push_back(one.seq.value);
        return found;
    }

    std::uint64_t dropped() const
    {
        std::uint64_t sum = 0;
        for (const protocol::Message& message : messages)
            if (const auto* frame = std::get_if<protocol::Frame>(&message))
                sum += frame->dropped;
        return sum;
    }

    protocol::HitSeq covered() const
    {
        const auto* frame = newest<protocol::Frame>();
        return frame ? frame->last : last<protocol::Subscribed>().from;
    }
    bool isClosed() const { return socket.state() == QAbstractSocket::UnconnectedState && closedOnce; }

    std::vector<protocol::Message> messages;
    QStringList problems; // what was wrong with what came
    std::int32_t subscriptions = 0;
    bool creditAtOnce = true;
    bool closedOnce = false;

private:
    void take(const std::string& bytes, protocol::Encoding encoding)
    {
        protocol::Decoded decoded = protocol::decode(bytes, encoding);
        if (!decoded.error.empty() || !decoded.message) {
            problems.append(QString::fromStdString(decoded.error));
            return;
        }
        if (const auto* frame = std::get_if<protocol::Frame>(&*decoded.message)) {
            // Every sequence is covered once and in order, whatever else happens.
            if (frame->first.value != covered().value + 1)
                problems.append(QStringLiteral("covers from %1 after %2").arg(frame->first.value).arg(covered().value));
            for (const protocol::Hit& one : frame->hits)
                if (one.seq < frame->first || one.seq > frame->last)
                    problems.append(QStringLiteral("hit %1 outside its frame").arg(one.seq.value));
            if (creditAtOnce)
                send(protocol::Credit{1});
        }
        if (std::holds_alternative<protocol::Subscribed>(*decoded.message))
            std::erase_if(messages, [&](const protocol::Message& old) {
                return forgetFrames && std::holds_alternative<protocol::Frame>(old);
            });
        messages.push_back(std::move(*decoded.message));
    }

    protocol::Encoding m_encoding;

public:
    bool forgetFrames = false; // on a new subscription: its frames start anew
    QWebSocket socket;
};

// The numbers from `first` to `last`.
inline std::vector<std::uint64_t> range(std::uint64_t first, std::uint64_t last)
{
    std::vector<std::uint64_t> numbers;
    for (std::uint64_t number = first; number <= last; ++number)
        numbers.push_back(number);
    return numbers;
}

} // namespace fixture

// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/stream/session.h"

#include <QTimer>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "backend/protocol/limits.h"

namespace stream {

using protocol::ByeReason;
using protocol::Encoding;

namespace {

constexpr std::int64_t subscribesPeriodMs = 10'000;
constexpr int subscribesMax = 20; // in that period: a view of the live window costs a walk over all of it
constexpr std::int64_t messagesPeriodMs = 1000;
constexpr int messagesMax = 1000; // in that period: many times what credits and pings need
constexpr int closeTimeoutMs = 3000;

// The code says what a proxy needs to know; the reason stands in the bye and in the close frame's text.
QWebSocketProtocol::CloseCode closeCode(ByeReason reason)
{
    switch (reason) {
    case ByeReason::ShuttingDown:
        return QWebSocketProtocol::CloseCodeGoingAway;
    case ByeReason::BadMessage:
        return QWebSocketProtocol::CloseCodeWrongDatatype;
    case ByeReason::TooLarge:
        return QWebSocketProtocol::CloseCodeTooMuchData;
    default:
        return QWebSocketProtocol::CloseCodePolicyViolated;
    }
}

void writeTo(QWebSocket* socket, const Encoded& message)
{
    if (message.text.isNull())
        socket->sendBinaryMessage(message.binary);
    else
        socket->sendTextMessage(message.text);
}

// "limit filter.links 512" → field and limit.
std::pair<std::string, std::int64_t> fieldAndLimit(const std::string& error)
{
    const std::size_t field = error.find(' ') + 1;
    const std::size_t end = std::min(error.find(' ', field), error.size());
    const std::int64_t limit = end < error.size() ? std::strtoll(error.c_str() + end, nullptr, 10) : 0;
    return {error.substr(field, end - field), limit};
}

} // namespace

void refuse(QWebSocket* socket, Encoding encoding, ByeReason reason, std::string field, std::int64_t limit)
{
    writeTo(socket, encoded(protocol::Bye{reason, std::move(field), limit}, encoding));
    QObject::connect(socket, &QWebSocket::disconnected, socket, &QObject::deleteLater);
    QTimer::singleShot(closeTimeoutMs, socket, [socket] {
        socket->abort();
        socket->deleteLater();
    });
    socket->close(closeCode(reason),
                  QString::fromUtf8(word(reason).data(), static_cast<qsizetype>(word(reason).size())));
}

Session::Session(QWebSocket* socket, Encoding encoding, Grant grant, std::string token, const Surroundings& around,
                 QObject* parent)
    : QObject(parent), m_socket(socket), m_encoding(encoding), m_grant(std::move(grant)), m_token(std::move(token)),
      m_around(around), m_credit(protocol::limits::creditFramesMax), m_heardMs(around.steadyMs()),
      m_writtenMs(m_heardMs), m_pingedMs(m_heardMs)
{
    m_socket->setParent(this);
    connect(m_socket, &QWebSocket::binaryMessageReceived, this, [this](const QByteArray& bytes) {
        if (m_encoding != Encoding::Cbor)
            return bye(ByeReason::BadMessage, "encoding");
        takeMessage({bytes.constData(), static_cast<std::size_t>(bytes.size())});
    });
    connect(m_socket, &QWebSocket::textMessageReceived, this, [this](const QString& text) {
        if (m_encoding != Encoding::Json)
            return bye(ByeReason::BadMessage, "encoding");
        takeMessage(text.toStdString());
    });
    connect(m_socket, &QWebSocket::pong, this, [this] { m_heardMs = m_around.steadyMs(); });
    connect(m_socket, &QWebSocket::bytesWritten, this, [this] {
        m_writtenMs = m_around.steadyMs();
        emit roomMade();
    });
    connect(m_socket, &QWebSocket::disconnected, this, [this] {
        m_ending = true;
        emit closed();
    });
}

bool Session::canTakeFrame(std::int64_t bytesMax) const
{
    return !m_ending && m_credit > 0 && m_socket->bytesToWrite() < bytesMax;
}

bool Session::canTakeFrame() const
{
    return canTakeFrame(static_cast<std::int64_t>(m_around.options.sessionBytesMax));
}

void Session::write(const Encoded& message)
{
    if (m_socket->bytesToWrite() == 0)
        m_writtenMs = m_around.steadyMs(); // progress is expected from now on
    writeTo(m_socket, message);
    m_around.counters.bytesSent += message.bytes;
}

void Session::sendFrame(const MadeFrame& frame)
{
    --m_credit;
    write(frame.bytes);
    delivery.sentHits += frame.hits;
    ++m_around.counters.framesSent;
    m_around.counters.hitsSent += frame.hits;
}

void Session::send(const Encoded& message)
{
    if (!m_ending && m_socket->bytesToWrite() < static_cast<std::int64_t>(m_around.options.sessionBytesMax))
        write(message);
}

void Session::sendNow(const protocol::Message& message)
{
    if (!m_ending)
        write(encoded(message, m_encoding));
}

void Session::bye(ByeReason reason, std::string field, std::int64_t limit)
{
    if (m_ending)
        return;
    sendNow(protocol::Bye{reason, std::move(field), limit});
    m_ending = true;
    QTimer::singleShot(closeTimeoutMs, m_socket, [socket = m_socket] { socket->abort(); });
    m_socket->flush();
    m_socket->close(closeCode(reason),
                    QString::fromUtf8(word(reason).data(), static_cast<qsizetype>(word(reason).size())));
}

void Session::takeMessage(std::string_view bytes)
{
    namespace limits = protocol::limits;
    if (m_ending)
        return;
    m_heardMs = m_around.steadyMs();
    if (!m_messages.take(m_heardMs, messagesPeriodMs, messagesMax))
        return bye(ByeReason::BadMessage, "messages", messagesMax);
    if (bytes.size() > limits::clientMessageBytes)
        return bye(ByeReason::TooLarge, "message", limits::clientMessageBytes);
    const protocol::Decoded decoded = protocol::decode(bytes, m_encoding);
    if (!decoded.error.empty()) {
        auto [field, limit] = fieldAndLimit(decoded.error);
        const bool filter = field.starts_with("filter");
        return bye(filter ? ByeReason::BadFilter : ByeReason::BadMessage, std::move(field), limit);
    }
    if (!decoded.message)
        return; // a kind of a later version
    if (const auto* credit = std::get_if<protocol::Credit>(&*decoded.message))
        return takeCredit(credit->frames);
    if (const auto* ping = std::get_if<protocol::Ping>(&*decoded.message))
        emit pinged(ping->echo);
    else if (const auto* subscribe = std::get_if<protocol::Subscribe>(&*decoded.message)) {
        if (takeSubscribe())
            emit subscribeAsked(*subscribe);
    } else {
        bye(ByeReason::BadMessage, "type"); // one that only the backend sends
    }
}

bool Session::Rate::take(std::int64_t nowMs, std::int64_t periodMs, int most)
{
    if (nowMs - fromMs >= periodMs) {
        fromMs = nowMs;
        count = 0;
    }
    return ++count <= most;
}

bool Session::takeSubscribe()
{
    if (m_subscribes.take(m_heardMs, subscribesPeriodMs, subscribesMax))
        return true;
    bye(ByeReason::BadMessage, "subscribe", subscribesMax);
    return false;
}

void Session::takeCredit(std::int32_t frames)
{
    constexpr std::int32_t most = protocol::limits::creditFramesMax;
    if (frames < 1 || frames > most)
        return bye(ByeReason::BadMessage, "frames", most);
    m_credit = std::min(m_credit + frames, most);
    emit roomMade();
}

void Session::checkLife()
{
    const std::int64_t nowMs = m_around.steadyMs();
    if (m_ending)
        return;
    if (m_socket->bytesToWrite() > 0 && nowMs - m_writtenMs > m_around.options.silenceMaxMs) {
        bye(ByeReason::TooSlow);
        m_socket->abort(); // the line is stuck: the bye would never leave
        return;
    }
    if (nowMs - m_heardMs > m_around.options.silenceMaxMs) {
        bye(ByeReason::Idle);
        return;
    }
    if (nowMs - std::max(m_heardMs, m_pingedMs) > m_around.options.pingIntervalMs) {
        m_pingedMs = nowMs;
        m_socket->ping();
    }
}

} // namespace stream

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/connection/stream_socket.h"

#include <QNetworkRequest>
#include <QWebSocketHandshakeOptions>

#include "backend/protocol/codec.h"
#include "backend/protocol/limits.h"

namespace connection {

namespace limits = protocol::limits;

StreamSocket::StreamSocket(Outputs outputs, QObject* parent) : QObject(parent), m_outputs(std::move(outputs))
{
    m_socket.setParent(this);
    m_socket.setMaxAllowedIncomingFrameSize(limits::serverMessageBytes);
    m_socket.setMaxAllowedIncomingMessageSize(limits::serverMessageBytes);
    connect(&m_socket, &QWebSocket::connected, this, &StreamSocket::onConnected);
    connect(&m_socket, &QWebSocket::binaryMessageReceived, this, &StreamSocket::onBinary);
    connect(&m_socket, &QWebSocket::textMessageReceived, this,
            [this] { m_outputs.violation(QStringLiteral("text_message")); });
    connect(&m_socket, &QWebSocket::errorOccurred, this, &StreamSocket::onError);
    connect(&m_socket, &QWebSocket::disconnected, this, [this] {
        const bool tooLarge = m_socket.closeCode() == QWebSocketProtocol::CloseCodeTooMuchData;
        close(tooLarge ? state::OfflineReason::ProtocolError : state::OfflineReason::Unreachable,
              tooLarge ? QStringLiteral("message_too_large") : m_socket.closeReason());
    });
}

StreamSocket::~StreamSocket()
{
    shut();
}

void StreamSocket::shut()
{
    m_ended = true;
    m_socket.disconnect(this);
    m_socket.abort();
}

void StreamSocket::open(const QUrl& url, const QByteArray& token)
{
    QNetworkRequest request(url);
    request.setRawHeader("Authorization", "Bearer " + token);
    QWebSocketHandshakeOptions options;
    options.setSubprotocols({QString::fromLatin1(protocol::subprotocolCbor.data(), protocol::subprotocolCbor.size())});
    m_second.start();
    m_socket.open(request, options);
}

void StreamSocket::onConnected()
{
    const std::string chosen = m_socket.subprotocol().toStdString();
    if (chosen != protocol::subprotocolCbor)
        return close(state::OfflineReason::NotClickroom, QStringLiteral("subprotocol"));
    m_outputs.opened();
}

bool StreamSocket::isFlood(qint64 bytes)
{
    if (m_second.elapsed() >= 1000) {
        m_second.restart();
        m_messagesInSecond = 0;
        m_bytesInSecond = 0;
    }
    m_bytesInSecond += bytes;
    return ++m_messagesInSecond > messagesPerSecondMax || m_bytesInSecond > bytesPerSecondMax;
}

void StreamSocket::onBinary(const QByteArray& bytes)
{
    if (m_ended)
        return;
    if (isFlood(bytes.size())) {
        m_outputs.violation(QStringLiteral("flood"));
        return close(state::OfflineReason::ProtocolError, QStringLiteral("flood"));
    }
    protocol::Decoded decoded =
        protocol::decode({bytes.constData(), static_cast<std::size_t>(bytes.size())}, protocol::Encoding::Cbor);
    if (!decoded.error.empty()) {
        m_outputs.violation(QString::fromStdString(decoded.error).left(64));
        return close(state::OfflineReason::ProtocolError, QString::fromStdString(decoded.error).left(128));
    }
    if (decoded.message) // else of a kind that a later version knows
        m_outputs.message(std::move(*decoded.message));
}

void StreamSocket::send(const protocol::Message& message)
{
    if (m_ended)
        return;
    const std::string bytes = protocol::encode(message, protocol::Encoding::Cbor);
    m_socket.sendBinaryMessage(QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size())));
}

void StreamSocket::onError()
{
    switch (m_socket.error()) {
    case QAbstractSocket::SslHandshakeFailedError:
    case QAbstractSocket::SslInternalError:
    case QAbstractSocket::SslInvalidUserDataError:
        return close(state::OfflineReason::TlsError, m_socket.errorString());
    case QAbstractSocket::RemoteHostClosedError:
        return; // told by disconnected(), with the close code
    default:
        return close(state::OfflineReason::Unreachable, m_socket.errorString());
    }
}

void StreamSocket::close(state::OfflineReason reason, const QString& detail)
{
    if (m_ended)
        return;
    m_ended = true;
    m_socket.abort();
    m_outputs.ended(reason, detail.left(256));
}

} // namespace connection

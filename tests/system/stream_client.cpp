// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/system/stream_client.h"

#include <QNetworkRequest>
#include <QWebSocketHandshakeOptions>

StreamClient::StreamClient(protocol::Encoding encoding, QByteArray token, QObject* parent)
    : QObject(parent), m_encoding(encoding), m_token(std::move(token))
{
    connect(&m_socket, &QWebSocket::binaryMessageReceived, this,
            [this](const QByteArray& bytes) { take(bytes.toStdString()); });
    connect(&m_socket, &QWebSocket::textMessageReceived, this,
            [this](const QString& text) { take(text.toStdString()); });
    connect(&m_socket, &QWebSocket::disconnected, this, [this] {
        m_subscribed = false;
        closeCode = m_socket.closeCode();
    });
}

void StreamClient::open(const QString& url)
{
    QNetworkRequest request{QUrl(url)};
    request.setRawHeader("Authorization", "Bearer " + m_token);
    QWebSocketHandshakeOptions options;
    const std::string_view name =
        m_encoding == protocol::Encoding::Cbor ? protocol::subprotocolCbor : protocol::subprotocolJson;
    options.setSubprotocols({QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()))});
    m_socket.open(request, options);
}

void StreamClient::close()
{
    m_socket.abort();
}

void StreamClient::send(const protocol::Message& message)
{
    const std::string bytes = protocol::encode(message, m_encoding);
    if (m_encoding == protocol::Encoding::Cbor)
        m_socket.sendBinaryMessage(QByteArray::fromStdString(bytes));
    else
        m_socket.sendTextMessage(QString::fromStdString(bytes));
}

void StreamClient::take(const std::string& bytes)
{
    const auto decoded = protocol::decode(bytes, m_encoding);
    if (!decoded.error.empty())
        return violations.append("not decoded: " + QString::fromStdString(decoded.error));
    if (!decoded.message)
        return;
    if (const auto* first = std::get_if<protocol::Hello>(&*decoded.message)) {
        hello = *first;
        protocol::Subscribe subscribe;
        subscribe.id = 1;
        subscribe.filter = filter;
        if (m_cursor)
            subscribe.cursor = protocol::HitSeq(*m_cursor);
        send(subscribe);
    } else if (const auto* answer = std::get_if<protocol::Subscribed>(&*decoded.message)) {
        if (m_cursor && answer->from.value > *m_cursor) {
            if (fetch)
                keep(fetch(*m_cursor, answer->from.value));
            else
                violations.append("a gap that nobody fetches");
        } else if (m_cursor && answer->from.value < *m_cursor) {
            violations.append("subscribed from before the cursor");
        }
        m_cursor = answer->from.value;
        m_subscribed = true;
    } else if (const auto* frame = std::get_if<protocol::Frame>(&*decoded.message)) {
        take(*frame);
        send(protocol::Credit{1});
    } else if (const auto* farewell = std::get_if<protocol::Bye>(&*decoded.message)) {
        bye = *farewell;
    } else if (const auto* mark = std::get_if<protocol::Watermark>(&*decoded.message)) {
        watermark = *mark;
    } else if (const auto* message = std::get_if<protocol::Window>(&*decoded.message)) {
        window = message->aggregate;
    } else if (const auto* now = std::get_if<protocol::SessionStatus>(&*decoded.message)) {
        status = *now;
    }
}

void StreamClient::take(const protocol::Frame& frame)
{
    if (!m_cursor || frame.first.value != *m_cursor + 1)
        violations.append(QString("frame begins at %1, cursor is %2").arg(frame.first.value).arg(m_cursor.value_or(0)));
    if (frame.last < frame.first)
        violations.append("frame ends before it begins");
    for (const protocol::Hit& hit : frame.hits)
        if (hit.seq < frame.first || hit.seq > frame.last)
            violations.append("hit outside its frame");
    dropped += frame.dropped;
    m_cursor = frame.last.value;
    keep(frame.hits);
    if (onFrame)
        onFrame(frame);
}

void StreamClient::keep(const protocol::HitBatch& hits)
{
    for (const protocol::Hit& hit : hits) {
        if (++seen[hit.seq.value] > 1)
            violations.append(QString("hit %1 came twice").arg(hit.seq.value));
        placements[hit.seq.value] = hit.placement;
    }
}

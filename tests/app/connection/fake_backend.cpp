// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/connection/fake_backend.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkRequest>
#include <QTcpSocket>

#include "backend/protocol/codec.h"

FakeBackend::FakeBackend()
{
    m_http.listen(QHostAddress::LocalHost, 0);
    connect(&m_http, &QTcpServer::newConnection, this, &FakeBackend::onHttp);
    listenAgain();
}

void FakeBackend::listenAgain()
{
    m_stream = std::make_unique<QWebSocketServer>(QStringLiteral("fake"), QWebSocketServer::NonSecureMode);
    m_stream->setSupportedSubprotocols(subprotocols);
    m_stream->listen(QHostAddress::LocalHost, m_streamPort);
    m_streamPort = m_stream->serverPort();
    connect(m_stream.get(), &QWebSocketServer::newConnection, this, &FakeBackend::onConnection);
    if (!m_http.isListening())
        m_http.listen(QHostAddress::LocalHost, m_http.property("port").value<quint16>());
    m_http.setProperty("port", m_http.serverPort());
}

void FakeBackend::close()
{
    breakLine();
    m_stream->close();
    m_http.close();
}

QUrl FakeBackend::url() const
{
    return QUrl(QStringLiteral("http://127.0.0.1:%1").arg(m_http.serverPort()));
}

QByteArray FakeBackend::sessionJson() const
{
    return QJsonDocument(QJsonObject{{"workspace", "default"},
                                     {"role", "admin"},
                                     {"dataId", QString::fromStdString(dataId)},
                                     {"streamUrl", QStringLiteral("ws://127.0.0.1:%1/v1/stream").arg(m_streamPort)}})
        .toJson();
}

void FakeBackend::onHttp()
{
    QTcpSocket* socket = m_http.nextPendingConnection();
    auto received = std::make_shared<QByteArray>();
    connect(socket, &QTcpSocket::readyRead, this, [this, socket, received] {
        *received += socket->readAll();
        const qsizetype end = received->indexOf("\r\n\r\n");
        if (end < 0)
            return;
        HttpRequest request;
        request.head = received->first(end);
        request.body = received->sliced(end + 4);
        const QList<QByteArray> words = request.head.split('\n').first().split(' ');
        request.method = words.value(0);
        const QUrl target = QUrl::fromEncoded(words.value(1));
        request.path = target.path().toUtf8();
        request.query = QUrlQuery(target);
        received->clear();
        requests.push_back(request);
        answer(socket, request);
    });
    connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
}

void FakeBackend::answer(QTcpSocket* socket, const HttpRequest& request)
{
    HttpAnswer answer;
    answer.status = 0;
    if (http)
        answer = http(request);
    if (answer.status == 0) {
        answer = {};
        if (!request.head.contains("Bearer " + token))
            answer.status = 401;
        else if (request.path == "/v1/session")
            answer.body = sessionJson();
        else if (request.path == "/v1/hits")
            answer = hitsAnswer(request);
        else
            answer.status = 404;
    }
    socket->write("HTTP/1.1 " + QByteArray::number(answer.status) + " X\r\nContent-Type: " + answer.contentType +
                  "\r\nContent-Length: " + QByteArray::number(answer.body.size()) + "\r\n" + answer.headers + "\r\n" +
                  answer.body);
}

FakeBackend::HttpAnswer FakeBackend::hitsAnswer(const HttpRequest& request) const
{
    const quint64 after = request.query.queryItemValue(QStringLiteral("after")).toULongLong();
    const quint64 limit = request.query.queryItemValue(QStringLiteral("limit")).toULongLong();
    protocol::Frame frame;
    frame.first = protocol::HitSeq(after + 1);
    frame.last = protocol::HitSeq(after);
    for (const protocol::Hit& hit : stored) {
        if (hit.seq.value <= after || frame.hits.size() >= limit)
            continue;
        frame.hits.push_back(hit);
        frame.last = hit.seq;
    }
    HttpAnswer answer;
    answer.contentType = "application/cbor";
    answer.body = QByteArray::fromStdString(protocol::encode(frame, protocol::Encoding::Cbor));
    return answer;
}

void FakeBackend::onConnection()
{
    m_socket = m_stream->nextPendingConnection();
    m_socket->setParent(this);
    ++connections;
    sentHits = 0;
    authorizations.push_back(m_socket->request().rawHeader("Authorization").toStdString());
    connect(m_socket, &QWebSocket::binaryMessageReceived, this, &FakeBackend::onMessage);
    if (!greets)
        return;
    protocol::Hello hello;
    hello.server = "fake";
    hello.dataId = dataId;
    hello.workspace = "default";
    hello.lastSeq = protocol::HitSeq(lastSeq());
    hello.firstSeq = protocol::HitSeq(stored.empty() ? 0 : 1);
    hello.creditFrames = creditFrames;
    send(hello);
}

void FakeBackend::onMessage(const QByteArray& bytes)
{
    const protocol::Decoded decoded =
        protocol::decode({bytes.constData(), static_cast<std::size_t>(bytes.size())}, protocol::Encoding::Cbor);
    if (!decoded.message)
        return;
    if (const auto* credit = std::get_if<protocol::Credit>(&*decoded.message))
        credits += credit->frames;
    if (const auto* ping = std::get_if<protocol::Ping>(&*decoded.message); ping && answersPings) {
        protocol::SessionStatus status;
        status.echo = ping->echo;
        status.sentHits = sentHits;
        status.time = protocol::UtcMs(QDateTime::currentMSecsSinceEpoch() + 5000); // its clock is five seconds ahead
        status.lastSeq = protocol::HitSeq(lastSeq());
        send(status);
    }
    if (const auto* subscribe = std::get_if<protocol::Subscribe>(&*decoded.message)) {
        subscribes.push_back(*subscribe);
        if (!confirms)
            return;
        const std::uint64_t from =
            std::max(subscribe->cursor ? subscribe->cursor->value : lastSeq(), resumeFromAtLeast);
        send(protocol::Subscribed{subscribe->id, protocol::HitSeq(from)});
        if (resumes && subscribe->cursor)
            sendStored(from, true);
    }
}

void FakeBackend::store(int hits)
{
    for (int i = 0; i < hits; ++i) {
        protocol::Hit hit;
        hit.seq = protocol::HitSeq(lastSeq() + 1);
        hit.time = protocol::UtcMs(1'772'366'400'000);
        hit.domain = "go.acme.example";
        hit.slug = std::to_string(hit.seq.value);
        stored.push_back(hit);
    }
}

void FakeBackend::sendStored(std::uint64_t after, bool resumed)
{
    for (std::size_t at = static_cast<std::size_t>(after); at < stored.size(); at += framesHits) {
        protocol::Frame frame;
        const auto first = stored.begin() + static_cast<std::ptrdiff_t>(at);
        frame.hits.assign(first,
                          stored.begin() + static_cast<std::ptrdiff_t>(std::min(stored.size(), at + framesHits)));
        frame.first = frame.hits.front().seq;
        frame.last = frame.hits.back().seq;
        frame.resumed = resumed;
        send(frame);
    }
}

void FakeBackend::send(const protocol::Message& message)
{
    if (const auto* frame = std::get_if<protocol::Frame>(&message))
        sentHits += frame->hits.size();
    sendBytes(QByteArray::fromStdString(protocol::encode(message, protocol::Encoding::Cbor)));
}

void FakeBackend::sendBytes(const QByteArray& bytes)
{
    if (m_socket)
        m_socket->sendBinaryMessage(bytes);
}

void FakeBackend::breakLine()
{
    if (!m_socket)
        return;
    m_socket->flush();
    m_socket->abort();
    m_socket->deleteLater();
    m_socket.clear();
}

int FakeBackend::requestsFor(const QByteArray& path) const
{
    return static_cast<int>(std::count_if(requests.begin(), requests.end(),
                                          [&](const HttpRequest& request) { return request.path == path; }));
}

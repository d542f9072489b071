// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QObject>
#include <QPointer>
#include <QTcpServer>
#include <QUrlQuery>
#include <QWebSocket>
#include <QWebSocketServer>

#include <functional>
#include <vector>

#include "backend/protocol/messages.h"

// A backend in the test's own hands: real sockets, real bytes, and any answer a test wants. Told nothing else, it
// behaves: it greets, confirms subscriptions, sends what lies behind a cursor, answers pings and gives out hits.
class FakeBackend final : public QObject {
    Q_OBJECT

public:
    struct HttpRequest {
        QByteArray method, path, head, body;
        QUrlQuery query;
    };
    struct HttpAnswer {
        int status = 200;
        QByteArray body = {};
        QByteArray headers = {}; // more of them, each with CRLF
        QByteArray contentType = "application/json";
    };

    FakeBackend();

    QUrl url() const;
    QByteArray sessionJson() const;
    HttpAnswer hitsAnswer(const HttpRequest& request) const;

    // What it is.
    protocol::HitBatch stored; // by sequence, from 1
    std::string dataId = "data-1";
    QByteArray token = "secret";
    int creditFrames = 16;
    std::size_t framesHits = 50;
    std::uint64_t resumeFromAtLeast = 0; // older cursors are answered with this one
    bool greets = true, confirms = true, answersPings = true, resumes = true;
    QList<QString> subprotocols{QStringLiteral("clickroom.v1.cbor")};
    // Asked first; a status of 0 leaves the answer to the backend.
    std::function<HttpAnswer(const HttpRequest&)> http;

    // What it heard.
    std::vector<HttpRequest> requests;
    std::vector<protocol::Subscribe> subscribes;
    std::vector<std::string> authorizations; // of stream handshakes
    int credits = 0;
    std::uint64_t sentHits = 0; // in this session
    int connections = 0;

    // What it does.
    void store(int hits); // appended to `stored`, not sent
    void sendStored(std::uint64_t after, bool resumed = false);
    void send(const protocol::Message& message);
    void sendBytes(const QByteArray& bytes);
    void breakLine();
    void listenAgain(); // after close()
    void close();
    QWebSocket* socket() const { return m_socket; }
    std::uint64_t lastSeq() const { return stored.empty() ? 0 : stored.back().seq.value; }
    int requestsFor(const QByteArray& path) const;

private:
    void onHttp();
    void answer(class QTcpSocket* socket, const HttpRequest& request);
    void onConnection();
    void onMessage(const QByteArray& bytes);

    QTcpServer m_http;
    std::unique_ptr<QWebSocketServer> m_stream;
    QPointer<QWebSocket> m_socket;
    quint16 m_streamPort = 0;
};

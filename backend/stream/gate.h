// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QHostAddress>
#include <QPointer>
#include <QSslServer>
#include <QTcpSocket>
#include <QWebSocketServer>

#include "backend/stream/session.h"

namespace stream {

// The door: listens, bounds connections and the time of their handshake, and lets in who asks for the right path and
// form, from an allowed Origin, with a token that somebody knows. Everyone else is told why and shut out.
class Gate final : public QObject {
    Q_OBJECT

public:
    Gate(const Seams& seams, const Surroundings& around, QObject* parent);
    ~Gate() override;

    void listen(); // throws std::runtime_error
    std::uint16_t port() const { return m_tcp->serverPort(); }
    void reloadTls();
    void close();

signals:
    void opened(QWebSocket* socket, protocol::Encoding encoding, const stream::Grant& grant, const std::string& token);

private:
    using Peer = std::pair<QHostAddress, quint16>;

    void takeConnections();
    // False: too many; the socket is gone.
    bool count(QTcpSocket* socket);
    void takeConnection(QTcpSocket* socket);
    void takeUpgraded();
    void admit(QWebSocket* socket);

    const Seams& m_seams;
    Surroundings m_around;
    int m_connections = 0;
    QHash<Peer, QMetaObject::Connection> m_shaking; // connections that are not upgraded yet
    QTcpServer* m_tcp;                              // a QSslServer where there is a certificate
    QWebSocketServer m_web;
};

} // namespace stream

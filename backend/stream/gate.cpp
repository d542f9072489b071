// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/stream/gate.h"

#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QTimer>
#include <QWebSocketCorsAuthenticator>

#include <algorithm>
#include <stdexcept>

#include "backend/protocol/limits.h"

namespace stream {

using protocol::ByeReason;
using protocol::Encoding;

namespace {

constexpr auto path = "/v1/stream";
constexpr qsizetype tokenBytesMax = 512;
// Connections beyond the sessions: those shaking hands, and those being told why they may not come in.
constexpr int connectionsExtra = 256;

QString text(std::string_view view)
{
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

// The token of "Authorization: Bearer TOKEN"; empty where there is none.
std::string bearerToken(const QNetworkRequest& request)
{
    const QByteArray header = request.rawHeader("Authorization").trimmed();
    constexpr qsizetype scheme = 7; // "Bearer "
    if (header.size() <= scheme || header.size() > tokenBytesMax || header.first(scheme).toLower() != "bearer ")
        return {};
    return header.sliced(scheme).trimmed().toStdString();
}

QSslConfiguration configurationOf(const runtime::TlsIdentity& identity)
{
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setProtocol(QSsl::TlsV1_2OrLater);
    configuration.setPeerVerifyMode(QSslSocket::VerifyNone); // consoles show a token, not a certificate
    configuration.setLocalCertificateChain(
        QSslCertificate::fromData(QByteArray::fromStdString(identity.certificatePem())));
    for (const auto algorithm : {QSsl::Ec, QSsl::Rsa})
        if (const QSslKey key(QByteArray::fromStdString(identity.keyPem()), algorithm); !key.isNull())
            configuration.setPrivateKey(key);
    return configuration;
}

} // namespace

Gate::Gate(const Seams& seams, const Surroundings& around, QObject* parent)
    : QObject(parent), m_seams(seams), m_around(around),
      m_tcp(around.options.tls ? new QSslServer(this) : new QTcpServer(this)),
      m_web(QString::fromStdString(seams.server), QWebSocketServer::NonSecureMode, this)
{
    m_web.setSupportedSubprotocols({text(protocol::subprotocolCbor), text(protocol::subprotocolJson)});
    m_web.setMaxPendingConnections(connectionsExtra);
    connect(m_tcp, &QTcpServer::pendingConnectionAvailable, this, &Gate::takeConnections);
    if (auto* tls = qobject_cast<QSslServer*>(m_tcp)) {
        tls->setHandshakeTimeout(m_around.options.handshakeTimeoutMs);
        // Counted from the first byte on: a handshake is where a flood would begin.
        connect(tls, &QSslServer::startedEncryptionHandshake, this, &Gate::count);
        reloadTls();
    }
    connect(&m_web, &QWebSocketServer::newConnection, this, &Gate::takeUpgraded);
    // Programs send no Origin; a browser's page that is not listed is refused with 403 before the upgrade.
    connect(&m_web, &QWebSocketServer::originAuthenticationRequired, this, [this](QWebSocketCorsAuthenticator* asked) {
        const std::string origin = asked->origin().toStdString();
        const auto& allowed = m_around.options.allowedOrigins;
        const bool good = origin.empty() || std::find(allowed.begin(), allowed.end(), origin) != allowed.end();
        m_around.counters.refused += good ? 0 : 1;
        asked->setAllowed(good);
    });
}

void Gate::listen()
{
    const Options& options = m_around.options;
    const QHostAddress address(QString::fromStdString(options.host == "localhost" ? "127.0.0.1" : options.host));
    if (address.isNull() || !m_tcp->listen(address, options.port))
        throw std::runtime_error("the stream cannot listen on " + options.host + ":" + std::to_string(options.port) +
                                 ": " + (address.isNull() ? "not an address" : m_tcp->errorString().toStdString()));
}

void Gate::close()
{
    m_tcp->close();
    m_web.close();
}

// Sockets outlive this: what they tell as they end would find no list any more.
Gate::~Gate()
{
    for (const QMetaObject::Connection& shaking : std::as_const(m_shaking))
        disconnect(shaking);
}

void Gate::takeConnections()
{
    while (QTcpSocket* socket = m_tcp->nextPendingConnection())
        takeConnection(socket);
}

void Gate::reloadTls()
{
    if (auto* tls = qobject_cast<QSslServer*>(m_tcp))
        tls->setSslConfiguration(configurationOf(*m_around.options.tls->current()));
}

bool Gate::count(QTcpSocket* socket)
{
    if (m_connections >= m_around.options.sessionsMax + connectionsExtra) {
        ++m_around.counters.refused;
        socket->abort();
        socket->deleteLater();
        return false;
    }
    ++m_connections;
    connect(socket, &QObject::destroyed, this, [this] { --m_connections; });
    return true;
}

void Gate::takeConnection(QTcpSocket* socket)
{
    if (!m_around.options.tls && !count(socket))
        return;
    // A frame must not wait for the console's acknowledgement of the one before: that may take 40 ms.
    socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    const Peer peer{socket->peerAddress(), socket->peerPort()};
    m_shaking.insert(peer, connect(socket, &QTcpSocket::disconnected, socket, [this, socket, peer] {
                         m_shaking.remove(peer);
                         socket->deleteLater();
                     }));
    QTimer::singleShot(m_around.options.handshakeTimeoutMs, this, [this, peer, watched = QPointer(socket)] {
        if (watched && m_shaking.contains(peer)) {
            ++m_around.counters.refused;
            watched->abort();
        }
    });
    m_web.handleConnection(socket);
}

void Gate::takeUpgraded()
{
    while (QWebSocket* socket = m_web.nextPendingConnection()) {
        // From here on the socket belongs to the WebSocket.
        disconnect(m_shaking.take({socket->peerAddress(), socket->peerPort()}));
        admit(socket);
    }
}

void Gate::admit(QWebSocket* socket)
{
    socket->setParent(this);
    // Twice the limit: what lies between gets a bye that says so, more is cut off by the socket itself.
    socket->setMaxAllowedIncomingMessageSize(2 * protocol::limits::clientMessageBytes);
    socket->setMaxAllowedIncomingFrameSize(2 * protocol::limits::clientMessageBytes);
    const QString subprotocol = socket->subprotocol();
    const Encoding encoding = subprotocol == text(protocol::subprotocolCbor) ? Encoding::Cbor : Encoding::Json;
    const auto shutOut = [&](ByeReason reason, const char* field) {
        ++m_around.counters.refused;
        refuse(socket, encoding, reason, field, 0);
    };
    if (socket->requestUrl().path() != QLatin1String(path))
        return shutOut(ByeReason::BadMessage, "path");
    if (subprotocol.isEmpty())
        return shutOut(ByeReason::BadMessage, "subprotocol");
    const std::string token = bearerToken(socket->request());
    const std::optional<Grant> grant = token.empty() ? std::nullopt : m_seams.authenticate(token);
    if (!grant)
        return shutOut(ByeReason::Unauthorized, "authorization");
    emit opened(socket, encoding, *grant, token);
}

} // namespace stream

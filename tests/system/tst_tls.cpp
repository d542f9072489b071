// SPDX-License-Identifier: GPL-3.0-or-later
// The real backend and the console's own line under TLS on every port.
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslServer>
#include <QTest>

#include "app/connection/trusted_certificates.h"
#include "app/models/hit_table_model.h"
#include "tests/app/connection/console_under_test.h"
#include "tests/support/test_certificate.h"
#include "tests/system/backend_process.h"

using state::Phase;

namespace {

struct Console : ConsoleUnderTest {
    Console(quint16 apiPort, const QByteArray& token) : ConsoleUnderTest(patientOptions(), 1000), model(state)
    {
        connection->connectTo(QUrl(QStringLiteral("https://127.0.0.1:%1").arg(apiPort)), QString::fromUtf8(token));
    }

    models::HitTableModel model;
};

// Answers every request with the same session, over TLS.
class OneAnswer : public QSslServer {
public:
    OneAnswer(const TestCertificate& made, const QByteArray& body)
    {
        QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
        configuration.setLocalCertificateChain(QSslCertificate::fromPath(made.certificate));
        QFile key(made.key);
        if (key.open(QIODevice::ReadOnly))
            configuration.setPrivateKey(QSslKey(&key, QSsl::Ec));
        setSslConfiguration(configuration);
        listen(QHostAddress::LocalHost);
        connect(this, &QTcpServer::pendingConnectionAvailable, this, [this, body] {
            while (QTcpSocket* socket = nextPendingConnection())
                connect(socket, &QTcpSocket::readyRead, socket, [socket, body] {
                    if (socket->readAll().contains("\r\n\r\n"))
                        socket->write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
                                      QByteArray::number(body.size()) + "\r\n\r\n" + body);
                });
        });
    }
};

} // namespace

class TlsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void aStrangersCertificateIsRefused();
    void everyLineIsEncrypted();
    void anOpenStreamBesideHttpsIsRefused();

private:
    QTemporaryDir m_folder;
    QStringList m_options;
    std::unique_ptr<TestCertificate> m_made;
};

void TlsTest::initTestCase()
{
    m_made = std::make_unique<TestCertificate>(m_folder.path(), QStringLiteral("clickroom"), 7);
    m_options = {QStringLiteral("--tls-certificate"), m_made->certificate, QStringLiteral("--tls-key"), m_made->key};
}

void TlsTest::aStrangersCertificateIsRefused()
{
    BackendProcess backend;
    QVERIFY2(backend.start(m_options), qPrintable(backend.error()));
    Console console(backend.apiPort(), backend.token());
    QTRY_COMPARE(console.reason(), state::OfflineReason::TlsError);
    QVERIFY(!connection::trustCertificatesOf(m_made->key).isEmpty());
    QCOMPARE(connection::trustCertificatesOf(m_made->certificate), QString());
}

void TlsTest::everyLineIsEncrypted()
{
    BackendProcess backend;
    QVERIFY2(backend.start(m_options), qPrintable(backend.error()));
    // The commands beside the backend reach it without a certificate for 127.0.0.1.
    const CommandResult added = backend.command({"link", "add", "https://acme.example/", "--slug", "spring"});
    QVERIFY2(added.status == 0, added.err.constData());

    Console console(backend.apiPort(), backend.token());
    QTRY_COMPARE(console.phase(), Phase::Live);
    QSslSocket visitor;
    visitor.connectToHostEncrypted(QStringLiteral("localhost"), backend.redirectPort());
    QVERIFY2(visitor.waitForEncrypted(10'000), qPrintable(visitor.errorString()));
    visitor.write("GET /spring HTTP/1.1\r\nHost: localhost\r\n\r\n");
    QTRY_VERIFY(visitor.bytesAvailable() > 0);
    QVERIFY(visitor.readAll().startsWith("HTTP/1.1 302"));
    QTRY_COMPARE(console.model.rowCount(), 1);
    // In clear the stream answers nobody.
    QTcpSocket clear;
    clear.connectToHost(QStringLiteral("127.0.0.1"), backend.streamPort());
    QVERIFY(clear.waitForConnected(10'000));
    clear.write("GET /v1/stream HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n\r\n");
    QTRY_COMPARE(clear.state(), QAbstractSocket::UnconnectedState);
    QVERIFY(!clear.readAll().startsWith("HTTP/1.1 101"));
}

void TlsTest::anOpenStreamBesideHttpsIsRefused()
{
    OneAnswer fake(*m_made,
                   R"({"workspace":"default","role":"viewer","plan":"starter","zone":"UTC","tokenName":"t",)"
                   R"("streamUrl":"ws://127.0.0.1:1/v1/stream","redirectAddress":"x","dataId":"d","server":"s"})");
    Console console(fake.serverPort(), "token");
    QTRY_COMPARE(console.reason(), state::OfflineReason::TlsError);
    QCOMPARE(console.state.connection().detail, QStringLiteral("stream_not_encrypted"));
}

QTEST_GUILESS_MAIN(TlsTest)
#include "tst_tls.moc"

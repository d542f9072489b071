// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSslCertificate>
#include <QSslSocket>
#include <QTemporaryDir>
#include <QtTest>

#include "tests/backend/redirect/redirect_fixture.h"
#include "tests/support/test_certificate.h"

namespace {

constexpr int patienceMs = 10'000;

std::shared_ptr<runtime::TlsIdentityHolder> holderOf(const TestCertificate& made)
{
    return std::make_shared<runtime::TlsIdentityHolder>(
        runtime::TlsIdentity::Files{made.certificate.toStdString(), made.key.toStdString()});
}

redirect::Options optionsWith(std::shared_ptr<const runtime::TlsIdentityHolder> tls)
{
    redirect::Options options;
    options.tls = std::move(tls);
    return options;
}

// Shakes hands, trusting the one certificate.
bool greet(QSslSocket& socket, quint16 port, const TestCertificate& trusted)
{
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setCaCertificates(QSslCertificate::fromPath(trusted.certificate));
    socket.setSslConfiguration(configuration);
    socket.connectToHostEncrypted(QStringLiteral("localhost"), port);
    return socket.waitForEncrypted(patienceMs);
}

QByteArray readTimes(QSslSocket& socket, const QByteArray& what, int times)
{
    QByteArray bytes;
    while (bytes.count(what) < times && socket.waitForReadyRead(patienceMs))
        bytes += socket.readAll();
    return bytes;
}

} // namespace

class TstRedirectTls : public QObject {
    Q_OBJECT

private slots:
    void onePortServesBoth();
    void pipelinedRequestsAreAnsweredInOrder();
    void aSlowOrBrokenHandshakeEnds();
    void aRenewedCertificateServesNewConnections();
    void filesThatCannotBeUsedAreNamed();

private:
    QTemporaryDir m_folder;
};

void TstRedirectTls::onePortServesBoth()
{
    const TestCertificate made(m_folder.path(), QStringLiteral("both"), 1);
    RunningEdge edge(optionsWith(holderOf(made)));
    QSslSocket socket;
    QVERIFY2(greet(socket, edge.server->port(), made), qPrintable(socket.errorString()));
    QVERIFY(socket.sessionProtocol() >= QSsl::TlsV1_2);
    for (int turn = 0; turn < 2; ++turn) { // keep-alive
        socket.write(QByteArray::fromStdString(get("/sale")));
        const QByteArray answer = readTimes(socket, "\r\n\r\n", 1);
        QVERIFY2(answer.startsWith("HTTP/1.1 302"), answer.constData());
        QVERIFY(answer.contains("https://shop.example/p?x=1"));
    }
    const auto clear = edge.ask(get("/sale"));
    QVERIFY(clear);
    QCOMPARE(clear->status, 302);
    QTRY_COMPARE(edge.hits().size(), std::size_t(3));
}

void TstRedirectTls::pipelinedRequestsAreAnsweredInOrder()
{
    const TestCertificate made(m_folder.path(), QStringLiteral("pipelined"), 1);
    RunningEdge edge(optionsWith(holderOf(made)));
    QSslSocket socket;
    QVERIFY(greet(socket, edge.server->port(), made));
    QByteArray bytes;
    constexpr int count = 300; // more than one record of TLS, and than what may be pipelined at once
    for (int i = 0; i < count; ++i)
        bytes += QByteArray::fromStdString(get(i % 2 ? "/sale" : "/none?padding=" + std::string(200, 'x')));
    socket.write(bytes);
    const QByteArray answers = readTimes(socket, "HTTP/1.1 302", count / 2);
    QCOMPARE(answers.count("HTTP/1.1 404"), count / 2);
    QVERIFY(answers.indexOf("HTTP/1.1 404") < answers.indexOf("HTTP/1.1 302"));
}

void TstRedirectTls::aSlowOrBrokenHandshakeEnds()
{
    const TestCertificate made(m_folder.path(), QStringLiteral("slow"), 1);
    redirect::Options options = optionsWith(holderOf(made));
    options.limits.headerTimeMs = 100;
    RunningEdge edge(options);
    for (const std::string& start : {std::string(), std::string("\x16\x03\x01\x02", 4)}) {
        RawClient client = edge.connect();
        client.send(start);
        QVERIFY(client.closedByPeer());
    }
    RawClient broken = edge.connect();
    broken.send(std::string("\x16\x03\x01\x00\x05hello", 10));
    QTRY_COMPARE(edge.server->counters().tlsFailures.load(), 1U); // told so by an alert, then closed
    // Nobody else noticed.
    QSslSocket socket;
    QVERIFY(greet(socket, edge.server->port(), made));
}

void TstRedirectTls::aRenewedCertificateServesNewConnections()
{
    const TestCertificate first(m_folder.path(), QStringLiteral("renewed"), 1);
    const auto holder = holderOf(first);
    RunningEdge edge(optionsWith(holder));
    QSslSocket before;
    QVERIFY(greet(before, edge.server->port(), first));
    const QByteArray serial = before.peerCertificate().serialNumber();

    std::string problem;
    QCOMPARE(holder->reloadIfChanged(problem), runtime::TlsIdentityHolder::Reload::Unchanged);
    // Half of a renewal: the new certificate with the old key is no pair, and the old identity stays.
    const TestCertificate other(m_folder.path(), QStringLiteral("other"), 2);
    QVERIFY(QFile::remove(first.certificate) && QFile::copy(other.certificate, first.certificate));
    QCOMPARE(holder->reloadIfChanged(problem), runtime::TlsIdentityHolder::Reload::Failed);
    QVERIFY2(QString::fromStdString(problem).contains(first.key), problem.c_str());
    QCOMPARE(holder->reloadIfChanged(problem), runtime::TlsIdentityHolder::Reload::Unchanged);
    QVERIFY(QFile::remove(first.key) && QFile::copy(other.key, first.key));
    QCOMPARE(holder->reloadIfChanged(problem), runtime::TlsIdentityHolder::Reload::Loaded);

    QSslSocket after;
    QVERIFY(greet(after, edge.server->port(), other));
    QVERIFY(after.peerCertificate().serialNumber() != serial);
    before.write(QByteArray::fromStdString(get("/sale")));
    QVERIFY(readTimes(before, "\r\n\r\n", 1).startsWith("HTTP/1.1 302"));
}

void TstRedirectTls::filesThatCannotBeUsedAreNamed()
{
    const TestCertificate made(m_folder.path(), QStringLiteral("named"), 1);
    const auto problemOf = [](const QString& certificate, const QString& key) {
        try {
            const runtime::TlsIdentity identity({certificate.toStdString(), key.toStdString()});
        } catch (const runtime::TlsError& error) {
            return QString::fromUtf8(error.what());
        }
        return QString();
    };
    const QString missing = m_folder.filePath(QStringLiteral("missing.pem"));
    QVERIFY(problemOf(missing, made.key).contains(missing));
    QVERIFY(problemOf(made.key, made.key).contains(made.key)); // no certificate in it
    QVERIFY(problemOf(made.certificate, made.certificate).contains(made.certificate));
    QCOMPARE(problemOf(made.certificate, made.key), QString());
}

QTEST_GUILESS_MAIN(TstRedirectTls)
#include "tst_redirect_tls.moc"

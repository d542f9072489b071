// SPDX-License-Identifier: GPL-3.0-or-later
// The look-up of a domain's TXT record, against a name server of this test's own.
#include <QTest>
#include <QThread>

#include "backend/txt_records.h"
#include "tests/support/name_server.h"
#include "tests/system/backend_process.h"

using support::NameServer;

class TxtRecordsTest : public QObject {
    Q_OBJECT

private slots:
    void findsRecordsAndJoinsTheirPieces()
    {
        NameServer server({{"v=spf1 -all"}, {QByteArray(200, 'a'), QByteArray(50, 'b')}});
        QVERIFY(server.isBound());
        const auto records = txtRecords("_clickroom-verify.go.acme.example", server.address());
        QCOMPARE(records.size(), std::size_t(2));
        QVERIFY(std::find(records.begin(), records.end(), "v=spf1 -all") != records.end());
        QVERIFY(std::find(records.begin(), records.end(), std::string(200, 'a') + std::string(50, 'b')) !=
                records.end());
        QCOMPARE(server.asked(), QByteArray("\x11_clickroom-verify\x02go\x04"
                                            "acme\x07"
                                            "example"));
    }

    void noNameIsNoRecord()
    {
        NameServer server({});
        QVERIFY(server.isBound());
        QVERIFY(txtRecords("_clickroom-verify.go.acme.example", server.address()).empty());
    }

    // From a host nobody knows to its first click, with the real programs.
    void aDomainIsVerifiedThenReadyThenRoutes()
    {
        QThread thread; // commands of the backend are waited for on this one
        thread.start();
        QObject onThread;
        onThread.moveToThread(&thread);
        std::unique_ptr<NameServer> server;
        const auto serve = [&](const QList<QByteArrayList>& records) {
            QMetaObject::invokeMethod(
                &onThread,
                [&] {
                    if (server)
                        server->setRecords(records);
                    else
                        server = std::make_unique<NameServer>(records);
                },
                Qt::BlockingQueuedConnection);
        };
        serve({});
        BackendProcess backend;
        QVERIFY2(backend.start({"--resolver", QStringLiteral("127.0.0.1:%1").arg(server->address().port)}),
                 qPrintable(backend.error()));
        const auto click = [&backend] { return backend.click("/spring", {}, "GET", "go.acme.example"); };
        QVERIFY(click().startsWith("HTTP/1.1 404"));
        const QJsonObject added = backend.command({"domain", "add", "go.acme.example", "--json"}).json();
        QCOMPARE(added["state"].toString(), "pending");
        QCOMPARE(
            backend.command({"link", "add", "https://shop.example/", "--domain", "go.acme.example", "--slug", "spring"})
                .status,
            0);
        const CommandResult early = backend.command({"domain", "verify", "go.acme.example"});
        QCOMPARE(early.status, 1);
        QVERIFY2(early.err.contains("TXT record was not found"), early.err.constData());
        QVERIFY(click().startsWith("HTTP/1.1 404"));
        serve({{"somebody else's"}});
        QVERIFY(backend.command({"domain", "verify", "go.acme.example"}).err.contains("another value"));
        serve({{"somebody else's"}, {added["txtValue"].toString().toUtf8()}});
        QCOMPARE(backend.command({"domain", "verify", "go.acme.example", "--json"}).json()["state"].toString(),
                 "verified");
        // The first request shows that the host leads here; from then on it routes.
        click();
        QTRY_VERIFY(click().startsWith("HTTP/1.1 302"));
        QVERIFY(backend.click("/spring", {}, "GET", "www.go.acme.example").startsWith("HTTP/1.1 404"));
        QMetaObject::invokeMethod(&onThread, [&server] { server.reset(); }, Qt::BlockingQueuedConnection);
        thread.quit();
        thread.wait();
    }
};

QTEST_GUILESS_MAIN(TxtRecordsTest)
#include "tst_txt_records.moc"

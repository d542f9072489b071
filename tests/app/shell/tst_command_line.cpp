// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "app/shell/command_line.h"
#include "app/shell/connect_dialog.h"

using namespace shell;

class tst_CommandLine : public QObject {
    Q_OBJECT

private slots:
    void takesTheContractsOptions()
    {
        const CommandLine line = parse({"--connect", "http://127.0.0.1:8081", "--token-file", "t", "--layout", "wall",
                                        "--screenshot", "a.png", "--after", "7", "--export", "a.csv", "--software"});
        QVERIFY(!line.stop);
        QCOMPARE(line.backend, QUrl(QStringLiteral("http://127.0.0.1:8081")));
        QCOMPARE(line.tokenFile, QStringLiteral("t"));
        QCOMPARE(line.layout, QStringLiteral("wall"));
        QCOMPARE(line.picture, QStringLiteral("a.png"));
        QCOMPARE(line.afterSeconds, 7);
        QCOMPARE(line.csv, QStringLiteral("a.csv"));
        QVERIFY(line.software);
        QVERIFY(line.isUnattended());
    }

    void needsNothing()
    {
        const CommandLine line = parse({});
        QVERIFY(!line.stop);
        QVERIFY(line.backend.isEmpty());
        QVERIFY(!line.isUnattended());
        QCOMPARE(line.layout, QStringLiteral("default"));
        QCOMPARE(parse({"--page", "reports"}).page, QStringLiteral("reports"));
    }

    void refusesWhatItCannotMean_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("no web address") << QStringList{"--connect", "file:///etc/passwd"};
        QTest::newRow("no host") << QStringList{"--connect", "http://"};
        QTest::newRow("both") << QStringList{"--offline", "--connect", "http://a:1"};
        QTest::newRow("not a number") << QStringList{"--screenshot", "a.png", "--after", "soon"};
        QTest::newRow("negative") << QStringList{"--screenshot", "a.png", "--after", "-1"};
        QTest::newRow("after nothing") << QStringList{"--after", "3"};
        QTest::newRow("no such page") << QStringList{"--page", "wall"};
        QTest::newRow("unknown") << QStringList{"--no-such-option"};
        QTest::newRow("a word") << QStringList{"hello"};
    }

    void refusesWhatItCannotMean()
    {
        QFETCH(QStringList, arguments);
        const CommandLine line = parse(arguments);
        QVERIFY(line.stop);
        QCOMPARE(line.exitCode, 2);
        QVERIFY(!line.message.isEmpty());
    }

    void helpIsNoError()
    {
        const CommandLine line = parse({"--help"});
        QVERIFY(line.stop);
        QCOMPARE(line.exitCode, 0);
        QVERIFY(line.message.contains(QStringLiteral("--screenshot")));
    }

    void anAddressIsTakenAsItWasMeant()
    {
        QCOMPARE(backendUrl(QStringLiteral("127.0.0.1")), QUrl(QStringLiteral("http://127.0.0.1:8081")));
        QCOMPARE(backendUrl(QStringLiteral(" clicks.acme.example:9000 ")),
                 QUrl(QStringLiteral("http://clicks.acme.example:9000")));
        QCOMPARE(backendUrl(QStringLiteral("https://clicks.acme.example")),
                 QUrl(QStringLiteral("https://clicks.acme.example")));
        QVERIFY(backendUrl(QStringLiteral("ftp://x")).isEmpty());
        QVERIFY(backendUrl(QString()).isEmpty());
        QVERIFY(backendUrl(QStringLiteral("http://a b")).isEmpty());
    }

private:
    static CommandLine parse(const QStringList& arguments)
    {
        return CommandLine::parse(QStringList{QStringLiteral("clickroom")} + arguments);
    }
};

QTEST_MAIN(tst_CommandLine)
#include "tst_command_line.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "backend/enrich/ip_address.h"

using enrich::Cidr;
using enrich::clientAddress;
using enrich::IpAddress;

namespace {

const std::vector<Cidr> trusted = {*Cidr::from("127.0.0.0/8"), *Cidr::from("10.0.0.0/8"),
                                   *Cidr::from("2001:db8:aaaa::/48")};

QString client(const char* peer, std::string_view forwarded, std::string_view xForwardedFor = {})
{
    return QString::fromStdString(clientAddress(*IpAddress::from(peer), forwarded, xForwardedFor, trusted).text());
}

} // namespace

class TestIpAddress : public QObject {
    Q_OBJECT

private slots:
    void addressesAreReadAndWritten_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("canonical"); // empty: refused
        const auto row = [](const char* text, const char* canonical) { QTest::newRow(text) << text << canonical; };
        row("1.2.3.4", "1.2.3.4");
        row("255.255.255.255", "255.255.255.255");
        row("0.0.0.0", "0.0.0.0");
        row("::", "::");
        row("::1", "::1");
        row("1::", "1::");
        row("2001:DB8:0:0:0:0:0:1", "2001:db8::1");
        row("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1");
        row("2001:0:0:1:0:0:0:1", "2001:0:0:1::1");
        row("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8");
        row("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0");
        row("::ffff:1.2.3.4", "1.2.3.4");
        row("::ffff:102:304", "1.2.3.4");
        row("64:ff9b::1.2.3.4", "64:ff9b::102:304");
        for (const char* wrong : {"",
                                  "1",
                                  "1.2.3",
                                  "1.2.3.4.5",
                                  "1.2.3.256",
                                  "01.2.3.4",
                                  "1.2.3.4 ",
                                  "1.2..4",
                                  "a.b.c.d",
                                  "+1.2.3.4",
                                  ":",
                                  ":::",
                                  "1:::2",
                                  "1::2::3",
                                  "1:2:3:4:5:6:7",
                                  "1:2:3:4:5:6:7:8:9",
                                  "1:2:3:4:5:6:7:8::",
                                  "12345::",
                                  "::g",
                                  "::1%eth0",
                                  "[::1]",
                                  "::1.2.3",
                                  "1.2.3.4::",
                                  ":1:2:3:4:5:6:7",
                                  "1:2:3:4:5:6:7:",
                                  "0x1.2.3.4",
                                  "::1.2.3.4:5",
                                  "1111:1111:1111:1111:1111:1111:1111:1111:1111:1111"})
            row(wrong, "");
    }

    void addressesAreReadAndWritten()
    {
        QFETCH(QString, text);
        QFETCH(QString, canonical);
        const auto address = IpAddress::from(text.toStdString());
        QCOMPARE(address.has_value(), !canonical.isEmpty());
        if (address)
            QCOMPARE(QString::fromStdString(address->text()), canonical);
    }

    void rangesHoldTheirAddresses()
    {
        const auto in = [](const char* range, const char* address) {
            return Cidr::from(range)->contains(*IpAddress::from(address));
        };
        QVERIFY(in("10.0.0.0/8", "10.255.0.1"));
        QVERIFY(!in("10.0.0.0/8", "11.0.0.1"));
        QVERIFY(in("192.168.128.0/17", "192.168.200.1"));
        QVERIFY(!in("192.168.128.0/17", "192.168.127.1"));
        QVERIFY(in("1.2.3.4", "1.2.3.4"));
        QVERIFY(!in("1.2.3.4", "1.2.3.5"));
        QVERIFY(in("0.0.0.0/0", "9.9.9.9"));
        QVERIFY(!in("0.0.0.0/0", "::1"));
        QVERIFY(in("2001:db8::/33", "2001:db8:7fff::1"));
        QVERIFY(!in("2001:db8::/33", "2001:db8:8000::1"));
        QVERIFY(in("10.0.0.0/8", "::ffff:10.1.1.1"));
        QVERIFY(in("::ffff:10.0.0.0/104", "10.1.1.1"));
        for (const char* wrong :
             {"", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "::1/129", "x/8", "::ffff:10.0.0.0/95"})
            QVERIFY2(!Cidr::from(wrong), wrong);
    }

    void headersOfStrangersAreNotBelieved()
    {
        QCOMPARE(client("9.9.9.9", "for=1.2.3.4", "1.2.3.4"), "9.9.9.9");
        QCOMPARE(client("2001:db8::1", "for=1.2.3.4"), "2001:db8::1");
    }

    void trustedHopsAreWalkedFromTheRight()
    {
        QCOMPARE(client("127.0.0.1", "", ""), "127.0.0.1");
        QCOMPARE(client("127.0.0.1", "", "1.2.3.4"), "1.2.3.4");
        // What the visitor wrote himself stands to the left of what the first proxy saw.
        QCOMPARE(client("127.0.0.1", "", "6.6.6.6, 1.2.3.4"), "1.2.3.4");
        QCOMPARE(client("127.0.0.1", "", "6.6.6.6, 1.2.3.4, 10.0.0.1,10.0.0.2"), "1.2.3.4");
        QCOMPARE(client("127.0.0.1", "", "10.0.0.3, 10.0.0.1"), "10.0.0.3");
        QCOMPARE(client("127.0.0.1", "", "1.2.3.4:5678"), "1.2.3.4");
        QCOMPARE(client("127.0.0.1", "", "[2001:db8::5]:443"), "2001:db8::5");
        QCOMPARE(client("127.0.0.1", "", "2001:db8::5"), "2001:db8::5");
        QCOMPARE(client("127.0.0.1", "", "::ffff:1.2.3.4"), "1.2.3.4");
        QCOMPARE(client("127.0.0.1", "", "1.2.3.4, , "), "1.2.3.4");
    }

    void forwardedComesFirstAndIsReadWhole()
    {
        QCOMPARE(client("127.0.0.1", "for=1.2.3.4", "5.5.5.5"), "1.2.3.4");
        QCOMPARE(client("127.0.0.1", "For=\"[2001:db8:cafe::17]:4711\";proto=https;by=203.0.113.43"),
                 "2001:db8:cafe::17");
        QCOMPARE(client("127.0.0.1", "for=6.6.6.6, for=1.2.3.4;proto=http, for=10.0.0.9"), "1.2.3.4");
        QCOMPARE(client("127.0.0.1", "proto=http;FOR=1.2.3.4"), "1.2.3.4");
        QCOMPARE(client("127.0.0.1", "for=1.2.3.4, for=\"[2001:db8:aaaa::1]\""), "1.2.3.4");
        QCOMPARE(client("127.0.0.1", "for=\"1.2.3.4, for=10.0.0.1"),
                 "10.0.0.1"); // an unpaired quote swallows nothing to its right
    }

    void whatCannotBeReadEndsTheWalk()
    {
        QCOMPARE(client("127.0.0.1", "for=_hidden"), "127.0.0.1");
        QCOMPARE(client("127.0.0.1", "for=unknown, for=10.0.0.1"), "10.0.0.1");
        QCOMPARE(client("127.0.0.1", "by=10.0.0.1"), "127.0.0.1");
        QCOMPARE(client("127.0.0.1", "for=1.2.3.4;for=5.6.7.8"), "127.0.0.1");
        QCOMPARE(client("127.0.0.1", "", "1.2.3.4, garbage, 10.0.0.1"), "10.0.0.1");
        QCOMPARE(client("127.0.0.1", "", "\x01\xff[]\"\","), "127.0.0.1");
        QCOMPARE(client("127.0.0.1", "", std::string(100'000, ',')), "127.0.0.1");
        QCOMPARE(client("127.0.0.1", "", "1.2.3.4" + std::string(100'000, 'x')), "127.0.0.1");
    }
};

QTEST_GUILESS_MAIN(TestIpAddress)
#include "tst_ip_address.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "backend/links/destination.h"
#include "backend/protocol/limits.h"

using namespace links;

namespace {

struct QrMarker {
    bool found = false;
    std::string placement;
};

QrMarker markerOf(const std::string& query)
{
    QueryParameters parameters;
    parameters.read(query);
    QrMarker marker;
    marker.found = readQrMarker(parameters, marker.placement);
    return marker;
}

struct Sent {
    std::string base, location;
    Utm utm;
};

// Made twice by one maker, with something else between: nothing of that may stay.
Sent sentTo(const std::string& destination, const Utm& utm, const std::string& query)
{
    TargetMaker maker;
    Sent sent;
    QueryParameters parameters, others;
    others.read("utm_content=left&over=1");
    maker.make("https://other.example/?utm_source=x&a=b#c", {"s", "m", "c", "t", "n"}, others,
               {sent.base, sent.location, sent.utm});
    parameters.read(query);
    maker.make(destination, utm, parameters, {sent.base, sent.location, sent.utm});
    return sent;
}

} // namespace

class TestDestination : public QObject {
    Q_OBJECT

private slots:
    void onlyPlainWebAddressesMayBeDestinations_data()
    {
        QTest::addColumn<QByteArray>("destination");
        QTest::addColumn<QByteArray>("problem");
        const auto row = [](const char* destination, const char* problem) {
            QTest::newRow(destination) << QByteArray(destination) << QByteArray(problem);
        };
        row("https://example.org", "");
        row("HTTP://Example.org:8080/a?b#c", "");
        row("https://[2001:db8::1]:443/", "");
        row("https://under_score.example/", "");
        row("https://example.org/\xc3\xa4", "");
        row("", "empty");
        row("//example.org/", "scheme");
        row("/path", "scheme");
        row("javascript:alert(1)", "scheme");
        row("javascript://example.org/%0aalert(1)", "scheme");
        row("ftp://example.org/", "scheme");
        row("data:text/html,x", "scheme");
        row("https://user:pw@example.org/", "credentials");
        row("https://good.example@evil.example/", "credentials");
        row("https://good.example\\@evil.example/", "character");
        row("https://exa mple.org/", "character");
        row("https:///path", "host");
        row("https://?q", "host");
        row("https://example.org:0/", "host");
        row("https://example.org:99999/", "host");
        row("https://example.org:/", "host");
        row("https://b\xc3\xbc"
            "cher.example/",
            "host");
        row("https://%6cocalhost/", "host");
        row("https://a..b/", "host");
        row("https://[::1/", "host");
        row("https://example.org/\r\nSet-Cookie: a=b", "control");
        QTest::newRow("longest") << QByteArray("https://e.org/").leftJustified(8192, 'a') << QByteArray();
        QTest::newRow("too long") << QByteArray("https://e.org/").leftJustified(8193, 'a') << QByteArray("too_long");
    }

    void onlyPlainWebAddressesMayBeDestinations()
    {
        QFETCH(QByteArray, destination);
        QFETCH(QByteArray, problem);
        QCOMPARE(destinationProblem(destination.toStdString()), problem.toStdString());
    }

    void slugsAndHostsAreChecked()
    {
        QCOMPARE(slugProblem(""), "");
        QCOMPARE(slugProblem("a/b/C.d"), "");
        QCOMPARE(slugProblem("\xc3\xa4"), "");
        QCOMPARE(slugProblem(std::string(255, 'a')), "");
        QCOMPARE(slugProblem(std::string(256, 'a')), "too_long");
        QCOMPARE(slugProblem("robots.txt"), "reserved");
        QCOMPARE(slugProblem(".well-known/x"), "reserved");
        QCOMPARE(slugProblem("a\nb"), "control");
        QCOMPARE(slugProblem("a\xff"), "control");
        QCOMPARE(slugProblem("\xe2\x80\xae"
                             "a"),
                 "control");
        QCOMPARE(slugProblem("a/../b"), "dot_segment");
        QCOMPARE(slugProblem("."), "dot_segment");

        QCOMPARE(hostProblem("localhost"), "");
        QCOMPARE(hostProblem("a-1.example.com"), "");
        QCOMPARE(hostProblem(""), "empty");
        QCOMPARE(hostProblem(std::string(254, 'a')), "too_long");
        QCOMPARE(hostProblem("Example.com"), "character");
        QCOMPARE(hostProblem("a b"), "character");
        QCOMPARE(hostProblem("a..b"), "label");
        QCOMPARE(hostProblem("-a.b"), "label");
        QCOMPARE(hostProblem(std::string(64, 'a') + ".b"), "label");
    }

    void markersAreRecognised_data()
    {
        QTest::addColumn<QString>("query");
        QTest::addColumn<bool>("found");
        QTest::addColumn<QString>("placement");
        QTest::newRow("none") << "a=b&qrx=1" << false << "";
        QTest::newRow("placement") << "qr=poster-a" << true << "poster-a";
        QTest::newRow("one") << "a=b&qr=1" << true << "";
        QTest::newRow("bare") << "qr" << true << "";
        QTest::newRow("nr") << "nr=qr" << true << "";
        QTest::newRow("nr and placement") << "nr=qr&qr=door" << true << "door";
        QTest::newRow("other nr") << "nr=mail" << false << "";
        QTest::newRow("escaped") << "q%72=a%20b+c" << true << "a b c";
        QTest::newRow("case") << "QR=a" << false << "";
        QTest::newRow("long") << "qr=" + QString(200, 'x') << true << QString(64, 'x');
    }

    void markersAreRecognised()
    {
        QFETCH(QString, query);
        QFETCH(bool, found);
        QFETCH(QString, placement);
        const QrMarker marker = markerOf(query.toStdString());
        QCOMPARE(marker.found, found);
        QCOMPARE(marker.placement, placement.toStdString());
    }

    void hostilePlacementsAreMadeSafe()
    {
        const QrMarker marker = markerOf("qr=a%0d%0a%1b%e2%80%ae%ff");
        QVERIFY(marker.found);
        for (const char c : marker.placement)
            QVERIFY(static_cast<unsigned char>(c) >= 0x20);
        QVERIFY(marker.placement.find("\xe2\x80\xae") == std::string::npos);
        QVERIFY(marker.placement.find('\xff') == std::string::npos);
    }

    void visitorsQueryIsAddedAndNeverReplaces_data()
    {
        QTest::addColumn<QString>("destination");
        QTest::addColumn<QString>("query");
        QTest::addColumn<QString>("location");
        QTest::newRow("nothing") << "https://e.org/p" << "" << "https://e.org/p";
        QTest::newRow("added") << "https://e.org/p" << "a=1&b=2" << "https://e.org/p?a=1&b=2";
        QTest::newRow("beside its own") << "https://e.org/p?x=1" << "a=1" << "https://e.org/p?x=1&a=1";
        QTest::newRow("own wins") << "https://e.org/p?x=1" << "x=2&y=3" << "https://e.org/p?x=1&y=3";
        QTest::newRow("own wins though escaped") << "https://e.org/p?x=1" << "%78=2" << "https://e.org/p?x=1";
        QTest::newRow("doubled by the visitor") << "https://e.org/" << "a=1&a=2" << "https://e.org/?a=1&a=2";
        QTest::newRow("fragment") << "https://e.org/p#top" << "a=1" << "https://e.org/p?a=1#top";
        QTest::newRow("question mark in fragment") << "https://e.org/#/r?x=1" << "x=2" << "https://e.org/?x=2#/r?x=1";
        QTest::newRow("empty own query") << "https://e.org/?" << "a=1" << "https://e.org/?a=1";
        QTest::newRow("no path") << "https://e.org" << "a=1" << "https://e.org?a=1";
        QTest::newRow("marker goes") << "https://e.org/" << "qr=poster&a=1&nr=qr" << "https://e.org/?a=1";
        QTest::newRow("only marker") << "https://e.org/" << "qr=1" << "https://e.org/";
        QTest::newRow("own qr stays") << "https://e.org/?qr=mine" << "qr=1" << "https://e.org/?qr=mine";
        QTest::newRow("odd bytes") << "https://e.org/" << "a=\"<>#\\" << "https://e.org/?a=%22%3C%3E%23%5C";
        QTest::newRow("empty pieces") << "https://e.org/" << "&&a=1&" << "https://e.org/?a=1";
        QTest::newRow("no new host") << "https://e.org" << "@evil.example/" << "https://e.org?@evil.example/";
    }

    void visitorsQueryIsAddedAndNeverReplaces()
    {
        QFETCH(QString, destination);
        QFETCH(QString, query);
        QFETCH(QString, location);
        const Sent target = sentTo(destination.toStdString(), {}, query.toStdString());
        QCOMPARE(QString::fromStdString(target.location), location);
        QCOMPARE(QString::fromStdString(target.base), destination);
    }

    void utmValuesFillWhatTheDestinationLacks()
    {
        Utm utm;
        utm.source = "newsletter";
        utm.medium = "e mail";
        const Sent target = sentTo("https://e.org/?utm_source=own#f", utm, "utm_medium=x&utm_term=shoes&b=1");
        QCOMPARE(target.base, "https://e.org/?utm_source=own&utm_medium=e%20mail#f");
        QCOMPARE(target.location, "https://e.org/?utm_source=own&utm_medium=e%20mail&utm_term=shoes&b=1#f");
        QCOMPARE(target.utm.source, "own");
        QCOMPARE(target.utm.medium, "e mail");
        QCOMPARE(target.utm.term, "shoes");
        QCOMPARE(target.utm.campaign, "");
    }

    void visitorsQueryIsBounded()
    {
        std::string query;
        for (int i = 0; i < 5000; ++i)
            query += "&p" + std::to_string(i) + "=v";
        const Sent many = sentTo("https://e.org/", {}, query);
        QVERIFY(many.location.size() < 2000);
        const Sent longOne = sentTo("https://e.org/", {}, "a=" + std::string(8190, 'x') + "&b=1");
        QCOMPARE(longOne.location, "https://e.org/?b=1");
    }

    void bytesOfDestinationsAreEscapedForTheHeader()
    {
        QCOMPARE(sentTo("https://e.org/\xc3\xa4?\xff#\xc3\xa4", {}, "").location, "https://e.org/%C3%A4?%FF#%C3%A4");
    }

    void ownDomainsAreNoDestinations()
    {
        Domain ready;
        ready.id = protocol::DomainId(1);
        ready.host = "go.example";
        ready.state = DomainState::Ready;
        Domain pending = ready;
        pending.id = protocol::DomainId(2);
        pending.host = "later.example";
        pending.state = DomainState::Pending;
        const auto snapshot = Snapshot::build({}, {ready, pending}, {});
        QCOMPARE(destinationProblem("https://go.example/x", *snapshot), "own_domain");
        QCOMPARE(destinationProblem("http://GO.Example.:8080/x", *snapshot), "own_domain");
        QCOMPARE(destinationProblem("https://later.example/x", *snapshot), "");
        QCOMPARE(destinationProblem("https://www.go.example/x", *snapshot), "");
        QCOMPARE(destinationProblem("ftp://go.example/x", *snapshot), "scheme");
    }
};

QTEST_GUILESS_MAIN(TestDestination)
#include "tst_destination.moc"

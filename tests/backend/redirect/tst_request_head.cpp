// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "backend/redirect/request_head.h"

using redirect::HeadResult;
using redirect::RequestHead;
using State = HeadResult::State;

namespace {

const redirect::Limits limits;

std::string withHost(std::string_view moreHeaders, std::string_view line = "GET / HTTP/1.1")
{
    return std::string(line) + "\r\nHost: h\r\n" + std::string(moreHeaders) + "\r\n";
}

} // namespace

class TestRequestHead : public QObject {
    Q_OBJECT

private slots:
    void whatMattersIsKept()
    {
        const std::string bytes =
            "GET /a%20b?c=d&e HTTP/1.1\r\nHost: Go.Example:8080\r\nUSER-AGENT: Agent/1 \r\nReferer: "
            "https://r.example/x\r\n"
            "Accept-Language: de\r\nAccept: */*\r\nSec-CH-UA: \"A\";v=1\r\nSec-CH-UA-Mobile: ?1\r\nSec-CH-UA-Platform: "
            "\"Android\"\r\n"
            "Sec-GPC: 1\r\nX-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 2.2.2.2\r\nForwarded: for=3.3.3.3\r\n\r\nNEXT";
        RequestHead head;
        const HeadResult result = redirect::readHead(bytes, limits, head);
        QVERIFY(result.state == State::Complete);
        QCOMPARE(result.bytes, bytes.size() - 4);
        QVERIFY(head.method == RequestHead::Method::Get);
        QCOMPARE(head.host, "go.example");
        QCOMPARE(head.path, std::string_view("/a%20b"));
        QCOMPARE(head.query, std::string_view("c=d&e"));
        QCOMPARE(head.userAgent, std::string_view("Agent/1"));
        QCOMPARE(head.referer, std::string_view("https://r.example/x"));
        QCOMPARE(head.acceptLanguage, std::string_view("de"));
        QCOMPARE(head.accept, std::string_view("*/*"));
        QCOMPARE(head.secChUa, std::string_view("\"A\";v=1"));
        QCOMPARE(head.secChUaMobile, std::string_view("?1"));
        QCOMPARE(head.secChUaPlatform, std::string_view("\"Android\""));
        QCOMPARE(head.xForwardedFor, std::string_view("1.1.1.1, 2.2.2.2"));
        QCOMPARE(head.forwarded, std::string_view("for=3.3.3.3"));
        QVERIFY(head.globalPrivacyControl && head.keepAlive && !head.http10 && !head.hasBody && !head.prefetch);
        // Nothing of one request may stay for the next.
        QVERIFY(redirect::readHead(withHost(""), limits, head).state == State::Complete);
        QVERIFY(head.userAgent.empty() && head.xForwardedFor.empty() && head.query.empty() &&
                !head.globalPrivacyControl);
    }

    void everyPrefixIsUnfinished()
    {
        const std::string bytes = withHost("User-Agent: x\r\nAccept: y\r\n", "HEAD /abc?d HTTP/1.1");
        RequestHead head;
        for (std::size_t length = 0; length < bytes.size(); ++length)
            QVERIFY2(redirect::readHead(std::string_view(bytes).substr(0, length), limits, head).state ==
                         State::NeedMore,
                     std::to_string(length).c_str());
        QVERIFY(redirect::readHead(bytes, limits, head).state == State::Complete);
        QVERIFY(head.method == RequestHead::Method::Head);
    }

    void malformedRequestsAreRefused_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("status");
        const auto row = [](const char* name, const std::string& bytes, int status = 400) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << status;
        };
        row("no host", "GET / HTTP/1.1\r\n\r\n");
        row("no host in 1.0", "GET / HTTP/1.0\r\n\r\n");
        row("empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n");
        row("doubled host", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n");
        row("host with path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n");
        row("host with user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n");
        row("host list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n");
        row("host with odd port", "GET / HTTP/1.1\r\nHost: a:8x\r\n\r\n");
        row("host with markup", "GET / HTTP/1.1\r\nHost: <b>\r\n\r\n");
        row("open bracket", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n");
        row("long host", "GET / HTTP/1.1\r\nHost: " + std::string(254, 'a') + "\r\n\r\n");
        row("bare line feeds", "GET / HTTP/1.1\nHost: h\n\n");
        row("bare carriage return", "GET / HTTP/1.1\rHost: h\r\r");
        row("line feed in a value", withHost("A: b\nc: d\r\n"));
        row("NUL in a value", withHost(std::string("A: b\0c\r\n", 8)));
        row("NUL in the target", std::string("GET /\0a HTTP/1.1\r\nHost: h\r\n\r\n", 29));
        row("NUL in a name", withHost(std::string("A\0: b\r\n", 7)));
        row("space before the colon", withHost("Name : v\r\n"));
        row("no colon", withHost("Name\r\n"));
        row("empty name", withHost(": v\r\n"));
        row("folded line", withHost("A: b\r\n c\r\n"));
        row("folded first line", "GET / HTTP/1.1\r\n Host: h\r\n\r\n");
        row("length and chunks", withHost("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"));
        row("chunks and length", withHost("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n"));
        row("doubled length", withHost("Content-Length: 3\r\nContent-Length: 4\r\n"));
        row("negative length", withHost("Content-Length: -1\r\n"));
        row("huge length", withHost("Content-Length: 99999999999999999999999\r\n"));
        row("length list", withHost("Content-Length: 3, 4\r\n"));
        row("no version", "GET /\r\nHost: h\r\n\r\n");
        row("version 2", withHost("", "GET / HTTP/2.0"));
        row("version 0.9", withHost("", "GET / HTTP/0.9"));
        row("lower-case version", withHost("", "GET / http/1.1"));
        row("two spaces", withHost("", "GET  / HTTP/1.1"));
        row("tab", withHost("", "GET\t/ HTTP/1.1"));
        row("no method", withHost("", " / HTTP/1.1"));
        row("space in the target", withHost("", "GET /a b HTTP/1.1"));
        row("trailing space", withHost("", "GET / HTTP/1.1 "));
        row("asterisk", withHost("", "GET * HTTP/1.1"));
        row("relative target", withHost("", "GET index.html HTTP/1.1"));
        row("other scheme", withHost("", "GET ftp://h/ HTTP/1.1"));
        row("other host in the target", withHost("", "GET http://other/ HTTP/1.1"));
        row("user in the target", withHost("", "GET http://u@h/ HTTP/1.1"));
        row("long target", withHost("", "GET /" + std::string(8192, 'a') + " HTTP/1.1"), 414);
        row("endless target", "GET /" + std::string(9000, 'a'), 414);
        row("endless method", std::string(9000, 'A'), 414);
        row("long header", withHost("A: " + std::string(16'384, 'a') + "\r\n"), 431);
        row("endless header", "GET / HTTP/1.1\r\nA: " + std::string(16'500, 'a'), 431);
        std::string many;
        for (int i = 0; i < 100; ++i)
            many += "A: b\r\n";
        row("101 headers", withHost(many), 431);
    }

    void malformedRequestsAreRefused()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, status);
        RequestHead head;
        const HeadResult result = redirect::readHead(bytes.toStdString(), limits, head);
        QVERIFY(result.state == State::Refused);
        QCOMPARE(static_cast<int>(result.status), status);
    }

    void limitsThemselvesAreAllowed()
    {
        RequestHead head;
        QVERIFY(redirect::readHead(withHost("", "GET /" + std::string(8191, 'a') + " HTTP/1.1"), limits, head).state ==
                State::Complete);
        std::string many;
        for (int i = 0; i < 99; ++i)
            many += "A: b\r\n";
        QVERIFY(redirect::readHead(withHost(many), limits, head).state == State::Complete);
        QVERIFY(redirect::readHead(withHost("A: " + std::string(16'000, 'a') + "\r\n"), limits, head).state ==
                State::Complete);
    }

    void oddButLegalRequestsAreRead()
    {
        RequestHead head;
        std::string bytes;
        const auto reads = [&](std::string text) {
            bytes = std::move(text); // the head's views point here
            return redirect::readHead(bytes, limits, head).state == State::Complete;
        };
        QVERIFY(reads(withHost("", "GET http://H:80/p?q HTTP/1.1")));
        QCOMPARE(head.path, std::string_view("/p"));
        QVERIFY(reads(withHost("", "GET https://h?q HTTP/1.1")));
        QCOMPARE(head.path, std::string_view("/"));
        QCOMPARE(head.query, std::string_view("q"));
        QVERIFY(reads(withHost("", "GET /\xc3\xa4#x\" HTTP/1.1")));
        QCOMPARE(head.path, std::string_view("/\xc3\xa4#x\""));
        QVERIFY(reads("GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n"));
        QCOMPARE(head.host, "[::1]");
        QVERIFY(reads(withHost("User-Agent: \xff\xfe\t\r\n")));
        QVERIFY(reads(withHost("", "BREW /pot HTTP/1.1")));
        QVERIFY(head.method == RequestHead::Method::Other);
    }

    void connectionsAreKeptAsTheClientSays_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("headers");
        QTest::addColumn<bool>("keepAlive");
        QTest::addColumn<bool>("hasBody");
        QTest::newRow("1.1") << QByteArray("GET / HTTP/1.1") << QByteArray() << true << false;
        QTest::newRow("1.1 close") << QByteArray("GET / HTTP/1.1") << QByteArray("Connection: te, Close\r\n") << false
                                   << false;
        QTest::newRow("1.0") << QByteArray("GET / HTTP/1.0") << QByteArray() << false << false;
        QTest::newRow("1.0 keep-alive") << QByteArray("GET / HTTP/1.0") << QByteArray("Connection: Keep-Alive\r\n")
                                        << true << false;
        QTest::newRow("no body") << QByteArray("GET / HTTP/1.1") << QByteArray("Content-Length: 0\r\n") << true
                                 << false;
        QTest::newRow("body") << QByteArray("GET / HTTP/1.1") << QByteArray("Content-Length: 5\r\n") << false << true;
        QTest::newRow("chunks") << QByteArray("GET / HTTP/1.1") << QByteArray("Transfer-Encoding: chunked\r\n") << false
                                << true;
        QTest::newRow("gzip") << QByteArray("GET / HTTP/1.1") << QByteArray("Transfer-Encoding: gzip\r\n") << false
                              << true;
    }

    void connectionsAreKeptAsTheClientSays()
    {
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, headers);
        QFETCH(bool, keepAlive);
        QFETCH(bool, hasBody);
        RequestHead head;
        QVERIFY(redirect::readHead(withHost(headers.toStdString(), line.toStdString()), limits, head).state ==
                State::Complete);
        QCOMPARE(head.keepAlive, keepAlive);
        QCOMPARE(head.hasBody, hasBody);
    }

    void prefetchesAreTold()
    {
        RequestHead head;
        for (const char* header :
             {"Sec-Purpose: prefetch;prerender", "Purpose: prefetch", "X-Purpose: preview", "X-Moz: Prefetch"}) {
            QVERIFY(redirect::readHead(withHost(std::string(header) + "\r\n"), limits, head).state == State::Complete);
            QVERIFY2(head.prefetch, header);
        }
        QVERIFY(redirect::readHead(withHost("Purpose: fun\r\n"), limits, head).state == State::Complete);
        QVERIFY(!head.prefetch);
    }
};

QTEST_GUILESS_MAIN(TestRequestHead)
#include "tst_request_head.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include <sodium.h>

#include "backend/redirect/password_checks.h"
#include "tests/backend/redirect/redirect_fixture.h"

using protocol::HitClass;
using protocol::HitReason;

namespace {

constexpr std::string_view secret = "sésame & öffne=dich";
constexpr std::string_view escapedSecret = "s%C3%A9same+%26+%C3%B6ffne%3Ddich";

std::string post(std::string_view target, std::string_view password, std::string_view more = {})
{
    const std::string form = "token=1&password=" + std::string(password);
    return "POST " + std::string(target) +
           " HTTP/1.1\r\nHost: go.example\r\nContent-Type: application/x-www-form-urlencoded; charset=utf-8\r\n" +
           std::string(more) + "Content-Length: " + std::to_string(form.size()) + "\r\n\r\n" + form;
}

// The sample links, and "private", which asks for the password.
void protect(RunningEdge& edge)
{
    QVERIFY(sodium_init() >= 0);
    std::array<char, crypto_pwhash_STRBYTES> hash{};
    QCOMPARE(crypto_pwhash_str(hash.data(), secret.data(), secret.size(), crypto_pwhash_OPSLIMIT_MIN,
                               crypto_pwhash_MEMLIMIT_MIN),
             0);
    links::Link link;
    link.id = protocol::LinkId(9);
    link.domain = protocol::DomainId(1);
    link.slug = "private";
    link.destination = "https://shop.example/members";
    link.status = 307;
    link.passwordHash = hash.data();
    edge.snapshots.publish(edge.snapshots.current()->withLink(link));
}

} // namespace

class TstRedirectPassword : public QObject {
    Q_OBJECT

private slots:
    void theRightPasswordLetsIn()
    {
        RunningEdge edge;
        protect(edge);
        const auto page = edge.ask(get("/private?utm_source=mail"));
        QVERIFY(page);
        QCOMPARE(page->status, 403);
        QVERIFY(page->body.find("type=\"password\"") != std::string::npos);
        QVERIFY(page->header("Content-Security-Policy").find("default-src 'none'") != std::string::npos);
        const auto in = edge.ask(post("/private?utm_source=mail", escapedSecret));
        QVERIFY(in);
        QCOMPARE(in->status, 303); // a 307 would carry the password on
        QCOMPARE(in->header("Location"), std::string("https://shop.example/members?utm_source=mail"));
        QTRY_COMPARE(edge.hits().size(), std::size_t(2));
        const protocol::HitBatch hits = edge.hits();
        QCOMPARE(hits[0].hitClass, HitClass::Blocked);
        QCOMPARE(hits[0].reason, HitReason::PasswordNotPassed);
        QCOMPARE(hits[1].hitClass, HitClass::Click);
        QCOMPARE(hits[1].status, std::uint16_t(303));
        QCOMPARE(hits[1].utmSource, std::string("mail"));
        QCOMPARE(hits[1].destination, std::string("https://shop.example/members"));
    }

    void aWrongOneIsToldSoAndTriesAreLimited()
    {
        RunningEdge edge;
        protect(edge);
        for (std::uint32_t i = 0; i < redirect::PasswordAttempts::perMinute; ++i) {
            const auto again = edge.ask(post("/private", "wrong"));
            QVERIFY(again);
            QCOMPARE(again->status, 403);
            QVERIFY(again->body.find("not the password") != std::string::npos);
        }
        const auto tooMany = edge.ask(post("/private", escapedSecret));
        QVERIFY(tooMany);
        // The clock may have passed into another minute meanwhile; then the right password is let in.
        if (tooMany->status != 303) {
            QCOMPARE(tooMany->status, 429);
            QCOMPARE(tooMany->header("Retry-After"), std::string("60"));
            QTRY_COMPARE(edge.hits().back().reason, HitReason::RateLimit);
        }
        QTRY_COMPARE(edge.hits().size(), std::size_t(redirect::PasswordAttempts::perMinute) + 1);
        // Without a password in it a form is only asked again.
        QCOMPARE(edge.ask(post("/private", std::string(300, 'x')))->status, 403);
        QCOMPARE(edge.ask(post("/private", "%zz"))->status, 403);
    }

    void splitAtEveryByte()
    {
        RunningEdge edge;
        protect(edge);
        const std::string bytes = post("/private", escapedSecret);
        RawClient client = edge.connect();
        // Ten tries a minute and address: a few of the places, those around the form's beginning among them.
        const std::size_t form = bytes.find("\r\n\r\n");
        for (const std::size_t at : {std::size_t(1), form, form + 2, form + 4, form + 5, bytes.size() - 1}) {
            client.send(std::string_view(bytes).substr(0, at));
            client.send(std::string_view(bytes).substr(at));
            const auto in = client.receive();
            QVERIFY2(in, std::to_string(at).c_str());
            QCOMPARE(in->status, 303);
        }
    }

    void answersStayInOrder()
    {
        RunningEdge edge;
        protect(edge);
        RawClient client = edge.connect();
        client.send(get("/sale") + post("/private", escapedSecret) + get("/sale") + post("/private", "no") +
                    get("/none"));
        for (const int status : {302, 303, 302, 403, 404}) {
            const auto answer = client.receive();
            QVERIFY(answer);
            QCOMPARE(answer->status, status);
        }
    }

    void otherLinksTakeNoForm()
    {
        RunningEdge edge;
        protect(edge);
        QCOMPARE(edge.ask(post("/sale", "x"))->status, 405);
        QCOMPARE(edge.ask(post("/none", "x"))->status, 405);
        QCOMPARE(edge.ask(post("/private", std::string(2000, 'x')))->status, 405);
        QCOMPARE(edge.ask("POST /private HTTP/1.1\r\nHost: go.example\r\nContent-Length: 3\r\n\r\na=b")->status, 405);
        QCOMPARE(edge.ask("POST /private HTTP/1.1\r\nHost: go.example\r\nContent-Type: "
                          "application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
                     ->status,
                 405);
        QCOMPARE(edge.ask(get("/sale"))->status, 302);
        QTRY_COMPARE(edge.hits().size(), std::size_t(1));
        QCOMPARE(edge.server->counters().refused.load(), 5U);
    }

    void aVisitorWhoLeavesIsStillAHit()
    {
        RunningEdge edge;
        protect(edge);
        {
            RawClient client = edge.connect();
            client.send(post("/private", escapedSecret));
        }
        QTRY_COMPARE(edge.hits().size(), std::size_t(1));
        edge.stop();
    }
};

QTEST_GUILESS_MAIN(TstRedirectPassword)
#include "tst_redirect_password.moc"

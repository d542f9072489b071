// SPDX-License-Identifier: GPL-3.0-or-later
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "backend/api/http/message.h"
#include "backend/api/http/router.h"
#include "backend/api/token_book.h"

using namespace api;

namespace {

Router threeRoutes()
{
    Router router;
    const Handler none = [](const Call&, const Respond&) {};
    router.add({"GET", "/v1/links", Access::Viewer, RunsOn::Loop, none});
    router.add({"POST", "/v1/links", Access::Operator, RunsOn::Loop, none});
    router.add({"GET", "/v1/links/{id}/hits", Access::Viewer, RunsOn::Loop, none});
    return router;
}

} // namespace

class HttpMessageTest : public QObject {
    Q_OBJECT

private slots:
    void targetIsSplitAndDecoded()
    {
        Request request;
        QVERIFY(setTarget(request, "/v1/hits?after=5&filter=%7B%22bot%22:true%7D&empty=&flag&a+b=c+d#x"));
        QCOMPARE(request.path, "/v1/hits");
        QCOMPARE(*request.parameter("after"), "5");
        QCOMPARE(*request.parameter("filter"), "{\"bot\":true}");
        QCOMPARE(*request.parameter("empty"), "");
        QCOMPARE(*request.parameter("flag"), "");
        QCOMPARE(*request.parameter("a b"), "c d");
        QVERIFY(!request.parameter("missing"));
    }

    void brokenTargetsAreRefused_data()
    {
        QTest::addColumn<QByteArray>("target");
        for (const char* target : {"", "v1", "*", "http://host/", "/?a=%", "/?a=%4", "/?%zz=1", "/?a=%g0"})
            QTest::newRow(target) << QByteArray(target);
    }

    void brokenTargetsAreRefused()
    {
        QFETCH(QByteArray, target);
        Request request;
        QVERIFY(!setTarget(request, target.toStdString()));
    }

    void routesMatchWholePathsOnly()
    {
        const Router router = threeRoutes();
        QCOMPARE(router.match("GET", "/v1/links").route, &router.routes()[0]);
        QCOMPARE(router.match("HEAD", "/v1/links").route, &router.routes()[0]);
        QCOMPARE(router.match("POST", "/v1/links").route, &router.routes()[1]);
        const auto match = router.match("GET", "/v1/links/a%2Fb/hits");
        QCOMPARE(match.route, &router.routes()[2]);
        QCOMPARE(match.captured, std::vector<std::string>{"a/b"});
        for (const char* path :
             {"/v1/links/", "/v1/link", "/v1/links/5", "/v1/links//hits", "/v1/links/5/hits/", "/v1/links/%/hits", "/"})
            QVERIFY2(!router.match("GET", path).route, path);
    }

    void knownPathWithOtherMethodNamesTheAllowedOnes()
    {
        const auto match = threeRoutes().match("DELETE", "/v1/links");
        QVERIFY(!match.route);
        QCOMPARE(match.allowed, "GET, HEAD, POST");
        QCOMPARE(threeRoutes().match("DELETE", "/nothing").allowed, "");
    }

    void problemHasStableTypeFieldAndLimit()
    {
        const Response response = problem(409, "slug_taken", "slug", 7);
        QCOMPARE(response.status, 409u);
        QCOMPARE(response.contentType, "application/problem+json");
        const QJsonObject object = QJsonDocument::fromJson(QByteArray::fromStdString(response.body)).object();
        QCOMPARE(object["type"].toString(), "/problems/slug-taken");
        QCOMPARE(object["title"].toString(), "Slug taken");
        QCOMPARE(object["field"].toString(), "slug");
        QCOMPARE(object["limit"].toInt(), 7);
        QCOMPARE(object["status"].toInt(), 409);
    }

    void hostileTextBecomesValidJson()
    {
        const std::string hostile = std::string("a\"\\\n\0\x1f", 6) + "\xff\xe2\x82\xac";
        const auto document = QJsonDocument::fromJson("[" + QByteArray::fromStdString(jsonString(hostile)) + "]");
        QCOMPARE(document[0].toString(), QString::fromUtf8(hostile.data(), static_cast<qsizetype>(hostile.size())));
    }

    void bearerSecretIsTakenFromTheHeader()
    {
        QCOMPARE(bearerSecret("Bearer abc"), "abc");
        QCOMPARE(bearerSecret("bEARER  abc "), "abc");
        QCOMPARE(bearerSecret("Basic abc"), "");
        QCOMPARE(bearerSecret("Bearer"), "");
        QCOMPARE(bearerSecret(""), "");
    }
};

QTEST_GUILESS_MAIN(HttpMessageTest)
#include "tst_http_message.moc"

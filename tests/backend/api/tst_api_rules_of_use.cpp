// SPDX-License-Identifier: GPL-3.0-or-later
// Who may ask what, how often, and what asking twice gives; misses and what people may have meant; workspaces.
#include "tests/backend/api/api_fixture.h"

namespace {

const QJsonObject newLink{{"domain", "localhost"}, {"destination", "https://acme.example/"}};

} // namespace

class ApiRulesOfUseTest : public QObject {
    Q_OBJECT

private slots:
    // From the document that is served: nobody does what he may not, and who may is not kept out.
    void everyRoleOnEveryRoute()
    {
        ApiFixture api;
        const QStringList roles{"", "viewer", "operator", "admin"};
        std::map<QString, QByteArray> tokens{{"", ""}, {"unknown", "cr_nobodys"}, {"admin", api.admin}};
        for (const char* role : {"viewer", "operator"})
            tokens[role] = api.makeToken(role);
        const QJsonObject paths = api.get("/openapi.json").json["paths"].toObject();
        int asked = 0;
        for (auto path = paths.begin(); path != paths.end(); ++path) {
            const QJsonObject operations = path->toObject();
            for (const QString& method : operations.keys()) {
                const QString least = operations[method]["x-role"].toString();
                QVERIFY(roles.contains(least));
                for (const auto& [role, token] : tokens) {
                    const Answer answer =
                        api.send(method.toUpper().toUtf8(), QString(path.key()).replace("{id}", "999"), token,
                                 method == "get" ? QJsonObject() : QJsonObject{{"x", 1}});
                    const QByteArray what = (role + " " + method + " " + path.key()).toUtf8();
                    ++asked;
                    if (least.isEmpty()) {
                        QVERIFY2(answer.status != 401 && answer.status != 403, what);
                    } else if (role.isEmpty() || role == "unknown") {
                        QVERIFY2(answer.status == 401 && answer.problem() == "unauthorized", what);
                    } else if (roles.indexOf(role) < roles.indexOf(least)) {
                        QVERIFY2(answer.status == 403 && answer.problem() == "not-allowed", what);
                    } else {
                        QVERIFY2(answer.status != 401 && answer.status != 403, what);
                    }
                }
            }
        }
        QVERIFY(asked > 100);
        QCOMPARE(api.snapshot.current()->linkCount(), std::size_t(0));
        QCOMPARE(api.get("/v1/tokens").json["items"].toArray().size(), 3);
    }

    void askingTwiceMakesOne()
    {
        ApiFixture api;
        const auto make = [&](const QByteArray& token, const QByteArray& key, const QJsonObject& body = newLink) {
            return api.send("POST", "/v1/links", token, body, {{"Idempotency-Key", key}});
        };
        const Answer first = make(api.admin, "a");
        QCOMPARE(first.status, 201);
        const Answer again = make(api.admin, "a");
        QCOMPARE(again.status, 201);
        QCOMPARE(again.body, first.body);
        QCOMPARE(again.etag, first.etag);
        QJsonObject other = newLink;
        other["notes"] = "x";
        const Answer different = make(api.admin, "a", other);
        QCOMPARE(different.status, 422);
        QCOMPARE(different.problem(), "idempotency-mismatch");
        QVERIFY(make(api.admin, "b").body != first.body);
        QVERIFY(make(api.makeToken("operator"), "a").body != first.body); // another's key
        QCOMPARE(make(api.admin, QByteArray(200, 'x')).problem(), "too-long");
        QCOMPARE(api.snapshot.current()->linkCount(), std::size_t(3));

        // A refusal is an answer too.
        QJsonObject refused = newLink;
        refused["destination"] = "ftp://x/";
        QCOMPARE(make(api.admin, "c", refused).status, 422);
        QCOMPARE(make(api.admin, "c", refused).problem(), "destination-scheme");
    }

    void askingTwiceAtOnceMakesOne()
    {
        ApiFixture api;
        QList<QNetworkReply*> replies;
        for (int i = 0; i < 6; ++i)
            replies += api.begin("POST", "/v1/links", api.admin, QJsonDocument(newLink).toJson(),
                                 {{"Idempotency-Key", "one"}});
        QSet<QByteArray> made;
        for (QNetworkReply* reply : replies) {
            const Answer answer = ApiFixture::finish(reply);
            if (answer.status == 201)
                made.insert(answer.body);
            else
                QCOMPARE(answer.problem(), "idempotency-in-progress");
        }
        QCOMPARE(made.size(), 1);
        QCOMPARE(api.snapshot.current()->linkCount(), std::size_t(1));
    }

    void whoAsksTooOftenIsToldToWait()
    {
        api::Options options;
        options.requestsPerSecond = 1; // ten at once
        ApiFixture api({}, options);
        int answered = 0;
        Answer answer;
        for (int i = 0; i < 20 && answer.status != 429; ++i, answered += answer.status == 200)
            answer = api.get("/v1/session");
        QCOMPARE(answer.status, 429);
        QVERIFY(answered >= 10 && answered < 15);
        QCOMPARE(answer.problem(), "rate-limited");
        QCOMPARE(answer.retryAfter, "1");
        QCOMPARE(answer.json["limit"].toInt(), 1);
        QCOMPARE(api.send("GET", "/health/live", {}).status, 200);
        QCOMPARE(api.send("GET", "/v1/session", "wrong").status, 401);
    }

    void missesComeWithWhatWasMeant()
    {
        ApiFixture api;
        api.post("/v1/links", {{"domain", "localhost"}, {"slug", "spring"}, {"destination", "https://a.example/"}});
        std::vector<protocol::Hit> hits;
        for (const char* slug : {"sprng", "winter", "sprng", "spring", "sprng"}) {
            protocol::Hit hit = api.hitOf(slug);
            if (!hit.link) {
                hit.hitClass = protocol::HitClass::Miss;
                hit.reason = protocol::HitReason::UnknownSlug;
            }
            hits.push_back(hit);
        }
        protocol::Hit paused = api.hitOf("spring");
        paused.hitClass = protocol::HitClass::Miss;
        paused.reason = protocol::HitReason::LinkPaused;
        hits.push_back(paused);
        api.storeHits(hits);
        const Answer misses = api.get("/v1/misses");
        QCOMPARE(misses.status, 200);
        const QJsonArray items = misses.json["items"].toArray();
        QCOMPARE(items.size(), 3);
        QCOMPARE(items[0]["slug"].toString(), "sprng");
        QCOMPARE(items[0]["count"].toInt(), 3);
        QCOMPARE(items[0]["reason"].toString(), "unknown_slug");
        QCOMPARE(items[0]["suggestion"].toString(), "spring");
        QVERIFY(!items[0]["last"].toString().isEmpty());
        for (int at : {1, 2})
            QVERIFY(items[at]["suggestion"].isNull());
        QCOMPARE(api.get("/v1/misses?limit=1").json["items"].toArray().size(), 1);
        const QString later = QString::number(api.clock.utcMs() + 60'000);
        QCOMPARE(api.get("/v1/misses?since=" + later).json["items"].toArray().size(), 0);

        const Answer suggested = api.get("/v1/suggestions?domain=localhost&slug=Sprng");
        QCOMPARE(suggested.json["suggestions"][0]["slug"].toString(), "spring");
        QCOMPARE(suggested.json["suggestions"][0]["link"].toInt(), 1);
        QCOMPARE(suggested.json["suggestions"][0]["distance"].toInt(), 1);
        QCOMPARE(api.get("/v1/suggestions?domain=localhost").status, 400);
        QCOMPARE(api.get("/v1/suggestions?domain=other&slug=x").problem(), "unknown-domain");
    }

    void workspacesAreChanged()
    {
        ApiFixture api;
        const QString path = "/v1/workspaces/1";
        const Answer changed = api.send("PATCH", path, api.admin,
                                        {{"appSchemes", QJsonArray{"acme"}},
                                         {"utmSources", QJsonArray{"newsletter", "poster"}},
                                         {"zone", "Europe/Berlin"}});
        QCOMPARE(changed.status, 200);
        QCOMPARE(changed.json["appSchemes"].toArray(), QJsonArray{"acme"});
        QCOMPARE(changed.json["utmSources"].toArray().size(), 2);
        QCOMPARE(changed.json["zone"].toString(), "Europe/Berlin");
        QCOMPARE(api.get("/v1/workspaces").json["items"][0].toObject(), changed.json);
        QCOMPARE(api.send("PATCH", path, api.admin, {{"appSchemes", QJsonArray{"javascript"}}}).problem(),
                 "appSchemes-forbidden");
        QCOMPARE(api.send("PATCH", path, api.admin, {{"name", "x"}}).problem(), "not-changeable");
        QJsonObject link = newLink;
        link["iosApp"] = "acme://spring";
        QCOMPARE(api.post("/v1/links", link).status, 201);

        QCOMPARE(api.post("/v1/workspaces", {{"name", "other"}, {"utmMediums", QJsonArray{"cpc"}}}).status, 201);
        const QByteArray theirs = api.makeToken("admin", "other");
        QCOMPARE(api.send("PATCH", path, theirs, {{"zone", "UTC"}}).status, 404);
        QCOMPARE(api.send("PATCH", "/v1/workspaces/2", theirs, {{"zone", "Asia/Tokyo"}}).status, 200);
    }
};

QTEST_GUILESS_MAIN(ApiRulesOfUseTest)
#include "tst_api_rules_of_use.moc"

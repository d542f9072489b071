// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/backend/api/api_fixture.h"

#include "backend/protocol/codec.h"

class ApiServerTest : public QObject {
    Q_OBJECT

private slots:
    void sessionTellsWhoAndWhere()
    {
        ApiFixture api;
        const Answer session = api.get("/v1/session");
        QCOMPARE(session.status, 200);
        QCOMPARE(session.json["workspace"].toString(), "default");
        QCOMPARE(session.json["role"].toString(), "admin");
        QCOMPARE(session.json["plan"].toString(), "professional");
        QCOMPARE(session.json["privacy"].toString(), "standard");
        QCOMPARE(session.json["zone"].toString(), "UTC");
        QCOMPARE(session.json["streamUrl"].toString(), "ws://127.0.0.1:8082/v1/stream");
        QCOMPARE(session.json["redirect"].toString(), "127.0.0.1:8080");
        QCOMPARE(session.json["server"].toString(), "clickroomd test");
        QVERIFY(!session.json["dataId"].toString().isEmpty());
        QCOMPARE(session.json["lastSeq"].toInt(-1), 0);
        QCOMPARE(session.json["watermark"].toObject()["seq"].toInt(-1), 0);
    }

    void tokensAreCheckedOnEveryRequest()
    {
        ApiFixture api;
        QCOMPARE(api.send("GET", "/v1/session", {}).status, 401);
        QCOMPARE(api.send("GET", "/v1/session", "wrong").problem(), "unauthorized");
        QCOMPARE(api.send("GET", "/v1/session", QByteArray(5000, 'x')).status, 401);
        const Answer made = api.post("/v1/tokens", {{"role", "viewer"}, {"name", "wall"}});
        QCOMPARE(made.status, 201);
        const QByteArray secret = made.json["token"].toString().toUtf8();
        QCOMPARE(api.send("GET", "/v1/session", secret).json["token"].toString(), "wall");
        QCOMPARE(api.send("DELETE", QStringLiteral("/v1/tokens/%1").arg(made.json["id"].toInt()), api.admin).status,
                 204);
        QCOMPARE(api.send("GET", "/v1/session", secret).status, 401);
        const Answer list = api.get("/v1/tokens");
        QCOMPARE(list.json["items"].toArray().size(), 2);
        QVERIFY(!list.body.contains(secret));
        QVERIFY(!list.body.contains(api.admin));
    }

    void rolesAreEnforcedPerRoute_data()
    {
        QTest::addColumn<QString>("role");
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QString>("path");
        QTest::addColumn<bool>("allowed");
        const auto row = [](const char* role, const char* method, const char* path, bool allowed) {
            QTest::addRow("%s %s %s", role, method, path) << role << QByteArray(method) << path << allowed;
        };
        for (const char* path :
             {"/v1/session", "/v1/hits", "/v1/stats", "/v1/rollups", "/v1/links", "/v1/domains", "/v1/edits"}) {
            row("viewer", "GET", path, true);
            row("operator", "GET", path, true);
        }
        row("viewer", "POST", "/v1/links", false);
        row("operator", "POST", "/v1/links", true);
        row("viewer", "PATCH", "/v1/links/1", false);
        row("operator", "PATCH", "/v1/links/1", true);
        row("viewer", "POST", "/v1/rollups/run", false);
        row("operator", "POST", "/v1/rollups/run", true);
        for (const char* path : {"/v1/domains", "/v1/tokens", "/v1/workspaces"}) {
            row("operator", "POST", path, false);
            row("admin", "POST", path, true);
        }
        row("operator", "GET", "/v1/tokens", false);
    }

    void rolesAreEnforcedPerRoute()
    {
        QFETCH(QString, role);
        QFETCH(QByteArray, method);
        QFETCH(QString, path);
        QFETCH(bool, allowed);
        if (!m_roles)
            m_roles = std::make_unique<ApiFixture>();
        const Answer answer = m_roles->send(method, path, m_roles->makeToken(role),
                                            method == "GET" ? QJsonObject() : QJsonObject{{"x", 1}});
        QCOMPARE(answer.status == 403, !allowed);
        if (!allowed)
            QCOMPARE(answer.problem(), "not-allowed");
    }

    void linkIsMadeShownAndChanged()
    {
        ApiFixture api;
        const Answer made = api.post(
            "/v1/links", {{"domain", "localhost"}, {"slug", "spring"}, {"destination", "https://acme.example/s"}});
        QCOMPARE(made.status, 201);
        QCOMPARE(made.etag, "\"1\"");
        QCOMPARE(made.json["state"].toString(), "active");
        const QString path = QStringLiteral("/v1/links/%1").arg(made.json["id"].toInt());
        QCOMPARE(api.get(path).json, made.json);

        const Answer changed =
            api.send("PATCH", path, api.admin, {{"destination", "https://acme.example/t"}, {"campaign", "launch"}},
                     {{"If-Match", "\"1\""}});
        QCOMPARE(changed.status, 200);
        QCOMPARE(changed.json["version"].toInt(), 2);
        QCOMPARE(changed.json["destination"].toString(), "https://acme.example/t");
        QCOMPARE(changed.json["slug"].toString(), "spring");

        const Answer stale = api.send("PATCH", path, api.admin, {{"state", "paused"}}, {{"If-Match", "\"1\""}});
        QCOMPARE(stale.status, 412);
        QCOMPARE(stale.problem(), "version-conflict");
        QCOMPARE(api.send("PATCH", path, api.admin, {{"state", "paused"}}).json["state"].toString(), "paused");
        QCOMPARE(api.get(path).json["campaign"].toString(), "launch");

        const Answer edits = api.get("/v1/edits");
        QVERIFY(edits.body.contains("localhost/spring"));
        QVERIFY(edits.json["items"].toArray().size() >= 3);
        // Newest first, page by page, each once.
        QList<qint64> ids;
        for (QString next = "0"; !next.isEmpty();) {
            const Answer page = api.get("/v1/edits?limit=1&cursor=" + next);
            for (const QJsonValue item : page.json["items"].toArray())
                ids.append(item["id"].toInteger());
            next = page.json["next"].toString();
        }
        QCOMPARE(ids.size(), edits.json["items"].toArray().size());
        QVERIFY(std::is_sorted(ids.crbegin(), ids.crend()));
        // Of a range; and thinned, for a chart.
        const QString first = edits.json["items"].toArray().last()["time"].toString();
        QVERIFY(api.get("/v1/edits?until=" + first).json["items"].toArray().isEmpty());
        const QJsonObject all = api.get("/v1/edits/marks?limit=1").json;
        QCOMPARE(all["total"].toInteger(), ids.size());
        QCOMPARE(all["marks"].toArray().size(), 1);
        QCOMPARE(all["marks"][0]["count"].toInteger(), ids.size());
        QCOMPARE(all["marks"][0]["from"].toString(), first);
        QCOMPARE(all["marks"][0]["edit"].toObject(), edits.json["items"].toArray().first().toObject());
        const QJsonObject ofLink = api.get("/v1/edits/marks?link=localhost/spring").json;
        QVERIFY(ofLink["total"].toInteger() >= 3 && ofLink["total"].toInteger() < ids.size());
        QCOMPARE(api.get("/v1/edits/marks?to=" + first).json["total"].toInteger(), 0);
        QCOMPARE(api.get("/v1/edits/marks?link=localhost/none").problem(), "not-found");
        QCOMPARE(api.get("/v1/edits/marks?limit=1001").problem(), "out-of-range");
    }

    void slugIsMadeUpOnRequestAndNeverGivenTwice()
    {
        ApiFixture api;
        const QJsonObject body{{"domain", "localhost"}, {"destination", "https://acme.example/"}};
        const Answer made = api.post("/v1/links", body);
        QCOMPARE(made.status, 201);
        QVERIFY(made.json["slug"].toString().size() >= 7);
        QJsonObject again = body;
        again["slug"] = made.json["slug"];
        const Answer taken = api.post("/v1/links", again);
        QCOMPARE(taken.status, 409);
        QCOMPARE(taken.problem(), "slug-taken");
        QCOMPARE(taken.json["field"].toString(), "slug");
    }

    void wrongFieldsAreNamed_data()
    {
        QTest::addColumn<QJsonObject>("fields");
        QTest::addColumn<QString>("field");
        const QString good = "https://a.example/";
        const auto row = [](const char* name, const QJsonObject& fields, const char* field) {
            QTest::newRow(name) << fields << field;
        };
        row("no domain", {{"destination", good}}, "domain");
        row("no destination", {{"domain", "localhost"}}, "destination");
        row("unknown domain", {{"domain", "other.example"}, {"destination", good}}, "domain");
        const auto more = [&row, &good](const char* name, const QJsonValue& value) {
            QJsonObject fields{{"domain", "localhost"}, {"destination", good}};
            fields[name] = value;
            row(qPrintable(QString("%1 %2").arg(name, value.toVariant().toString())), fields, name);
        };
        more("destination", "javascript:alert(1)");
        more("destination", "http://localhost/loop");
        more("destination", 5);
        more("status", 303);
        more("status", "302");
        more("state", "gone");
        more("slug", "robots.txt");
        more("slug", QString(300, 'x'));
        more("tags", QJsonArray{1});
        more("expiresAt", "soon");
        row("utm", {{"domain", "localhost"}, {"destination", good}, {"utm", QJsonObject{{"source", 7}}}}, "utm.source");
    }

    void wrongFieldsAreNamed()
    {
        QFETCH(QJsonObject, fields);
        QFETCH(QString, field);
        if (!m_roles)
            m_roles = std::make_unique<ApiFixture>();
        const Answer answer = m_roles->post("/v1/links", fields);
        QCOMPARE(answer.status, 422);
        QCOMPARE(answer.type, "application/problem+json");
        QCOMPARE(answer.json["field"].toString(), field);
    }

    void listsPageByCursor()
    {
        ApiFixture api;
        QStringList made;
        for (int i = 0; i < 7; ++i)
            made +=
                api.post("/v1/links",
                         {{"domain", "localhost"}, {"slug", QString::number(i)}, {"destination", "https://a.example/"}})
                    .json["slug"]
                    .toString();
        QStringList seen;
        QString cursor = "0";
        for (int pages = 0; pages < 10 && !cursor.isEmpty(); ++pages) {
            const Answer page = api.get("/v1/links?limit=3&cursor=" + cursor);
            for (const QJsonValue item : page.json["items"].toArray())
                seen += item["slug"].toString();
            cursor = page.json["next"].toString();
        }
        QCOMPARE(seen, made);
        QCOMPARE(api.get("/v1/links?limit=0").json["limit"].toInt(), 1);
        QCOMPARE(api.get("/v1/links?cursor=x").status, 400);
    }

    void otherWorkspacesStayInvisible()
    {
        ApiFixture api;
        QCOMPARE(api.post("/v1/workspaces", {{"name", "acme"}}).status, 201);
        QCOMPARE(api.post("/v1/domains?workspace=acme", {{"host", "go.acme.test"}, {"assume_verified", true}})
                     .json["state"]
                     .toString(),
                 "verified");
        const Answer theirs =
            api.post("/v1/links?workspace=acme",
                     {{"domain", "go.acme.test"}, {"slug", "x"}, {"destination", "https://a.example/"}});
        QCOMPARE(theirs.status, 201);
        const QByteArray acme = api.makeToken("admin", "acme");
        QCOMPARE(api.send("GET", "/v1/session", acme).json["workspace"].toString(), "acme");
        QCOMPARE(api.send("GET", "/v1/links", acme).json["items"].toArray().size(), 1);
        QCOMPARE(api.get("/v1/links").json["items"].toArray().size(), 0);
        const QString path = QStringLiteral("/v1/links/%1").arg(theirs.json["id"].toInt());
        QCOMPARE(api.get(path).status, 404);
        QCOMPARE(api.send("PATCH", path, api.admin, {{"state", "paused"}}).status, 404);
        // An admin of another workspace is no admin of the installation.
        QCOMPARE(api.send("GET", "/v1/links?workspace=default", acme).status, 403);
        QCOMPARE(api.send("POST", "/v1/workspaces", acme, {{"name", "third"}}).status, 403);
        QCOMPARE(api.send("GET", "/v1/tokens", acme).json["items"].toArray().size(), 1);
        api.storeHits({api.hitOf("")});
        QCOMPARE(api.send("GET", "/v1/stats", acme).json["hits"].toInt(-1), 0);
        QCOMPARE(api.send("GET", "/v1/hits", acme).json["hits"].toArray().size(), 0);
        QCOMPARE(api.get("/v1/stats").json["hits"].toInt(), 1);
    }

    void hitsComeAsJsonAndAsOneFrame()
    {
        ApiFixture api;
        std::vector<protocol::Hit> hits;
        for (int i = 0; i < 30; ++i) {
            protocol::Hit hit = api.hitOf("a");
            hit.country = i % 3 == 0 ? "DE" : "US";
            hits.push_back(hit);
        }
        api.storeHits(hits);
        const Answer page = api.get("/v1/hits?after=10&limit=5");
        QCOMPARE(page.json["hits"].toArray().size(), 5);
        QCOMPARE(page.json["hits"][0]["seq"].toInt(), 11);
        QCOMPARE(page.json["coveredTo"].toInt(), 15);
        QCOMPARE(page.json["lastSeq"].toInt(), 30);

        const QByteArray filter = QUrl::toPercentEncoding("{\"countries\":[\"DE\"]}");
        const Answer frame = api.send("GET", "/v1/hits?after=0&limit=100&filter=" + filter, api.admin, {},
                                      {{"Accept", "application/cbor"}});
        QCOMPARE(frame.type, "application/cbor");
        const auto decoded = protocol::decode(frame.body.toStdString(), protocol::Encoding::Cbor);
        QCOMPARE(decoded.error, "");
        const auto& message = std::get<protocol::Frame>(*decoded.message);
        QCOMPARE(message.first.value, 1u);
        QCOMPARE(message.last.value, 30u);
        QCOMPARE(message.hits.size(), 10u);
        QVERIFY(message.resumed);
        QCOMPARE(api.get("/v1/hits?filter=" + QUrl::toPercentEncoding("{\"countries\":5}")).problem(), "bad-filter");
    }

    void rollupsEqualTheRawCountsOnceRun()
    {
        ApiFixture api;
        api.post("/v1/links", {{"domain", "localhost"}, {"slug", "a"}, {"destination", "https://a.example/"}});
        std::vector<protocol::Hit> hits;
        for (int i = 0; i < 40; ++i) {
            protocol::Hit hit = api.hitOf("a");
            hit.country = i < 10 ? "DE" : "US";
            hit.botCategory = i % 4 == 0 ? protocol::BotCategory::Preview : protocol::BotCategory::Human;
            hits.push_back(hit);
        }
        api.storeHits(hits);
        QCOMPARE(api.send("POST", "/v1/rollups/run", api.admin, {{"x", 1}}).status, 202);
        QTRY_COMPARE(api.get("/v1/session").json["watermark"].toObject()["seq"].toInt(), 40);
        const Answer rows =
            api.get("/v1/rollups?granularity=day&by=country&from=0&to=" + QString::number(api.clock.utcMs() + 1000) +
                    "&link=localhost/a");
        // From 1970 is more than 365 days.
        QCOMPARE(rows.problem(), "range-too-long");
        const Answer good = api.get("/v1/rollups?granularity=day&by=country&link=localhost/a");
        QCOMPARE(good.status, 200);
        int clicks = 0, humans = 0;
        for (const QJsonValue row : good.json["rows"].toArray()) {
            clicks += row["clicks"].toInt();
            humans += row["human_clicks"].toInt();
            QVERIFY(row["value"].toString() == "DE" ? row["clicks"].toInt() <= 10 : row["clicks"].toInt() <= 30);
        }
        QCOMPARE(clicks, 40);
        QCOMPARE(humans, 30);
        QCOMPARE(good.json["watermark"].toObject()["seq"].toInt(), 40);
        QCOMPARE(api.get("/v1/rollups?granularity=week").json["field"].toString(), "granularity");
        QCOMPARE(api.get("/v1/rollups?link=localhost/none").status, 404);
    }

    void domainIsVerifiedByItsRecord()
    {
        std::vector<std::string> records{"something else"};
        std::string asked;
        api::Seams seams;
        seams.txtRecords = [&](const std::string& name) {
            asked = name;
            return records;
        };
        ApiFixture api(seams);
        const Answer made = api.post("/v1/domains", {{"host", "go.acme.com"}});
        QCOMPARE(made.json["state"].toString(), "pending");
        QVERIFY(made.json["txtValue"].toString().size() >= 16);
        const QString path = QStringLiteral("/v1/domains/%1/verify").arg(made.json["id"].toInt());
        QCOMPARE(made.json["why"].toString(), "not_verified");
        const Answer different = api.post(path, {{"x", 1}});
        QCOMPARE(different.problem(), "txt-record-different");
        QCOMPARE(different.json["found"].toArray(), QJsonArray{"something else"});
        QCOMPARE(different.json["txtValue"], made.json["txtValue"]);
        QCOMPARE(asked, "_clickroom-verify.go.acme.com");
        records = {"something else", made.json["txtValue"].toString().toStdString()};
        QCOMPARE(api.post(path, {{"x", 1}}).json["state"].toString(), "verified");
        QCOMPARE(api.post("/v1/domains", {{"host", "acme.com"}, {"assume_verified", true}}).problem(),
                 "not-a-reserved-name");
        QCOMPARE(api.post("/v1/domains", {{"host", "go.acme.com"}}).status, 409);
        QCOMPARE(api.post("/v1/domains", {{"host", "bad host"}}).json["field"].toString(), "host");
    }

    void diagnosisNamesTheCause()
    {
        ApiFixture api;
        api.post("/v1/links", {{"domain", "localhost"}, {"slug", "a"}, {"destination", "https://a.example/"}});
        const auto paused =
            api.post("/v1/links", {{"domain", "localhost"}, {"slug", "p"}, {"destination", "https://a.example/"}});
        api.send("PATCH", QStringLiteral("/v1/links/%1").arg(paused.json["id"].toInt()), api.admin,
                 {{"state", "paused"}});
        api.post("/v1/domains", {{"host", "new.acme.test"}, {"assume_verified", true}});
        const auto cause = [&api](const QString& query) -> QJsonValue {
            return api.get("/v1/diagnosis?" + query).json["cause"];
        };
        QCOMPARE(cause("domain=www.localhost"), QJsonValue("host_known"));
        QVERIFY(api.get("/v1/diagnosis?domain=www.localhost").body.contains("\"near\":\"localhost\""));
        QCOMPARE(cause("domain=new.acme.test"), QJsonValue("domain_ready"));
        QCOMPARE(cause("link=localhost/none"), QJsonValue("link_known"));
        QCOMPARE(cause("link=http://LOCALHOST:8080/p"), QJsonValue("link_state"));
        QCOMPARE(cause("link=localhost/a"), QJsonValue("hits_seen"));
        protocol::Hit bot = api.hitOf("a");
        bot.botCategory = protocol::BotCategory::Preview;
        api.storeHits({bot});
        QCOMPARE(cause("link=localhost/a"), QJsonValue());
        QVERIFY(api.get("/v1/diagnosis?link=localhost/a").body.contains("people_seen"));
        QCOMPARE(cause("link=localhost/a&filter=" + QUrl::toPercentEncoding("{\"bot\":false}")),
                 QJsonValue("filter_matches"));
    }

    void cleanupTestCase() { m_roles.reset(); }

private:
    std::unique_ptr<ApiFixture> m_roles; // shared by the rows of data-driven tests
};

QTEST_GUILESS_MAIN(ApiServerTest)
#include "tst_api_server.moc"

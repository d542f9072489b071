// SPDX-License-Identifier: GPL-3.0-or-later
// Links over the API: every field, rules, undoing, conflicts, bulk, lists and the edits of one.
#include "tests/backend/api/api_fixture.h"

#include "backend/storage/reader.h"

namespace {

const QString destination = QStringLiteral("https://acme.example/");

QJsonObject rule(const QString& name, const QString& country)
{
    return {{"name", name},
            {"conditions", QJsonArray{QJsonObject{{"kind", "country"}, {"values", QJsonArray{country}}}}},
            {"variants", QJsonArray{QJsonObject{{"destination", destination + country}}}}};
}

QString pathOf(const Answer& link, const QString& more = {})
{
    return QStringLiteral("/v1/links/%1%2").arg(link.json["id"].toInt()).arg(more);
}

} // namespace

class ApiLinksTest : public QObject {
    Q_OBJECT

    std::unique_ptr<ApiFixture> m_api; // shared by the rows of data-driven tests

    static Answer make(ApiFixture& api, const QString& slug, QJsonObject fields = {})
    {
        fields["domain"] = "localhost";
        fields["slug"] = slug;
        if (!fields.contains("destination"))
            fields["destination"] = destination;
        return api.post("/v1/links", fields);
    }

private slots:
    void cleanupTestCase() { m_api.reset(); }

    void everyFieldIsReadBack()
    {
        ApiFixture api;
        const Answer made = make(api, "spring",
                                 {{"rules", QJsonArray{rule("Germany", "DE"), rule("Austria", "AT")}},
                                  {"clickLimit", 1000},
                                  {"fallback", destination + "over"},
                                  {"owner", "anna"},
                                  {"iosApp", "https://apps.example/ios"},
                                  {"androidApp", "https://apps.example/android"},
                                  {"notes", "n"},
                                  {"tags", QJsonArray{"a", "b"}}});
        QCOMPARE(made.status, 201);
        QCOMPARE(made.json["clickLimit"].toInt(), 1000);
        // Known once what is stored has been counted.
        QTRY_COMPARE(api.get(pathOf(made)).json["clicks"].toInt(-1), 0);
        QCOMPARE(made.json["fallback"].toString(), destination + "over");
        QCOMPARE(made.json["owner"].toString(), "anna");
        QCOMPARE(made.json["iosApp"].toString(), "https://apps.example/ios");
        QCOMPARE(made.json["androidApp"].toString(), "https://apps.example/android");
        QVERIFY(!made.json["updatedAt"].toString().isEmpty());
        const QJsonArray rules = made.json["rules"].toArray();
        QCOMPARE(rules.size(), 2);
        QCOMPARE(rules[0]["id"].toString(), "r1");
        QCOMPARE(rules[0]["version"].toInt(), 1);
        QCOMPARE(rules[0]["enabled"].toBool(), true);
        QCOMPARE(rules[0]["conditions"][0]["kind"].toString(), "country");
        QCOMPARE(rules[1]["variants"][0]["destination"].toString(), destination + "AT");
        QCOMPARE(rules[1]["variants"][0]["weight"].toInt(), 1);
        QJsonObject shown = api.get(pathOf(made)).json;
        shown["clicks"] = made.json["clicks"];
        QCOMPARE(shown, made.json);

        // What is written as it was read changes only what differs.
        QJsonArray next = rules;
        QJsonObject off = next[1].toObject();
        off["enabled"] = false;
        next[1] = off;
        const Answer changed = api.send("PATCH", pathOf(made), api.admin, {{"rules", next}});
        QCOMPARE(changed.status, 200);
        QCOMPARE(changed.json["rules"][0]["version"].toInt(), 1);
        QCOMPARE(changed.json["rules"][1]["version"].toInt(), 2);
        QCOMPARE(changed.json["owner"].toString(), "anna");
    }

    void aPasswordIsSetAndNeverShown()
    {
        ApiFixture api;
        const Answer made = make(api, "spring", {{"password", "open sesame"}});
        QCOMPARE(made.status, 201);
        QCOMPARE(made.json["hasPassword"].toBool(), true);
        const auto stored = api.snapshot.current()->link(protocol::LinkId(1))->passwordHash;
        QVERIFY(stored.starts_with("$argon2id$"));
        QCOMPARE(api.send("PATCH", pathOf(made), api.admin, {{"owner", "ben"}}).json["hasPassword"].toBool(), true);
        const Answer escaped =
            ApiFixture::finish(api.begin("PATCH", pathOf(made), api.admin, "{\"p\\u0061ssword\":\"other\"}"));
        QCOMPARE(escaped.status, 200);
        QVERIFY(api.snapshot.current()->link(protocol::LinkId(1))->passwordHash != stored);
        QCOMPARE(
            api.send("PATCH", pathOf(made), api.admin, {{"password", QJsonValue()}}).json["hasPassword"].toBool(true),
            false);
        QCOMPARE(api.send("PATCH", pathOf(made), api.admin, {{"password", ""}}).problem(), "password-empty");
        QCOMPARE(api.send("PATCH", pathOf(made), api.admin, {{"password", QString(300, 'x')}}).problem(), "too-long");
        const QByteArray edits = api.get(pathOf(made, "/edits")).body;
        QVERIFY(edits.contains("\"field\":\"password\""));
        QVERIFY(!edits.contains("argon2") && !edits.contains("sesame"));
    }

    void undoingRestoresAndIsUndone()
    {
        ApiFixture api;
        const Answer made = make(api, "spring", {{"rules", QJsonArray{rule("Germany", "DE")}}});
        const Answer none = api.post(pathOf(made, "/undo"), {{"x", 1}});
        QCOMPARE(none.status, 409);
        QCOMPARE(none.problem(), "nothing-to-undo");
        const Answer changed =
            api.send("PATCH", pathOf(made), api.admin, {{"destination", destination + "new"}, {"rules", QJsonArray()}});
        QCOMPARE(changed.json["version"].toInt(), 2);
        const Answer stale = api.send("POST", pathOf(made, "/undo"), api.admin, {}, {{"If-Match", "\"1\""}});
        QCOMPARE(stale.status, 412);
        const Answer undone = api.send("POST", pathOf(made, "/undo"), api.admin, {}, {{"If-Match", "\"2\""}});
        QCOMPARE(undone.status, 200);
        QCOMPARE(undone.etag, "\"3\"");
        QCOMPARE(undone.json["destination"].toString(), destination);
        QCOMPARE(undone.json["rules"][0]["version"].toInt(), 3);
        QCOMPARE(api.snapshot.current()->link(protocol::LinkId(1))->destination, destination.toStdString());
        const Answer again = api.send("POST", pathOf(made, "/undo"), api.admin);
        QCOMPARE(again.json["destination"].toString(), destination + "new");
        QCOMPARE(again.json["rules"].toArray().size(), 0);
        QCOMPARE(api.post("/v1/links/99/undo", {{"x", 1}}).status, 404);

        const Answer edits = api.get(pathOf(made, "/edits?limit=3"));
        QCOMPARE(edits.json["items"].toArray().size(), 3);
        QCOMPARE(edits.json["items"][0]["what"].toString(), "link.undone");
        QCOMPARE(edits.json["items"][0]["link"].toInt(), 1);
        QCOMPARE(edits.json["items"][0]["version"].toInt(), 4);
        QCOMPARE(edits.json["items"][2]["what"].toString(), "link.destination");
        const Answer rest = api.get(pathOf(made, "/edits?limit=3&cursor=" + edits.json["next"].toString()));
        QCOMPARE(rest.json["items"].toArray().size(), 1);
        QCOMPARE(rest.json["items"][0]["what"].toString(), "link.created");
        QVERIFY(rest.json["next"].isNull());
    }

    void whoComesSecondIsToldWhatChanged()
    {
        ApiFixture api;
        const Answer made = make(api, "spring");
        const QByteArray ben = api.makeToken("operator");
        api.send("PATCH", pathOf(made), ben, {{"destination", destination + "ben"}}, {{"If-Match", "\"1\""}});
        const Answer late = api.send("PATCH", pathOf(made), api.admin, {{"notes", "x"}}, {{"If-Match", "\"1\""}});
        QCOMPARE(late.status, 412);
        QCOMPARE(late.type, "application/problem+json");
        QCOMPARE(late.problem(), "version-conflict");
        QCOMPARE(late.json["current"]["version"].toInt(), 2);
        QCOMPARE(late.json["current"]["destination"].toString(), destination + "ben");
        QCOMPARE(late.json["changedBy"].toString(), "operator");
        QCOMPARE(late.json["changes"].toArray().size(), 1);
        QCOMPARE(late.json["changes"][0]["field"].toString(), "destination");
        QCOMPARE(late.json["changes"][0]["before"].toString(), destination);
        QCOMPARE(late.json["changes"][0]["after"].toString(), destination + "ben");
        QCOMPARE(api.get(pathOf(made)).json["notes"].toString(), "");
    }

    // Of many edits of one version at once, one comes through; nothing is overwritten silently.
    void aRaceHasOneWinner()
    {
        ApiFixture api;
        const Answer made = make(api, "spring");
        QList<QNetworkReply*> replies;
        for (int i = 0; i < 6; ++i)
            replies +=
                api.begin("PATCH", pathOf(made), api.admin,
                          QJsonDocument(QJsonObject{{"notes", QString::number(i)}}).toJson(), {{"If-Match", "\"1\""}});
        int won = 0;
        QString winner;
        for (int i = 0; i < 6; ++i) {
            const Answer answer = ApiFixture::finish(replies[i]);
            if (answer.status == 200) {
                ++won;
                winner = QString::number(i);
            } else {
                QCOMPARE(answer.status, 412);
                QCOMPARE(answer.json["changes"][0]["field"].toString(), "notes");
            }
        }
        QCOMPARE(won, 1);
        QCOMPARE(api.get(pathOf(made)).json["notes"].toString(), winner);
        QCOMPARE(api.get(pathOf(made)).json["version"].toInt(), 2);
    }

    void wrongRulesAreNamedByTheirPlace_data()
    {
        QTest::addColumn<QByteArray>("rules");
        QTest::addColumn<QString>("type");
        QTest::addColumn<QString>("field");
        const auto row = [](const char* name, const char* rules, const char* type, const char* field) {
            QTest::newRow(name) << QByteArray(rules) << type << field;
        };
        row("no list", "5", "wrong-type", "rules");
        row("no object", "[5]", "wrong-type", "rules.0");
        row("no variants", "[{}]", "missing", "rules.0.variants");
        row("unknown kind", "[{\"conditions\":[{\"kind\":\"mood\",\"values\":[\"good\"]}]}]", "unknown-word",
            "rules.0.conditions.0.kind");
        row("no texts", "[{\"conditions\":[{\"kind\":\"city\",\"values\":[1]}]}]", "wrong-type",
            "rules.0.conditions.0.values");
        row("no values",
            "[{\"conditions\":[{\"kind\":\"city\"}],\"variants\":[{\"destination\":\"https://a.example/\"}]}]",
            "missing", "rules.0.conditions.0.values");
        row("weight", "[{\"variants\":[{\"destination\":\"https://a.example/\",\"weight\":0.5}]}]", "wrong-type",
            "rules.0.variants.0.weight");
        row("destination", "[{\"variants\":[{\"destination\":\"data:text/html,x\"}]}]", "destination-scheme",
            "rules.0.variants.0.destination");
        row("enabled", "[{\"enabled\":1}]", "wrong-type", "rules.0.enabled");
    }

    void wrongRulesAreNamedByTheirPlace()
    {
        QFETCH(QByteArray, rules);
        QFETCH(QString, type);
        QFETCH(QString, field);
        if (!m_api)
            m_api = std::make_unique<ApiFixture>();
        const Answer answer = ApiFixture::finish(
            m_api->begin("POST", "/v1/links", m_api->admin,
                         "{\"domain\":\"localhost\",\"destination\":\"https://a.example/\",\"rules\":" + rules + "}"));
        QCOMPARE(answer.status, 422);
        QCOMPARE(answer.problem(), type);
        QCOMPARE(answer.json["field"].toString(), field);
    }

    void badDestinationsAreRefusedWhereverTheyStand()
    {
        ApiFixture api;
        const QStringList bad{"javascript:alert(1)",       "data:text/html,x",
                              "file:///etc/passwd",        "http://localhost/x",
                              "https://u:p@acme.example/", "https://acme.example/" + QString(10'000, 'x')};
        for (const QString& one : bad) {
            for (const char* field : {"destination", "fallback", "iosApp", "androidApp"}) {
                const Answer answer = make(api, "x", {{field, one}});
                QCOMPARE(answer.status, 422);
                QCOMPARE(answer.json["field"].toString(), field);
            }
            const QJsonObject bent{{"variants", QJsonArray{QJsonObject{{"destination", one}}}}};
            QCOMPARE(make(api, "x", {{"rules", QJsonArray{bent}}}).status, 422);
        }
        QCOMPARE(api.snapshot.current()->linkCount(), std::size_t(0));
    }

    void manyAreMadeTogetherOrNone()
    {
        ApiFixture api;
        make(api, "taken");
        const auto item = [](const QJsonValue& slug) {
            return QJsonObject{{"domain", "localhost"}, {"slug", slug}, {"destination", destination}};
        };
        const QJsonArray items{item("a"), item("taken"), item(5), item("b"), item("a")};
        Answer answer = api.post("/v1/links/bulk", {{"items", items}});
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.json["made"].toInt(), 0);
        QCOMPARE(answer.json["failed"].toInt(), 3);
        QCOMPARE(answer.json["results"].toArray().size(), 3);
        QCOMPARE(answer.json["results"][0]["index"].toInt(), 1);
        QCOMPARE(answer.json["results"][0]["problem"]["code"].toString(), "slug_taken");
        QCOMPARE(answer.json["results"][1]["problem"]["code"].toString(), "wrong_type");
        QCOMPARE(api.snapshot.current()->linkCount(), std::size_t(1));

        answer = api.post("/v1/links/bulk", {{"items", items}, {"partial", true}, {"dryRun", true}});
        QCOMPARE(answer.json["made"].toInt(), 2);
        QCOMPARE(api.snapshot.current()->linkCount(), std::size_t(1));

        answer = api.post("/v1/links/bulk", {{"items", items}, {"partial", true}});
        QCOMPARE(answer.json["made"].toInt(), 2);
        QCOMPARE(answer.json["results"].toArray().size(), 5);
        QVERIFY(answer.json["results"][3]["link"]["id"].toInt() > 0);
        QCOMPARE(api.snapshot.current()->linkCount(), std::size_t(3));

        QJsonArray many;
        for (int i = 0; i < 1000; ++i)
            many.append(QJsonObject{{"domain", "localhost"}, {"destination", destination}});
        QCOMPARE(api.post("/v1/links/bulk", {{"items", many}}).json["made"].toInt(), 1000);
        many.append(item("one too many"));
        QCOMPARE(api.post("/v1/links/bulk", {{"items", many}}).problem(), "too-many");
        QCOMPARE(api.post("/v1/links/bulk", {{"items", 5}}).problem(), "wrong-type");
    }

    void listsAreSearched()
    {
        ApiFixture api;
        make(api, "spring", {{"campaign", "launch"}, {"tags", QJsonArray{"print"}}});
        make(api, "summer", {{"campaign", "launch"}, {"notes", "like Spring, but warm"}});
        make(api, "autumn", {{"state", "paused"}});
        const auto found = [&](const QString& query) {
            QStringList slugs;
            for (const QJsonValue item : api.get("/v1/links?" + query).json["items"].toArray())
                slugs += item["slug"].toString();
            return slugs.join(' ');
        };
        QCOMPARE(found("q=SPRING"), "spring summer");
        QCOMPARE(found("q=localhost/au"), "autumn");
        QCOMPARE(found("campaign=launch"), "spring summer");
        QCOMPARE(found("campaign=launch&tag=print"), "spring");
        QCOMPARE(found("state=paused"), "autumn");
        QCOMPARE(found("q=winter"), "");
        QCOMPARE(found("domain=other.example"), "");
        QCOMPARE(api.get("/v1/links?state=odd").problem(), "unknown-word");
        QCOMPARE(api.get("/v1/links?q=" + QString(300, 'x')).problem(), "too-long");
    }

    void tokensTellWhenTheyWereUsed()
    {
        ApiFixture api;
        const QByteArray wall = api.makeToken("viewer");
        QVERIFY(api.get("/v1/tokens").json["items"][1]["lastUsedAt"].isNull());
        QCOMPARE(api.send("GET", "/v1/session", wall).status, 200);
        QTRY_VERIFY(!api.get("/v1/tokens").json["items"][1]["lastUsedAt"].isNull());
    }
};

QTEST_GUILESS_MAIN(ApiLinksTest)
#include "tst_api_links.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
// Simulator, linter and rehearsal over the API: what they say is what happens, and they change nothing.
#include "tests/backend/api/api_fixture.h"

namespace {

const QString destination = QStringLiteral("https://acme.example/");

QJsonObject rule(const QString& name, const QString& kind, const QString& value, const QString& to)
{
    return {{"name", name},
            {"conditions", QJsonArray{QJsonObject{{"kind", kind}, {"values", QJsonArray{value}}}}},
            {"variants", QJsonArray{QJsonObject{{"destination", destination + to}}}}};
}

api::Seams seams()
{
    api::Seams seams;
    seams.agentOf = [](const std::string& agent) {
        return api::AgentFacts{agent == "phone" ? protocol::DeviceType::Mobile : protocol::DeviceType::Desktop, "iOS",
                               "Safari"};
    };
    seams.placeOf = [](const std::string&) { return api::PlaceFacts{"DE", "Bavaria", "Munich"}; };
    return seams;
}

} // namespace

class ApiTrialsTest : public QObject {
    Q_OBJECT

    static void makeSpring(ApiFixture& api)
    {
        const Answer made = api.post("/v1/links", {{"domain", "localhost"},
                                                   {"slug", "spring"},
                                                   {"destination", destination},
                                                   {"rules", QJsonArray{rule("Germany", "country", "DE", "de"),
                                                                        rule("Phones", "device", "mobile", "m")}}});
        QCOMPARE(made.status, 201);
    }

private slots:
    void simulatesARequest()
    {
        ApiFixture api(seams());
        makeSpring(api);
        const auto decision = [&](QJsonObject request) {
            request["domain"] = "localhost";
            if (!request.contains("path"))
                request["slug"] = "spring";
            const Answer answer = api.post("/v1/simulate", request);
            if (answer.status != 200)
                return answer.json;
            return answer.json["decision"].toObject();
        };
        QCOMPARE(decision({{"country", "de"}})["destination"].toString(), destination + "de");
        QCOMPARE(decision({{"country", "DE"}})["ruleName"].toString(), "Germany");
        QCOMPARE(decision({{"country", "DE"}})["ruleVersion"].toInt(), 1);
        QCOMPARE(decision({{"userAgent", "phone"}})["rule"].toString(), "r2");
        QCOMPARE(decision({{"userAgent", "phone"}, {"device", "desktop"}})["destination"].toString(), destination);
        QCOMPARE(decision({{"address", "192.0.2.1"}})["rule"].toString(), "r1");
        QCOMPARE(decision({{"path", "/spring?qr=poster-a"}})["placement"].toString(), "poster-a");
        QCOMPARE(decision({{"path", "/spring?qr=poster-a"}})["touch"].toString(), "qr");
        QCOMPARE(decision({{"query", "a=b"}})["location"].toString(), destination + "?a=b");
        QCOMPARE(decision({{"method", "HEAD"}})["class"].toString(), "probe");
        QCOMPARE(decision({{"path", "/none"}})["kind"].toString(), "not_found");
        QCOMPARE(decision({{"path", "/robots.txt"}})["kind"].toString(), "reserved");
        QCOMPARE(decision({{"address", "nowhere"}})["field"].toString(), "address");
        QCOMPARE(decision({{"device", "toaster"}})["field"].toString(), "device");
        QCOMPARE(decision({{"time", "soon"}})["field"].toString(), "time");

        const Answer whole =
            api.post("/v1/simulate", {{"host", "LOCALHOST:8080"}, {"slug", "spring"}, {"country", "US"}});
        QCOMPARE(whole.json["steps"].toArray().size(), 13);
        const QJsonObject first = whole.json["rules"][0].toObject();
        QCOMPARE(first["holds"].toBool(true), false);
        QCOMPARE(first["conditions"][0]["saw"].toString(), "US");
        QCOMPARE(first["variants"][0]["share"].toDouble(), 1.0);
    }

    void simulatesADraftWithoutSavingIt()
    {
        ApiFixture api(seams());
        makeSpring(api);
        const QJsonObject draft{{"destination", destination + "new"}, {"rules", QJsonArray()}};
        Answer answer = api.post("/v1/simulate", {{"domain", "localhost"}, {"slug", "spring"}, {"draft", draft}});
        QCOMPARE(answer.json["decision"].toObject()["destination"].toString(), destination + "new");
        QCOMPARE(answer.json["decision"].toObject()["link"].toInt(), 1);
        answer = api.post("/v1/simulate", {{"domain", "localhost"}, {"slug", "other"}, {"draft", draft}});
        QCOMPARE(answer.json["decision"].toObject()["destination"].toString(), destination + "new");
        QVERIFY(answer.json["decision"].toObject()["link"].isNull());
        const QJsonObject locked{{"password", "x"}};
        answer = api.post("/v1/simulate", {{"domain", "localhost"}, {"slug", "spring"}, {"draft", locked}});
        QCOMPARE(answer.json["decision"].toObject()["kind"].toString(), "password");
        const QJsonObject wrong{{"rules", 5}};
        answer = api.post("/v1/simulate", {{"domain", "localhost"}, {"slug", "spring"}, {"draft", wrong}});
        QCOMPARE(answer.json["field"].toString(), "draft.rules");
        QCOMPARE(api.snapshot.current()->linkCount(), std::size_t(1));
        QCOMPARE(api.get("/v1/links/1").json["version"].toInt(), 1);
    }

    void anothersHostIsUnknown()
    {
        ApiFixture api(seams());
        makeSpring(api);
        api.post("/v1/workspaces", {{"name", "acme"}});
        const QByteArray acme = api.makeToken("viewer", "acme");
        const QJsonObject request{{"domain", "localhost"}, {"slug", "spring"}};
        const Answer theirs = api.send("POST", "/v1/simulate", acme, request);
        QCOMPARE(theirs.status, 200);
        QCOMPARE(theirs.json["decision"].toObject()["reason"].toString(), "unknown_host");
        QVERIFY(!theirs.body.contains("acme.example"));
        QCOMPARE(api.send("POST", "/v1/lint", acme, {{"link", 1}}).problem(), "unknown-link");
        QCOMPARE(api.send("POST", "/v1/lint", acme, request).problem(), "unknown-domain");
        QCOMPARE(api.send("POST", "/v1/rehearse", acme, {{"link", 1}, {"draft", QJsonObject()}}).problem(),
                 "unknown-link");
    }

    void lintsStoredAndDraftedRules()
    {
        ApiFixture api(seams());
        makeSpring(api);
        QCOMPARE(api.post("/v1/lint", {{"link", 1}}).json["findings"].toArray().size(), 0);
        const QJsonObject draft{
            {"rules", QJsonArray{rule("a", "country", "DE", "a"), rule("b", "country", "DE", "b")}}};
        for (const QJsonObject& base :
             {QJsonObject{{"link", 1}}, QJsonObject{{"domain", "localhost"}, {"slug", "new"}}}) {
            QJsonObject request = base;
            request["draft"] = draft;
            const Answer answer = api.post("/v1/lint", request);
            QCOMPARE(answer.status, 200);
            const QJsonObject finding = answer.json["findings"][0].toObject();
            QCOMPARE(finding["code"].toString(), "unreachable");
            QCOMPARE(finding["severity"].toString(), "error");
            QVERIFY(finding["rule"].toString() != finding["by"].toString());
        }
        QCOMPARE(api.post("/v1/lint", {{"domain", "localhost"}, {"slug", "new"}}).problem(), "unknown-link");
    }

    void rehearsesTheLastHits()
    {
        ApiFixture api(seams());
        makeSpring(api);
        std::vector<protocol::Hit> hits;
        for (int i = 0; i < 30; ++i) {
            protocol::Hit hit = api.hitOf("spring");
            hit.country = i < 20 ? "US" : "FR";
            hits.push_back(hit);
        }
        api.storeHits(hits);
        const QJsonObject draft{{"rules", QJsonArray{rule("France", "country", "FR", "fr")}}};
        const Answer all = api.post("/v1/rehearse", {{"link", 1}, {"draft", draft}});
        QCOMPARE(all.status, 200);
        QCOMPARE(all.json["tried"].toInt(), 30);
        QCOMPARE(all.json["changed"].toInt(), 10);
        QCOMPARE(all.json["same"].toInt(), 20);
        QCOMPARE(all.json["groups"].toArray().size(), 2);
        QCOMPARE(all.json["samples"][0]["after"]["destination"].toString(), destination + "fr");
        QCOMPARE(all.json["samples"][0]["before"]["destination"].toString(), destination);
        QCOMPARE(all.json["samples"][0]["country"].toString(), "FR");
        const Answer last = api.post("/v1/rehearse", {{"link", 1}, {"draft", draft}, {"hits", 5}});
        QCOMPARE(last.json["tried"].toInt(), 5);
        QCOMPARE(last.json["changed"].toInt(), 5);
        QCOMPARE(api.post("/v1/rehearse", {{"link", 1}}).json["field"].toString(), "draft");
        QCOMPARE(api.post("/v1/rehearse", {{"link", 1}, {"draft", draft}, {"hits", 1'000'000}}).problem(),
                 "out-of-range");
    }
};

QTEST_GUILESS_MAIN(ApiTrialsTest)
#include "tst_api_trials.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
// Links steered over the API: what is sent, and what is made of the answers.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include "app/connection/link_json.h"
#include "tests/app/connection/console_under_test.h"
#include "tests/app/connection/fake_backend.h"

using connection::Connection;

namespace {

constexpr auto linkJson =
    R"({"id":7,"version":4,"domain":"go.acme.example","slug":"spring","destination":"https://b.example/","status":302,
        "state":"active","clickLimit":500,"clicks":12,"hasPassword":true,"expiresAt":"2026-03-01T12:00:00.000Z",
        "utm":{"source":"newsletter"},"tags":["a","b"],
        "rules":[{"id":"r1","name":"Germany","enabled":false,"version":3,
                  "conditions":[{"kind":"country","negate":true,"values":["DE","AT"]}],
                  "variants":[{"name":"a","destination":"https://de.example/","weight":3}]}]})";

state::LinkDraft draftOf(quint64 id)
{
    state::LinkDraft draft;
    draft.link.id = id;
    draft.link.domain = QStringLiteral("go.acme.example");
    draft.link.destination = QStringLiteral("https://b.example/");
    draft.link.notes = QStringLiteral("not sent");
    draft.fields = {QStringLiteral("destination")};
    return draft;
}

} // namespace

class TestLinkCalls : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_backend = std::make_unique<FakeBackend>();
        m_backend->http = [this](const FakeBackend::HttpRequest& request) {
            if (request.path == "/v1/session" || request.path.startsWith("/v1/hits"))
                return FakeBackend::HttpAnswer{0, {}, {}, {}};
            m_heard = request;
            return m_answer;
        };
        m_answer = {};
        m_console = std::make_unique<ConsoleUnderTest>();
        m_console->connection->connectTo(m_backend->url(), QStringLiteral("secret"));
        QTRY_COMPARE(m_console->phase(), state::Phase::Live);
    }
    void cleanup() { m_console.reset(); }

    void aNewLinkIsMadeOnceHoweverOftenItIsSent();
    void aChangeNamesTheVersionItStandsOn();
    void aConflictBringsWhatStandsThereNow();
    void undoAndDeleteGoWhereTheyShould();
    void aTrialCarriesTheDraft();
    void aNewTokensSecretArrivesOnce();
    void whatTheBackendSendsIsBounded();
    void nonsenseIsAProblemAndNotAnAnswer();

private:
    QJsonObject heardBody() const { return QJsonDocument::fromJson(m_heard.body).object(); }
    Connection& line() { return *m_console->connection; }

    std::unique_ptr<FakeBackend> m_backend;
    std::unique_ptr<ConsoleUnderTest> m_console;
    FakeBackend::HttpRequest m_heard;
    FakeBackend::HttpAnswer m_answer;
};

void TestLinkCalls::aNewLinkIsMadeOnceHoweverOftenItIsSent()
{
    m_answer = {201, linkJson, {}, "application/json"};
    SignalsArrived made(&line(), &Connection::linkEdited);
    state::LinkDraft draft = draftOf(0);
    draft.fields.prepend(QStringLiteral("domain"));
    draft.key = QStringLiteral("key-1");
    line().saveLink(draft);
    QTRY_COMPARE(made.size(), 1);
    QCOMPARE(m_heard.method, QByteArray("POST"));
    QCOMPARE(m_heard.path, QByteArray("/v1/links"));
    QVERIFY(m_heard.head.toLower().contains("idempotency-key: key-1"));
    QCOMPARE(heardBody().keys(), (QStringList{QStringLiteral("destination"), QStringLiteral("domain")}));
    const auto link = made[0][1].value<state::Link>();
    QCOMPARE(link.rules.size(), 1);
    QVERIFY(!link.rules[0].enabled);
    QVERIFY(link.rules[0].conditions[0].negate);
    QCOMPARE(link.rules[0].variants[0].weight, 3U);
    QCOMPARE(link.clickLimit, 500U);
    QCOMPARE(link.clicks, std::optional<std::uint64_t>(12));
    QCOMPARE(link.expiresAtMs, 1'772'366'400'000);
    QVERIFY(link.hasPassword);
    QCOMPARE(link.utm.source, QStringLiteral("newsletter"));
}

void TestLinkCalls::aChangeNamesTheVersionItStandsOn()
{
    m_answer = {200, linkJson, {}, "application/json"};
    SignalsArrived edited(&line(), &Connection::linkEdited);
    state::LinkDraft draft = draftOf(7);
    draft.expectedVersion = 3;
    draft.fields << QStringLiteral("password") << QStringLiteral("expiresAt");
    line().saveLink(draft);
    QTRY_COMPARE(edited.size(), 1);
    QCOMPARE(m_heard.method, QByteArray("PATCH"));
    QVERIFY(m_heard.head.toLower().contains("if-match: \"3\""));
    QVERIFY(heardBody()[QStringLiteral("password")].isNull()); // removed
    QVERIFY(heardBody()[QStringLiteral("expiresAt")].isNull());
    QVERIFY(!heardBody().contains(QStringLiteral("notes")));
}

void TestLinkCalls::aConflictBringsWhatStandsThereNow()
{
    m_answer = {412,
                QByteArray(R"({"type":"/problems/version-conflict","field":"If-Match","limit":4,"changedBy":"maria",)"
                           R"("changes":[{"field":"destination","before":"a","after":"b"}],"current":)") +
                    linkJson + "}",
                {},
                "application/problem+json"};
    SignalsArrived failed(&line(), &Connection::failed);
    line().saveLink(draftOf(7));
    QTRY_COMPARE(failed.size(), 1);
    const auto problem = failed[0][1].value<state::Problem>();
    QCOMPARE(problem.code, QStringLiteral("version_conflict"));
    QVERIFY(problem.conflict);
    QCOMPARE(problem.conflict->changedBy, QStringLiteral("maria"));
    QCOMPARE(problem.conflict->current.version, 4U);
    QCOMPARE(problem.conflict->changes.at(0).after, std::string("b"));
}

void TestLinkCalls::undoAndDeleteGoWhereTheyShould()
{
    m_answer = {200, linkJson, {}, "application/json"};
    SignalsArrived edited(&line(), &Connection::linkEdited);
    line().undoLink(7);
    QTRY_COMPARE(edited.size(), 1);
    QCOMPARE(m_heard.method + ' ' + m_heard.path, QByteArray("POST /v1/links/7/undo"));
    m_answer = {204, {}, {}, "application/json"};
    SignalsArrived revoked(&line(), &Connection::tokenRevoked);
    line().revokeToken(3);
    QTRY_COMPARE(revoked.size(), 1);
    QCOMPARE(m_heard.method + ' ' + m_heard.path, QByteArray("DELETE /v1/tokens/3"));
}

void TestLinkCalls::aTrialCarriesTheDraft()
{
    m_answer = {200,
                R"({"decision":{"kind":"redirect","status":302,"location":"https://b.example/","rule":"r1"},
                    "steps":[{"code":"slug_known","state":"ok","detail":{"slug":"spring"}}],
                    "rules":[{"id":"r1","holds":true,"decided":true,
                              "conditions":[{"kind":"country","values":["DE"],"holds":true,"saw":"DE"}],
                              "variants":[{"name":"a","destination":"https://b.example/","share":0.25}]}]})",
                {},
                "application/json"};
    SignalsArrived simulated(&line(), &Connection::simulated);
    state::TrialRequest request;
    request.domain = QStringLiteral("go.acme.example");
    request.path = QStringLiteral("/spring");
    request.country = QStringLiteral("DE");
    request.draft = draftOf(7);
    line().simulate(request);
    QTRY_COMPARE(simulated.size(), 1);
    QCOMPARE(heardBody()[QStringLiteral("country")].toString(), QStringLiteral("DE"));
    QVERIFY(!heardBody().contains(QStringLiteral("city")));
    QCOMPARE(heardBody()[QStringLiteral("draft")].toObject().keys(), QStringList{QStringLiteral("destination")});
    const auto result = simulated[0][1].value<state::Simulation>();
    QCOMPARE(result.steps[0].detail, QStringLiteral("slug spring"));
    QCOMPARE(result.rules[0].conditions[0].saw, QStringLiteral("DE"));
    QCOMPARE(result.rules[0].variants[0].share, 0.25);
}

void TestLinkCalls::aNewTokensSecretArrivesOnce()
{
    m_answer = {201, R"({"id":3,"name":"maria","role":"operator","token":"cr_secret"})", {}, "application/json"};
    SignalsArrived created(&line(), &Connection::tokenCreated);
    line().createToken(QStringLiteral("maria"), QStringLiteral("operator"));
    QTRY_COMPARE(created.size(), 1);
    QCOMPARE(created[0][2].toString(), QStringLiteral("cr_secret"));
    QCOMPARE(heardBody()[QStringLiteral("role")].toString(), QStringLiteral("operator"));
}

void TestLinkCalls::whatTheBackendSendsIsBounded()
{
    QJsonArray rules, values;
    for (int i = 0; i < 5000; ++i)
        values.append(QString(100'000 / 50, QLatin1Char('x')));
    for (int i = 0; i < 500; ++i)
        rules.append(QJsonObject{{QStringLiteral("id"), i}});
    rules[0] = QJsonObject{{QStringLiteral("id"), QString(20'000, QLatin1Char('r'))},
                           {QStringLiteral("conditions"), QJsonArray{QJsonObject{{QStringLiteral("values"), values}}}}};
    const state::Link link = connection::linkOf({{QStringLiteral("id"), 1}, {QStringLiteral("rules"), rules}});
    QCOMPARE(link.rules.size(), 64);
    QCOMPARE(link.rules[0].id.size(), 8192);
    QCOMPARE(link.rules[0].conditions[0].values.size(), 256);
    QVERIFY(link.rules[1].id.isEmpty()); // a number is no name
}

void TestLinkCalls::nonsenseIsAProblemAndNotAnAnswer()
{
    SignalsArrived failed(&line(), &Connection::failed);
    for (const char* nonsense : {"", "[]", "{", "{\"items\":7}", "{\"decision\":[]}", "null"}) {
        m_answer = {200, nonsense, {}, "application/json"};
        line().simulate({});
        line().lint(draftOf(7));
        line().rehearse(draftOf(7), 10);
        line().getDomains();
        line().getTokens();
        line().getEdits(7, 0);
        line().undoLink(7);
    }
    QTRY_COMPARE(failed.size(), 42);
    for (const QList<QVariant>& one : std::as_const(failed))
        QVERIFY(!one[1].value<state::Problem>().code.isEmpty());
}

QTEST_GUILESS_MAIN(TestLinkCalls)
#include "tst_link_calls.moc"

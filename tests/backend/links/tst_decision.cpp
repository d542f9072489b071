// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "backend/links/decision.h"

using namespace links;
using protocol::HitClass;
using protocol::HitReason;
using Kind = Decision::Kind;

namespace {

constexpr protocol::UtcMs now{1'000'000};

std::shared_ptr<const Snapshot> sample()
{
    std::vector<Workspace> workspaces(2);
    workspaces[0].id = protocol::WorkspaceId(1);
    workspaces[0].name = "default";
    workspaces[1].id = protocol::WorkspaceId(2);
    workspaces[1].name = "acme";
    std::vector<Domain> domains(2);
    domains[0].id = protocol::DomainId(1);
    domains[0].workspace = protocol::WorkspaceId(2);
    domains[0].host = "go.example";
    domains[0].state = DomainState::Ready;
    domains[1] = domains[0];
    domains[1].id = protocol::DomainId(2);
    domains[1].host = "new.example";
    domains[1].state = DomainState::Verified;

    std::vector<Link> all;
    const auto add = [&](std::string slug) -> Link& {
        Link link;
        link.id = protocol::LinkId(all.size() + 1);
        link.domain = protocol::DomainId(1);
        link.slug = std::move(slug);
        link.destination = "https://shop.example/p?x=1";
        all.push_back(link);
        return all.back();
    };
    add("");
    add("sale").status = 307;
    add("Summer/sale 1");
    add("deleted").state = LinkState::Deleted;
    add("expired").state = LinkState::Expired;
    add("ended").expiresAt = now;
    add("ends").expiresAt = protocol::UtcMs(now.value + 1);
    add("paused").state = LinkState::Paused;
    add("flagged").flagged = true;
    add("loop").destination = "https://GO.example/sale";
    add("bad").destination = "javascript:alert(1)";
    Link& both = add("deleted-and-flagged");
    both.state = LinkState::Deleted;
    both.flagged = true;
    return Snapshot::build(workspaces, domains, all);
}

Decision ask(std::string_view path, std::string_view host = "go.example", std::string_view query = {},
             bool head = false, bool prefetch = false)
{
    static const auto snapshot = sample();
    return decide(*snapshot, {host, path, query, head, prefetch, now});
}

} // namespace

class TestDecision : public QObject {
    Q_OBJECT

private slots:
    void orderOfEvaluationGivesEachOutcomeItsReason_data()
    {
        QTest::addColumn<QString>("host");
        QTest::addColumn<QString>("path");
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("hitClass");
        QTest::addColumn<int>("reason");
        const auto row = [](const char* host, const char* path, Kind kind, int status, HitClass hitClass,
                            HitReason reason) {
            QTest::newRow(path + QByteArray(" ") + host) << host << path << static_cast<int>(kind) << status
                                                         << static_cast<int>(hitClass) << static_cast<int>(reason);
        };
        const char* const go = "go.example";
        row(go, "/", Kind::Redirect, 302, HitClass::Click, HitReason::None);
        row(go, "/sale", Kind::Redirect, 307, HitClass::Click, HitReason::None);
        row(go, "/Summer/sale%201", Kind::Redirect, 302, HitClass::Click, HitReason::None);
        row(go, "/Summer%2fsale%201", Kind::Redirect, 302, HitClass::Click, HitReason::None);
        row(go, "/Sale", Kind::NotFound, 404, HitClass::Miss, HitReason::UnknownSlug);
        row(go, "/sale/", Kind::NotFound, 404, HitClass::Miss, HitReason::UnknownSlug);
        row(go, "/sale%", Kind::NotFound, 404, HitClass::Miss, HitReason::UnknownSlug);
        row(go, "/sale%4", Kind::NotFound, 404, HitClass::Miss, HitReason::UnknownSlug);
        row(go, "/sale%zz", Kind::NotFound, 404, HitClass::Miss, HitReason::UnknownSlug);
        row(go, "/%00", Kind::NotFound, 404, HitClass::Miss, HitReason::UnknownSlug);
        row("www.go.example", "/sale", Kind::NotFound, 404, HitClass::Miss, HitReason::UnknownHost);
        row("", "/sale", Kind::NotFound, 404, HitClass::Miss, HitReason::UnknownHost);
        row("new.example", "/sale", Kind::NotFound, 404, HitClass::Miss, HitReason::DomainNotReady);
        row(go, "/deleted", Kind::Gone, 410, HitClass::Miss, HitReason::LinkDeleted);
        row(go, "/deleted-and-flagged", Kind::Gone, 410, HitClass::Miss, HitReason::LinkDeleted);
        row(go, "/expired", Kind::Gone, 410, HitClass::Miss, HitReason::LinkExpired);
        row(go, "/ended", Kind::Gone, 410, HitClass::Miss, HitReason::LinkExpired);
        row(go, "/ends", Kind::Redirect, 302, HitClass::Click, HitReason::None);
        row(go, "/paused", Kind::Unavailable, 404, HitClass::Miss, HitReason::LinkPaused);
        row(go, "/flagged", Kind::Forbidden, 403, HitClass::Blocked, HitReason::Flagged);
        row(go, "/loop", Kind::Forbidden, 403, HitClass::Blocked, HitReason::Loop);
        row(go, "/bad", Kind::Forbidden, 403, HitClass::Blocked, HitReason::Flagged);
    }

    void orderOfEvaluationGivesEachOutcomeItsReason()
    {
        QFETCH(QString, host);
        QFETCH(QString, path);
        QFETCH(int, kind);
        QFETCH(int, status);
        QFETCH(int, hitClass);
        QFETCH(int, reason);
        const std::string hostText = host.toStdString();
        const std::string pathText = path.toStdString();
        const Decision decision = ask(pathText, hostText);
        QCOMPARE(static_cast<int>(decision.kind), kind);
        QCOMPARE(static_cast<int>(decision.status), status);
        QCOMPARE(static_cast<int>(decision.hitClass), hitClass);
        QCOMPARE(static_cast<int>(decision.reason), reason);
        QCOMPARE(decision.location.empty(), decision.kind != Kind::Redirect);
    }

    void headAndPrefetchKeepTheirClassWhateverComesOfThem()
    {
        Decision decision = ask("/sale", "go.example", "", true);
        QVERIFY(decision.hitClass == HitClass::Probe && decision.reason == HitReason::Head && decision.status == 307);
        QCOMPARE(decision.location, "https://shop.example/p?x=1");
        decision = ask("/nothing", "go.example", "", true);
        QVERIFY(decision.hitClass == HitClass::Probe && decision.reason == HitReason::UnknownSlug &&
                decision.status == 404);
        decision = ask("/sale", "go.example", "", false, true);
        QVERIFY(decision.hitClass == HitClass::Prefetch && decision.reason == HitReason::PrefetchHeader);
        decision = ask("/flagged", "go.example", "", false, true);
        QVERIFY(decision.hitClass == HitClass::Prefetch && decision.reason == HitReason::Flagged &&
                decision.location.empty());
        decision = ask("/sale", "go.example", "", true, true);
        QVERIFY(decision.hitClass == HitClass::Probe);
    }

    void scansAreToldByTheirMarkerAlsoOfAMiss()
    {
        Decision decision = ask("/sale", "go.example", "a=1&qr=poster-a");
        QVERIFY(decision.touch == protocol::TouchType::Qr);
        QCOMPARE(decision.placement, "poster-a");
        QCOMPARE(decision.location, "https://shop.example/p?x=1&a=1");
        QCOMPARE(decision.destination, "https://shop.example/p?x=1");
        decision = ask("/gone", "go.example", "qr=poster-a");
        QVERIFY(decision.touch == protocol::TouchType::Qr && decision.hitClass == HitClass::Miss);
        QVERIFY(ask("/sale").touch == protocol::TouchType::Link);
    }

    void missesKeepTheirSlugSafeAndCut()
    {
        QCOMPARE(ask("/a%20b").slug, "a b");
        QCOMPARE(ask("/a%zz").slug, "a%zz");
        QVERIFY(ask("/" + std::string(5000, 'a')).slug.size() <= 255);
        const Decision hostile = ask("/%1b%0a%e2%80%ae%ff");
        for (const char c : hostile.slug)
            QVERIFY(static_cast<unsigned char>(c) >= 0x20);
        QVERIFY(hostile.slug.find('\xff') == std::string::npos);
    }

    void unknownHostsBelongToTheDefaultWorkspace()
    {
        QCOMPARE(ask("/sale").workspace->name, "acme");
        QCOMPARE(ask("/nothing").workspace->name, "acme");
        QCOMPARE(ask("/sale", "else.example").workspace->name, "default");
        QVERIFY(decide(Snapshot(), {"h", "/", "", false, false, now}).workspace == nullptr);
    }

    void reservedPathsAreNoHits()
    {
        for (const char* path : {"/robots.txt", "/favicon.ico", "/.well-known/x", "/health/live", "/health/ready"}) {
            QVERIFY(isReservedPath(path));
            QVERIFY(ask(path).kind == Kind::Reserved);
        }
        for (const char* path : {"/", "/robots.txt2", "/favicon.ico/", "/health", "/x/.well-known/y"})
            QVERIFY(!isReservedPath(path));
    }
};

QTEST_GUILESS_MAIN(TestDecision)
#include "tst_decision.moc"

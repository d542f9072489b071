// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QTest>

#include "backend/storage/reader.h"
#include "backend/storage/secret.h"
#include "backend/storage/sqlite/settings_store.h"

using namespace storage;

class SettingsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    std::string folder() const { return m_dir->path().toStdString(); }

    static links::Link sampleLink()
    {
        links::Link link;
        link.domain = protocol::DomainId(1);
        link.slug = "spring";
        link.destination = "https://acme.example/";
        link.campaign = "c";
        link.goal = "g";
        link.utm = {"a", "b", "c", "d", "e"};
        link.tags = {"one", "two words"};
        link.notes = "n";
        link.createdAt = protocol::UtcMs(5);
        return link;
    }

private slots:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }

    void givesBackWhatWasPut()
    {
        SettingsStore store(folder());
        links::Workspace workspace;
        workspace.name = "acme";
        workspace.zone = "Europe/Berlin";
        workspace.retentionDays = 30;
        store.putWorkspace(workspace, {{}, protocol::UtcMs(1), "workspace.created", "acme", "t"});
        QVERIFY(workspace.id);
        links::Domain domain;
        domain.workspace = workspace.id;
        domain.host = "go.acme.example";
        store.putDomain(domain, {});
        links::Link link = sampleLink();
        link.domain = domain.id;
        store.putLink(link, {});
        QVERIFY(link.id);
        QCOMPARE(store.link(link.id), std::optional(link));
        QCOMPARE(store.linkAt(domain.id, "spring")->id, link.id);
        QVERIFY(!store.linkAt(domain.id, "Spring"));
        QCOMPARE(store.workspaceNamed("acme")->zone, std::string("Europe/Berlin"));
        QCOMPARE(store.domainOf("go.acme.example")->id, domain.id);
        const Reader reader(folder());
        std::vector<links::Link> all;
        reader.forEachLink([&](links::Link&& one) { all.push_back(one); });
        QCOMPARE(all, std::vector<links::Link>{link});
    }

    void changesARowAndAuditsBeforeAndAfter()
    {
        SettingsStore store(folder());
        links::Link link = sampleLink();
        store.putLink(link, {protocol::WorkspaceId(1), protocol::UtcMs(10), "link.created", "h/spring", "anna"});
        const protocol::LinkId id = link.id;
        link.destination = "https://acme.example/new";
        const protocol::Edit edit =
            store.putLink(link, {protocol::WorkspaceId(1), protocol::UtcMs(20), "link.destination", "h/spring", "ben"});
        QCOMPARE(link.id, id);
        QCOMPARE(edit.actor, std::string("ben"));
        const std::string before = store.database().text("SELECT before FROM edits ORDER BY id DESC LIMIT 1");
        const std::string after = store.database().text("SELECT after FROM edits ORDER BY id DESC LIMIT 1");
        QVERIFY(before.find("https://acme.example/\n") != std::string::npos);
        QVERIFY(after.find("https://acme.example/new\n") != std::string::npos);
        const Reader reader(folder());
        QCOMPARE(reader.editsSince({}, 10).size(), std::size_t(2));
        QCOMPARE(reader.editsSince(protocol::UtcMs(20), 10), std::vector<protocol::Edit>{edit});
        QVERIFY(reader.editsSince({}, 10, protocol::WorkspaceId(2)).empty());
    }

    void neverReplacesAnotherRow()
    {
        SettingsStore store(folder());
        links::Link first = sampleLink(), second = sampleLink();
        store.putLink(first, {});
        QVERIFY_THROWS_EXCEPTION(StoreError, store.putLink(second, {}));
        QCOMPARE(store.link(first.id), std::optional(first));
        QCOMPARE(Reader(folder()).editsSince({}, 10).size(), std::size_t(1));
    }

    void storesNoSecret()
    {
        SettingsStore store(folder());
        Token token;
        token.workspace = protocol::WorkspaceId(1);
        token.name = "t";
        const std::string secret = newTokenSecret();
        QVERIFY(secret.size() >= 46 && secret != newTokenSecret());
        store.addToken(token, secret, {});
        const Reader reader(folder());
        QCOMPARE(reader.tokenOf(secret)->id, token.id);
        store.revokeToken(token, {{}, protocol::UtcMs(9), "token.revoked", "t", "x"});
        QVERIFY(!reader.tokenOf(secret));
        QCOMPARE(reader.tokens().at(0).revokedAt, protocol::UtcMs(9));
        QCOMPARE(store.database().integer("SELECT count(*) FROM tokens WHERE instr(hash, '" + secret + "') > 0"), 0);
    }

    void makesSlugsWithoutLookAlikes()
    {
        std::string all;
        for (int at = 0; at < 300; ++at)
            all += newSlug(7);
        QCOMPARE(all.size(), std::size_t(2100));
        QVERIFY(all.find_first_of("0Oo1lIi") == std::string::npos);
        QVERIFY(newSlug(7) != newSlug(7));
    }
};

QTEST_GUILESS_MAIN(SettingsTest)
#include "tst_settings.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QTest>

#include <set>

#include "backend/pipeline/editor.h"
#include "backend/storage/init_folder.h"
#include "backend/storage/reader.h"

using pipeline::Editor;

class EditorTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    runtime::SystemClock m_clock;
    links::SnapshotHolder m_snapshot;
    std::vector<protocol::Edit> m_edits;
    std::unique_ptr<storage::Store> m_store;
    std::unique_ptr<Editor> m_editor;

    links::Link draft(const std::string& slug) const
    {
        links::Link link;
        link.domain = m_snapshot.current()->domain("localhost")->id;
        link.slug = slug;
        link.destination = "https://acme.example/";
        return link;
    }

private slots:
    void init()
    {
        m_editor.reset();
        m_store.reset();
        m_edits.clear();
        m_dir = std::make_unique<QTemporaryDir>();
        const std::string folder = m_dir->path().toStdString();
        storage::initFolder(folder);
        m_store = std::make_unique<storage::Store>(storage::OpenOptions{folder});
        m_editor = std::make_unique<Editor>(*m_store, m_snapshot, m_clock,
                                            [this](const protocol::Edit& edit) { m_edits.push_back(edit); });
        m_editor->loadSnapshot();
    }

    void cleanupTestCase()
    {
        m_editor.reset();
        m_store.reset();
    }

    void makesAndChangesALink()
    {
        auto made = m_editor->putLink(draft("spring"), false, 0, "anna");
        QCOMPARE(made.problem, std::string());
        QCOMPARE(made.value.version, 1U);
        QVERIFY(made.value.createdAt.value > 0);
        made.value.destination = "https://acme.example/new";
        const auto changed = m_editor->putLink(made.value, false, 1, "anna");
        QCOMPARE(changed.problem, std::string());
        QCOMPARE(changed.value.version, 2U);
        QCOMPARE(m_snapshot.current()->link(made.value.domain, "spring")->destination,
                 std::string("https://acme.example/new"));
        QCOMPARE(m_edits.size(), std::size_t(2));
        QCOMPARE(m_edits[0].what, std::string("link.created"));
        QCOMPARE(m_edits[1].what, std::string("link.destination"));
        QCOMPARE(m_edits[1].subject, std::string("localhost/spring"));
        QVERIFY(m_edits[1].id > m_edits[0].id);
        // And after a restart.
        m_editor->loadSnapshot();
        QCOMPARE(m_snapshot.current()->link(made.value.id)->version, 2U);
    }

    void refusesWhatMayNotStand()
    {
        const auto spring = m_editor->putLink(draft("spring"), false, 0, "anna");
        QCOMPARE(m_editor->putLink(draft("spring"), false, 0, "ben").problem, std::string("slug_taken"));
        QCOMPARE(m_editor->putLink(spring.value, false, 7, "ben").problem, std::string("version_conflict"));
        links::Link deleted = spring.value;
        deleted.state = links::LinkState::Deleted;
        QCOMPARE(m_editor->putLink(deleted, false, 1, "ben").problem, std::string());
        QCOMPARE(m_edits.back().what, std::string("link.deleted"));
        QCOMPARE(m_editor->putLink(draft("spring"), false, 0, "ben").problem, std::string("slug_tombstoned"));

        links::Link link = draft("a");
        link.domain = protocol::DomainId(99);
        QCOMPARE(m_editor->putLink(link, false, 0, "ben").problem, std::string("domain_unknown"));
        link = draft("a");
        link.destination = "javascript:alert(1)";
        QCOMPARE(m_editor->putLink(link, false, 0, "ben").field, std::string("destination"));
        link = draft("a");
        link.destination = "http://localhost/spring";
        QCOMPARE(m_editor->putLink(link, false, 0, "ben").problem, std::string("own_domain"));
        link = draft("robots.txt");
        QCOMPARE(m_editor->putLink(link, false, 0, "ben").field, std::string("slug"));
        link = draft("a");
        link.status = 200;
        QCOMPARE(m_editor->putLink(link, false, 0, "ben").problem, std::string("status"));
        link = draft("a");
        link.id = protocol::LinkId(12345);
        QCOMPARE(m_editor->putLink(link, false, 0, "ben").problem, std::string("link_unknown"));
        link = draft("a");
        link.notes = std::string(100'000, 'n');
        QCOMPARE(m_editor->putLink(link, false, 0, "ben").field, std::string("notes"));
        QCOMPARE(m_edits.size(), std::size_t(2));
    }

    void generatesSlugs()
    {
        std::set<std::string> slugs;
        for (int at = 0; at < 20; ++at) {
            const auto made = m_editor->putLink(draft(""), true, 0, "anna");
            QCOMPARE(made.problem, std::string());
            QCOMPARE(made.value.slug.size(), std::size_t(7));
            slugs.insert(made.value.slug);
        }
        QCOMPARE(slugs.size(), std::size_t(20));
        // Without asking for one, the empty slug is the domain's root link.
        QCOMPARE(m_editor->putLink(draft(""), false, 0, "anna").value.slug, std::string());
        QCOMPARE(m_editor->putLink(draft(""), false, 0, "anna").problem, std::string("slug_taken"));
    }

    void makesWorkspacesAndDomains()
    {
        links::Workspace workspace;
        workspace.name = "acme";
        const auto made = m_editor->putWorkspace(workspace, "anna");
        QCOMPARE(made.problem, std::string());
        QCOMPARE(m_editor->putWorkspace(workspace, "anna").problem, std::string("name_taken"));
        workspace.name = "b";
        workspace.zone = "No/Where";
        QCOMPARE(m_editor->putWorkspace(workspace, "anna").field, std::string("zone"));
        workspace.zone = "Europe/Berlin";
        workspace.retentionDays = 0;
        QCOMPARE(m_editor->putWorkspace(workspace, "anna").field, std::string("retentionDays"));

        links::Domain domain;
        domain.workspace = made.value.id;
        domain.host = "go.acme.example";
        const auto pending = m_editor->putDomain(domain, "anna");
        QCOMPARE(pending.problem, std::string());
        QVERIFY(pending.value.verifyToken.size() >= 20);
        QCOMPARE(m_editor->putDomain(domain, "anna").problem, std::string("host_taken"));
        domain.host = "bad host";
        QCOMPARE(m_editor->putDomain(domain, "anna").field, std::string("host"));
        QVERIFY(!m_editor->hostReached(pending.value.id)); // not verified yet
        links::Domain verified = pending.value;
        verified.state = links::DomainState::Verified;
        QCOMPARE(m_editor->putDomain(verified, "anna").problem, std::string());
        QCOMPARE(m_edits.back().what, std::string("domain.verified"));
        QVERIFY(m_editor->hostReached(pending.value.id));
        QVERIFY(!m_editor->hostReached(pending.value.id));
        QCOMPARE(m_edits.back().what, std::string("domain.ready"));
    }

    void makesAndRevokesTokens()
    {
        const auto workspace = m_snapshot.current()->workspace("default")->id;
        const auto made = m_editor->createToken({workspace, "wall", storage::Role::Viewer}, "anna");
        QCOMPARE(made.problem, std::string());
        const storage::Reader reader(m_store->folder());
        QCOMPARE(reader.tokenOf(made.value.secret)->role, storage::Role::Viewer);
        QCOMPARE(m_editor->revokeToken(made.value.token.id, "anna").problem, std::string());
        QVERIFY(!reader.tokenOf(made.value.secret));
        QCOMPARE(m_editor->revokeToken(protocol::TokenId(99), "anna").problem, std::string("token_unknown"));
        QCOMPARE(m_editor->createToken({protocol::WorkspaceId(9), "x", storage::Role::Viewer}, "a").problem,
                 std::string("workspace_unknown"));
        QCOMPARE(m_editor->createToken({workspace, "", storage::Role::Viewer}, "a").field, std::string("name"));
    }
};

QTEST_GUILESS_MAIN(EditorTest)
#include "tst_editor.moc"

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

    static links::Rule germany()
    {
        links::Rule rule;
        rule.name = "Germany";
        rule.conditions = {{links::ConditionKind::Country, false, {"DE"}}};
        rule.variants = {{"", "https://acme.example/de", 1}};
        return rule;
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

    void undoesAndUndoesTheUndoing()
    {
        auto made = m_editor->putLink(draft("spring"), false, 0, "anna").value;
        QCOMPARE(m_editor->undoLink(made.id, 0, "anna").problem, std::string("nothing_to_undo"));
        QCOMPARE(m_editor->undoLink(protocol::LinkId(99), 0, "anna").problem, std::string("link_unknown"));
        links::Link next = made;
        next.destination = "https://acme.example/new";
        next.passwordHash = "$argon2id$x";
        next.rules = {germany()};
        next = m_editor->putLink(next, false, 1, "anna").value;
        QCOMPARE(next.version, 2U);
        QCOMPARE(m_editor->undoLink(made.id, 1, "ben").problem, std::string("version_conflict"));

        auto undone = m_editor->undoLink(made.id, 2, "ben");
        QCOMPARE(undone.problem, std::string());
        QCOMPARE(undone.value.version, 3U);
        QCOMPARE(undone.value.destination, made.destination);
        QVERIFY(undone.value.rules.empty() && undone.value.passwordHash.empty());
        QCOMPARE(m_edits.back().what, std::string("link.undone"));
        QCOMPARE(m_edits.back().actor, std::string("ben"));
        QCOMPARE(m_edits.back().link, made.id);
        QCOMPARE(*m_snapshot.current()->link(made.id), undone.value);

        m_editor->loadSnapshot(); // as after a restart
        const auto again = m_editor->undoLink(made.id, 0, "ben").value;
        QCOMPARE(again.version, 4U);
        QCOMPARE(again.destination, next.destination);
        QCOMPARE(again.passwordHash, next.passwordHash);
        QCOMPARE(again.rules.size(), std::size_t(1));
        QCOMPARE(again.rules[0].version, 4U);
        m_editor->loadSnapshot();
        QCOMPARE(*m_snapshot.current()->link(made.id), again);
    }

    void givesRulesIdsAndVersions()
    {
        links::Link link = draft("spring");
        link.rules = {germany(), germany()};
        link.rules[1].id = "r1";
        link = m_editor->putLink(link, false, 0, "anna").value;
        QCOMPARE(link.rules[0].id, std::string("r2"));
        QCOMPARE(link.rules[0].version, 1U);
        link.rules[0].variants[0].destination = "https://acme.example/at";
        link.rules.push_back(germany());
        link = m_editor->putLink(link, false, 1, "anna").value;
        QCOMPARE(link.rules[0].version, 2U);
        QCOMPARE(link.rules[1].version, 1U); // as it was
        QCOMPARE(link.rules[2].id, std::string("r3"));
        QCOMPARE(m_edits.back().what, std::string("link.rules"));
        std::swap(link.rules[0], link.rules[1]);
        link.rules[0].version = 77; // not the caller's to set
        link = m_editor->putLink(link, false, 2, "anna").value;
        QCOMPARE(link.rules[0].version, 1U);
        QCOMPARE(link.rules[1].version, 2U);
    }

    void refusesRulesThatMayNotStand_data()
    {
        using Spoil = std::function<void(links::Link&)>;
        QTest::addColumn<Spoil>("spoil");
        QTest::addColumn<std::string>("problem");
        QTest::addColumn<std::string>("field");
        const auto row = [](const char* name, const char* problem, const char* field, Spoil spoil) {
            QTest::newRow(name) << spoil << std::string(problem) << std::string(field);
        };
        row("scheme", "destination_scheme", "rules.0.variants.0.destination",
            [](auto& link) { link.rules[0].variants[0].destination = "javascript:alert(1)"; });
        row("loop", "destination_own_domain", "rules.0.variants.0.destination",
            [](auto& link) { link.rules[0].variants[0].destination = "http://localhost/x"; });
        row("no variants", "missing", "rules.0.variants", [](auto& link) { link.rules[0].variants.clear(); });
        row("no values", "missing", "rules.0.conditions.0.values",
            [](auto& link) { link.rules[0].conditions[0].values.clear(); });
        row("too many values", "too_many", "rules.0.conditions.0.values",
            [](auto& link) { link.rules[0].conditions[0].values.resize(257, "DE"); });
        row("too many rules", "too_many", "rules", [](auto& link) { link.rules.resize(65, link.rules[0]); });
        row("too many conditions", "too_many", "rules.0.conditions",
            [](auto& link) { link.rules[0].conditions.resize(17, link.rules[0].conditions[0]); });
        row("an id twice", "id_twice", "rules.1.id", [](auto& link) {
            link.rules[0].id = "a";
            link.rules.push_back(link.rules[0]);
        });
        row("a variant twice", "name_twice", "rules.0.variants.1.name", [](auto& link) {
            link.rules[0].variants[0].name = "a";
            link.rules[0].variants.push_back(link.rules[0].variants[0]);
        });
        row("a variant without name", "missing", "rules.0.variants.0.name",
            [](auto& link) { link.rules[0].variants.resize(2, {"b", "https://acme.example/", 1}); });
        row("weight", "out_of_range", "rules.0.variants.0.weight",
            [](auto& link) { link.rules[0].variants[0].weight = 0; });
        row("fallback", "destination_credentials", "fallback",
            [](auto& link) { link.fallback = "https://a:b@acme.example/"; });
        row("app of nobody", "destination_scheme", "iosApp", [](auto& link) { link.iosApp = "acme://spring"; });
        row("limit", "out_of_range", "clickLimit", [](auto& link) { link.clickLimit = ~0ULL; });
        row("owner", "control", "owner", [](auto& link) { link.owner = "a\nb"; });
    }

    void refusesRulesThatMayNotStand()
    {
        QFETCH(std::function<void(links::Link&)>, spoil);
        QFETCH(std::string, problem);
        QFETCH(std::string, field);
        links::Link link = draft("spring");
        link.rules = {germany()};
        spoil(link);
        const auto refused = m_editor->putLink(link, false, 0, "anna");
        QCOMPARE(refused.problem, problem);
        QCOMPARE(refused.field, field);
        QVERIFY(m_edits.empty());
    }

    void opensAppsByTheWorkspacesPolicy()
    {
        links::Workspace workspace = *m_snapshot.current()->workspace("default");
        for (const char* scheme : {"javascript", "https", "file", "Acme", "1a", ""}) {
            workspace.appSchemes = {scheme};
            QCOMPARE(m_editor->putWorkspace(workspace, "anna").field, std::string("appSchemes"));
        }
        workspace.appSchemes = {"acme"};
        QCOMPARE(m_editor->putWorkspace(workspace, "anna").problem, std::string());
        links::Link link = draft("spring");
        link.iosApp = "acme://spring";
        link.androidApp = "https://apps.example/acme";
        QCOMPARE(m_editor->putLink(link, false, 0, "anna").problem, std::string());
        link = draft("summer");
        link.iosApp = "acme://a b";
        QCOMPARE(m_editor->putLink(link, false, 0, "anna").problem, std::string("destination_character"));
    }

    void tellsWhatChangedMeanwhile()
    {
        const auto made = m_editor->putLink(draft("spring"), false, 0, "anna").value;
        links::Link theirs = made, ours = made;
        theirs.destination = "https://acme.example/theirs";
        QCOMPARE(m_editor->putLink(theirs, false, 1, "ben").problem, std::string());
        theirs.notes = "mine";
        QCOMPARE(m_editor->putLink(theirs, false, 2, "carl").problem, std::string());
        ours.notes = "ours";
        const auto refused = m_editor->putLink(ours, false, 1, "anna");
        QCOMPARE(refused.problem, std::string("version_conflict"));
        QCOMPARE(refused.value.version, 3U);
        QCOMPARE(refused.changedBy, std::string("carl"));
        QCOMPARE(refused.changes.size(), std::size_t(2));
        QCOMPARE(refused.changes[0],
                 (protocol::EditChange{"destination", "https://acme.example/", "https://acme.example/theirs"}));
    }

    void makesLinksTogether()
    {
        m_editor->putLink(draft("taken"), false, 0, "anna");
        m_edits.clear();
        std::vector<pipeline::LinkDraft> drafts{
            {draft("a"), false}, {draft(""), true}, {draft("a"), false}, {draft("taken"), false}, {draft("b"), false}};
        const auto before = m_snapshot.current()->version();
        auto outcome = m_editor->addLinks(drafts, {}, "anna").value;
        QCOMPARE(outcome[2].problem, std::string("slug_taken"));
        QCOMPARE(outcome[3].problem, std::string("slug_taken"));
        QVERIFY(outcome[0].problem.empty() && !outcome[0].value.id);
        QCOMPARE(m_snapshot.current()->version(), before);
        outcome = m_editor->addLinks(drafts, {.isTrial = true, .isPartial = true}, "anna").value;
        QCOMPARE(m_snapshot.current()->version(), before);
        outcome = m_editor->addLinks(drafts, {.isTrial = false, .isPartial = true}, "anna").value;
        QVERIFY(outcome[0].value.id && outcome[1].value.id && outcome[4].value.id && !outcome[2].value.id);
        QCOMPARE(m_edits.size(), std::size_t(3));
        QCOMPARE(m_edits[2].link, outcome[4].value.id);
        m_editor->loadSnapshot();
        QCOMPARE(m_snapshot.current()->linkCount(), std::size_t(4));
    }

    void makesDomainsWithTheirLinks()
    {
        pipeline::BulkOptions options;
        links::Domain added;
        added.workspace = m_snapshot.current()->workspaces().front()->id;
        added.host = "new.example";
        options.domains.push_back(added);
        links::Link link = draft("a");
        link.domain = {};
        std::vector<pipeline::LinkDraft> drafts{{link, false, "new.example"}, {draft("b"), false}};
        drafts.push_back({draft("b"), false});
        // One that cannot be made keeps the domain out, too.
        QCOMPARE(m_editor->addLinks(drafts, options, "anna").value[2].problem, std::string("slug_taken"));
        QVERIFY(!m_snapshot.current()->domain("new.example"));
        drafts.pop_back();
        m_edits.clear();
        options.isImport = true;
        const auto made = m_editor->addLinks(drafts, options, "anna");
        QCOMPARE(made.problem, std::string());
        const links::Domain* domain = m_snapshot.current()->domain("new.example");
        QVERIFY(domain && !domain->verifyToken.empty());
        QCOMPARE(m_snapshot.current()->link(domain->id, "a")->id, made.value[0].value.id);
        // Told as one thing, kept as what it is.
        QCOMPARE(m_edits.size(), std::size_t(2));
        QCOMPARE(m_edits[0].what, std::string("domain.created"));
        QCOMPARE(m_edits[1].what, std::string("links.imported"));
        QCOMPARE(m_edits[1].subject, std::string("2"));
        QCOMPARE(m_editor->addLinks({}, options, "anna").problem, std::string("host_taken"));
        m_editor->loadSnapshot();
        QVERIFY(m_snapshot.current()->link(m_snapshot.current()->domain("new.example")->id, "a"));
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

// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QTest>

#include <map>
#include <random>

#include "backend/storage/reader.h"
#include "backend/storage/secret.h"
#include "backend/storage/settings_text.h"
#include "backend/storage/sqlite/settings_store.h"
#include "backend/storage/sqlite/token_use.h"

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
        link.updatedAt = protocol::UtcMs(6);
        link.clickLimit = 1000;
        link.fallback = "https://acme.example/over";
        link.passwordHash = "$argon2id$v=19$secret";
        link.owner = "anna";
        link.iosApp = "acme://spring";
        link.androidApp = "acme://spring\t\\n\n";
        links::Rule rule;
        rule.id = "r1";
        rule.name = "Germany: \"all\" of it\n";
        rule.version = 3;
        rule.conditions = {{links::ConditionKind::Country, true, {"DE", "AT"}},
                           {links::ConditionKind::Placement, false, {"poster\ta\\", ""}}};
        rule.variants = {{"a", "https://acme.example/a", 3}, {"b", "https://acme.example/b", 1}};
        link.rules = {rule, {"r2", "", false, 1, {}, {{"", "https://acme.example/c", 1}}}};
        return link;
    }

private slots:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }

    // A year of edits, thinned for a chart: so many stretches, against a count edit by edit.
    void editsOfAYearBecomeFewMarks()
    {
        SettingsStore store(folder());
        constexpr std::int64_t from = 1'000'000'000'000, length = 365 * protocol::msPerDay;
        constexpr std::size_t stretches = 7;
        std::mt19937_64 random(31);
        std::map<std::uint64_t, EditMark> expected, ofSecond;
        for (int at = 0; at < 400; ++at) {
            links::Link link = sampleLink();
            link.slug = "link-" + std::to_string(at % 2);
            if (at > 1)
                link.id = protocol::LinkId(static_cast<std::uint64_t>(1 + at % 2));
            // Not in the order of their ids, and some outside of the range: a clock was set.
            const protocol::UtcMs time(from - length / 10 +
                                       static_cast<std::int64_t>(random() % (length + length / 5)));
            const protocol::WorkspaceId workspace(at % 10 == 9 ? 2U : 1U);
            const protocol::Edit edit = store.putLink(link, {workspace, time, "link.changed", "s", "anna"});
            if (time.value < from || time.value >= from + length || workspace.value != 1)
                continue;
            const auto stretch = static_cast<std::uint64_t>(time.value - from) * stretches / length;
            for (auto* marks : {&expected, &ofSecond}) {
                if (marks == &ofSecond && edit.link.value != 2)
                    continue;
                EditMark& mark = (*marks)[stretch];
                mark.first = mark.count == 0 ? time : std::min(mark.first, time);
                mark.last = std::max(mark.last, time);
                mark.newest.id = edit.id;
                ++mark.count;
            }
        }
        EditMarkQuery query{
            protocol::WorkspaceId(1), protocol::UtcMs(from), protocol::UtcMs(from + length), {}, stretches};
        const Reader reader(folder());
        for (const auto& [links, wanted] : {std::pair(std::optional<std::vector<std::uint64_t>>(), &expected),
                                            std::pair(std::optional(std::vector<std::uint64_t>{2}), &ofSecond)}) {
            query.links = links;
            const std::vector<EditMark> marks = reader.editMarks(query);
            QCOMPARE(marks.size(), wanted->size());
            auto next = wanted->begin();
            for (const EditMark& mark : marks) {
                QCOMPARE(mark.count, next->second.count);
                QCOMPARE(mark.first, next->second.first);
                QCOMPARE(mark.last, next->second.last);
                QCOMPARE(mark.newest.id, next->second.newest.id);
                QCOMPARE(mark.newest.actor, std::string("anna"));
                ++next;
            }
        }
        QCOMPARE(expected.size(), stretches);
    }

    void givesBackWhatWasPut()
    {
        SettingsStore store(folder());
        links::Workspace workspace;
        workspace.name = "acme";
        workspace.zone = "Europe/Berlin";
        workspace.retentionDays = 30;
        workspace.appSchemes = {"acme", "fb"};
        workspace.utmMediums = {"cpc"};
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
        QCOMPARE(store.workspaceNamed("acme")->appSchemes, workspace.appSchemes);
        QCOMPARE(store.workspaceNamed("acme")->utmSources, workspace.utmSources);
        QCOMPARE(store.workspaceNamed("acme")->utmMediums, workspace.utmMediums);
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
        QCOMPARE(reader.editsSince({}, 0, 10).size(), std::size_t(2));
        QCOMPARE(reader.editsSince(protocol::UtcMs(20), 0, 10), std::vector<protocol::Edit>{edit});
        QVERIFY(reader.editsSince({}, 0, 10, protocol::WorkspaceId(2)).empty());
        QCOMPARE(reader.editsSince({}, 0, 1), std::vector<protocol::Edit>{edit}); // the newest first
        const auto older = reader.editsSince({}, edit.id, 10);
        QCOMPARE(older.size(), std::size_t(1));
        QVERIFY(older[0].id < edit.id);
    }

    void aLinksTextIsReadBack()
    {
        links::Link link = sampleLink();
        link.id = protocol::LinkId(7);
        link.flagged = true;
        link.state = links::LinkState::Expired;
        link.expiresAt = protocol::UtcMs(1'700'000'000'123);
        QCOMPARE(linkFrom(textOf(link)), link);
        QCOMPARE(linkFrom(textOf(links::Link())), links::Link());
        QCOMPARE(linkFrom("of another making\nowner: ben\nmood: good\nrule: x\nto: 1\twithout\trule\n").owner,
                 std::string("ben"));
    }

    void anEditNamesTheFieldsThatChanged()
    {
        SettingsStore store(folder());
        links::Link link = sampleLink();
        store.putLink(link, {protocol::WorkspaceId(1), protocol::UtcMs(10), "link.created", "h/spring", "anna"});
        links::Link next = link;
        next.version = 2;
        next.destination = "https://acme.example/new";
        next.passwordHash.clear();
        next.tags.push_back("three");
        std::swap(next.rules[0], next.rules[1]);
        next.rules[1].variants[0].weight = 9;
        next.rules[1].version = 2;
        store.putLink(next, {protocol::WorkspaceId(1), protocol::UtcMs(20), "link.changed", "h/spring", "ben"});
        const auto edits = Reader(folder()).editsOf(link.id, 0, 10);
        QCOMPARE(edits.size(), std::size_t(2));
        QCOMPARE(edits[0].link, link.id);
        QCOMPARE(edits[0].version, 2U);
        std::map<std::string, std::pair<std::string, std::string>> changes;
        for (const protocol::EditChange& change : edits[0].changes)
            changes[change.field] = {change.before, change.after};
        QCOMPARE(changes.size(), std::size_t(5));
        QCOMPARE(changes["destination"].second, std::string("https://acme.example/new"));
        QCOMPARE(changes["password"], std::make_pair(std::string("set"), std::string("none")));
        QCOMPARE(changes["tags"], std::make_pair(std::string("one, two words"), std::string("one, two words, three")));
        QCOMPARE(changes["rules"], std::make_pair(std::string("r1, r2"), std::string("r2, r1")));
        QVERIFY(changes["rules.r1"].second.find("> 9 a https://acme.example/a") != std::string::npos);
        for (const protocol::Edit& edit : edits)
            for (const protocol::EditChange& change : edit.changes)
                QVERIFY(change.before.find("argon2") == std::string::npos &&
                        change.after.find("argon2") == std::string::npos);
        QCOMPARE(Reader(folder()).editsOf(link.id, edits[0].id, 10).size(), std::size_t(1));

        QCOMPARE(store.beforeLastEdit(link.id), std::optional(link));
        const ChangesSince since = store.changesSince(link.id, 1);
        QCOMPARE(since.actor, std::string("ben"));
        QCOMPARE(since.changes.size(), std::size_t(5));
        QVERIFY(store.changesSince(link.id, 2).changes.empty());
    }

    void aDamagedNumberOfALinkIsNotThere()
    {
        // Read as 0 it was a link that answers with status 0, and that was another link once it was written again.
        const links::Link link = linkFrom("slug: s\nstatus: in\nversion: 0\n");
        QCOMPARE(link.status, links::Link{}.status);
        QCOMPARE(link.version, links::Link{}.version);
        QCOMPARE(linkFrom(textOf(link)), link);
    }

    void aFieldInSeveralPlacesIsOneField()
    {
        // Nobody writes so, a damaged file may hold it: the second "status" was compared with the first.
        const std::string damaged = "status: 302\nnotes: n\nstatus: 301\nrule: r1\t1\ton\ta\nrule: r1\t1\ton\tb\n";
        QVERIFY(changesBetween(damaged, damaged).empty());
        const auto changes = changesBetween("status: 302\n", damaged);
        const auto status = std::ranges::find(changes, "status", &protocol::EditChange::field);
        QVERIFY(status != changes.end());
        QCOMPARE(status->before + " > " + status->after, std::string("302 > 302, 301"));
    }

    void manyLinksAreOneCommit()
    {
        SettingsStore store(folder());
        Together together;
        together.domains.push_back(
            {{{}, protocol::WorkspaceId(1), "new.example", links::DomainState::Pending, "t"}, {}});
        together.links.assign(3, {sampleLink(), {}});
        auto& links = together.links;
        links[1].link.slug = "summer"; // the third takes the first one's slug
        QVERIFY_THROWS_EXCEPTION(StoreError, store.putTogether(together));
        QCOMPARE(store.database().integer("SELECT count(*) FROM links"), 0);
        QVERIFY(!store.domainOf("new.example"));
        QCOMPARE(store.database().integer("SELECT count(*) FROM edits"), 0);
        links.pop_back();
        for (AuditedLink& one : links)
            one.link.id = {};
        together.domains[0].domain.id = {};
        together.summary = Audit{{}, protocol::UtcMs(1), "links.imported", "2", "anna"};
        const auto edits = store.putTogether(together);
        QCOMPARE(edits.size(), std::size_t(4));
        QCOMPARE(edits.back().subject, std::string("2"));
        QVERIFY(store.domainOf("new.example"));
        QCOMPARE(store.link(links[1].link.id)->slug, std::string("summer"));
        QVERIFY(!store.beforeLastEdit(links[1].link.id));
    }

    void notesWhenTokensWereUsed()
    {
        SettingsStore store(folder());
        Token token;
        token.workspace = protocol::WorkspaceId(1);
        store.addToken(token, "secret", {});
        TokenUse use(folder());
        use.note({{token.id, protocol::UtcMs(500)}, {protocol::TokenId(99), protocol::UtcMs(1)}});
        use.note({{token.id, protocol::UtcMs(400)}});
        QCOMPARE(Reader(folder()).tokens().at(0).lastUsedAt, protocol::UtcMs(500));
    }

    void neverReplacesAnotherRow()
    {
        SettingsStore store(folder());
        links::Link first = sampleLink(), second = sampleLink();
        store.putLink(first, {});
        QVERIFY_THROWS_EXCEPTION(StoreError, store.putLink(second, {}));
        QCOMPARE(store.link(first.id), std::optional(first));
        QCOMPARE(Reader(folder()).editsSince({}, 0, 10).size(), std::size_t(1));
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

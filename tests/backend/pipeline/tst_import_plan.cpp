// SPDX-License-Identifier: GPL-3.0-or-later
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include "backend/pipeline/editor.h"
#include "backend/pipeline/import_plan.h"
#include "backend/storage/init_folder.h"
#include "backend/storage/reader.h"

using namespace pipeline;

// Files are planned against a real folder, carried out in it, and planned again.
class tst_ImportPlan : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_editor.reset();
        m_store.reset();
        m_folder = std::make_unique<QTemporaryDir>();
        const std::string folder = m_folder->path().toStdString();
        storage::initFolder(folder);
        m_store = std::make_unique<storage::Store>(storage::OpenOptions{folder, false});
        m_editor = std::make_unique<Editor>(*m_store, m_snapshot, m_clock, [](const protocol::Edit&) {});
        m_editor->loadSnapshot();
        m_options = {};
        m_options.workspace = m_snapshot.current()->workspace("default")->id;
        m_options.mayAddDomains = true;
    }
    void cleanupTestCase()
    {
        m_editor.reset();
        m_store.reset();
    }

    void makesSkipsAndRefuses();
    void aSecondRunChangesNothing();
    void unknownDomainsAreAddedOrMapped();
    void othersDomainsStayTheirs();
    void strictIsAllOrNothing();
    void hundredThousandLinks();

private:
    ImportPlan plan(const std::string& file)
    {
        imports::Drafts drafts = imports::readDrafts(file, {});
        if (drafts.broken)
            qFatal("broken: %s", drafts.broken->code.c_str());
        return importPlan(std::move(drafts), *m_snapshot.current(), m_options);
    }
    ImportPlan run(const std::string& file)
    {
        ImportPlan planned = plan(file);
        const auto made = m_editor->addLinks(planned.drafts, bulkOptionsOf(planned), "anna");
        if (!made.problem.empty())
            qFatal("not made: %s", made.problem.c_str());
        for (const auto& one : made.value)
            if (!one.problem.empty())
                qFatal("not made: %s", one.problem.c_str());
        return planned;
    }
    static QStringList said(const ImportPlan& planned)
    {
        QStringList out;
        for (const ImportRow& row : planned.said)
            out << QStringLiteral("%1 %2/%3 %4%5 %6")
                       .arg(row.row)
                       .arg(QString::fromStdString(row.domain), QString::fromStdString(row.slug),
                            QString::fromStdString(row.problem), QString::fromStdString(row.skipped),
                            QString::fromStdString(row.field))
                       .trimmed();
        return out;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    runtime::SystemClock m_clock;
    links::SnapshotHolder m_snapshot;
    std::unique_ptr<storage::Store> m_store;
    std::unique_ptr<Editor> m_editor;
    ImportOptions m_options;
};

void tst_ImportPlan::makesSkipsAndRefuses()
{
    run("domain,slug,destination\nlocalhost,there,https://a.example/\n");
    const std::string longNotes(5000, 'n');
    const ImportPlan planned = plan("domain,slug,destination,notes,state\n"
                                    "localhost,new,https://a.example/new,,\n"
                                    "localhost,there,https://a.example/,,\n"
                                    "localhost,there,https://a.example/other,,\n"
                                    "localhost,new,https://a.example/new,,\n"
                                    "localhost,new,https://a.example/other,,\n"
                                    "localhost,loop,http://localhost/there,,\n"
                                    "localhost,notes,https://a.example/," +
                                    longNotes +
                                    ",\n"
                                    "localhost,gone,https://a.example/,,deleted\n"
                                    "localhost,.well-known/x,https://a.example/,,\n"
                                    "localhost,last,https://a.example/last,,\n");
    QCOMPARE(planned.rows, std::size_t(10));
    QCOMPARE(planned.made, std::size_t(2));
    QCOMPARE(planned.skipped, std::size_t(3));
    QCOMPARE(planned.failed, std::size_t(5));
    QCOMPARE(said(planned),
             (QStringList{"3 localhost/there exists", "4 localhost/there slug_taken slug", "5 localhost/new repeated",
                          "6 localhost/new slug_repeated slug", "7 localhost/loop destination_own_domain destination",
                          "8 localhost/notes notes_too_long notes", "9 localhost/gone deleted",
                          "10 localhost/.well-known/x slug_reserved slug"}));
}

void tst_ImportPlan::aSecondRunChangesNothing()
{
    const std::string named = "domain,slug,destination,tags\nlocalhost,a,https://a.example/,x\n"
                              "new.example,b,https://b.example/,\n";
    const std::string unnamed = "domain,destination\nlocalhost,https://c.example/\nlocalhost,https://d.example/\n"
                                "localhost,https://c.example/\n";
    QCOMPARE(run(named).made, std::size_t(2));
    QCOMPARE(run(unnamed).made, std::size_t(2));
    const auto before = m_snapshot.current();
    QCOMPARE(before->linkCount(), std::size_t(4));
    const ImportPlan again = plan(named), unnamedAgain = plan(unnamed);
    QCOMPARE(again.made + unnamedAgain.made, std::size_t(0));
    QCOMPARE(again.skipped + unnamedAgain.skipped, std::size_t(5));
    QVERIFY(again.domains.empty());
    // A tombstone's slug is not given out again.
    links::Link gone = *before->link(before->domain("localhost")->id, "a");
    gone.state = links::LinkState::Deleted;
    QVERIFY(m_editor->putLink(gone, false, 0, "anna").problem.empty());
    QCOMPARE(said(plan(named)).first(), QStringLiteral("2 localhost/a slug_tombstoned slug"));
}

void tst_ImportPlan::unknownDomainsAreAddedOrMapped()
{
    const std::string file = "domain,slug,destination\nbit.ly,a,https://a.example/\nmy.test,b,https://a.example/\n"
                             "localhost,c,https://a.example/\nbit.ly,d,https://a.example/\n";
    const ImportPlan added = plan(file);
    QCOMPARE(added.made, std::size_t(4));
    QCOMPARE(added.domains.size(), std::size_t(2));
    QCOMPARE(added.domains[0].host, "bit.ly");
    QVERIFY(added.domains[0].state == links::DomainState::Pending);
    QVERIFY(added.domains[1].state == links::DomainState::Verified); // a name nobody can own
    m_options.mayAddDomains = false;
    QCOMPARE(said(plan(file)), (QStringList{"2 bit.ly/a unknown_domain domain", "3 my.test/b unknown_domain domain",
                                            "5 bit.ly/d unknown_domain domain"}));
    m_options.domain = "localhost";
    const ImportPlan mapped = plan(file);
    QCOMPARE(mapped.made, std::size_t(4));
    QVERIFY(mapped.domains.empty());
    QCOMPARE(mapped.drafts[0].host, "localhost");
}

void tst_ImportPlan::othersDomainsStayTheirs()
{
    links::Workspace other;
    other.name = "other";
    const auto made = m_editor->putWorkspace(other, "anna");
    links::Domain theirs;
    theirs.workspace = made.value.id;
    theirs.host = "theirs.example";
    QVERIFY(m_editor->putDomain(theirs, "anna").problem.empty());
    QCOMPARE(said(plan("domain,slug,destination\ntheirs.example,a,https://a.example/\n")),
             QStringList{"2 theirs.example/a host_taken domain"});
}

void tst_ImportPlan::strictIsAllOrNothing()
{
    m_options.strict = true;
    const ImportPlan planned = plan("domain,slug,destination\nx.example,a,https://a.example/\nlocalhost,b,nonsense\n");
    QCOMPARE(planned.made, std::size_t(0));
    QCOMPARE(planned.failed, std::size_t(1));
    QVERIFY(planned.drafts.empty() && planned.domains.empty());
}

void tst_ImportPlan::hundredThousandLinks()
{
    std::string file = "domain,slug,destination,tags\n";
    for (std::size_t i = 0; i < imports::rowsMax; ++i)
        file += "go.example,s" + std::to_string(i) + ",https://a.example/" + std::to_string(i) + ",print;spring\n";
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(run(file).made, imports::rowsMax);
    const qint64 first = timer.restart();
    QCOMPARE(m_snapshot.current()->linkCount(), imports::rowsMax);
    const ImportPlan again = plan(file);
    QCOMPARE(again.skipped, imports::rowsMax);
    QCOMPARE(again.made, std::size_t(0));
    qInfo("100,000 links: made in %lld ms, found again in %lld ms", first, timer.elapsed());
    QCOMPARE(storage::Reader(m_folder->path().toStdString()).domains().size(), std::size_t(2));
}

QTEST_APPLESS_MAIN(tst_ImportPlan)
#include "tst_import_plan.moc"

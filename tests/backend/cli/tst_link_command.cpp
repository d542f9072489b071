// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

#include "backend/cli/commands.h"
#include "backend/cli/edit_session.h"
#include "backend/storage/init_folder.h"

// The commands on a stopped folder; beside a running backend they are tested with the real programs (tests/system).
class tst_LinkCommand : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_data = m_folder->filePath("data").toStdString();
        storage::initFolder(m_data);
    }

    void everyFieldIsSetAndStaysWhereItIsNotNamed()
    {
        QCOMPARE(run("add", {"--slug", "spring", "--campaign", "launch", "--tags", "print, poster", "--expires",
                             "2030-01-01T00:00:00Z", "--click-limit", "500", "--notes", "n", "--goal", "g", "--owner",
                             "maria", "--fallback", "https://b.example/", "https://a.example/"}),
                 0);
        const QJsonObject made = link("spring");
        QCOMPARE(made["tags"].toArray(), (QJsonArray{"print", "poster"}));
        QCOMPARE(made["expiresAt"].toString(), "2030-01-01T00:00:00.000Z");
        QCOMPARE(made["clickLimit"].toInteger(), 500);
        QCOMPARE(
            run("edit", {"--destination", "https://c.example/", "--expires", "", "--tags", "", "localhost/spring"}), 0);
        const QJsonObject changed = link("spring");
        QCOMPARE(changed["destination"].toString(), "https://c.example/");
        QVERIFY(changed["expiresAt"].isNull());
        QVERIFY(changed["tags"].toArray().isEmpty());
        for (const char* field : {"campaign", "notes", "goal", "owner", "fallback", "clickLimit", "status", "state"})
            QVERIFY2(changed[field] == made[field], field);
        QCOMPARE(changed["version"].toInteger(), 2);
    }

    void anEditIsUndoneAndRedone()
    {
        QCOMPARE(run("add", {"--slug", "spring", "https://a.example/"}), 0);
        QCOMPARE(run("edit", {"--state", "paused", "https://localhost/spring"}), 0);
        QCOMPARE(link("spring")["state"].toString(), "paused");
        QCOMPARE(run("undo", {"localhost/spring"}), 0);
        QCOMPARE(link("spring")["state"].toString(), "active");
        QCOMPARE(run("undo", {"localhost/spring"}), 0);
        QCOMPARE(link("spring")["state"].toString(), "paused");
    }

    void rulesComeFromAFile()
    {
        QFile file(m_folder->filePath("rules.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        const QJsonObject germany{
            {"id", "r1"},
            {"name", "Germany"},
            {"conditions", QJsonArray{QJsonObject{{"kind", "country"}, {"values", QJsonArray{"DE"}}}}},
            {"variants", QJsonArray{QJsonObject{{"destination", "https://de.example/"}}}}};
        file.write(QJsonDocument(QJsonArray{germany}).toJson());
        file.close();
        QCOMPARE(run("add", {"--slug", "spring", "--rules", file.fileName().toStdString(), "https://a.example/"}), 0);
        const QJsonArray rules = link("spring")["rules"].toArray();
        QCOMPARE(rules.size(), 1);
        QCOMPARE(rules[0].toObject()["name"].toString(), "Germany");
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{}");
        file.close();
        QCOMPARE(run("edit", {"--rules", file.fileName().toStdString(), "localhost/spring"}), 1);
    }

    void mistakesChangeNothing()
    {
        QCOMPARE(run("add", {"--slug", "spring", "https://a.example/"}), 0);
        const QJsonObject before = link("spring");
        QCOMPARE(run("edit", {"localhost/spring"}), 1); // nothing named
        QCOMPARE(run("edit", {"--destination", "javascript:alert(1)", "localhost/spring"}), 1);
        QCOMPARE(run("edit", {"--status", "200", "localhost/spring"}), 1);
        QCOMPARE(run("edit", {"--click-limit", "many", "localhost/spring"}), 1);
        QCOMPARE(run("edit", {"--state", "gone", "localhost/spring"}), 1);
        QCOMPARE(run("edit", {"--expires", "tomorrow", "localhost/spring"}), 1);
        QCOMPARE(run("edit", {"--notes", "n", "--if-version", "7", "localhost/spring"}), 1);
        QCOMPARE(run("edit", {"--notes", "n", "localhost/autumn"}), 1);
        QCOMPARE(run("edit", {"--notes", "n", "--workspace", "nobody", "localhost/spring"}), 1);
        QCOMPARE(run("show", {"elsewhere.example/spring"}), 1);
        QCOMPARE(run("add", {"--slug", "spring", "https://a.example/"}), 1);
        QCOMPARE(link("spring"), before);
    }

    void theRootLinkHasNoSlug()
    {
        QCOMPARE(run("add", {"--slug", "", "https://a.example/"}), 0);
        QCOMPARE(run("edit", {"--status", "301", "localhost"}), 0);
        QCOMPARE(run("edit", {"--status", "307", "localhost/"}), 0);
        QCOMPARE(link("")["status"].toInt(), 307);
    }

private:
    int run(const std::string& command, std::vector<std::string> arguments)
    {
        arguments.insert(arguments.begin(), {command, "--data", m_data});
        return cli::runLink(arguments);
    }
    QJsonObject link(const std::string& slug) const
    {
        return cli::EditSession(m_data).showLink("default", {"localhost", slug}).link;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::string m_data;
};

QTEST_GUILESS_MAIN(tst_LinkCommand)
#include "tst_link_command.moc"

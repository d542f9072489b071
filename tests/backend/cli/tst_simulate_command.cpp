// SPDX-License-Identifier: GPL-3.0-or-later
// simulate and check, on a data folder that nobody runs on.
#include <cstdio>
#include <unistd.h>

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include "backend/cli/commands.h"
#include "backend/pipeline/editor.h"
#include "backend/runtime/clock.h"
#include "backend/storage/init_folder.h"

class SimulateCommandTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::string m_data = m_dir.filePath("data").toStdString();

    // What a command prints on standard output as JSON, and its exit status.
    QJsonObject printed(int (*command)(cli::Arguments), std::vector<std::string> arguments, int& status)
    {
        arguments.insert(arguments.end(), {"--data", m_data, "--json"});
        const QString file = m_dir.filePath("out");
        std::fflush(stdout);
        const int kept = ::dup(STDOUT_FILENO);
        FILE* out = std::fopen(file.toUtf8().constData(), "w+");
        ::dup2(::fileno(out), STDOUT_FILENO);
        status = command(arguments);
        std::fflush(stdout);
        ::dup2(kept, STDOUT_FILENO);
        ::close(kept);
        std::fclose(out);
        QFile read(file);
        return read.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(read.readAll()).object() : QJsonObject();
    }

    static links::Rule rule(const char* country, const char* destination)
    {
        links::Rule rule;
        rule.conditions = {{links::ConditionKind::Country, false, {country}}};
        rule.variants = {{"", destination, 1}};
        return rule;
    }

    void put(const std::string& slug, std::vector<links::Rule> rules)
    {
        storage::Store store({m_data});
        links::SnapshotHolder snapshot;
        runtime::SystemClock clock;
        pipeline::Editor editor(store, snapshot, clock, {});
        editor.loadSnapshot();
        links::Link link;
        link.domain = snapshot.current()->domain("localhost")->id;
        link.slug = slug;
        link.destination = "https://acme.example/";
        link.rules = std::move(rules);
        QCOMPARE(editor.putLink(link, false, 0, "test").problem, std::string());
    }

private slots:
    void initTestCase() { storage::initFolder(m_data); }

    void simulateSaysWhereAndWhy()
    {
        put("spring", {rule("DE", "https://acme.example/de")});
        int status = -1;
        QJsonObject told =
            printed(cli::runSimulate, {"http://LOCALHOST:8080/spring?qr=poster-a&a=b", "--country", "de"}, status);
        QCOMPARE(status, 0);
        const QJsonObject decision = told["decision"].toObject();
        QCOMPARE(decision["location"].toString(), "https://acme.example/de?a=b");
        QCOMPARE(decision["rule"].toString(), "r1");
        QCOMPARE(decision["placement"].toString(), "poster-a");
        QCOMPARE(told["steps"].toArray().size(), 13);
        told = printed(cli::runSimulate, {"localhost/none"}, status);
        QCOMPARE(status, 0);
        QCOMPARE(told["decision"].toObject()["reason"].toString(), "unknown_slug");
        printed(cli::runSimulate, {"localhost/spring", "--device", "toaster"}, status);
        QCOMPARE(status, 1);
    }

    void checkNamesRulesInError()
    {
        int status = -1;
        QVERIFY(printed(cli::runCheck, {}, status)["well"].toBool());
        QCOMPARE(status, 0);
        put("summer", {rule("DE", "https://acme.example/a"), rule("DE", "https://acme.example/b")});
        const QJsonObject told = printed(cli::runCheck, {}, status);
        QCOMPARE(status, 1);
        QCOMPARE(told["well"].toBool(true), false);
        QCOMPARE(told["rulesInError"].toArray().size(), 1);
        const QJsonObject found = told["rulesInError"].toArray().first().toObject();
        QCOMPARE(found["link"].toString(), "localhost/summer");
        QCOMPARE(found["code"].toString(), "unreachable");
    }
};

QTEST_GUILESS_MAIN(SimulateCommandTest)
#include "tst_simulate_command.moc"

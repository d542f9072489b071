// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "backend/cli/commands.h"
#include "backend/cli/edit_session.h"
#include "backend/storage/init_folder.h"
#include "backend/storage/reader.h"

// The command on a stopped folder; beside a running backend it is tested with the real programs (tests/system).
class tst_ImportCommand : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_data = m_folder->filePath("data").toStdString();
        storage::initFolder(m_data);
    }

    void takesTheDemoLinks()
    {
        const std::string demo = CLICKROOM_SOURCE_DIR "/packaging/demo/links.csv";
        QCOMPARE(run({"--dry-run", demo}), 0);
        QCOMPARE(links(), 0);
        QCOMPARE(run({"--format", "csv", demo}), 0);
        const int made = links();
        QVERIFY(made > 10);
        QCOMPARE(run({demo}), 0); // once more, as packaging/run --keep does
        QCOMPARE(links(), made);
        for (const auto& domain : storage::Reader(m_data).domains())
            QVERIFY2(domain.state != links::DomainState::Pending, domain.host.c_str());
    }

    void refusedRowsAndBrokenFiles()
    {
        QCOMPARE(run({write("domain,slug,destination\nlocalhost,a,https://a.example/\nlocalhost,b,nonsense\n")}), 1);
        QCOMPARE(links(), 1);
        QCOMPARE(run({"--strict", write("domain,slug,destination\nlocalhost,c,https://a.example/\nlocalhost,d,x\n")}),
                 1);
        QCOMPARE(run({write("domain,slug,destination\nlocalhost,c,https://a.example/\n\"open")}), 1);
        QCOMPARE(run({"--format", "tinyurl", write("a,b\n")}), 2);
        QCOMPARE(run({}), 2);
        QCOMPARE(links(), 1);
    }

    void saysWhatIsThere()
    {
        cli::EditSession session(m_data);
        cli::ImportRequest request;
        request.reading.domain = "localhost";
        std::size_t told = 0;
        request.progress = [&told](std::size_t, std::size_t) { return ++told > 0; };
        std::string file = "keyword,url,title,timestamp,ip,clicks\n";
        for (int i = 0; i < 3000; ++i)
            file += "k" + std::to_string(i) + ",https://a.example/,,,,1\n";
        const cli::ImportReport report = session.importFile("default", file, request);
        QCOMPARE(report.format, "yourls");
        QCOMPARE(report.made, std::size_t(3000));
        QVERIFY(told > 0);
        QCOMPARE(session.importFile("default", file, request).skipped, std::size_t(3000));
        QCOMPARE(session.importFile("nobody", file, request).broken.code, "unknown_workspace");
        request.progress = [](std::size_t, std::size_t) { return false; };
        QCOMPARE(session.importFile("default", file, request).broken.code, "cancelled");
    }

private:
    int run(std::vector<std::string> arguments)
    {
        arguments.insert(arguments.begin(), {"--data", m_data});
        return cli::runImport(arguments);
    }
    int links() const
    {
        int count = 0;
        storage::Reader(m_data).forEachLink([&count](links::Link&&) { ++count; });
        return count;
    }
    std::string write(const QByteArray& text) const
    {
        QFile file(m_folder->filePath("file.csv"));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("not written");
        return file.fileName().toStdString();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::string m_data;
};

QTEST_GUILESS_MAIN(tst_ImportCommand)
#include "tst_import_command.moc"

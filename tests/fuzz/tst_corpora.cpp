// SPDX-License-Identifier: GPL-3.0-or-later
// What the fuzzers found, and the samples they started from, once more without libFuzzer.
#include <QDirIterator>
#include <QFile>
#include <QTest>

#include "tests/fuzz/fuzzer.h"

class CorporaTest : public QObject {
    Q_OBJECT

private slots:
    void everyFuzzerPlaysItsCorpus_data()
    {
        QTest::addColumn<QString>("folder");
        for (const fuzz::Fuzzer& fuzzer : fuzz::fuzzers())
            QTest::newRow(std::string(fuzzer.name).c_str())
                << QString(CLICKROOM_SOURCE_DIR "/tests/fuzz/corpus/") +
                       QString::fromLatin1(fuzzer.name.data(), static_cast<qsizetype>(fuzzer.name.size()));
        QVERIFY(!fuzz::fuzzers().empty());
    }

    void everyFuzzerPlaysItsCorpus()
    {
        QFETCH(QString, folder);
        const auto fuzzer =
            std::ranges::find(fuzz::fuzzers(), std::string_view(QTest::currentDataTag()), &fuzz::Fuzzer::name);
        QVERIFY(fuzzer != fuzz::fuzzers().end());
        int played = 0;
        for (QDirIterator it(folder, QDir::Files); it.hasNext(); ++played) {
            QFile file(it.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            const std::string bytes = file.readAll().toStdString();
            // Whole, and cut short: a seed's beginnings are inputs of their own.
            fuzzer->harness(bytes);
            for (std::size_t part = 1; part < 8; ++part)
                fuzzer->harness(std::string_view(bytes).substr(0, bytes.size() * part / 8));
        }
        QVERIFY2(played > 0, qPrintable(folder));
    }
};

QTEST_GUILESS_MAIN(CorporaTest)
#include "tst_corpora.moc"

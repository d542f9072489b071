// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <random>

#include "backend/protocol/csv_writer.h"

using namespace protocol;

class TstCsv : public QObject {
    Q_OBJECT

private slots:
    void formulasAreNeutralisedInTextAlone()
    {
        CsvWriter csv;
        csv.text("=1+1");
        csv.text("@SUM(A1)");
        csv.text("plain");
        csv.number("-5");
        csv.text("-5");
        csv.endRow();
        QCOMPARE(csv.take(), std::string("\"'=1+1\",\"'@SUM(A1)\",plain,-5,\"'-5\"\r\n"));
        QCOMPARE(csv.pendingBytes(), std::size_t(0));
    }

    void quotesCommasAndLineBreaksAreQuoted()
    {
        CsvWriter csv(true);
        csv.text("say \"hi\"");
        csv.text("a,b");
        csv.text("two\nlines");
        csv.text("");
        csv.endRow();
        QCOMPARE(csv.take(), std::string("\xEF\xBB\xBF\"say \"\"hi\"\"\",\"a,b\",\"two\nlines\",\r\n"));
    }

    void whateverIsWrittenReReadsExactly()
    {
        std::mt19937 random(7);
        constexpr std::string_view alphabet = "'=+-@\t\r\n\",ab\xC3\xBC ";
        for (int round = 0; round < 2000; ++round) {
            std::vector<std::vector<std::string>> rows(1 + random() % 4);
            CsvWriter csv(round % 2 == 0);
            for (auto& row : rows) {
                row.resize(1 + random() % 4);
                for (std::string& field : row) {
                    for (std::size_t i = random() % 6; i > 0; --i)
                        field += alphabet[random() % alphabet.size()];
                    csv.text(field);
                }
                csv.endRow();
            }
            const CsvDocument document = readCsv(csv.take(), true);
            QVERIFY2(document.error.empty(), document.error.c_str());
            QCOMPARE(document.rows, rows);
        }
    }

    void bothLineEndsAndNoLastLineEndAreRead()
    {
        const CsvDocument document = readCsv("a,b\nc,\r\n\"d\"", false);
        QCOMPARE(document.rows, (std::vector<std::vector<std::string>>{{"a", "b"}, {"c", ""}, {"d"}}));
        QVERIFY(document.error.empty());
    }

    void brokenDocumentsSayWhere()
    {
        QCOMPARE(readCsv("a\n\"b", false).error, std::string("line 2: a quoted field that never ends"));
        QCOMPARE(readCsv("a\r\nb\"c", false).error, std::string("line 2: a quote inside an unquoted field"));
        QCOMPARE(readCsv("\"a\"b", false).error, std::string("line 1: text behind a closing quote"));
    }
};

QTEST_GUILESS_MAIN(TstCsv)
#include "tst_csv.moc"

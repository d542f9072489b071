// SPDX-License-Identifier: GPL-3.0-or-later
#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QTest>

#include "backend/imports/drafts.h"

using namespace imports;

namespace {

const std::string header = "domain,slug,destination,notes\n";

std::string goodRow(std::size_t number)
{
    return "go.example,s" + std::to_string(number) + ",https://a.example/" + std::to_string(number) + ",\n";
}

} // namespace

class tst_ImportHostile : public QObject {
    Q_OBJECT

private slots:
    void limitsAreNamed();
    void aHugeCellCostsItsRowOnly();
    void formulasAreText();
    void anOpenQuoteBreaksTheFile();
    void manyCells();
    void hundredThousandRows();
    void stopsWhenTold();
    void anyBytesGiveAnAnswer();
    void cutAnywhere();
};

void tst_ImportHostile::limitsAreNamed()
{
    const auto large = readDrafts(std::string(fileBytesMax + 1, 'x'), {}).broken;
    QCOMPARE(large->code, "too_large");
    QCOMPARE(large->limit, fileBytesMax);
    std::string rows = header;
    for (std::size_t i = 0; i <= rowsMax; ++i)
        rows += goodRow(i);
    const Drafts many = readDrafts(rows, {});
    QCOMPARE(many.broken->code, "too_many_rows");
    QCOMPARE(many.broken->limit, rowsMax);
    QVERIFY(many.drafts.empty());
    QCOMPARE(readDrafts(std::string("a,b\n\0\0\0c", 8), {}).broken->code, "not_text");
}

void tst_ImportHostile::aHugeCellCostsItsRowOnly()
{
    const std::string huge(10 * 1024 * 1024, 'x');
    const Drafts read = readDrafts(header + goodRow(1) + "go.example,big,https://a.example/,\"" + huge + "\"\n" +
                                       "go.example,big2,https://a.example/," + huge + "\n" + goodRow(2),
                                   {});
    QVERIFY(!read.broken);
    QCOMPARE(read.drafts.size(), std::size_t(2));
    QCOMPARE(read.drafts[1].row, std::size_t(5));
    QCOMPARE(read.refused.size(), std::size_t(2));
    QCOMPARE(read.refused[0].problem.code, "too_long");
    QCOMPARE(read.refused[0].problem.limit, cellBytesMax);
    QCOMPARE(read.refused[0].slug, "big");
}

void tst_ImportHostile::formulasAreText()
{
    const Drafts read = readDrafts(header + "go.example,=1+1,https://a.example/,=cmd|' /C calc'!A0\n"
                                            "go.example,@x,https://a.example/,'=1+1\n"
                                            "go.example,y,=HYPERLINK(1),\n",
                                   {});
    QCOMPARE(read.drafts.size(), std::size_t(2));
    QCOMPARE(read.drafts[0].link.slug, "=1+1");
    QCOMPARE(read.drafts[0].link.notes, "=cmd|' /C calc'!A0");
    QCOMPARE(read.drafts[1].link.notes, "=1+1");
    QCOMPARE(read.refused[0].problem.code, "destination_scheme");
}

void tst_ImportHostile::anOpenQuoteBreaksTheFile()
{
    const Drafts read = readDrafts(header + goodRow(1) + "go.example,\"open,https://a.example/,\n" + goodRow(2), {});
    QCOMPARE(read.broken->code, "unterminated_quote");
    QCOMPARE(read.broken->row, std::size_t(3));
    QVERIFY(read.drafts.empty());
    // A stray quote inside a cell is only a quote.
    QCOMPARE(readDrafts(header + "go.example,a\"b,https://a.example/,\n", {}).drafts[0].link.slug, "a\"b");
}

void tst_ImportHostile::manyCells()
{
    const Drafts read = readDrafts(
        header + std::string(20 * 1024 * 1024, ',') + "x\n" + goodRow(1) + std::string(1000, ',') + "\n", {});
    QVERIFY(!read.broken);
    QCOMPARE(read.drafts.size(), std::size_t(1));
    QCOMPARE(read.refused.size(), std::size_t(1)); // blank to the end of the limit, but not beyond
}

void tst_ImportHostile::hundredThousandRows()
{
    std::string rows = header;
    for (std::size_t i = 0; i < rowsMax; ++i)
        rows += goodRow(i);
    QElapsedTimer timer;
    timer.start();
    std::size_t told = 0;
    const Drafts read = readDrafts(rows, {}, [&](std::size_t done, std::size_t all) {
        told += done <= all;
        return true;
    });
    QCOMPARE(read.drafts.size(), rowsMax);
    QCOMPARE(read.drafts.back().row, rowsMax + 1);
    QVERIFY(told >= 10);
    QVERIFY2(timer.elapsed() < 10'000, qPrintable(QString::number(timer.elapsed())));
}

void tst_ImportHostile::stopsWhenTold()
{
    std::string rows = header;
    for (std::size_t i = 0; i < 5000; ++i)
        rows += goodRow(i);
    const Drafts read = readDrafts(rows, {}, [](std::size_t, std::size_t) { return false; });
    QCOMPARE(read.broken->code, "cancelled");
    QVERIFY(read.drafts.empty());
}

void tst_ImportHostile::anyBytesGiveAnAnswer()
{
    QRandomGenerator random(7);
    const std::string alphabet = ",;\t\"'\n\r\\()`[]{}=+-@%\xff\xfe\xc3\xa4 0aZ/:.";
    const char* starts[] = {"",
                            "domain,slug,destination\n",
                            "Link,Custom Link,Destination URL,Tags,Archived\n",
                            "INSERT INTO `yourls_url` VALUES (",
                            "\xff\xfe",
                            "\xfe\xff",
                            "sep=;\n"};
    for (int round = 0; round < 3000; ++round) {
        std::string file = starts[round % std::size(starts)];
        const auto length = random.bounded(600);
        for (int i = 0; i < length; ++i)
            file += round % 2 ? static_cast<char>(random.bounded(256))
                              : alphabet[static_cast<std::size_t>(random.bounded(static_cast<int>(alphabet.size())))];
        for (const auto format :
             {std::optional<Format>(), std::optional(Format::Csv), std::optional(Format::Bitly),
              std::optional(Format::Shlink), std::optional(Format::Yourls), std::optional(Format::Dub)}) {
            const Drafts read = readDrafts(file, {format, round % 3 ? "go.example" : "", true});
            for (const Draft& draft : read.drafts) {
                QVERIFY(links::destinationProblem(draft.link.destination).empty());
                QVERIFY(links::slugProblem(draft.link.slug).empty());
                QVERIFY(links::hostProblem(draft.host).empty());
            }
            QCOMPARE(read.drafts.size() + read.refused.size() + read.passedOver.size(), read.broken ? 0 : read.rows);
        }
    }
}

void tst_ImportHostile::cutAnywhere()
{
    const std::string whole = "-- dump\nINSERT INTO `yourls_url` (`keyword`,`url`) VALUES ('a','https://a.example/'),"
                              "('it''s','https://b.example/');\n";
    for (std::size_t length = 0; length <= whole.size(); ++length) {
        const Drafts read = readDrafts(whole.substr(0, length), {Format::Yourls, "go.example", false});
        QVERIFY(read.broken || read.drafts.size() <= 2);
    }
    QCOMPARE(readDrafts(whole, {Format::Yourls, "go.example", false}).drafts.size(), std::size_t(2));
}

QTEST_APPLESS_MAIN(tst_ImportHostile)
#include "tst_import_hostile.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
// A table longer than a sheet goes on in the next one, each with its head; read back by another program.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <string>
#include <vector>

#include "backend/protocol/table_file.h"

class LargeWorkbookTest : public QObject {
    Q_OBJECT

private slots:
    void goesOnInAnotherSheetWhereTheFirstIsFull();
};

void LargeWorkbookTest::goesOnInAnotherSheetWhereTheFirstIsFull()
{
    constexpr std::uint64_t sheetRows = 1'048'575, beyond = 3; // beside the head
    const QTemporaryDir folder;
    const std::string path = folder.filePath(QStringLiteral("large.xlsx")).toStdString();
    const auto book = protocol::workbook(path, {{"number", true}});
    std::vector<std::string> cells(1);
    for (std::uint64_t row = 0; row < sheetRows + beyond; ++row) {
        cells[0] = std::to_string(row);
        if (!book->row(cells))
            QFAIL(book->error().c_str());
    }
    QVERIFY2(book->finish(), book->error().c_str());
    QProcess python;
    python.start(QStringLiteral("python3"),
                 {QStringLiteral("-c"),
                  QStringLiteral("import zipfile,json,sys\n"
                                 "import xml.etree.ElementTree as E\n"
                                 "z=zipfile.ZipFile(sys.argv[1])\n"
                                 "n='{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'\n"
                                 "out=[]\n"
                                 "for name in sorted(x for x in z.namelist() if x.startswith('xl/worksheets/sheet')):\n"
                                 "  rows=0;sum=0;last='';head='';data=None\n"
                                 "  for event,e in E.iterparse(z.open(name),events=('start','end')):\n"
                                 "    if event=='start':\n"
                                 "      if e.tag==n+'sheetData': data=e\n"
                                 "    elif e.tag==n+'row':\n"
                                 "      rows+=1;last=e.get('r')\n"
                                 "      text=''.join(t.text or '' for t in e.iter() if t.tag in (n+'v',n+'t'))\n"
                                 "      if rows==1: head=text\n"
                                 "      else: sum+=int(text)\n"
                                 "      data.clear()\n"
                                 "  out.append([rows,last,head,sum])\n"
                                 "print(json.dumps(out))\n"),
                  QString::fromStdString(path)});
    QVERIFY(python.waitForFinished(240'000));
    const QJsonArray sheets = QJsonDocument::fromJson(python.readAllStandardOutput()).array();
    QVERIFY2(sheets.size() == 2, python.readAllStandardError().constData());
    const auto is = [&sheets](int sheet, std::uint64_t rows, std::uint64_t first) {
        const QJsonArray found = sheets[sheet].toArray();
        const auto sum = static_cast<double>((first + first + rows - 1) * rows / 2);
        return found[0].toInteger() == static_cast<qint64>(rows + 1) &&
               found[1].toString() == QString::number(rows + 1) && found[2].toString() == QLatin1String("number") &&
               found[3].toDouble() == sum;
    };
    QVERIFY(is(0, sheetRows, 0));
    QVERIFY(is(1, beyond, sheetRows));
}

QTEST_GUILESS_MAIN(LargeWorkbookTest)
#include "tst_large_workbook.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCryptographicHash>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QThread>
#include <QtTest>

#include "app/archive/table_export.h"
#include "app/models/hit_table_source.h"
#include "backend/protocol/csv_writer.h"
#include "tests/app/models/random_hits.h"

using archive::TableExport;
using models::HitTableModel;
using models::HitTableSource;
using protocol::TableFormat;

namespace {

QByteArray contentsOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void fill(state::LiveState& live, std::uint64_t count, unsigned seed)
{
    std::mt19937 random(seed);
    auto frame = std::make_shared<protocol::Frame>();
    frame->first = protocol::HitSeq(1);
    frame->last = protocol::HitSeq(count);
    for (std::uint64_t seq = 1; seq <= count; ++seq)
        frame->hits.push_back(randomHit(seq, random));
    frame->hits[0].referrer = "=HYPERLINK(\"x\")";
    frame->hits[0].city = "a,\"b\"\r\nc";
    live.applyFrame(frame);
}

// Any columns, and a row that is gone.
class OwnTable final : public state::TableSource {
public:
    explicit OwnTable(std::uint64_t rows) : m_rows(rows) {}
    std::vector<state::TableColumn> columns() const override { return {{"name"}, {"change", true}}; }
    std::uint64_t rowCount() const override { return m_rows; }
    bool readRow(std::uint64_t row, std::vector<std::string>& cells) override
    {
        static const char* const names[] = {"=cmd|' /C calc'!A0",   "+1",   "-x", "@SUM(A1)",
                                            "\u00e9 \"q\", ,\r\nz", "plain"};
        static const char* const numbers[] = {"-5", "0.25", "", "12", "-0.5", "9007199254740993"};
        cells = {names[row % 6], numbers[row % 6]};
        return row != 3;
    }
    QJsonObject facts() const override { return {{QStringLiteral("filter"), QStringLiteral("country:DE")}}; }

private:
    std::uint64_t m_rows;
};

QByteArray python(const QString& program, const QStringList& arguments)
{
    QProcess process;
    process.start(QStringLiteral("python3"), QStringList{QStringLiteral("-c"), program} + arguments);
    process.waitForFinished();
    return process.readAllStandardOutput() + process.readAllStandardError();
}

QJsonObject factsOf(const QString& path)
{
    return QJsonDocument::fromJson(contentsOf(path + QStringLiteral(".json"))).object();
}

} // namespace

class TestTableExport : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_writer.moveToThread(&m_thread);
        m_thread.start();
    }
    void cleanupTestCase()
    {
        m_thread.quit();
        m_thread.wait();
    }
    void theLiveTableReReadsExactly();
    void rowsStandInTheTablesOrder();
    void rowsThatLeftMeanwhileAreCounted();
    void aFileThatCannotBeWrittenIsTold_data() { formats(); }
    void aFileThatCannotBeWrittenIsTold();
    void nothingIsLeftOfACancelledOne_data() { formats(); }
    void nothingIsLeftOfACancelledOne();
    void csvReadsTheSameElsewhere();
    void jsonLinesReadTheSameElsewhere();
    void aWorkbookHoldsTextAsTextAndNumbersAsNumbers();
    void aSlowReaderOfEventsIsNotBlocked();

private:
    static void formats()
    {
        QTest::addColumn<int>("format");
        QTest::newRow("csv") << static_cast<int>(TableFormat::Csv);
        QTest::newRow("jsonl") << static_cast<int>(TableFormat::JsonLines);
        QTest::newRow("xlsx") << static_cast<int>(TableFormat::Xlsx);
    }
    void write(std::unique_ptr<state::TableSource> table, const QString& path, TableFormat format, bool bom = false)
    {
        TableExport exporting(m_writer);
        QSignalSpy finished(&exporting, &TableExport::finished);
        QSignalSpy failed(&exporting, &TableExport::failed);
        exporting.start(std::move(table), {path, format, bom}, {{QStringLiteral("workspace"), QStringLiteral("w")}});
        QTRY_VERIFY(finished.size() + failed.size() == 1);
        QVERIFY2(failed.isEmpty(), failed.isEmpty() ? "" : qPrintable(failed[0][0].toString()));
    }

    QThread m_thread;
    QObject m_writer;
    QTemporaryDir m_folder;
};

void TestTableExport::theLiveTableReReadsExactly()
{
    state::LiveState live(5000);
    fill(live, 2500, 21);
    HitTableModel model(live);
    live.setComment(protocol::HitSeq(2500), QStringLiteral("-5 \"x\""));
    const QString path = m_folder.filePath(QStringLiteral("hits.csv"));
    write(std::make_unique<HitTableSource>(model, HitTableSource::allColumns()), path, TableFormat::Csv, true);

    const QByteArray bytes = contentsOf(path);
    const protocol::CsvDocument document =
        protocol::readCsv({bytes.constData(), static_cast<std::size_t>(bytes.size())}, true);
    QVERIFY2(document.error.empty(), document.error.c_str());
    QCOMPARE(document.rows.size(), 2501U);
    const auto& header = document.rows[0];
    for (std::size_t i = 1; i < document.rows.size(); ++i) {
        const auto& row = document.rows[i];
        QCOMPARE(row.size(), header.size());
        protocol::Hit hit;
        for (std::size_t column = 0; column < header.size(); ++column) {
            if (const auto known = protocol::hitColumnFrom(header[column]))
                QVERIFY(protocol::setHitValue(hit, *known, row[column]));
        }
        protocol::Hit shown = *model.hitAt(static_cast<int>(i) - 1);
        // Not among the table's columns.
        shown.botReason.clear();
        shown.late = false;
        if (shown.isBot())
            shown.botCategory = protocol::BotCategory::Other;
        QVERIFY(hit == shown);
    }
    const QString lines = m_folder.filePath(QStringLiteral("hits.jsonl"));
    write(std::make_unique<HitTableSource>(model, HitTableSource::allColumns()), lines, TableFormat::JsonLines);
    const QJsonObject newest = QJsonDocument::fromJson(contentsOf(lines).split('\n').value(0)).object();
    QCOMPARE(newest[QStringLiteral("seq")].toInteger(), 2500);
    QVERIFY(newest[QStringLiteral("bot")].isBool());
    QVERIFY(newest[QStringLiteral("mark")].isBool());
    QCOMPARE(newest[QStringLiteral("comment")].toString(), QStringLiteral("-5 \"x\""));

    const QJsonObject facts = factsOf(path);
    QCOMPARE(facts[QStringLiteral("rows")].toInteger(), 2500);
    QCOMPARE(facts[QStringLiteral("workspace")].toString(), QStringLiteral("w"));
    QCOMPARE(facts[QStringLiteral("last_seq")].toInteger(), 2500);
    QCOMPARE(facts[QStringLiteral("sha256")].toString(),
             QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex()));
    QCOMPARE(models::provenanceOf(live)[QStringLiteral("cursor")].toInteger(), 2500);
}

void TestTableExport::rowsStandInTheTablesOrder()
{
    state::LiveState live(10'000);
    fill(live, 5000, 22);
    HitTableModel model(live);
    model.setDisplayFilter(protocol::parseFilter("country:DE").root);
    const QString path = m_folder.filePath(QStringLiteral("order.csv"));
    write(std::make_unique<HitTableSource>(model, std::vector<int>{HitTableModel::Link, HitTableModel::Country}), path,
          TableFormat::Csv);
    const QByteArray bytes = contentsOf(path);
    const auto document = protocol::readCsv({bytes.constData(), static_cast<std::size_t>(bytes.size())}, true);
    QCOMPARE(document.rows[0], (std::vector<std::string>{"seq", "domain", "slug", "country"}));
    QCOMPARE(document.rows.size(), static_cast<std::size_t>(model.rowCount()) + 1);
    for (int row = 0; row < model.rowCount(); ++row)
        QCOMPARE(document.rows[static_cast<std::size_t>(row) + 1][0], std::to_string(model.seqAt(row).value));
    QCOMPARE(factsOf(path)[QStringLiteral("display_filter")].toString(), QStringLiteral("country:DE"));
}

void TestTableExport::rowsThatLeftMeanwhileAreCounted()
{
    state::LiveState live(100);
    fill(live, 100, 23);
    HitTableModel model(live);
    const QString path = m_folder.filePath(QStringLiteral("left.csv"));
    auto table = std::make_unique<HitTableSource>(model, std::vector<int>{});
    auto frame = std::make_shared<protocol::Frame>();
    std::mt19937 random(1);
    frame->first = frame->last = protocol::HitSeq(101);
    frame->hits = {randomHit(101, random)};
    live.applyFrame(frame);
    write(std::move(table), path, TableFormat::Csv);
    const QJsonObject facts = factsOf(path);
    QCOMPARE(facts[QStringLiteral("rows_asked")].toInteger(), 100);
    QCOMPARE(facts[QStringLiteral("rows_left_memory")].toInteger(), 1);
    QCOMPARE(facts[QStringLiteral("rows")].toInteger(), 99);
}

void TestTableExport::aFileThatCannotBeWrittenIsTold()
{
    QFETCH(int, format);
    TableExport exporting(m_writer);
    QSignalSpy failed(&exporting, &TableExport::failed);
    exporting.start(std::make_unique<OwnTable>(10), {QStringLiteral("/nowhere/at/all"), TableFormat(format), false},
                    {});
    QTRY_COMPARE(failed.size(), 1);
    QVERIFY(!exporting.isRunning());
    QVERIFY(!failed[0][0].toString().isEmpty());
}

void TestTableExport::nothingIsLeftOfACancelledOne()
{
    QFETCH(int, format);
    QTemporaryDir folder;
    TableExport exporting(m_writer);
    QSignalSpy progress(&exporting, &TableExport::progress);
    exporting.start(std::make_unique<OwnTable>(1'000'000),
                    {folder.filePath(QStringLiteral("x")), TableFormat(format), false}, {});
    QTRY_VERIFY(progress.size() > 1);
    exporting.cancel();
    QVERIFY(!exporting.isRunning());
    QTRY_VERIFY(QDir(folder.path()).isEmpty());
}

void TestTableExport::csvReadsTheSameElsewhere()
{
    const QString path = m_folder.filePath(QStringLiteral("own.csv"));
    write(std::make_unique<OwnTable>(6), path, TableFormat::Csv);
    const QByteArray read =
        python(QStringLiteral("import csv,json,sys\n"
                              "print(json.dumps(list(csv.reader(open(sys.argv[1],newline='',encoding='utf-8')))))"),
               {path});
    const QJsonArray rows = QJsonDocument::fromJson(read).array();
    QVERIFY2(rows.size() == 6, read.constData()); // the head, and one row was gone
    QCOMPARE(rows[1].toArray()[0].toString(), QStringLiteral("'=cmd|' /C calc'!A0"));
    QCOMPARE(rows[1].toArray()[1].toString(), QStringLiteral("-5")); // a number, and stays one
    QCOMPARE(rows[2].toArray()[0].toString(), QStringLiteral("'+1"));
    QCOMPARE(rows[4].toArray()[0].toString(), QStringLiteral("\u00e9 \"q\", ,\r\nz"));
    QCOMPARE(rows[4].toArray()[1].toString(), QStringLiteral("-0.5"));
}

void TestTableExport::jsonLinesReadTheSameElsewhere()
{
    const QString path = m_folder.filePath(QStringLiteral("own.jsonl"));
    write(std::make_unique<OwnTable>(6), path, TableFormat::JsonLines);
    const QByteArray read =
        python(QStringLiteral(
                   "import json,sys\nprint(json.dumps([json.loads(l) for l in open(sys.argv[1],encoding='utf-8')]))"),
               {path});
    const QJsonArray rows = QJsonDocument::fromJson(read).array();
    QVERIFY2(rows.size() == 5, read.constData());
    QCOMPARE(rows[0].toObject()[QStringLiteral("name")].toString(), QStringLiteral("=cmd|' /C calc'!A0"));
    QCOMPARE(rows[0].toObject()[QStringLiteral("change")].toInt(), -5);
    QVERIFY(rows[2].toObject()[QStringLiteral("change")].isNull());
    QVERIFY(contentsOf(path).contains("9007199254740993")); // exact, whoever reads it
}

// Read by what the standard says of the file, not by the library that wrote it.
void TestTableExport::aWorkbookHoldsTextAsTextAndNumbersAsNumbers()
{
    const QString path = m_folder.filePath(QStringLiteral("own.xlsx"));
    write(std::make_unique<OwnTable>(6), path, TableFormat::Xlsx);
    const QByteArray read = python(
        QStringLiteral("import zipfile,re,json,sys\n"
                       "import xml.etree.ElementTree as E\n"
                       "z=zipfile.ZipFile(sys.argv[1])\n"
                       "n='{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'\n"
                       "s=E.fromstring(z.read('xl/worksheets/sheet1.xml'))\n"
                       "print(json.dumps({'formulas':len(list(s.iter(n+'f'))),'cells':{c.get('r'):[c.get('t') or "
                       "'n',''.join(t.text or '' for t in c.iter() if t.tag in (n+'v',n+'t'))] for c in "
                       "s.iter(n+'c')}}))"),
        {path});
    const QJsonObject sheet = QJsonDocument::fromJson(read).object();
    const QJsonObject cells = sheet[QStringLiteral("cells")].toObject();
    const auto cell = [&cells](const char* name) { return cells[QLatin1StringView(name)].toArray(); };
    QVERIFY2(!cells.isEmpty(), read.constData());
    QCOMPARE(sheet[QStringLiteral("formulas")].toInt(-1), 0);
    QCOMPARE(cell("A2")[0].toString(), QStringLiteral("inlineStr"));
    QCOMPARE(cell("A2")[1].toString(), QStringLiteral("=cmd|' /C calc'!A0"));
    QCOMPARE(cell("B2")[0].toString(), QStringLiteral("n"));
    QCOMPARE(cell("B2")[1].toString(), QStringLiteral("-5"));
    QCOMPARE(cell("A3")[0].toString(), QStringLiteral("inlineStr"));
    QVERIFY(!cells.contains(QStringLiteral("B4")));                  // unknown is empty, not zero
    QCOMPARE(cell("B6")[0].toString(), QStringLiteral("inlineStr")); // more digits than a double has
    QCOMPARE(cell("B6")[1].toString(), QStringLiteral("9007199254740993"));
    QCOMPARE(factsOf(path)[QStringLiteral("format")].toString(), QStringLiteral("xlsx"));
}

void TestTableExport::aSlowReaderOfEventsIsNotBlocked()
{
    TableExport exporting(m_writer);
    QSignalSpy finished(&exporting, &TableExport::finished);
    qint64 longest = 0;
    QElapsedTimer since;
    QTimer beat;
    connect(&beat, &QTimer::timeout, this, [&] { longest = std::max(longest, since.restart()); });
    since.start();
    beat.start(0);
    exporting.start(std::make_unique<OwnTable>(1'000'000),
                    {m_folder.filePath(QStringLiteral("million.csv")), TableFormat::Csv, false}, {});
    QElapsedTimer all;
    all.start();
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
    QCOMPARE(finished[0][1].toULongLong(), 999'999U);
    qInfo("a million rows in %lld ms; the longest wait of an event: %lld ms", all.elapsed(), longest);
    QVERIFY(longest < 500); // shared machines stall; a whole export would be seconds
}

QTEST_MAIN(TestTableExport)
#include "tst_table_export.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCryptographicHash>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include "app/models/csv_export.h"
#include "tests/app/models/random_hits.h"

using models::CsvExport;
using models::HitTableModel;

namespace {

QByteArray contentsOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

std::vector<int> allColumns()
{
    std::vector<int> columns;
    for (int column = 0; column < HitTableModel::ColumnCount; ++column)
        columns.push_back(column);
    return columns;
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

} // namespace

class TestCsvExport : public QObject {
    Q_OBJECT

private slots:
    void reReadsExactly();
    void writesInStepsAndInTheTablesOrder();
    void countsRowsThatLeftMeanwhile();
    void saysWhenItCannotWrite();
    void leavesNothingBehindWhenCancelled();
};

void TestCsvExport::reReadsExactly()
{
    QTemporaryDir folder;
    state::LiveState live(5000);
    fill(live, 2500, 21);
    HitTableModel model(live);
    live.setComment(protocol::HitSeq(2500), QStringLiteral("-5 \"x\""));
    CsvExport csv(model, allColumns());
    QSignalSpy finished(&csv, &CsvExport::finished);
    const QString path = folder.filePath(QStringLiteral("hits.csv"));
    QVERIFY(csv.start(path, true));
    QTRY_COMPARE(finished.size(), 1);

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
    const QJsonObject facts = QJsonDocument::fromJson(contentsOf(path + QStringLiteral(".json"))).object();
    QCOMPARE(facts[QStringLiteral("rows")].toInteger(), 2500);
    QCOMPARE(facts[QStringLiteral("cursor")].toInteger(), 2500);
    QCOMPARE(facts[QStringLiteral("sha256")].toString(),
             QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex()));
}

void TestCsvExport::writesInStepsAndInTheTablesOrder()
{
    QTemporaryDir folder;
    state::LiveState live(10'000);
    fill(live, 5000, 22);
    HitTableModel model(live);
    model.setDisplayFilter(protocol::parseFilter("country:DE").root);
    CsvExport csv(model, {HitTableModel::Link, HitTableModel::Country});
    QSignalSpy progress(&csv, &CsvExport::progress);
    QSignalSpy finished(&csv, &CsvExport::finished);
    const QString path = folder.filePath(QStringLiteral("hits.csv"));
    QVERIFY(csv.start(path));
    QCOMPARE(progress.size(), 0); // nothing in the caller's time
    QTRY_COMPARE(finished.size(), 1);
    QVERIFY(progress.size() >= 2);
    const QByteArray bytes = contentsOf(path);
    const auto document = protocol::readCsv({bytes.constData(), static_cast<std::size_t>(bytes.size())}, true);
    QCOMPARE(document.rows[0], (std::vector<std::string>{"seq", "domain", "slug", "country"}));
    QCOMPARE(document.rows.size(), static_cast<std::size_t>(model.rowCount()) + 1);
    for (int row = 0; row < model.rowCount(); ++row)
        QCOMPARE(document.rows[static_cast<std::size_t>(row) + 1][0], std::to_string(model.seqAt(row).value));
}

void TestCsvExport::countsRowsThatLeftMeanwhile()
{
    QTemporaryDir folder;
    state::LiveState live(100);
    fill(live, 100, 23);
    HitTableModel model(live);
    CsvExport csv(model, {});
    QSignalSpy finished(&csv, &CsvExport::finished);
    const QString path = folder.filePath(QStringLiteral("hits.csv"));
    QVERIFY(csv.start(path));
    auto frame = std::make_shared<protocol::Frame>();
    std::mt19937 random(1);
    frame->first = frame->last = protocol::HitSeq(101);
    frame->hits = {randomHit(101, random)};
    live.applyFrame(frame);
    QTRY_COMPARE(finished.size(), 1);
    const QJsonObject facts = QJsonDocument::fromJson(contentsOf(path + QStringLiteral(".json"))).object();
    QCOMPARE(facts[QStringLiteral("rows_asked")].toInteger(), 100);
    QCOMPARE(facts[QStringLiteral("rows_left_memory")].toInteger(), 1);
    QCOMPARE(facts[QStringLiteral("rows")].toInteger(), 99);
}

void TestCsvExport::saysWhenItCannotWrite()
{
    state::LiveState live(10);
    HitTableModel model(live);
    CsvExport csv(model, {});
    QSignalSpy failed(&csv, &CsvExport::failed);
    QVERIFY(!csv.start(QStringLiteral("/nowhere/at/all.csv")));
    QCOMPARE(failed.size(), 1);
    QVERIFY(!csv.isRunning());
}

void TestCsvExport::leavesNothingBehindWhenCancelled()
{
    QTemporaryDir folder;
    state::LiveState live(5000);
    fill(live, 5000, 24);
    HitTableModel model(live);
    CsvExport csv(model, {});
    QVERIFY(csv.start(folder.filePath(QStringLiteral("hits.csv"))));
    csv.cancel();
    QVERIFY(QDir(folder.path()).isEmpty());
}

QTEST_MAIN(TestCsvExport)
#include "tst_csv_export.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QtTest>

#include "app/models/rollup_series.h"
#include "app/models/top_list_model.h"
#include "backend/protocol/filter_expression.h"

using models::RollupSeries;
using models::TopListModel;
using protocol::UtcMs;

class TestSmallModels : public QObject {
    Q_OBJECT

private slots:
    void showsATopList();
    void changesATopListInPlace();
    void boundsATopList();
    void placesKeepTheirCountry();
    void fillsBucketsWithoutHits();
    void marksWhatIsNotCompleteYet();
    void keepsDaysOfAnotherZone();
    void survivesHostileRanges();
};

void TestSmallModels::showsATopList()
{
    TopListModel list(TopListModel::Kind::Countries);
    QAbstractItemModelTester tester(&list);
    list.setRows({{"DE", 60}, {"", 30}, {"US", 10}}, 200);
    QCOMPARE(list.rowCount(), 3);
    QCOMPARE(list.index(0).data().toString(), QStringLiteral("Germany"));
    QCOMPARE(list.index(0).data(TopListModel::FilterTextRole).toString(), QStringLiteral("country:DE"));
    QCOMPARE(list.index(0).data(TopListModel::ShareRole).toDouble(), 0.3);
    QCOMPARE(list.index(1).data(TopListModel::BarRole).toDouble(), 0.5);
    QVERIFY(list.index(1).data(TopListModel::IsUnknownRole).toBool());
    QCOMPARE(list.index(1).data().toString(), QStringLiteral("Unknown"));
    const auto parse = protocol::parseFilter(list.index(1).data(TopListModel::FilterTextRole).toString().toStdString());
    QVERIFY(parse.error.empty());
    QVERIFY(protocol::matches(parse.root, protocol::Hit()));
}

void TestSmallModels::changesATopListInPlace()
{
    TopListModel list(TopListModel::Kind::Links);
    QAbstractItemModelTester tester(&list);
    list.setRows({{"go/a", 3}, {"go/b", 2}}, 5);
    QSignalSpy reset(&list, &QAbstractItemModel::modelReset);
    QSignalSpy changed(&list, &QAbstractItemModel::dataChanged);
    list.setRows({{"go/a", 3}, {"go/b", 2}}, 5);
    QCOMPARE(changed.size(), 0);
    list.setRows({{"go/a", 3}, {"go/c", 2}, {"go/b", 1}}, 5);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(list.index(2).data().toString(), QStringLiteral("go/b"));
    list.setRows({}, 0);
    QCOMPARE(list.rowCount(), 0);
    QCOMPARE(reset.size(), 0);
}

void TestSmallModels::boundsATopList()
{
    TopListModel list(TopListModel::Kind::Referrers);
    list.setRows(std::vector<protocol::NamedCount>(5000, {"x", 1}), 5000);
    QCOMPARE(list.rowCount(), static_cast<int>(TopListModel::rowsMax));
}

void TestSmallModels::placesKeepTheirCountry()
{
    TopListModel list(TopListModel::Kind::Regions);
    list.setPlaces({{"DE", "Bavaria", 5}, {"", "", 2}}, 10);
    QCOMPARE(list.index(0).data().toString(), QStringLiteral("Bavaria, DE"));
    QCOMPARE(list.index(0).data(TopListModel::CountryRole).toString(), QStringLiteral("DE"));
    QCOMPARE(list.index(1).data().toString(), QStringLiteral("Unknown"));
}

void TestSmallModels::fillsBucketsWithoutHits()
{
    RollupSeries series;
    protocol::RollupRow row;
    row.bucket = UtcMs(120'000);
    row.hits = 9;
    row.clicks = 7;
    row.humanClicks = 5;
    row.scans = 1;
    protocol::RollupRow other = row;
    other.link = protocol::LinkId(4);
    series.setRows({row, other}, protocol::Granularity::Minute, UtcMs(60'001), UtcMs(240'000), {});
    QCOMPARE(series.points().size(), 3U);
    QCOMPARE(series.points()[0].startMs, 60'000);
    QCOMPARE(series.points()[0].clicks, 0U);
    QCOMPARE(series.points()[1].clicks, 14U);
    QCOMPARE(series.points()[1].bots, 4U);
    QCOMPARE(series.maxClicks(), 14U);
}

void TestSmallModels::marksWhatIsNotCompleteYet()
{
    RollupSeries series;
    protocol::Watermark watermark;
    watermark.time = UtcMs(125'000);
    watermark.seq = protocol::HitSeq(10);
    watermark.lastSeq = protocol::HitSeq(15);
    series.setRows({}, protocol::Granularity::Minute, UtcMs(0), UtcMs(240'000), watermark);
    QVERIFY(!series.points()[1].partial);
    QVERIFY(series.points()[2].partial);
    QCOMPARE(series.stillToCome(), 5U);
    QSignalSpy changed(&series, &RollupSeries::changed);
    watermark.time = UtcMs(180'000);
    series.setWatermark(watermark);
    QCOMPARE(changed.size(), 1);
    QVERIFY(!series.points()[2].partial);
    QVERIFY(series.points()[3].partial);
}

void TestSmallModels::keepsDaysOfAnotherZone()
{
    RollupSeries series;
    protocol::RollupRow row; // midnight in Berlin, winter
    row.bucket = UtcMs(1'772'319'600'000 - protocol::msPerDay);
    row.clicks = 3;
    protocol::RollupRow next = row;
    next.bucket = UtcMs(row.bucket.value + 23 * protocol::msPerHour); // as when the clocks go forward
    series.setRows({row, next}, protocol::Granularity::Day, row.bucket,
                   UtcMs(row.bucket.value + 3 * protocol::msPerDay), {});
    QCOMPARE(series.points().size(), 3U);
    QCOMPARE(series.points()[0].startMs, row.bucket.value);
    QCOMPARE(series.points()[0].clicks, 3U);
    QCOMPARE(series.points()[1].clicks, 3U);
}

void TestSmallModels::survivesHostileRanges()
{
    RollupSeries series;
    series.setRows({}, protocol::Granularity::Minute, UtcMs(0), UtcMs(400LL * 365 * protocol::msPerDay), {});
    QCOMPARE(series.points().size(), RollupSeries::pointsMax);
    QVERIFY(series.isCut());
    protocol::RollupRow row;
    row.bucket = UtcMs(-5);
    row.clicks = 1;
    series.setRows({row}, protocol::Granularity::Hour, UtcMs(100), UtcMs(50), {});
    QCOMPARE(series.points().size(), 0U + series.points().size());
    QCOMPARE(series.maxClicks(), 0U);
}

QTEST_MAIN(TestSmallModels)
#include "tst_small_models.moc"

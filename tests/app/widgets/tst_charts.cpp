// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QLocale>
#include <QSignalSpy>
#include <QTest>

#include "app/widgets/charts/chart_overlay.h"
#include "app/widgets/charts/rollup_chart.h"
#include "app/widgets/charts/series_chart.h"
#include "app/widgets/charts/velocity_chart.h"
#include "app/widgets/theme/appearance.h"
#include "app/widgets/theme/theme.h"

using namespace widgets;

class tst_Charts : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        m_appearance = std::make_unique<Appearance>(*qApp);
        m_appearance->setScheme(Scheme::Dark);
    }

    void axesEndAtRoundValues()
    {
        QCOMPARE(roundTop(0), 4.0);
        QCOMPARE(roundTop(612), 800.0);
        QCOMPARE(roundTop(1204), 1600.0);
        QCOMPARE(roundTop(3), 4.0);
        for (double value = 1; value < 1e7; value *= 1.37)
            QVERIFY(roundTop(value) >= value);
    }

    void barsStandWhereTheirTimeIs()
    {
        RollupChart chart;
        chart.resize(640, 360);
        QList<RollupBar> bars;
        for (int i = 0; i < 24; ++i)
            bars.append({m_start + i * hourMs, i == 12 ? 1000u : 10u, i == 12 ? 200u : 2u});
        chart.setBars(bars, hourMs, m_start + 22 * hourMs + 300'000, QStringLiteral("rolled up to 14:05"));
        chart.show();
        QVERIFY(QTest::qWaitForWindowExposed(&chart));
        const QImage image = chart.grab().toImage();
        // Plot: 44 px left, 14 right; bar 12 of 24 in its middle, near its foot.
        const double x = 44 + (640 - 58) * 12.5 / 24;
        QCOMPARE(image.pixelColor(qRound(x), 360 - 24 - 40), darkTheme().link);
        // Bots stand on top of people: at 1100 of 1600.
        const double y = 360 - 24 - (360 - 38) * 1100.0 / 1600.0;
        QCOMPARE(image.pixelColor(qRound(x), qRound(y)), darkTheme().bot);
    }

    void bucketsBeyondTheWatermarkArePale()
    {
        RollupChart chart;
        chart.resize(640, 360);
        const QList<RollupBar> bars{{m_start, 100, 0}, {m_start + hourMs, 100, 0}, {m_start + 2 * hourMs, 100, 0}};
        chart.setBars(bars, hourMs, m_start + 2 * hourMs, QStringLiteral("edge"));
        QVERIFY(!chart.isPartial(bars[1]));
        QVERIFY(chart.isPartial(bars[2]));
        chart.show();
        QVERIFY(QTest::qWaitForWindowExposed(&chart));
        const QImage image = chart.grab().toImage();
        const QColor pale = image.pixelColor(qRound(44 + (640 - 58) * 2.5 / 3), 300);
        QVERIFY(pale != darkTheme().link);
        QVERIFY(pale != darkTheme().panel);
        QVERIFY(chart.readingAt(m_start + 2 * hourMs + 1).contains(QStringLiteral("still filling")));
        QVERIFY(!chart.readingAt(m_start + 1).contains(QStringLiteral("still filling")));
    }

    void oneReadingTellsAllSeries()
    {
        VelocityChart chart;
        chart.resize(640, 360);
        QList<VelocityPoint> points;
        for (int i = 0; i < 100; ++i)
            points.append({m_start + i * 10'000, i == 50 ? 200.0 : 20.0, 3, 1});
        chart.setPoints(points, 10'000, m_start);
        const QStringList reading = chart.readingAt(m_start + 50 * 10'000 + 4'000);
        QCOMPARE(reading.size(), 4);
        QVERIFY(reading[1].contains(QStringLiteral("1,200"))); // 200 in 10 s
        QVERIFY(reading[3].contains(QStringLiteral("18")));
    }

    void nothingIsToldFromBeforeTheWindowIsCovered()
    {
        VelocityChart chart;
        QList<VelocityPoint> points;
        for (int i = 0; i < 100; ++i)
            points.append({m_start + i * 10'000, 5, 0, 0});
        chart.setPoints(points, 10'000, m_start + 600'000);
        QVERIFY(chart.readingAt(m_start + 300'000).isEmpty());
        QVERIFY(!chart.readingAt(m_start + 700'000).isEmpty());
    }

    void aMarkWithDetailsIsPickedWhereItStands()
    {
        RollupChart chart;
        chart.resize(640, 360);
        chart.setBars({{m_start, 10, 0}, {m_start + hourMs, 10, 0}}, hourMs, m_start + hourMs, QStringLiteral("edge"));
        chart.setMoments({{m_start + hourMs, QStringLiteral("go.acme.example/spring"), {QStringLiteral("maria")}, 7}});
        QCOMPARE(chart.marks().size(), 2); // beside the watermark's
        chart.show();
        QVERIFY(QTest::qWaitForWindowExposed(&chart));
        QSignalSpy picked(&chart, &TimeChart::markPicked);
        auto* overlay = chart.findChild<ChartOverlay*>();
        const int x = 44 + (640 - 58) / 2;
        QTest::mouseClick(overlay, Qt::LeftButton, {}, QPoint(x - 60, 100));
        QCOMPARE(picked.size(), 0);
        QTest::mouseClick(overlay, Qt::LeftButton, {}, QPoint(x + 2, 100));
        QCOMPARE(picked.size(), 1);
        QCOMPARE(picked[0][0].toULongLong(), 7U);
    }

    void manyPointsAreMergedInOneReplace()
    {
        VelocityChart chart;
        chart.resize(400, 240);
        chart.show();
        QVERIFY(QTest::qWaitForWindowExposed(&chart));
        QList<VelocityPoint> points;
        for (int i = 0; i < 20'000; ++i)
            points.append({m_start + i * 1000LL, double(i % 7), 1, 1});
        QElapsedTimer timer;
        timer.start();
        for (int i = 0; i < 10; ++i)
            chart.setPoints(points, 1000, m_start);
        chart.grab();
        // 20,000 points unmerged took 64 ms for the line and 350 ms for the area, each time.
        QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));
    }

    void seriesStackAndWhatFillsIsPale()
    {
        SeriesChart chart;
        chart.resize(458, 238); // a plot of 400 by 200
        chart.setShape(SeriesChart::Shape::Stacked);
        chart.setSeries(hours(4, 3),
                        {{QStringLiteral("people"), &Theme::link, {8, 8, 8, 8}},
                         {QStringLiteral("bots"), &Theme::bot, {8, 0, 8, 8}}},
                        m_start + 3 * hourMs, QStringLiteral("rolled up"));
        chart.show();
        QVERIFY(QTest::qWaitForWindowExposed(&chart));
        const QImage image = chart.grab().toImage();
        const auto at = [&](int bucket, double value) { // the axis ends at 20
            return image.pixelColor(44 + bucket * 100 + 50, 14 + static_cast<int>(200 * (1 - value / 20)));
        };
        QCOMPARE(at(0, 4), darkTheme().link);
        QCOMPARE(at(0, 12), darkTheme().bot); // above the people
        QVERIFY(at(1, 12) != darkTheme().bot);
        QVERIFY(at(3, 4) != darkTheme().link);
        QVERIFY(at(3, 4) != at(1, 18));    // pale, and not nothing
        QCOMPARE(chart.marks().size(), 1); // where the rollups end
    }

    void atMostFiveSeriesAreShown()
    {
        SeriesChart chart;
        chart.setSeries(hours(2, 2), QList<ChartSeries>(9, {QStringLiteral("x"), &Theme::link, {1, 2}}), 0, {});
        QCOMPARE(chart.series().size(), SeriesChart::seriesMax);
    }

    void seriesThatAreTooShortAreUnknownThere()
    {
        SeriesChart chart;
        chart.setSeries(hours(3, 3), {{QStringLiteral("people"), &Theme::link, {7}}}, 0, {});
        QCOMPARE(chart.readingAt(m_start + hourMs + 1)[1], QStringLiteral("people \u2014"));
        QCOMPARE(chart.readingAt(m_start + 1)[1], QStringLiteral("people 7"));
        QVERIFY(chart.readingAt(m_start - 1).isEmpty());
        chart.setSeries({}, {}, 0, {});
        QVERIFY(chart.readingAt(m_start).isEmpty());
    }

    void aDragSelectsARangeAndAClickAMoment()
    {
        SeriesChart chart;
        chart.setSelectable(true);
        chart.resize(458, 238);
        chart.setSeries(hours(4, 4), {{QStringLiteral("people"), &Theme::link, {1, 2, 3, 4}}}, 0, {});
        chart.show();
        QVERIFY(QTest::qWaitForWindowExposed(&chart));
        auto* overlay = chart.findChild<ChartOverlay*>();
        QSignalSpy ranges(&chart, &TimeChart::rangeSelected), moments(&chart, &TimeChart::momentPicked);
        QTest::mousePress(overlay, Qt::LeftButton, {}, QPoint(344, 100)); // from right to left
        QTest::mouseMove(overlay, QPoint(144, 100));
        QTest::mouseRelease(overlay, Qt::LeftButton, {}, QPoint(144, 100));
        QCOMPARE(ranges.size(), 1);
        QCOMPARE(ranges[0][0].toLongLong(), m_start + hourMs);
        QCOMPARE(ranges[0][1].toLongLong(), m_start + 3 * hourMs);
        QTest::mouseClick(overlay, Qt::LeftButton, {}, QPoint(94, 100));
        QCOMPARE(moments.size(), 1);
        QCOMPARE(moments[0][0].toLongLong(), m_start + hourMs / 2);
    }

    void aYearOfHoursIsPaintedInTime()
    {
        SeriesChart chart;
        chart.resize(800, 300);
        QList<double> values;
        for (int i = 0; i < 8784; ++i)
            values.append(i % 97);
        chart.setSeries(hours(8784, 8784), QList<ChartSeries>(5, {QStringLiteral("x"), &Theme::link, values, true}), 0,
                        {});
        QElapsedTimer timer;
        timer.start();
        chart.grab();
        // A dashed line through them all took 500 ms, and there were five.
        QVERIFY2(timer.elapsed() < 4000, qPrintable(QString::number(timer.elapsed())));
    }

private:
    static constexpr qint64 hourMs = 3'600'000;

    QList<ChartBucket> hours(int count, int complete) const
    {
        QList<ChartBucket> buckets;
        for (int i = 0; i < count; ++i)
            buckets.append({m_start + i * hourMs, m_start + (i + 1) * hourMs, i >= complete});
        return buckets;
    }

    const qint64 m_start = 1'772'366'400'000; // 2026-03-01T12:00Z
    std::unique_ptr<Appearance> m_appearance;
};

QTEST_MAIN(tst_Charts)
#include "tst_charts.moc"

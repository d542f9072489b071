// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QElapsedTimer>
#include <QQuickWidget>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>

#include "app/widgets/map/choropleth_item.h"
#include "app/widgets/map/world_map.h"
#include "app/widgets/theme/appearance.h"

using namespace widgets;

class tst_WorldMap : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        chooseGraphics(false);
        m_appearance = std::make_unique<Appearance>(*qApp);
        m_appearance->setScheme(Scheme::Dark);
    }

    void init()
    {
        m_map = std::make_unique<WorldMap>();
        m_map->resize(900, 560);
        m_map->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_map.get()));
        QVERIFY2(m_map->problem().isEmpty(), qPrintable(m_map->problem()));
        QTRY_VERIFY(m_map->rect().contains(m_map->positionOf(10, 50).toPoint()));
    }

    void cleanup() { m_map.reset(); }

    void readsBothLevelsOfDetailQuickly()
    {
        QCOMPARE(WorldShapes::coarse().countries().size(), 177);
        QElapsedTimer timer;
        timer.start();
        QVERIFY(WorldShapes::fine().countries().size() > 230);
        qInfo() << "fine shapes in ms:" << timer.elapsed();
        QVERIFY(WorldShapes::fine().find(QStringLiteral("SG")));
        QVERIFY(WorldShapes::fromJson("{\"format\":\"other\"}").countries().isEmpty());
        QVERIFY(WorldShapes::fromJson(
                    "{\"format\":\"clickroom-map/1\",\"countries\":[{\"code\":\"DE\",\"polygons\":[[[1]]]}]}")
                    .countries()
                    .isEmpty());
    }

    void coloursCountriesByTheSquareRootOfTheirCount()
    {
        m_map->setCounts({{QStringLiteral("US"), 1204}, {QStringLiteral("BR"), 301}, {QString(), 5000}});
        QCOMPARE(m_map->colourOf(1204), darkTheme().rampHigh);
        QCOMPARE(m_map->colourOf(0), darkTheme().land);
        // A quarter of the largest is half way up the ramp.
        QCOMPARE(m_map->colourOf(301), between(darkTheme().rampLow, darkTheme().rampHigh, 0.5));
        QTRY_COMPARE(pixelAt(-98, 39), darkTheme().rampHigh.rgb());                                     // Kansas
        QTRY_COMPARE(pixelAt(-52, -10), between(darkTheme().rampLow, darkTheme().rampHigh, 0.5).rgb()); // Mato Grosso
        QCOMPARE(pixelAt(100, 62), darkTheme().land.rgb());                                             // Siberia
        QCOMPARE(pixelAt(-35, 30), darkTheme().panel.rgb());                                            // the Atlantic
    }

    void followsTheTheme()
    {
        m_appearance->setScheme(Scheme::Light);
        QTRY_COMPARE(pixelAt(100, 62), lightTheme().land.rgb());
        QTRY_COMPARE(pixelAt(-35, 30), lightTheme().panel.rgb());
        m_appearance->setScheme(Scheme::Dark);
        QTRY_COMPARE(pixelAt(100, 62), darkTheme().land.rgb());
    }

    void glowsForALittleWhile()
    {
        m_map->setCounts({{QStringLiteral("BR"), 1}, {QStringLiteral("US"), 100}});
        QTRY_COMPARE(pixelAt(-52, -10), m_map->colourOf(1).rgb());
        m_map->glow({QStringLiteral("BR")});
        QTRY_VERIFY(pixelAt(-52, -10) != m_map->colourOf(1).rgb());
        QTRY_COMPARE(pixelAt(-52, -10), m_map->colourOf(1).rgb());
    }

    void whatIsLitAgainAndAgainIsNotPaintedAgain()
    {
        m_map->setCounts({{QStringLiteral("BR"), 1}, {QStringLiteral("US"), 100}});
        QTRY_COMPARE(pixelAt(-52, -10), m_map->colourOf(1).rgb());
        struct Paints : QObject {
            int count = 0;
            bool eventFilter(QObject*, QEvent* event) override
            {
                count += event->type() == QEvent::Paint;
                return false;
            }
        } paints;
        m_map->findChild<QQuickWidget*>()->installEventFilter(&paints);
        int glows = 0;
        QTimer scans;
        connect(&scans, &QTimer::timeout, this, [&] {
            m_map->glow({QStringLiteral("BR"), QStringLiteral("US")});
            ++glows;
        });
        scans.start(10);
        QTRY_VERIFY(glows >= 60);
        scans.stop();
        QVERIFY(paints.count > 0);
        QVERIFY2(paints.count < 20, qPrintable(QString::number(paints.count))); // some, where the machine was late
        QTRY_COMPARE(pixelAt(-52, -10), m_map->colourOf(1).rgb());
    }

    void reducedMotionDoesNotGlow()
    {
        m_map->setReducedMotion(true);
        m_map->setCounts({{QStringLiteral("BR"), 1}, {QStringLiteral("US"), 100}});
        QTRY_COMPARE(pixelAt(-52, -10), m_map->colourOf(1).rgb());
        m_map->glow({QStringLiteral("BR")});
        QCOMPARE(pixelAt(-52, -10), m_map->colourOf(1).rgb());
    }

    void picksTheCountryUnderTheClick()
    {
        QSignalSpy picked(m_map.get(), &WorldMap::countryPicked);
        QWidget* view = m_map->findChild<QWidget*>();
        QTest::mouseClick(view, Qt::LeftButton, {}, m_map->positionOf(-98, 39).toPoint());
        QTRY_COMPARE(picked.size(), 1);
        QCOMPARE(picked[0][0].toString(), QStringLiteral("US"));
    }

    void zoomsByKeysAndResets()
    {
        const double before = m_map->zoomLevel();
        const QPointF place = m_map->positionOf(10, 50);
        QTest::keyClick(m_map.get(), Qt::Key_Plus);
        QTRY_COMPARE(m_map->zoomLevel(), before + 0.5);
        QTest::keyClick(m_map.get(), Qt::Key_Minus);
        QTRY_COMPARE(m_map->zoomLevel(), before);
        QTest::keyClick(m_map.get(), Qt::Key_Plus);
        QTest::keyClick(m_map.get(), Qt::Key_0);
        QTRY_COMPARE(m_map->zoomLevel(), before);
        QTRY_VERIFY((m_map->positionOf(10, 50) - place).manhattanLength() < 2);
    }

    void pansByDragging()
    {
        QTest::keyClick(m_map.get(), Qt::Key_Plus);
        QWidget* view = m_map->findChild<QWidget*>();
        const QPointF before = m_map->positionOf(10, 20);
        QTest::mousePress(view, Qt::LeftButton, {}, QPoint(400, 300));
        QTest::mouseMove(view, QPoint(430, 310));
        QTest::mouseMove(view, QPoint(480, 330));
        QTest::mouseRelease(view, Qt::LeftButton, {}, QPoint(480, 330));
        QTRY_VERIFY(m_map->positionOf(10, 20).x() > before.x() + 30);
    }

    void smallCountriesAreDots()
    {
        m_map->setCounts({{QStringLiteral("SG"), 50}});
        QTRY_COMPARE(pixelAt(103.82, 1.35), darkTheme().rampHigh.rgb());
    }

    void survivesAnySize()
    {
        for (const QSize size : {QSize(240, 160), QSize(1800, 300), QSize(300, 1000), QSize(900, 560)}) {
            m_map->resize(size);
            QTRY_VERIFY(m_map->rect().contains(m_map->positionOf(10, 50).toPoint()));
        }
    }

private:
    QRgb pixelAt(double longitude, double latitude) const
    {
        const QImage image = m_map->grab().toImage();
        return image.pixel((m_map->positionOf(longitude, latitude) * image.devicePixelRatio()).toPoint()) | 0xff000000;
    }

    std::unique_ptr<Appearance> m_appearance;
    std::unique_ptr<WorldMap> m_map;
};

QTEST_MAIN(tst_WorldMap)
#include "tst_world_map.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QElapsedTimer>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>

#include <algorithm>

#include "app/pages/live/filter_bar.h"
#include "app/pages/live/live_page.h"
#include "app/pages/live/live_table.h"
#include "app/widgets/map/world_map.h"
#include "app/widgets/theme/appearance.h"
#include "tests/app/pages/feeder.h"

// How the whole page bears 10,000 hits a second: a bench, since its limits are of time.
class tst_LivePageLoad : public QObject {
    Q_OBJECT

private slots:
    void theGuiThreadIsNeverBlockedLong()
    {
        widgets::chooseGraphics(true);
        widgets::Appearance appearance(*qApp);
        state::LiveState state;
        Feeder feeder(state, QDateTime::currentMSecsSinceEpoch());
        live::LivePage page(state);
        page.resize(1920, 1032);
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        feeder.connect();
        feeder.feed(20'000, 1790);
        feeder.sendWindow();
        feeder.forgetFromNowOn();
        feeder.feed(200'000, 60);
        feeder.sendWatermark(5000);
        page.refreshNow();
        page.grab(); // the first pictures: flags and shapes are made

        std::vector<qint64> gaps;
        QElapsedTimer since;
        since.start();
        QTimer beat;
        connect(&beat, &QTimer::timeout, this, [&] { gaps.push_back(since.restart()); });
        qint64 feedingMs = 0;
        QTimer frames;
        connect(&frames, &QTimer::timeout, this, [&] {
            QElapsedTimer cost;
            cost.start();
            feeder.feed(500, 1); // a frame of the backend's, twenty times a second
            feedingMs = std::max(feedingMs, cost.elapsed());
        });
        int seconds = 0;
        QTimer windows;
        connect(&windows, &QTimer::timeout, this, [&] { ++seconds; });
        since.restart();
        beat.start(1);
        frames.start(50);
        windows.start(1000);
        QTRY_VERIFY_WITH_TIMEOUT(seconds >= 8, 20'000);
        std::sort(gaps.begin(), gaps.end());
        qInfo() << "event loop gaps in ms: median" << gaps[gaps.size() / 2] << "p99" << gaps[gaps.size() * 99 / 100]
                << "longest" << gaps.back() << "of which making and applying the hits took at most" << feedingMs
                << "rows" << page.model().rowCount();
        QVERIFY2(gaps.back() <= 50, qPrintable(QString::number(gaps.back())));
    }
};

QTEST_MAIN(tst_LivePageLoad)
#include "tst_live_page_load.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAction>
#include <QApplication>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

#include "app/pages/live/filter_bar.h"
#include "app/pages/live/inspector.h"
#include "app/pages/live/integrity_strip.h"
#include "app/pages/live/live_page.h"
#include "app/pages/live/live_table.h"
#include "app/pages/live/rollup_panel.h"
#include "app/pages/live/tile_row.h"
#include "app/widgets/charts/rollup_chart.h"
#include "app/widgets/dock_panel.h"
#include "app/widgets/map/world_map.h"
#include "app/widgets/segmented_control.h"
#include "app/widgets/theme/appearance.h"
#include "app/widgets/tile.h"
#include "tests/app/pages/feeder.h"

using namespace live;

class tst_LivePage : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        widgets::chooseGraphics(true);
        m_appearance = std::make_unique<widgets::Appearance>(*qApp);
        m_appearance->setScheme(widgets::Scheme::Dark);
    }

    void init()
    {
        m_state = std::make_unique<state::LiveState>(100'000);
        m_feeder = std::make_unique<Feeder>(*m_state, QDateTime::currentMSecsSinceEpoch());
        m_page = std::make_unique<LivePage>(*m_state);
        connect(m_page.get(), &LivePage::rollupsRequested, this,
                [this](protocol::Granularity granularity, protocol::UtcMs from, protocol::UtcMs to) {
                    m_page->setRollups(
                        m_feeder->rollups(granularity, granularity == protocol::Granularity::Minute ? 60 : 48),
                        granularity, from, to, *m_state->watermark());
                });
        m_page->setKnownLinks({QStringLiteral("go.acme.example/spring"), QStringLiteral("go.acme.example/launch-day"),
                               QStringLiteral("acme.link/demo")});
        m_page->resize(1920, 1032);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    }

    void cleanup()
    {
        m_page.reset();
        m_state.reset();
    }

    void showsRealTrafficAtAGlance()
    {
        play();

        picture("live-dark");
        m_appearance->setScheme(widgets::Scheme::Light);
        picture("live-light");
        m_appearance->setScheme(widgets::Scheme::Dark);
        m_page->resize(1280, 752);
        picture("live-1280");
    }

private:
    void play()
    {
        m_feeder->connect();
        m_feeder->feed(18'233, 1790);
        m_feeder->sendWindow();
        m_feeder->sendWatermark(95'000);
        m_feeder->sendStatus();
    }

    void picture(const char* name)
    {
        QTest::qWait(400);
        QVERIFY(m_page->grab().save(
            QDir(QCoreApplication::applicationDirPath()).filePath(QString::fromLatin1(name) + QStringLiteral(".png"))));
    }

    std::unique_ptr<widgets::Appearance> m_appearance;
    std::unique_ptr<state::LiveState> m_state;
    std::unique_ptr<Feeder> m_feeder;
    std::unique_ptr<LivePage> m_page;
};

QTEST_MAIN(tst_LivePage)
#include "tst_live_page.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAction>
#include <QApplication>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QScreen>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <functional>

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
#include "app/widgets/theme/type.h"
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
        m_page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    }

    void cleanup()
    {
        m_page.reset();
        m_state.reset();
    }

    void showsRealTrafficAtAGlance()
    {
        play();
        QTRY_VERIFY(m_page->findChild<widgets::RollupChart*>()->isVisible());
        QCOMPARE(tile(TileRow::Misses).figure,
                 figure([](const protocol::Hit& hit) { return hit.hitClass == protocol::HitClass::Miss; }));
        QCOMPARE(tile(TileRow::People).figure, figure([](const protocol::Hit& hit) { return hit.isHumanClick(); }));
        QCOMPARE(tile(TileRow::Scans).figure, figure([](const protocol::Hit& hit) { return hit.isScan(); }));
        QVERIFY(tile(TileRow::Misses).alert);
        QVERIFY(m_page->findChild<IntegrityStrip*>()->text().contains(QStringLiteral("received 5,000 of 5,000")));
        QVERIFY(m_page->findChild<IntegrityStrip*>()->text().contains(QStringLiteral("dropped 0")));
        picture("live-dark");
        m_appearance->setScheme(widgets::Scheme::Light);
        picture("live-light");
        m_appearance->setScheme(widgets::Scheme::Dark);
    }

    // What the strip shows before, and after the one thing that moves it: message by message, as the connection brings
    // them.
    void everyFigureOfTheStripMovesWithItsCause()
    {
        state::LiveState live(100);
        IntegrityStrip strip;
        const auto shown = [&] {
            strip.setState(live);
            return strip.text();
        };
        const auto frame = [](std::uint64_t first, std::uint64_t last, std::vector<std::uint64_t> seqs,
                              std::uint64_t dropped, std::int32_t lagMs) {
            auto made = std::make_shared<protocol::Frame>();
            made->first = protocol::HitSeq(first);
            made->last = protocol::HitSeq(last);
            made->dropped = dropped;
            made->lagMs = lagMs;
            for (const std::uint64_t seq : seqs) {
                protocol::Hit hit;
                hit.seq = protocol::HitSeq(seq);
                made->hits.push_back(hit);
            }
            return made;
        };
        const QString none(widgets::notYetMark);
        QCOMPARE(shown(),
                 QStringLiteral("received 0 of 0; lag p50 %1; p95 %1; dropped 0; cursor %1; rolled up to %1; clock %1")
                     .arg(none));

        protocol::Hello hello;
        hello.dataId = "data";
        live.applyHello(hello);
        live.applySubscribed({1, protocol::HitSeq(0)}, {});
        live.applyClock(-3500, 40);
        QVERIFY2(shown().endsWith(QStringLiteral("clock \u22123,500 ms")), qPrintable(shown()));
        live.applyClock(25, 40);
        QVERIFY(shown().endsWith(QStringLiteral("clock +25 ms")));

        live.applyFrame(frame(1, 3, {1, 2, 3}, 0, 30)); // and half a round trip
        QVERIFY2(shown().startsWith(QStringLiteral("received 3 of 3; lag p50 50 ms; p95 50 ms; dropped 0; cursor 3;")),
                 qPrintable(shown()));
        for (std::uint64_t seq = 4; seq <= 12; ++seq)
            live.applyFrame(frame(seq, seq, {seq}, 0, seq == 12 ? 480 : 30));
        QVERIFY2(
            shown().startsWith(QStringLiteral("received 12 of 12; lag p50 50 ms; p95 500 ms; dropped 0; cursor 12;")),
            qPrintable(shown()));

        protocol::SessionStatus status;
        status.sentHits = 15; // three are on their way
        live.applyStatus(status);
        QVERIFY2(shown().startsWith(QStringLiteral("received 12 of 15;")), qPrintable(shown()));

        live.applyFrame(frame(13, 20, {20}, 5, 30));
        QVERIFY2(shown().contains(QStringLiteral("dropped 5 0 fetched; cursor 20;")), qPrintable(shown()));
        live.applyGap({13, 20, state::GapReport::State::Fetching, 0, {}});
        QVERIFY2(shown().contains(QStringLiteral("fetching 8;")), qPrintable(shown()));
        live.applyFetched(frame(13, 20, {13, 14, 15, 16, 17}, 0, 0));
        live.applyGap({13, 20, state::GapReport::State::Fetched, 20, {}});
        QVERIFY2(shown().contains(QStringLiteral("dropped 5 5 fetched; cursor 20;")), qPrintable(shown()));
        live.applyGap({21, 24, state::GapReport::State::Failed, 20, QStringLiteral("410")});
        QVERIFY2(shown().contains(QStringLiteral("missing 4;")), qPrintable(shown()));

        QVERIFY(!shown().contains(QStringLiteral("lost")) && !shown().contains(QStringLiteral("late")));
        status.lateHits = 2;
        status.lostHits = 1;
        live.applyStatus(status);
        QVERIFY2(shown().contains(QStringLiteral("lost 1; late 2;")), qPrintable(shown()));

        QVERIFY(!shown().contains(QStringLiteral("protocol breaches")));
        live.applyViolation(QStringLiteral("malformed"));
        QVERIFY2(shown().contains(QStringLiteral("protocol breaches 1 malformed;")), qPrintable(shown()));

        protocol::Watermark watermark;
        watermark.seq = protocol::HitSeq(15);
        watermark.time = protocol::UtcMs(QDateTime(QDate(2026, 3, 1), QTime(12, 34, 56)).toMSecsSinceEpoch());
        watermark.lastSeq = protocol::HitSeq(20);
        live.applyWatermark(watermark);
        QVERIFY2(shown().contains(QStringLiteral("rolled up to 12:34:56 \u00B7 5 to come;")), qPrintable(shown()));
        status.lastSeq = protocol::HitSeq(29);
        live.applyStatus(status);
        QVERIFY2(shown().contains(QStringLiteral("14 to come;")), qPrintable(shown()));
        watermark.seq = protocol::HitSeq(29);
        live.applyWatermark(watermark);
        QVERIFY2(shown().contains(QStringLiteral("0 to come;")), qPrintable(shown()));
    }

    void wrapsItsTilesOnASmallScreen()
    {
        play();
        m_page->resize(1280, 752);
        QTRY_COMPARE(m_page->findChild<TileRow*>()->tile(TileRow::Bots)->x(),
                     m_page->findChild<TileRow*>()->tile(TileRow::Velocity)->x());
        QTRY_VERIFY(!table()->shownColumns().contains(models::HitTableWords::Campaign));
        const QList<int> columns = table()->shownColumns();
        for (const int column : {models::HitTableWords::Time, models::HitTableWords::Link, models::HitTableWords::Touch,
                                 models::HitTableWords::Bot})
            QVERIFY(columns.contains(column));
        picture("live-1280");
    }

    void everyPanelSaysWhyItIsEmpty()
    {
        m_feeder->connect();
        m_feeder->sendWindow();
        QTRY_VERIFY(status("table") && !status("table")->command.isEmpty());
        QCOMPARE(status("table")->state, widgets::PanelState::Waiting);
        QVERIFY(status("table")->command.startsWith(
            QStringLiteral("curl -so /dev/null -H 'Host: go.acme.example' 'http://127.0.0.1:8080/spring'")));
        QVERIFY(status("map")->command.contains(QStringLiteral("?qr=")));
        QVERIFY(status("rollups"));
        picture("live-waiting");
    }

    void saysThatAPlanHasNoMap()
    {
        m_feeder->connect("starter");
        m_feeder->sendWindow();
        QTRY_VERIFY(status("map") && status("map")->state == widgets::PanelState::NotInPlan);
    }

    void neverConnectedIsToldInWords()
    {
        m_feeder->goOffline(state::OfflineReason::Unreachable);
        QTRY_VERIFY(status("table") && status("table")->state == widgets::PanelState::Failed);
        QVERIFY(!status("table")->title.isEmpty());
        QVERIFY(!status("table")->text.isEmpty());
    }

    void whatWasKnownStaysWhenTheLineBreaks()
    {
        play();
        m_feeder->goOffline(state::OfflineReason::Unreachable);
        QTRY_VERIFY(status("table") && status("table")->state == widgets::PanelState::Offline);
        QVERIFY(table()->isVisible());
        QVERIFY(m_page->model().rowCount() > 0);
        picture("live-offline");
    }

    void theDisplayFilterWorksOnWhatIsThere()
    {
        play();
        const int all = m_page->model().rowCount();
        bar()->setDisplayText(QStringLiteral("country:DE and not bot"));
        const int some = m_page->model().rowCount();
        QVERIFY(some > 0 && some < all);
        for (int row = 0; row < some; row += 50)
            QCOMPARE(m_page->model().hitAt(row)->country, std::string("DE"));
        bar()->setDisplayText(QStringLiteral("country:QQ"));
        QTRY_VERIFY(status("table"));
        QCOMPARE(status("table")->state, widgets::PanelState::Filtered);
        QCOMPARE(status("table")->title, QStringLiteral("0 of 5,000 rows"));
        picture("live-filtered");
        emit panel("table")->stack()->actionRequested();
        QCOMPARE(m_page->model().rowCount(), all);
    }

    void aWrongFilterChangesNothing()
    {
        play();
        const int all = m_page->model().rowCount();
        auto* edit = bar()->findChild<QLineEdit*>();
        QTest::keyClicks(edit, QStringLiteral("contry:DE"));
        QTest::keyClick(edit, Qt::Key_Return);
        QCOMPARE(edit->property("failed").toBool(), true);
        QCOMPARE(m_page->model().rowCount(), all);
        picture("live-problem");
    }

    void theStreamFilterIsAskedOfTheBackend()
    {
        QSignalSpy chosen(m_page.get(), &LivePage::streamFilterChosen);
        auto controls = bar()->findChildren<widgets::SegmentedControl*>();
        QCOMPARE(controls.size(), 2);
        emit controls[0]->chosen(0);
        QCOMPARE(chosen.size(), 1);
        protocol::StreamFilter filter;
        filter.links = {"go.acme.example/spring"};
        filter.touches = {protocol::TouchType::Qr};
        filter.bot = false;
        filter.classes = {protocol::HitClass::Click, protocol::HitClass::Miss};
        filter.campaigns = {"spring-2026"};
        filter.countries = {"DE", "US"};
        filter.devices = {protocol::DeviceType::Mobile};
        filter.normalise();
        bar()->setStreamFilter(filter);
        QCOMPARE(bar()->streamFilter(), filter);
        bar()->setStreamFilter({});
        QVERIFY(bar()->streamFilter().isEmpty());
    }

    void aScrolledTableIsHeldAndFollowsAgain()
    {
        play();
        QTRY_VERIFY(table()->verticalScrollBar()->maximum() > 0);
        table()->verticalScrollBar()->setValue(100 * 25);
        QVERIFY(m_page->model().isHeldFor(models::HitTableModel::Scrolled));
        const auto reading = m_page->model().seqAt(table()->rowAt(0));
        m_feeder->feed(412, 1);
        QTRY_COMPARE(m_page->model().pendingRows(), 412U);
        QCOMPARE(m_page->model().seqAt(table()->rowAt(0)), reading); // nothing moved
        QPushButton* button = newRowsButton();
        QTRY_COMPARE(button->text(), QStringLiteral("↑ 412 new"));
        picture("live-held");
        button->click();
        QVERIFY(!m_page->model().isHeld());
        QCOMPARE(m_page->model().seqAt(0).value, 5'412U);
        QTRY_VERIFY(!button->isVisible());
    }

    void aSelectedRowIsHeldUntilEscape()
    {
        play();
        QTRY_VERIFY(table()->hasFocus()); // by itself, once there is something to show
        QTest::keyClick(table(), Qt::Key_J);
        QTest::keyClick(table(), Qt::Key_J);
        QCOMPARE(table()->currentRow(), 1);
        QTest::keyClick(table(), Qt::Key_K);
        QCOMPARE(table()->currentRow(), 0);
        QVERIFY(m_page->model().isHeldFor(models::HitTableModel::Selected));
        m_feeder->feed(10, 1);
        QCOMPARE(table()->currentRow(), 0);
        QTest::keyClick(table(), Qt::Key_Escape);
        QVERIFY(!m_page->model().isHeld());
    }

    void spacePausesAndSlashGoesToTheFilter()
    {
        play();
        QTRY_VERIFY(table()->hasFocus()); // by itself, once there is something to show
        QTest::keyClick(table(), Qt::Key_Space);
        QVERIFY(m_page->model().isHeldFor(models::HitTableModel::Paused));
        m_feeder->feed(10, 1);
        QCOMPARE(m_page->model().pendingRows(), 10U);
        QTest::keyClick(table(), Qt::Key_Space);
        QVERIFY(!m_page->model().isHeld());
        QTest::keyClick(table(), Qt::Key_Slash);
        QTRY_VERIFY(bar()->findChild<QLineEdit*>()->hasFocus());
        QTest::keyClicks(bar()->findChild<QLineEdit*>(), QStringLiteral("a j k"));
        QCOMPARE(bar()->displayText(), QStringLiteral("a j k")); // typed, not obeyed
        QVERIFY(!m_page->model().isHeldFor(models::HitTableModel::Paused));
        QSignalSpy over(m_page.get(), &LivePage::startOverRequested);
        QTest::keyClick(m_page.get(), Qt::Key_F5);
        QCOMPARE(over.size(), 1);
    }

    void whatAMissMeantIsAskedOfTheBackendWhereNoKnownLinkIsNear()
    {
        play();
        m_page->setKnownLinks({});
        int miss = 0;
        while (m_page->model().hitAt(miss)->reason != protocol::HitReason::UnknownSlug)
            ++miss;
        const auto hit = m_page->model().hitAt(miss);
        QSignalSpy wanted(m_page.get(), &LivePage::suggestionWanted);
        emit table() -> inspectRequested(miss);
        auto* inspector = m_page->findChild<Inspector*>();
        QTRY_VERIFY(inspector->isVisible());
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(wanted[0][1].toString(), QString::fromStdString(hit->slug));
        QVERIFY(!inspector->redirectStory().contains(QStringLiteral("did they mean that")));
        m_page->setSuggestion(wanted[0][0].toString(), wanted[0][1].toString(), QStringLiteral("autumn"));
        QVERIFY2(inspector->redirectStory().contains(QStringLiteral("“autumn”: did they mean that")),
                 qPrintable(inspector->redirectStory()));
        QCOMPARE(wanted.size(), 1); // the same hit is not asked for again
    }

    void theInspectorExplainsOneHit()
    {
        play();
        int miss = 0;
        while (m_page->model().hitAt(miss)->hitClass != protocol::HitClass::Miss)
            ++miss;
        emit table() -> inspectRequested(miss);
        auto* inspector = m_page->findChild<Inspector*>();
        QTRY_VERIFY(inspector->isVisible());
        QVERIFY(inspector->redirectStory().contains(QStringLiteral("did they mean that")));
        QTRY_VERIFY(table()->hasFocus()); // which must not change what is inspected
        QVERIFY(inspector->redirectStory().contains(QStringLiteral("did they mean that")));
        picture("live-inspector");
        QSignalSpy created(m_page.get(), &LivePage::createRequested);
        QSignalSpy nearest(m_page.get(), &LivePage::addressRequested);
        int pressed = 0;
        for (QPushButton* button : inspector->findChildren<QPushButton*>())
            if (button->isVisible() && (button->text() == QStringLiteral("Create this link") ||
                                        button->text().startsWith(QStringLiteral("Open “")))) {
                button->click();
                ++pressed;
            }
        QCOMPARE(pressed, 2);
        QCOMPARE(created[0][1].toString().toStdString(), m_page->model().hitAt(miss)->slug);
        QVERIFY(nearest[0][0].toString().startsWith(created[0][0].toString() + QLatin1Char('/')));
        QTest::keyClick(table(), Qt::Key_J);
        QCOMPARE(*inspector->seq(), m_page->model().seqAt(0)); // follows the selection while it is open
    }

    void attackersTextStaysText()
    {
        play();
        protocol::Hit hit = m_feeder->makeHit();
        hit.hitClass = protocol::HitClass::Click;
        hit.referrer = "<b onmouseover=1>x</b>";
        hit.slug = "<img src=http://evil.example/x>";
        hit.city = "\xE2\x80\xAE"
                   "evil";
        m_feeder->feedOne(hit);
        QTRY_COMPARE(m_page->model().hitAt(0)->referrer, hit.referrer);
        emit table() -> inspectRequested(0);
        QTRY_VERIFY(m_page->findChild<Inspector*>()->isVisible());
        for (const QLabel* label : m_page->findChildren<QLabel*>())
            QVERIFY2(label->textFormat() == Qt::PlainText, qPrintable(label->text()));
    }

    void everyControlHasAName()
    {
        for (const QAbstractButton* button : m_page->findChildren<QAbstractButton*>()) {
            if (!button->isVisible() || button->objectName().startsWith(QStringLiteral("qt_")) ||
                button->objectName().startsWith(QStringLiteral("ScrollLeft")))
                continue;
            QVERIFY2(!button->accessibleName().isEmpty() || !button->text().isEmpty(),
                     qPrintable(button->objectName() + QString::fromLatin1(button->metaObject()->className())));
        }
        QVERIFY(!table()->accessibleName().isEmpty());
    }

    void panelsMoveAndComeBack()
    {
        play();
        QVERIFY(m_page->layoutState().isEmpty()); // untouched: nothing to remember
        panel("tops")->setFloating(true);
        const QByteArray moved = m_page->layoutState();
        QVERIFY(!moved.isEmpty());
        m_page->resetLayout();
        QVERIFY(!panel("tops")->isFloating());
        QVERIFY(m_page->restoreLayout(moved));
        QVERIFY(panel("tops")->isFloating());
        QVERIFY(!m_page->restoreLayout("garbage"));
        m_page->resetLayout();
    }

    void offersWhatItShows()
    {
        play();
        bar()->setDisplayText(QStringLiteral("miss"));
        const QList<state::TableOffer> offers = m_page->tableOffers();
        const auto shown = offers[0].make(false);
        const auto all = offers[0].make(true);
        QCOMPARE(shown->rowCount(), static_cast<std::uint64_t>(m_page->model().rowCount()));
        QVERIFY(shown->rowCount() > 0);
        QCOMPARE(shown->columns()[0].name, std::string("seq"));
        QVERIFY(shown->columns().size() < all->columns().size());
        for (const state::TableOffer& offer : offers) {
            const auto table = offer.make(true);
            std::vector<std::string> cells;
            QVERIFY2(table->rowCount() > 0 && table->readRow(0, cells), qPrintable(offer.title));
            QCOMPARE(cells.size(), table->columns().size());
        }
        for (const widgets::PictureOffer& offer : m_page->pictureOffers())
            QVERIFY2(offer.widget, qPrintable(offer.title));
    }

    void whatWasPaintedStandsUntilTheNextPainting()
    {
        play();
        QTRY_VERIFY(table()->hasFocus());
        m_page->refreshNow();
        QCoreApplication::sendPostedEvents();
        const QImage before = tableOnScreen();
        QVERIFY(!isBlank(before));
        m_feeder->feed(100, 1);
        QCoreApplication::sendPostedEvents(); // all but the page's timer
        QCOMPARE(tableOnScreen(), before);
        QTRY_VERIFY(tableOnScreen() != before);
        QVERIFY(!isBlank(tableOnScreen()));
    }

    void whatTheReaderDoesIsPaintedWhole()
    {
        play();
        QTRY_VERIFY(table()->hasFocus());
        m_page->refreshNow();
        QCoreApplication::sendPostedEvents();
        // Of ten years: the age that a row shows is the same at both paintings compared, however far apart.
        m_feeder->feed(100, 10LL * 365 * 24 * 60 * 60);
        // A part is asked for: the rest must not stay that of before.
        table()->viewport()->update(QRect(0, 0, 50, 50));
        QCoreApplication::sendPostedEvents();
        QCoreApplication::sendPostedEvents();
        QCOMPARE(tableOnScreen(), table()->viewport()->grab().toImage().convertToFormat(tableOnScreen().format()));
    }

private:
    void play()
    {
        m_feeder->connect();
        m_feeder->feed(5'000, 1790);
        m_feeder->sendWindow();
        m_feeder->sendWatermark(95'000);
        m_feeder->sendStatus();
    }

    // What the window really shows of the rows, not what they would look like if painted now.
    QImage tableOnScreen() const
    {
        const QWidget* rows = table()->viewport();
        const QRect at(rows->mapTo(m_page.get(), QPoint(0, 0)), rows->size());
        return m_page->screen()->grabWindow(m_page->winId(), at.x(), at.y(), at.width(), at.height()).toImage();
    }
    static bool isBlank(const QImage& image)
    {
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                if (image.pixel(x, y) != image.pixel(0, 0))
                    return false;
        return true;
    }

    LiveTable* table() const { return m_page->findChild<LiveTable*>(); }
    FilterBar* bar() const { return m_page->findChild<FilterBar*>(); }
    const widgets::TileContent& tile(TileRow::Figure figure) const
    {
        return m_page->findChild<TileRow*>()->tile(figure)->content();
    }
    widgets::DockPanel* panel(const char* name) const
    {
        return m_page->findChild<widgets::DockPanel*>(QString::fromLatin1(name));
    }
    const std::optional<widgets::PanelStatus>& status(const char* name) const { return panel(name)->stack()->status(); }
    QPushButton* newRowsButton() const
    {
        for (QPushButton* button : m_page->findChildren<QPushButton*>())
            if (button->property("look").toString() == QStringLiteral("new"))
                return button;
        return nullptr;
    }
    QString figure(const std::function<bool(const protocol::Hit&)>& counts) const
    {
        return QLocale().toString(
            static_cast<qulonglong>(std::count_if(m_feeder->hits().begin(), m_feeder->hits().end(), counts)));
    }

    // A picture beside the test program, to look at.
    void picture(const char* name)
    {
        QCoreApplication::processEvents();
        m_page->refreshNow();
        QCoreApplication::processEvents();
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

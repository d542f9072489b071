// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAction>
#include <QApplication>
#include <QDateTime>
#include <QDir>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "app/pages/live/live_page.h"
#include "app/shell/banner.h"
#include "app/shell/connect_dialog.h"
#include "app/shell/export_desk.h"
#include "app/shell/main_window.h"
#include "app/shell/top_bar.h"
#include "app/shell/unattended.h"
#include "app/widgets/command_palette.h"
#include "app/widgets/map/world_map.h"

using namespace shell;

class tst_MainWindow : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("clickroom-test"));
        QCoreApplication::setApplicationName(QStringLiteral("tst_main_window"));
        widgets::chooseGraphics(true);
        m_appearance = std::make_unique<widgets::Appearance>(*qApp);
    }

    void init()
    {
        m_state = std::make_unique<state::LiveState>(1000);
        m_window = std::make_unique<MainWindow>(*m_state, *m_appearance, Settings());
        m_exports = std::make_unique<ExportDesk>(*this, *m_state, *m_window);
        m_window->resize(1600, 1000);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }

    void cleanup()
    {
        m_exports.reset();
        m_window.reset();
        m_state.reset();
    }

    void theTopBarSaysHowTheLineIs()
    {
        QVERIFY(m_window->topBar().connectionText().contains(QStringLiteral("Not connected")));
        setPhase(state::Phase::Live);
        m_state->applyClock(3, 31);
        QTRY_VERIFY(m_window->topBar().connectionText().contains(QStringLiteral("Live · 31 ms")));
        QVERIFY(!m_window->banner().isVisible());
    }

    void aBrokenLineIsToldInWordsAndSoIsItsReturn()
    {
        setPhase(state::Phase::Live);
        setPhase(state::Phase::Offline, state::OfflineReason::Unreachable, 5000);
        QVERIFY(m_window->banner().isVisible());
        QVERIFY(m_window->banner().text().contains(QStringLiteral("The backend does not answer.")));
        QVERIFY(m_window->banner().text().contains(QStringLiteral("Trying again in")));
        QSignalSpy retry(m_window.get(), &MainWindow::retryRequested);
        m_window->banner().findChild<QPushButton*>()->click();
        QCOMPARE(retry.size(), 1);
        setPhase(state::Phase::Live);
        QVERIFY(m_window->banner().text().contains(QStringLiteral("Nothing is missing")));
        state::GapReport gap;
        gap.first = 10;
        gap.last = 29;
        gap.state = state::GapReport::State::Fetching;
        m_state->applyGap(gap);
        QVERIFY(m_window->banner().text().contains(QStringLiteral("20 hits came meanwhile")));
    }

    void theConnectDialogTakesOnlyAnAddressWithAToken()
    {
        ConnectDialog dialog({});
        QPushButton* connectButton = nullptr;
        for (QPushButton* button : dialog.findChildren<QPushButton*>())
            if (button->isDefault())
                connectButton = button;
        QVERIFY(connectButton);
        QVERIFY(!connectButton->isEnabled());
        auto edits = dialog.findChildren<QLineEdit*>();
        QCOMPARE(edits.size(), 2);
        edits[1]->setText(QStringLiteral("secret"));
        QVERIFY(connectButton->isEnabled());
        QCOMPARE(edits[1]->echoMode(), QLineEdit::Password);
        edits[0]->setText(QStringLiteral("nonsense://"));
        QVERIFY(!connectButton->isEnabled());
        QVERIFY(dialog.remember());
        dialog.resize(480, 300);
        dialog.grab().save(beside("connect"));
    }

    void everyCommandCanBeFoundByName()
    {
        widgets::CommandPalette palette(m_window->commands());
        QVERIFY(palette.shown().size() >= 15);
        palette.setSearch(QStringLiteral("reset"));
        QVERIFY(palette.shown().constFirst().startsWith(QStringLiteral("Reset layout")));
        QSet<QString> keys;
        for (const QAction* action : m_window->commands()) {
            const QString key = action->shortcut().toString();
            QVERIFY2(key.isEmpty() || !keys.contains(key), qPrintable(key)); // no two commands on one key
            keys.insert(key);
        }
        for (const char* key : {"Space", "J", "K", "/", "F5", "F11", "Ctrl+K", "?"})
            QVERIFY2(keys.contains(QString::fromLatin1(key)), key);
    }

    void rememberWhereThingsStand()
    {
        Settings settings = m_window->settings();
        settings.address = QStringLiteral("http://127.0.0.1:8081");
        settings.scheme = widgets::Scheme::Dark;
        settings.columns = {QStringLiteral("city"), QStringLiteral("link")};
        settings.save(QStringLiteral("wall/../x"));
        const Settings loaded = Settings::load(QStringLiteral("wall/../x"));
        QCOMPARE(loaded.address, settings.address);
        QCOMPARE(loaded.scheme, settings.scheme);
        QCOMPARE(loaded.columns, settings.columns);
        QVERIFY(Settings::load(QStringLiteral("other")).columns.isEmpty());
        MainWindow other(*m_state, *m_appearance, loaded);
        QVERIFY(other.settings().columns.contains(QStringLiteral("city")));
        QVERIFY(!other.settings().columns.contains(QStringLiteral("referrer")));
    }

    void anUnattendedRunEndsWithAPictureAndAFile()
    {
        QTemporaryDir folder;
        CommandLine options;
        options.picture = folder.filePath(QStringLiteral("a.png"));
        options.csv = folder.filePath(QStringLiteral("a.csv"));
        options.afterSeconds = 0;
        Unattended run(options, *m_state, *m_window, *m_exports);
        QSignalSpy finished(&run, &Unattended::finished);
        run.start();
        setPhase(state::Phase::Live);
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(finished[0][0].toInt(), 0);
        const QImage picture(options.picture);
        QCOMPARE(picture.size(), QSize(1920, 1080));
        QVERIFY(QFile::exists(options.csv));
    }

    void anUnattendedRunThatCannotConnectSaysWhy()
    {
        CommandLine options;
        options.picture = QStringLiteral("never.png");
        Unattended run(options, *m_state, *m_window, *m_exports);
        QSignalSpy finished(&run, &Unattended::finished);
        run.start();
        setPhase(state::Phase::Offline, state::OfflineReason::Unauthorized);
        QCOMPARE(finished.size(), 1);
        QVERIFY(finished[0][0].toInt() != 0);
        QVERIFY(finished[0][1].toString().contains(QStringLiteral("token")));
    }

    void aPictureNobodyCanWriteIsAnError()
    {
        CommandLine options;
        options.picture = QStringLiteral("/no/such/folder/a.png");
        options.afterSeconds = 0;
        Unattended run(options, *m_state, *m_window, *m_exports);
        QSignalSpy finished(&run, &Unattended::finished);
        run.start();
        setPhase(state::Phase::Live);
        QTRY_COMPARE(finished.size(), 1);
        QVERIFY(finished[0][0].toInt() != 0);
        QVERIFY(finished[0][1].toString().contains(options.picture));
    }

private:
    void setPhase(state::Phase phase, state::OfflineReason reason = state::OfflineReason::None, qint64 retryInMs = 0)
    {
        state::ConnectionStatus status;
        status.phase = phase;
        status.reason = reason;
        status.sinceMs = QDateTime::currentMSecsSinceEpoch();
        status.retryAtMs = retryInMs > 0 ? status.sinceMs + retryInMs : 0;
        m_state->applyConnection(status);
    }
    static QString beside(const char* name)
    {
        return QDir(QCoreApplication::applicationDirPath())
            .filePath(QString::fromLatin1(name) + QStringLiteral(".png"));
    }

    std::unique_ptr<widgets::Appearance> m_appearance;
    std::unique_ptr<state::LiveState> m_state;
    std::unique_ptr<MainWindow> m_window;
    std::unique_ptr<ExportDesk> m_exports;
};

QTEST_MAIN(tst_MainWindow)
#include "tst_main_window.moc"

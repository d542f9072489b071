// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QThread>
#include <QtTest>

#include "app/pages/live/live_page.h"
#include "app/shell/console.h"
#include "tests/app/connection/console_under_test.h"
#include "tests/system/backend_process.h"

// A whole console, window and all, on a real backend.
class ConsoleOnBackend {
public:
    explicit ConsoleOnBackend(widgets::Appearance& appearance)
        : m_tokens(m_folder.path(), false), m_line(new connection::Connection(ConsoleUnderTest::fastOptions())),
          m_archive(m_folder.path()), m_archiveDesk(m_archive, *m_line, state, m_tokens, false)
    {
        QObject::connect(&m_thread, &QThread::finished, m_line, &QObject::deleteLater);
        m_line->moveToThread(&m_thread);
        m_thread.start();
        window = std::make_unique<shell::MainWindow>(state, appearance, shell::Settings());
        m_console = std::make_unique<shell::Console>(*m_line, m_tokens, m_archiveDesk, state, *window);
    }
    ~ConsoleOnBackend()
    {
        m_console.reset();
        window.reset();
        m_thread.quit();
        m_thread.wait();
    }
    bool start()
    {
        if (!backend.start({"--rollup-interval", "100ms"}))
            return false;
        QFile file(m_folder.filePath(QStringLiteral("token")));
        if (!file.open(QIODevice::WriteOnly) || file.write(backend.token()) <= 0)
            return false;
        file.close();
        shell::CommandLine options;
        options.backend = QUrl(QStringLiteral("http://127.0.0.1:%1").arg(backend.apiPort()));
        options.tokenFile = file.fileName();
        window->resize(1920, 1080);
        window->show();
        m_console->start(options, {});
        return true;
    }
    // Beside the test's program, for whoever wants to look.
    void picture(const QString& name)
    {
        for (int i = 0; i < 8; ++i)
            QCoreApplication::processEvents();
        window->page().refreshNow();
        QCoreApplication::processEvents();
        QVERIFY(window->grab().save(QDir(QCoreApplication::applicationDirPath()).filePath(name + ".png")));
    }

    BackendProcess backend;
    state::LiveState state{10'000};
    std::unique_ptr<shell::MainWindow> window;

private:
    QTemporaryDir m_folder;
    connection::TokenStore m_tokens;
    connection::Connection* m_line;
    archive::Archive m_archive;
    shell::ArchiveDesk m_archiveDesk; // off
    QThread m_thread;
    std::unique_ptr<shell::Console> m_console;
};

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QObject>
#include <QPointer>

#include "app/connection/connection.h"
#include "app/connection/token_store.h"
#include "app/shell/archive_desk.h"
#include "app/shell/command_line.h"
#include "app/shell/main_window.h"

namespace shell {

class ConnectDialog;
class ImportDesk;
class LinkDesk;
class ReportDesk;
class SettingsDesk;

// Joins the line to the backend with what the console knows and shows: signals only, no data of its own. GUI thread;
// the connection lives on another one and is called across.
class Console : public QObject {
    Q_OBJECT

public:
    Console(connection::Connection& line, connection::TokenStore& tokens, ArchiveDesk& archive, state::LiveState& state,
            MainWindow& window, QObject* parent = nullptr);

    // Connects as the command line says, or as it did last time, or asks. What is wrong with the command line is told
    // by failed().
    void start(const CommandLine& options, const QString& lastAddress);

signals:
    void failed(const QString& words);
    // What the archive holds stands in the window.
    void opened();

private:
    void wireLine();
    void wirePage();
    void wireReports();
    void wireArchive();
    void startOver();
    void onArchive(const archive::Opened& opened);
    void connectTo(const QUrl& address, const QString& token);
    void askForBackend(const QString& address);
    void onLoaded(const QString& address, const QString& token);
    void onConnection();
    void openCodes(const QString& address);
    // A link of this machine's own name is reached at the port that the backend listens on.
    QString reachable(const QString& address) const;

    connection::Connection& m_line;
    connection::TokenStore& m_tokens;
    ArchiveDesk& m_archive;
    state::LiveState& m_state;
    MainWindow& m_window;
    QPointer<ConnectDialog> m_dialog;
    QString m_address;
    bool m_unattended = false, m_offline = false;
    QString m_archived; // the address whose archive is open
    // To be connected to once it is.
    struct Target {
        QUrl address;
        QString token;
    };
    std::optional<Target> m_target;
    quint64 m_rollupRequest = 0;
    quint64 m_marksRequest = 0;
    LinkDesk* m_desk;
    SettingsDesk* m_settingsDesk;
    ReportDesk *m_reportsDesk, *m_qrDesk;
    ImportDesk* m_importDesk;
    QString m_redirectAddress;
};

} // namespace shell

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QObject>
#include <QPointer>

#include "app/connection/connection.h"
#include "app/connection/token_store.h"
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
    Console(connection::Connection& line, connection::TokenStore& tokens, state::LiveState& state, MainWindow& window,
            QObject* parent = nullptr);

    // Connects as the command line says, or as it did last time, or asks. What is wrong with the command line is told
    // by failed().
    void start(const CommandLine& options, const QString& lastAddress);

signals:
    void failed(const QString& words);

private:
    void wireLine();
    void wirePage();
    void wireReports();
    void connectTo(const QUrl& address, const QString& token);
    void askForBackend(const QString& address);
    void onLoaded(const QString& address, const QString& token);
    void onConnection();
    void openCodes(const QString& address);
    // A link of this machine's own name is reached at the port that the backend listens on.
    QString reachable(const QString& address) const;

    connection::Connection& m_line;
    connection::TokenStore& m_tokens;
    state::LiveState& m_state;
    MainWindow& m_window;
    QPointer<ConnectDialog> m_dialog;
    QString m_address;
    bool m_unattended = false;
    quint64 m_rollupRequest = 0;
    quint64 m_marksRequest = 0;
    LinkDesk* m_desk;
    SettingsDesk* m_settingsDesk;
    ReportDesk *m_reportsDesk, *m_qrDesk;
    ImportDesk* m_importDesk;
    QString m_redirectAddress;
};

} // namespace shell

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

#include "app/shell/command_line.h"
#include "app/shell/export_desk.h"
#include "app/shell/main_window.h"

namespace shell {

// Looks at live traffic for as long as it was told to, writes a picture and a file, and says with what exit status the
// program ends.
class Unattended : public QObject {
    Q_OBJECT

public:
    Unattended(const CommandLine& options, state::LiveState& state, MainWindow& window, ExportDesk& exportDesk,
               QObject* parent = nullptr);

    void start();
    // Offline: what is kept stands in the window.
    void noteOpened();

signals:
    void finished(int exitCode, const QString& message);

private:
    void onConnection();
    void takePicture();
    QString whyNotLive() const;

    CommandLine m_options;
    state::LiveState& m_state;
    MainWindow& m_window;
    ExportDesk& m_exports;
    QTimer m_patience; // until live
    QTimer m_traffic;  // from then on
};

} // namespace shell

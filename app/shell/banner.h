// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <QWidget>

#include "app/state/connection_status.h"

class QPushButton;

namespace widgets {
class Text;
}

namespace shell {

// One line in plain words while the line to the backend is down, and a moment after it is back. Otherwise not there.
class Banner : public QWidget {
    Q_OBJECT

public:
    explicit Banner(QWidget* parent = nullptr);

    // `known`: there is something to show from the time before.
    void setConnection(const state::ConnectionStatus& status, bool known);
    // Stands behind the words while the line is down.
    void setNote(const QString& note) { m_note = note; }
    // What was missed while away, said once the line is back.
    void setMissed(quint64 sequences, bool beingFetched);
    void say(const QString& text, bool bad);
    QString text() const;

signals:
    void retryRequested();
    void connectRequested();

private:
    void showOffline();

    widgets::Text* m_text;
    QPushButton* m_retry;
    QPushButton* m_other;
    QTimer m_countdown;
    QTimer m_farewell;
    state::ConnectionStatus m_status;
    bool m_wasOffline = false, m_known = false;
    QString m_note;
};

} // namespace shell

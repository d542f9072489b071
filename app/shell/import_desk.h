// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPointer>

#include "app/connection/connection.h"

class QWidget;

namespace imports {
class ImportDialog;
}

namespace shell {

// Joins the line to the dialog that imports links: one at a time, and only the answer to its last question. GUI thread.
class ImportDesk : public QObject {
    Q_OBJECT

public:
    // The dialog belongs to `window`.
    ImportDesk(connection::Connection& line, QWidget* window);

    void open();

private:
    connection::Connection& m_line;
    QWidget* m_window;
    QPointer<imports::ImportDialog> m_dialog;
    quint64 m_request = 0;
};

} // namespace shell

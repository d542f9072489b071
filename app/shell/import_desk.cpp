// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/import_desk.h"

#include "app/pages/imports/import_dialog.h"

namespace shell {

using connection::Connection;
using imports::ImportDialog;

ImportDesk::ImportDesk(Connection& line, QWidget* window) : QObject(window), m_line(line), m_window(window)
{
    connect(&m_line, &Connection::importUploaded, this, [this](quint64 request, qint64 bytes, qint64 all) {
        if (m_dialog && request == m_request)
            m_dialog->setUploaded(bytes, all);
    });
    connect(&m_line, &Connection::importAnswered, this, [this](quint64 request, const state::ImportAnswer& answer) {
        if (m_dialog && request == m_request)
            m_dialog->setAnswer(answer);
    });
    connect(&m_line, &Connection::failed, this, [this](quint64 request, const connection::Problem& problem) {
        if (m_dialog && request == m_request)
            m_dialog->setProblem(problem.code, problem.field, problem.detail);
    });
}

void ImportDesk::open()
{
    if (m_dialog) {
        m_dialog->raise();
        return;
    }
    m_dialog = new ImportDialog(m_window);
    m_dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(m_dialog, &ImportDialog::requested, this,
            [this](const state::ImportRequest& request) { m_request = m_line.importFile(request); });
    connect(m_dialog, &ImportDialog::cancelled, this, [this] {
        m_request = 0; // whatever still comes of it
        m_line.cancelImport();
    });
    m_dialog->QWidget::show();
}

} // namespace shell

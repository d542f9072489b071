// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/export_desk.h"

#include <QFileInfo>

#include "app/archive/bytes_export.h"
#include "app/models/hit_table_source.h"
#include "app/pages/exports/export_dialog.h"
#include "app/pages/exports/pictures.h"
#include "app/pages/live/live_page.h"
#include "app/shell/banner.h"
#include "app/widgets/theme/type.h"

namespace shell {

using exports::ExportChoice;
using exports::ExportDialog;

ExportDesk::ExportDesk(QObject& writer, const state::LiveState& state, MainWindow& window, QObject* parent)
    : QObject(parent), m_writer(writer), m_state(state), m_window(window), m_tables(writer)
{
    connect(&m_window, &MainWindow::exportRequested, this, &ExportDesk::open);
    connect(&m_tables, &archive::TableExport::progress, this, [this](quint64 rows, quint64 of) {
        if (m_dialog)
            m_dialog->setProgress(rows, of);
    });
    connect(&m_tables, &archive::TableExport::finished, this, &ExportDesk::exported);
    connect(&m_tables, &archive::TableExport::failed, this, &ExportDesk::failed);
    connect(this, &ExportDesk::exported, this, [this](const QString& path, quint64 rows) {
        if (m_dialog)
            m_dialog->setDone();
        m_window.banner().say(rows > 0 ? tr("%1 rows written to %2").arg(widgets::figure(rows), path)
                                       : tr("Written to %1").arg(path),
                              false);
    });
    connect(this, &ExportDesk::failed, this, [this](const QString& detail) {
        if (m_dialog)
            m_dialog->setFailed(detail);
        else
            m_window.banner().say(tr("The file could not be written: %1").arg(detail), true);
    });
}

void ExportDesk::open(const QString& what)
{
    if (m_dialog)
        return m_dialog->raise();
    m_dialog = new ExportDialog(m_window.offers(), m_window.exportChoice(), what, &m_window);
    m_dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(m_dialog, &ExportDialog::tableRequested, this, &ExportDesk::writeTable);
    connect(m_dialog, &ExportDialog::pictureRequested, this, &ExportDesk::writePicture);
    connect(m_dialog, &ExportDialog::cancelled, &m_tables, &archive::TableExport::cancel);
    m_dialog->show();
}

void ExportDesk::exportLive(const QString& path)
{
    ExportChoice choice;
    choice.format = QFileInfo(path).suffix().toLower();
    writeTable(m_window.page().tableOffers().constFirst(), choice, path);
}

QJsonObject ExportDesk::provenance(const QString& what) const
{
    QJsonObject facts = models::provenanceOf(m_state);
    facts[QStringLiteral("what")] = what;
    const state::ConnectionStatus& status = m_state.connection();
    facts[QStringLiteral("offline")] =
        status.phase == state::Phase::Offline || status.phase == state::Phase::Disconnected;
    return facts;
}

void ExportDesk::writeTable(const state::TableOffer& offer, const ExportChoice& choice, const QString& path)
{
    if (m_dialog)
        m_window.setExportChoice(choice);
    archive::ExportOrder order;
    order.path = path;
    order.format = protocol::tableFormatFrom(choice.format.toStdString()).value_or(protocol::TableFormat::Csv);
    order.byteOrderMark = choice.byteOrderMark;
    m_tables.start(offer.make(choice.allColumns), order, provenance(offer.fileName));
}

void ExportDesk::writePicture(const widgets::PictureOffer& offer, const ExportChoice& choice, const QString& path)
{
    m_window.setExportChoice(choice);
    const QByteArray bytes =
        offer.widget ? exports::pictureOf(*offer.widget, choice.format, offer.title) : QByteArray();
    if (bytes.isEmpty())
        return emit failed(tr("it is not on screen"));
    archive::writeBytes(m_writer, path, bytes, provenance(offer.fileName), this, [this, path](const QString& problem) {
        if (problem.isEmpty())
            emit exported(path, 0);
        else
            emit failed(problem);
    });
}

} // namespace shell

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPointer>

#include "app/archive/table_export.h"
#include "app/shell/main_window.h"

namespace exports {
class ExportDialog;
}

namespace shell {

// Joins what the pages offer for export with the Export dialog and the writer. GUI thread; the files are written on the
// writer's.
class ExportDesk : public QObject {
    Q_OBJECT

public:
    // `writer`: any object of the thread that writes files.
    ExportDesk(QObject& writer, const state::LiveState& state, MainWindow& window, QObject* parent = nullptr);

    void open(const QString& what = {});
    // What the live table shows; the format is told by the file's ending. Answers by exported() or failed().
    void exportLive(const QString& path);

signals:
    void exported(const QString& path, quint64 rows);
    void failed(const QString& detail);

private:
    void writeTable(const state::TableOffer& offer, const exports::ExportChoice& choice, const QString& path);
    void writePicture(const widgets::PictureOffer& offer, const exports::ExportChoice& choice, const QString& path);
    QJsonObject provenance(const QString& what) const;

    QObject& m_writer;
    const state::LiveState& m_state;
    MainWindow& m_window;
    archive::TableExport m_tables;
    QPointer<exports::ExportDialog> m_dialog;
};

} // namespace shell

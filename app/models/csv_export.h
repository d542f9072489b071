// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCryptographicHash>
#include <QJsonObject>
#include <QObject>
#include <QSaveFile>
#include <QString>
#include <QTimer>

#include <memory>
#include <vector>

#include "app/models/hit_table_model.h"
#include "backend/protocol/csv_writer.h"

namespace models {

// Writes what the table shows to a CSV file, in the table's order, a few milliseconds at a time on the GUI thread, and
// beside it a JSON file (path + ".json") that says where the figures come from. Rows that leave the ring while it
// writes are counted there.
class CsvExport final : public QObject {
    Q_OBJECT

public:
    static constexpr int rowsPerStep = 1000;

    // `columns` of HitTableModel, in the order shown. The sequence always stands first, so that a row can be found
    // again.
    CsvExport(const HitTableModel& model, std::vector<int> columns, QObject* parent = nullptr);
    ~CsvExport() override;

    bool start(const QString& path, bool byteOrderMark = false); // false: failed() was emitted
    void cancel();
    bool isRunning() const { return m_running; }

signals:
    void progress(quint64 rows, quint64 of);
    void finished(const QString& path, quint64 rows);
    void failed(const QString& detail);

private:
    void step();
    void finish();
    void fail(const QString& detail);
    bool writePending();
    void writeRow(const protocol::Hit& hit, state::RowNumber row);
    QJsonObject sidecar() const;

    const HitTableModel& m_model;
    std::vector<int> m_columns;
    std::vector<protocol::HitSeq> m_seqs; // what was shown when it began, newest first
    std::size_t m_next = 0;
    quint64 m_written = 0, m_left = 0;
    protocol::HitSeq m_firstSeq, m_lastSeq;
    protocol::UtcMs m_from, m_to;
    protocol::CsvWriter m_writer;
    state::Counters m_counters; // as they stood when the export began
    QCryptographicHash m_hash{QCryptographicHash::Sha256};
    std::unique_ptr<QSaveFile> m_file;
    QTimer m_timer;
    bool m_running = false;
};

} // namespace models

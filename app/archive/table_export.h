// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <QTimer>

#include <memory>

#include "app/state/table_source.h"
#include "backend/protocol/table_file.h"

namespace archive {

struct ExportOrder {
    QString path;
    protocol::TableFormat format = protocol::TableFormat::Csv;
    bool byteOrderMark = false;
};

// Writes one table to a file and what it comes from beside it: rows are read here, on the GUI thread, a few
// milliseconds at a time; they are dressed and written on the writer's thread. At most chunksMax chunks are between the
// two: a slow disk slows the reading. Destroyed or cancelled before the end: nothing is left.
class TableExport final : public QObject {
    Q_OBJECT

public:
    static constexpr int chunksMax = 4;

    // `writer`: any object of the writer's thread, which outlives this.
    explicit TableExport(QObject& writer, QObject* parent = nullptr);
    ~TableExport() override;

    // `provenance`: what holds for any table now, beside the table's own facts. Answers by finished() or failed().
    void start(std::unique_ptr<state::TableSource> table, const ExportOrder& order, const QJsonObject& provenance);
    void cancel();
    bool isRunning() const { return m_job != nullptr; }

signals:
    void progress(quint64 rows, quint64 of);
    void finished(const QString& path, quint64 rows);
    void failed(const QString& detail);

private:
    using Rows = std::vector<std::vector<std::string>>;
    struct Job;

    void feed();
    bool readSome(Rows& rows);
    QJsonObject facts() const;
    void onWritten(const Job* job, bool last, quint64 written, const QString& error);
    void end();

    QObject& m_writer;
    std::shared_ptr<Job> m_job; // the one under way
    std::unique_ptr<state::TableSource> m_table;
    QJsonObject m_provenance;
    std::uint64_t m_next = 0, m_rows = 0, m_left = 0;
    int m_underWay = 0;
    QTimer m_timer;
};

} // namespace archive

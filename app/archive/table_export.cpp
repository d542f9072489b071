// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/archive/table_export.h"

#include <QCoreApplication>
#include <QPointer>

#include <atomic>

namespace archive {

namespace {
constexpr qint64 sliceMs = 4; // of the GUI thread, between two of its events
constexpr std::size_t rowsPerChunk = 500;
} // namespace

// Crosses the threads: `file` is touched on the writer's alone.
struct TableExport::Job {
    ExportOrder order;
    std::vector<protocol::ExportColumn> columns;
    std::atomic<bool> cancelled{false};
    std::unique_ptr<protocol::TableFile> file;
    std::string error;

    void write(const Rows& chunk, bool last, const QJsonObject& beside)
    {
        if (!error.empty())
            return;
        if (!file)
            file = std::make_unique<protocol::TableFile>(order.path.toStdString(), order.format, order.byteOrderMark,
                                                         columns);
        bool written = file->isOpen();
        for (auto row = chunk.begin(); written && row != chunk.end(); ++row)
            written = file->row(*row);
        if (written && last)
            written = file->finish(beside);
        if (!written)
            error = file->error();
    }
};

TableExport::TableExport(QObject& writer, QObject* parent) : QObject(parent), m_writer(writer)
{
    m_timer.setInterval(0);
    connect(&m_timer, &QTimer::timeout, this, &TableExport::feed);
}

TableExport::~TableExport()
{
    cancel();
}

void TableExport::start(std::unique_ptr<state::TableSource> table, const ExportOrder& order,
                        const QJsonObject& provenance)
{
    cancel();
    m_table = std::move(table);
    m_provenance = provenance;
    m_next = m_left = 0;
    m_rows = m_table->rowCount();
    m_underWay = 0;
    m_job = std::make_shared<Job>();
    m_job->order = order;
    for (const state::TableColumn& column : m_table->columns())
        m_job->columns.push_back({column.name, column.number, column.flag});
    m_timer.start();
}

void TableExport::cancel()
{
    if (!m_job)
        return;
    m_job->cancelled = true;
    // The last word to the writer: it lets go of the file where it was opened.
    QMetaObject::invokeMethod(&m_writer, [job = m_job] { job->file.reset(); }, Qt::QueuedConnection);
    end();
}

void TableExport::end()
{
    m_timer.stop();
    m_job.reset();
    m_table.reset();
}

// Reads the next rows, and says whether they are the last.
bool TableExport::readSome(Rows& rows)
{
    QElapsedTimer slice;
    slice.start();
    while (m_next < m_rows && rows.size() < rowsPerChunk && slice.elapsed() < sliceMs) {
        std::vector<std::string> cells;
        if (m_table->readRow(m_next++, cells))
            rows.push_back(std::move(cells));
        else
            ++m_left;
    }
    return m_next == m_rows;
}

QJsonObject TableExport::facts() const
{
    QJsonObject facts = m_table->facts();
    for (auto it = m_provenance.constBegin(); it != m_provenance.constEnd(); ++it)
        facts.insert(it.key(), it.value());
    facts[QStringLiteral("rows_asked")] = static_cast<qint64>(m_rows);
    facts[QStringLiteral("rows_left_memory")] = static_cast<qint64>(m_left);
    return facts;
}

void TableExport::feed()
{
    if (m_underWay >= chunksMax)
        return m_timer.stop(); // goes on once one of them is written
    Rows rows;
    const bool last = readSome(rows);
    const QJsonObject beside = last ? facts() : QJsonObject();
    if (last)
        m_timer.stop();
    ++m_underWay;
    const auto write = [guard = QPointer<TableExport>(this), job = m_job, rows = std::move(rows), last, beside] {
        if (job->cancelled)
            return;
        job->write(rows, last, beside);
        // The export may be gone by the time this is told: looked at on its own thread.
        const auto tell = [guard, job, last, error = job->error, count = job->file->rows()] {
            if (guard)
                guard->onWritten(job.get(), last, count, QString::fromStdString(error));
        };
        QMetaObject::invokeMethod(QCoreApplication::instance(), tell, Qt::QueuedConnection);
    };
    QMetaObject::invokeMethod(&m_writer, write, Qt::QueuedConnection);
}

void TableExport::onWritten(const Job* job, bool last, quint64 written, const QString& error)
{
    if (job != m_job.get())
        return; // cancelled since
    --m_underWay;
    if (!error.isEmpty()) {
        end();
        return emit failed(error);
    }
    emit progress(m_next, m_rows);
    if (!m_job) // a receiver may have cancelled it
        return;
    if (!last)
        return m_next < m_rows ? m_timer.start() : void();
    const QString path = job->order.path;
    end();
    emit finished(path, written);
}

} // namespace archive

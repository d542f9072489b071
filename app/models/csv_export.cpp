// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/csv_export.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

#include "app/models/table_cells.h"
#include "backend/protocol/codec.h"
#include "backend/protocol/words.h"

namespace models {

using protocol::HitColumn;

CsvExport::CsvExport(const HitTableModel& model, std::vector<int> columns, QObject* parent)
    : QObject(parent), m_model(model), m_columns(std::move(columns))
{
    // The sequence comes first, once.
    std::erase(m_columns, static_cast<int>(HitTableModel::Seq));
    m_columns.insert(m_columns.begin(), HitTableModel::Seq);
    m_timer.setInterval(0);
    connect(&m_timer, &QTimer::timeout, this, &CsvExport::step);
}

CsvExport::~CsvExport() = default;

bool CsvExport::start(const QString& path, bool byteOrderMark)
{
    if (m_running)
        return false;
    m_file = std::make_unique<QSaveFile>(path);
    if (!m_file->open(QIODevice::WriteOnly)) {
        fail(m_file->errorString());
        return false;
    }
    m_running = true;
    m_counters = m_model.state().counters();
    m_hash.reset();
    m_next = 0;
    m_written = m_left = 0;
    m_firstSeq = m_lastSeq = {};
    m_from = m_to = {};
    m_writer = protocol::CsvWriter(byteOrderMark);
    const int rows = m_model.rowCount();
    m_seqs.resize(static_cast<std::size_t>(rows));
    for (int row = 0; row < rows; ++row)
        m_seqs[static_cast<std::size_t>(row)] = m_model.seqAt(row);
    for (const int column : m_columns) {
        if (column == HitTableModel::Link) {
            m_writer.text("domain");
            m_writer.text("slug");
        } else {
            m_writer.text(HitTableModel::columnKey(column).toStdString());
        }
    }
    m_writer.endRow();
    m_timer.start();
    return true;
}

void CsvExport::cancel()
{
    if (!m_running)
        return;
    m_running = false;
    m_timer.stop();
    m_file->cancelWriting();
    m_file.reset();
}

void CsvExport::step()
{
    const state::HitRing& ring = m_model.state().ring();
    const std::size_t end = std::min(m_seqs.size(), m_next + rowsPerStep);
    for (; m_next < end; ++m_next) {
        const std::optional<state::RowNumber> row = ring.rowOf(m_seqs[m_next]);
        if (row)
            writeRow(ring.hitAt(*row), *row);
        else
            ++m_left;
    }
    if (!writePending())
        return;
    emit progress(m_next, m_seqs.size());
    if (m_running && m_next == m_seqs.size())
        finish();
}

void CsvExport::writeRow(const protocol::Hit& hit, state::RowNumber row)
{
    const state::LiveState& state = m_model.state();
    for (const int column : m_columns) {
        const std::optional<HitColumn> source = hitColumnOf(column);
        if (column == HitTableModel::Link) {
            m_writer.text(hit.domain);
            m_writer.text(hit.slug);
        } else if (source) {
            const std::string value = protocol::hitValue(hit, *source);
            if (protocol::hitColumns()[static_cast<std::size_t>(*source)].number)
                m_writer.number(value);
            else
                m_writer.text(value);
        } else if (column == HitTableModel::Repeat) {
            m_writer.text(state.ring().isRepeat(row) ? "true" : "false");
        } else if (column == HitTableModel::Mark) {
            m_writer.text(state.annotation(hit.seq).marked ? "true" : "false");
        } else {
            m_writer.text(state.annotation(hit.seq).comment.toStdString());
        }
    }
    m_writer.endRow();
    ++m_written;
    m_firstSeq = m_firstSeq ? std::min(m_firstSeq, hit.seq) : hit.seq;
    m_lastSeq = std::max(m_lastSeq, hit.seq);
    m_from = m_written == 1 ? hit.time : std::min(m_from, hit.time);
    m_to = m_written == 1 ? hit.time : std::max(m_to, hit.time);
}

bool CsvExport::writePending()
{
    const std::string text = m_writer.take();
    const QByteArrayView bytes(text.data(), static_cast<qsizetype>(text.size()));
    m_hash.addData(bytes);
    if (m_file->write(bytes.data(), bytes.size()) == bytes.size())
        return true;
    fail(m_file->errorString());
    return false;
}

QJsonObject CsvExport::sidecar() const
{
    const state::LiveState& state = m_model.state();
    const auto text = [](const std::string& value) { return QString::fromStdString(value); };
    const auto number = [](std::uint64_t value) { return QJsonValue(static_cast<qint64>(value)); };
    QJsonObject facts;
    if (state.hello()) {
        facts[QStringLiteral("workspace")] = text(state.hello()->workspace);
        facts[QStringLiteral("data_id")] = text(state.hello()->dataId);
        facts[QStringLiteral("server")] = text(state.hello()->server);
    }
    facts[QStringLiteral("stream_filter")] =
        QJsonDocument::fromJson(QByteArray::fromStdString(protocol::jsonOf(state.streamFilter()))).object();
    facts[QStringLiteral("display_filter")] = text(protocol::filterText(m_model.displayFilter()));
    facts[QStringLiteral("cursor")] = number(m_counters.cursor.value);
    facts[QStringLiteral("received")] = number(m_counters.received);
    facts[QStringLiteral("sent")] = number(m_counters.sent);
    facts[QStringLiteral("dropped")] = number(m_counters.dropped);
    facts[QStringLiteral("missing_sequences")] = number(m_counters.missingSequences);
    facts[QStringLiteral("rows")] = number(m_written);
    facts[QStringLiteral("rows_asked")] = number(m_seqs.size());
    facts[QStringLiteral("rows_left_memory")] = number(m_left);
    facts[QStringLiteral("first_seq")] = number(m_firstSeq.value);
    facts[QStringLiteral("last_seq")] = number(m_lastSeq.value);
    if (m_written > 0) {
        facts[QStringLiteral("from")] = text(protocol::rfc3339(m_from));
        facts[QStringLiteral("to")] = text(protocol::rfc3339(m_to));
    }
    facts[QStringLiteral("exported_at")] = text(protocol::rfc3339(protocol::UtcMs(state.serverNowMs())));
    facts[QStringLiteral("sha256")] = QString::fromLatin1(m_hash.result().toHex());
    return facts;
}

void CsvExport::finish()
{
    m_running = false;
    m_timer.stop();
    const QString path = m_file->fileName();
    const QByteArray facts = QJsonDocument(sidecar()).toJson();
    if (!m_file->commit())
        return fail(m_file->errorString());
    m_file.reset();
    QSaveFile beside(path + QStringLiteral(".json"));
    if (!beside.open(QIODevice::WriteOnly) || beside.write(facts) != facts.size() || !beside.commit())
        return fail(beside.errorString());
    emit finished(path, m_written);
}

void CsvExport::fail(const QString& detail)
{
    m_running = false;
    m_timer.stop();
    if (m_file) {
        m_file->cancelWriting();
        m_file.reset();
    }
    emit failed(detail);
}

} // namespace models

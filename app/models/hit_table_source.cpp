// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/hit_table_source.h"

#include <QJsonDocument>

#include <algorithm>

#include "app/models/table_cells.h"
#include "backend/protocol/codec.h"
#include "backend/protocol/words.h"

namespace models {

using protocol::HitColumn;

namespace {

QString text(const std::string& value)
{
    return QString::fromStdString(value);
}

QJsonValue number(std::uint64_t value)
{
    return QJsonValue(static_cast<qint64>(value));
}

} // namespace

HitTableSource::HitTableSource(const HitTableModel& model, std::vector<int> columns)
    : m_model(model), m_columns(std::move(columns)), m_counters(model.state().counters())
{
    // The sequence comes first, once.
    std::erase(m_columns, static_cast<int>(HitTableModel::Seq));
    m_columns.insert(m_columns.begin(), HitTableModel::Seq);
    const int rows = m_model.rowCount();
    m_seqs.resize(static_cast<std::size_t>(rows));
    for (int row = 0; row < rows; ++row)
        m_seqs[static_cast<std::size_t>(row)] = m_model.seqAt(row);
}

std::vector<int> HitTableSource::allColumns()
{
    std::vector<int> all(HitTableModel::ColumnCount);
    for (int column = 0; column < HitTableModel::ColumnCount; ++column)
        all[static_cast<std::size_t>(column)] = column;
    return all;
}

std::vector<state::TableColumn> HitTableSource::columns() const
{
    std::vector<state::TableColumn> columns;
    for (const int column : m_columns) {
        if (column == HitTableModel::Link) {
            columns.push_back({"domain"});
            columns.push_back({"slug"});
            continue;
        }
        const std::optional<HitColumn> source = hitColumnOf(column);
        const bool flag =
            column == HitTableModel::Bot || column == HitTableModel::Repeat || column == HitTableModel::Mark;
        columns.push_back({HitTableModel::columnKey(column).toStdString(),
                           source && protocol::hitColumns()[static_cast<std::size_t>(*source)].number, flag});
    }
    return columns;
}

bool HitTableSource::readRow(std::uint64_t at, std::vector<std::string>& cells)
{
    const state::LiveState& state = m_model.state();
    const std::optional<state::RowNumber> row = state.ring().rowOf(m_seqs[static_cast<std::size_t>(at)]);
    if (!row)
        return false;
    const protocol::Hit hit = state.ring().hitAt(*row);
    for (const int column : m_columns) {
        if (column == HitTableModel::Link) {
            cells.push_back(hit.domain);
            cells.push_back(hit.slug);
        } else if (const std::optional<HitColumn> source = hitColumnOf(column)) {
            cells.push_back(protocol::hitValue(hit, *source));
        } else if (column == HitTableModel::Repeat) {
            cells.emplace_back(state.ring().isRepeat(*row) ? "true" : "false");
        } else if (column == HitTableModel::Mark) {
            cells.emplace_back(state.annotation(hit.seq).marked ? "true" : "false");
        } else {
            cells.push_back(state.annotation(hit.seq).comment.toStdString());
        }
    }
    m_firstSeq = m_firstSeq ? std::min(m_firstSeq, hit.seq) : hit.seq;
    m_lastSeq = std::max(m_lastSeq, hit.seq);
    m_from = m_read == 0 ? hit.time : std::min(m_from, hit.time);
    m_to = m_read == 0 ? hit.time : std::max(m_to, hit.time);
    ++m_read;
    return true;
}

QJsonObject HitTableSource::facts() const
{
    const state::LiveState& state = m_model.state();
    QJsonObject facts;
    facts[QStringLiteral("stream_filter")] =
        QJsonDocument::fromJson(QByteArray::fromStdString(protocol::jsonOf(state.streamFilter()))).object();
    facts[QStringLiteral("display_filter")] = text(protocol::filterText(m_model.displayFilter()));
    facts[QStringLiteral("received")] = number(m_counters.received);
    facts[QStringLiteral("sent")] = number(m_counters.sent);
    facts[QStringLiteral("dropped")] = number(m_counters.dropped);
    facts[QStringLiteral("missing_sequences")] = number(m_counters.missingSequences);
    facts[QStringLiteral("first_seq")] = number(m_firstSeq.value);
    facts[QStringLiteral("last_seq")] = number(m_lastSeq.value);
    if (m_read > 0) {
        facts[QStringLiteral("from")] = text(protocol::rfc3339(m_from));
        facts[QStringLiteral("to")] = text(protocol::rfc3339(m_to));
    }
    return facts;
}

QJsonObject provenanceOf(const state::LiveState& state)
{
    QJsonObject facts;
    if (state.hello()) {
        facts[QStringLiteral("workspace")] = text(state.hello()->workspace);
        facts[QStringLiteral("data_id")] = text(state.hello()->dataId);
        facts[QStringLiteral("server")] = text(state.hello()->server);
    }
    facts[QStringLiteral("cursor")] = number(state.counters().cursor.value);
    if (const auto& watermark = state.watermark())
        facts[QStringLiteral("watermark")] = QJsonObject{
            {QStringLiteral("seq"), number(watermark->seq.value)},
            {QStringLiteral("time"), text(protocol::rfc3339(watermark->time))},
            {QStringLiteral("to_come"), number(state.notYetRolledUp())},
        };
    facts[QStringLiteral("exported_at")] = text(protocol::rfc3339(protocol::UtcMs(state.serverNowMs())));
    return facts;
}

} // namespace models

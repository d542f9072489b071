// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "app/models/hit_table_model.h"
#include "app/state/table_source.h"

namespace models {

// What the live table shows now, in its order. Rows that leave the ring while they are read are not there any more.
class HitTableSource final : public state::TableSource {
public:
    // `columns` of HitTableModel, in the order shown. The sequence always stands first, so that a row can be found
    // again. The model outlives this.
    HitTableSource(const HitTableModel& model, std::vector<int> columns);

    static std::vector<int> allColumns();

    std::vector<state::TableColumn> columns() const override;
    std::uint64_t rowCount() const override { return m_seqs.size(); }
    bool readRow(std::uint64_t row, std::vector<std::string>& cells) override;
    QJsonObject facts() const override;

private:
    const HitTableModel& m_model;
    std::vector<int> m_columns;
    std::vector<protocol::HitSeq> m_seqs; // what was shown when it began, newest first
    state::Counters m_counters;           // as they stood then
    std::uint64_t m_read = 0;
    protocol::HitSeq m_firstSeq, m_lastSeq;
    protocol::UtcMs m_from, m_to;
};

// What holds for any table exported now: workspace, data folder, server, cursor, watermark, time.
QJsonObject provenanceOf(const state::LiveState& state);

} // namespace models

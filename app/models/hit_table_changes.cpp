// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "app/models/hit_table_model.h"

// How the live table follows the ring. The ring has changed already when these run; rows of the index that it no longer
// holds read "…" until they are removed, which happens within the same call unless the table is held.
namespace models {

namespace {

constexpr state::RowNumber nothingRead = ~state::RowNumber(0);
// Beyond so many separate places, one reset is cheaper for a view than as many insertions.
constexpr std::size_t insertionsMax = 64;

} // namespace

void HitTableModel::onAppended()
{
    const state::HitRing& ring = m_state.ring();
    std::vector<std::uint32_t> rows;
    m_filter.select(ring, std::max(m_seen, ring.firstRow()), ring.endRow(), rows);
    m_seen = ring.endRow();
    if (!isHeld()) {
        showNewest(rows);
        return;
    }
    m_pending.append(rows);
    dropPendingThatLeft();
    if (!rows.empty())
        emit pendingChanged(m_pending.size());
}

// Puts rows on top, and takes off what the ring let go of. A view pays for each inserted row above a million others; so
// where as many leave as come, the count stays and the values shift, persistent indexes along with them.
void HitTableModel::showNewest(const std::vector<std::uint32_t>& rows)
{
    const state::HitRing& ring = m_state.ring();
    const std::size_t left = m_index.countBefore(ring.firstRow(), ring.endRow());
    const std::size_t common = std::min(rows.size(), left);
    const auto split = rows.begin() + static_cast<std::ptrdiff_t>(common);
    if (common > 0) {
        m_index.dropFront(common);
        m_index.append({rows.begin(), split});
        shiftPersistent(static_cast<int>(common));
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    }
    removeLeft(left - common);
    if (common < rows.size()) {
        beginInsertRows({}, 0, static_cast<int>(rows.size() - common) - 1);
        m_index.append({split, rows.end()});
        endInsertRows();
    }
}

void HitTableModel::removeLeft(std::size_t count)
{
    if (count == 0)
        return;
    const int size = rowCount();
    beginRemoveRows({}, size - static_cast<int>(count), size - 1);
    m_index.dropFront(count);
    endRemoveRows();
}

void HitTableModel::shiftPersistent(int by)
{
    const QModelIndexList from = persistentIndexList();
    if (from.isEmpty())
        return;
    QModelIndexList to;
    to.reserve(from.size());
    for (const QModelIndex& old : from)
        to.append(index(old.row() + by, old.column())); // none where it fell off the end
    changePersistentIndexList(from, to);
}

void HitTableModel::onOlderInserted(const std::vector<state::RowNumber>& rows)
{
    const state::HitRing& ring = m_state.ring();
    m_readRow = nothingRead;
    remap(rows);
    std::vector<std::uint32_t> passing;
    for (std::size_t i = 0; i < rows.size();) {
        std::size_t next = i + 1;
        while (next < rows.size() && rows[next] == rows[next - 1] + 1)
            ++next;
        m_filter.select(ring, rows[i], rows[next - 1] + 1, passing);
        i = next;
    }
    if (!isHeld()) {
        showNewest({});
        insertAmong(passing);
        return;
    }
    m_pending.merge(passing, ring.endRow());
    dropPendingThatLeft();
    emit pendingChanged(m_pending.size());
}

// Row numbers after an insertion: a row that stood behind k of the inserted ones is now k further on.
void HitTableModel::remap(const std::vector<state::RowNumber>& inserted)
{
    const state::RowNumber end = m_state.ring().endRow();
    const auto shifted = [&inserted](state::RowNumber row, std::size_t& k) {
        while (k < inserted.size() && inserted[k] - k <= row)
            ++k;
        return row + k;
    };
    const auto shiftIndex = [&](RowIndex& rows) {
        std::size_t k = 0;
        for (std::size_t at = rows.countBefore(inserted.front(), end); at < rows.size(); ++at)
            rows.set(at, static_cast<std::uint32_t>(shifted(rows.row(at, end), k)));
    };
    shiftIndex(m_index);
    shiftIndex(m_pending);
    for (Pinned& pinned : m_pinned) {
        std::size_t k = 0;
        pinned.row = shifted(pinned.row, k);
    }
    std::size_t k = 0;
    m_heldEnd = shifted(m_heldEnd, k);
    m_seen = end;
}

// Puts rows into their places between those shown, by runs that stand side by side.
void HitTableModel::insertAmong(const std::vector<std::uint32_t>& rows)
{
    if (rows.empty())
        return;
    const state::RowNumber end = m_state.ring().endRow();
    struct Run {
        std::size_t at, first, count;
    };
    std::vector<Run> runs;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::size_t at = m_index.countBefore(RowIndex::full(rows[i], end), end);
        if (!runs.empty() && runs.back().at == at)
            ++runs.back().count;
        else
            runs.push_back({at, i, 1});
    }
    if (runs.size() > insertionsMax) {
        beginResetModel();
        m_index.merge(rows, end);
        endResetModel();
        return;
    }
    // From the newest down, so that the places of the others stay right.
    for (auto run = runs.rbegin(); run != runs.rend(); ++run) {
        const int top = static_cast<int>(m_index.size() - run->at);
        beginInsertRows({}, top, top + static_cast<int>(run->count) - 1);
        m_index.insert(run->at, rows.data() + run->first, run->count);
        endInsertRows();
    }
}

void HitTableModel::onCleared()
{
    beginResetModel();
    m_index.clear();
    m_pending.clear();
    m_pinned.clear();
    m_seen = m_heldEnd = 0;
    m_pendingLeft = 0;
    m_readRow = nothingRead;
    endResetModel();
    emit pendingChanged(0);
}

void HitTableModel::onAnnotation(protocol::HitSeq seq)
{
    const int row = rowOf(seq);
    if (row >= 0)
        emit dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

} // namespace models

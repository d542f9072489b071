// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/hit_table_model.h"

#include <algorithm>

#include "app/models/slug_suggestions.h"
#include "app/models/table_cells.h"

namespace models {

HitTableModel::HitTableModel(state::LiveState& state, QObject* parent)
    : QAbstractTableModel(parent), m_state(state), m_suggestions(std::make_unique<SlugSuggestions>()),
      m_now([&state] { return state.serverNowMs(); })
{
    m_filter.compile({});
    const state::HitRing& ring = state.ring();
    std::vector<std::uint32_t> rows;
    m_filter.select(ring, ring.firstRow(), ring.endRow(), rows);
    m_index.assign(std::move(rows));
    m_seen = ring.endRow();
    connect(&state, &state::LiveState::hitsAppended, this, &HitTableModel::onAppended);
    connect(&state, &state::LiveState::olderInserted, this, &HitTableModel::onOlderInserted);
    connect(&state, &state::LiveState::cleared, this, &HitTableModel::onCleared);
    connect(&state, &state::LiveState::annotationChanged, this, &HitTableModel::onAnnotation);
    connect(&state, &state::LiveState::repeatsChanged, this, [this] {
        if (rowCount() > 0)
            emit dataChanged(index(0, Repeat), index(rowCount() - 1, Repeat));
    });
}

HitTableModel::~HitTableModel() = default;

int HitTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_index.size());
}

int HitTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

state::RowNumber HitTableModel::rowNumber(int row) const
{
    return m_index.row(m_index.size() - 1 - static_cast<std::size_t>(row), m_state.ring().endRow());
}

// The hit of a row, if the ring or a pin still has it.
const protocol::Hit* HitTableModel::find(state::RowNumber row) const
{
    if (m_state.ring().holds(row)) {
        if (m_readRow != row) {
            m_readHit = m_state.ring().hitAt(row);
            m_readRow = row;
        }
        return &m_readHit;
    }
    const auto pinned =
        std::find_if(m_pinned.begin(), m_pinned.end(), [row](const Pinned& pin) { return pin.row == row; });
    return pinned == m_pinned.end() ? nullptr : &pinned->hit;
}

QVariant HitTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const state::RowNumber row = rowNumber(index.row());
    const protocol::Hit* hit = find(row);
    if (!hit)
        return goneCell(index.column(), role);
    CellContext context{*hit, m_now(), m_state.ring().holds(row) && m_state.ring().isRepeat(row),
                        m_state.annotation(hit->seq), *m_suggestions};
    return cellData(context, index.column(), role);
}

QVariant HitTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::DisplayRole)
        return columnTitle(section);
    if (role == Qt::TextAlignmentRole)
        return alignmentOf(section);
    return {};
}

void HitTableModel::setDisplayFilter(const protocol::FilterNode& filter)
{
    const state::HitRing& ring = m_state.ring();
    const state::RowNumber shownEnd = isHeld() ? std::max(m_heldEnd, ring.firstRow()) : ring.endRow();
    beginResetModel();
    m_filter.compile(filter);
    std::vector<std::uint32_t> rows;
    m_filter.select(ring, ring.firstRow(), shownEnd, rows);
    m_index.assign(std::move(rows));
    std::vector<std::uint32_t> waiting;
    m_filter.select(ring, shownEnd, ring.endRow(), waiting);
    m_pending.assign(std::move(waiting));
    m_pendingLeft = 0;
    endResetModel();
    emit filterApplied(m_index.size(), ring.size());
    if (isHeld())
        emit pendingChanged(m_pending.size());
}

void HitTableModel::setHeld(HoldReason reason, bool held)
{
    const int before = m_holds;
    m_holds = held ? m_holds | reason : m_holds & ~reason;
    if ((before != 0) == (m_holds != 0))
        return;
    if (m_holds != 0)
        m_heldEnd = m_state.ring().endRow();
    else
        release();
    emit heldChanged(m_holds != 0);
}

void HitTableModel::release()
{
    dropPendingThatLeft();
    std::vector<std::uint32_t> waiting(m_pending.size());
    for (std::size_t i = 0; i < waiting.size(); ++i)
        waiting[i] = m_pending.low(i);
    m_pending.clear();
    m_pendingLeft = 0;
    m_pinned.clear();

    // Fetched hits may belong between what is shown; live ones all come after it.
    const state::RowNumber end = m_state.ring().endRow();
    const bool allNewer = waiting.empty() || m_index.isEmpty() ||
                          RowIndex::full(waiting.front(), end) > m_index.row(m_index.size() - 1, end);
    showNewest(allNewer ? waiting : std::vector<std::uint32_t>());
    if (!allNewer)
        insertAmong(waiting);
    emit pendingChanged(0);
}

quint64 HitTableModel::leftWhileHeld() const
{
    const state::HitRing& ring = m_state.ring();
    return m_pendingLeft + m_index.countBefore(ring.firstRow(), ring.endRow());
}

void HitTableModel::dropPendingThatLeft()
{
    const state::HitRing& ring = m_state.ring();
    const std::size_t left = m_pending.countBefore(ring.firstRow(), ring.endRow());
    m_pending.dropFront(left);
    m_pendingLeft += left;
}

void HitTableModel::pin(int firstRow, int lastRow)
{
    const state::HitRing& ring = m_state.ring();
    firstRow = std::max(firstRow, 0);
    lastRow = std::min({lastRow, rowCount() - 1, firstRow + static_cast<int>(pinnedMax) - 1});
    for (int row = firstRow; row <= lastRow; ++row) {
        const state::RowNumber number = rowNumber(row);
        const auto known =
            std::find_if(m_pinned.begin(), m_pinned.end(), [number](const Pinned& pin) { return pin.row == number; });
        if (known != m_pinned.end())
            std::rotate(known, known + 1, m_pinned.end());
        else if (ring.holds(number))
            m_pinned.push_back({number, ring.hitAt(number)});
    }
    if (m_pinned.size() > pinnedMax)
        m_pinned.erase(m_pinned.begin(), m_pinned.end() - static_cast<std::ptrdiff_t>(pinnedMax));
}

std::optional<protocol::Hit> HitTableModel::hitAt(int row) const
{
    if (row < 0 || row >= rowCount())
        return std::nullopt;
    const protocol::Hit* hit = find(rowNumber(row));
    return hit ? std::optional(*hit) : std::nullopt;
}

protocol::HitSeq HitTableModel::seqAt(int row) const
{
    if (row < 0 || row >= rowCount())
        return {};
    const state::RowNumber number = rowNumber(row);
    if (m_state.ring().holds(number))
        return m_state.ring().seqAt(number);
    const protocol::Hit* hit = find(number);
    return hit ? hit->seq : protocol::HitSeq();
}

int HitTableModel::rowOf(protocol::HitSeq seq) const
{
    std::optional<state::RowNumber> number = m_state.ring().rowOf(seq);
    if (!number) {
        const auto pinned =
            std::find_if(m_pinned.begin(), m_pinned.end(), [seq](const Pinned& pin) { return pin.hit.seq == seq; });
        if (pinned == m_pinned.end())
            return -1;
        number = pinned->row;
    }
    const state::RowNumber end = m_state.ring().endRow();
    const std::size_t at = m_index.countBefore(*number, end);
    if (at >= m_index.size() || m_index.row(at, end) != *number)
        return -1;
    return static_cast<int>(m_index.size() - 1 - at);
}

QModelIndex HitTableModel::indexOf(protocol::HitSeq seq, int column) const
{
    const int row = rowOf(seq);
    return row < 0 ? QModelIndex() : index(row, column);
}

void HitTableModel::refreshTimes(int firstRow, int lastRow)
{
    firstRow = std::max(firstRow, 0);
    lastRow = std::min(lastRow, rowCount() - 1);
    if (firstRow <= lastRow)
        emit dataChanged(index(firstRow, Time), index(lastRow, Time), {Qt::DisplayRole, ShortRole});
}

void HitTableModel::setKnownLinks(const QStringList& addresses)
{
    m_suggestions->setKnown(addresses);
    tellSuggestions();
}

void HitTableModel::noteSuggestion(const QString& domain, const QString& slug, const QString& suggestion)
{
    m_suggestions->note(domain, slug, suggestion);
    tellSuggestions();
}

void HitTableModel::tellSuggestions()
{
    if (rowCount() > 0)
        emit dataChanged(index(0, Link), index(rowCount() - 1, Bot),
                         {Qt::DisplayRole, Qt::ToolTipRole, SuggestionRole});
}

void HitTableModel::setNow(std::function<qint64()> utcMs)
{
    m_now = std::move(utcMs);
}

} // namespace models

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QStringList>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "app/models/row_filter.h"
#include "app/models/row_index.h"
#include "app/models/table_words.h"
#include "app/state/live_state.h"
#include "backend/protocol/filter_expression.h"

namespace models {

class SlugSuggestions;

// The live table: the ring's rows that pass the display filter, newest first. Lives on the GUI thread; the state
// outlives it. While held, nothing moves: newer rows are counted and come on release; rows that leave the ring
// meanwhile stay in place and read "…", except those pinned.
class HitTableModel final : public QAbstractTableModel, public HitTableWords {
    Q_OBJECT

public:
    explicit HitTableModel(state::LiveState& state, QObject* parent = nullptr);
    ~HitTableModel() override;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    // Retroactive: over everything the ring holds. The model is reset; what was selected is found again by rowOf().
    void setDisplayFilter(const protocol::FilterNode& filter);
    const protocol::FilterNode& displayFilter() const { return m_filter.node(); }
    bool isFiltered() const { return m_filter.node().kind != protocol::FilterNode::Kind::True; }

    // Held by any number of reasons at once; released when all are gone.
    enum HoldReason { Scrolled = 1, Selected = 2, Paused = 4 };
    void setHeld(HoldReason reason, bool held);
    bool isHeld() const { return m_holds != 0; }
    bool isHeldFor(HoldReason reason) const { return (m_holds & reason) != 0; }
    quint64 pendingRows() const { return m_pending.size(); } // "412 new"
    quint64 leftWhileHeld() const;                           // rows shown or waiting that the ring no longer holds
    // The rows on screen and the selected one keep their values even when the ring lets go of them: the newest
    // pinnedMax pinned.
    static constexpr std::size_t pinnedMax = 512;
    void pin(int firstRow, int lastRow);

    // The hit of a row; nothing where the ring let go of it.
    std::optional<protocol::Hit> hitAt(int row) const;
    protocol::HitSeq seqAt(int row) const;
    int rowOf(protocol::HitSeq seq) const; // -1 = not shown
    QModelIndex indexOf(protocol::HitSeq seq, int column = 0) const;

    // Emits dataChanged for the time column of these rows alone: call once a second for what is on screen.
    void refreshTimes(int firstRow, int lastRow);
    // Slugs that exist, as "domain/slug": for "did you mean …?".
    void setKnownLinks(const QStringList& addresses);
    void noteSuggestion(const QString& domain, const QString& slug, const QString& suggestion);
    // The backend's clock, as far as known; tests set it.
    void setNow(std::function<qint64()> utcMs);

    const state::LiveState& state() const { return m_state; }

signals:
    void heldChanged(bool held);
    void pendingChanged(quint64 rows);
    void filterApplied(quint64 rows, quint64 of);

private:
    struct Pinned {
        state::RowNumber row;
        protocol::Hit hit;
    };

    void tellSuggestions();
    void onAppended();
    void onOlderInserted(const std::vector<state::RowNumber>& rows);
    void onCleared();
    void onAnnotation(protocol::HitSeq seq);
    void release();
    void remap(const std::vector<state::RowNumber>& inserted);
    void dropPendingThatLeft();
    void showNewest(const std::vector<std::uint32_t>& rows);
    void insertAmong(const std::vector<std::uint32_t>& rows);
    void removeLeft(std::size_t count);
    void shiftPersistent(int by);
    state::RowNumber rowNumber(int row) const;
    const protocol::Hit* find(state::RowNumber row) const;

    state::LiveState& m_state;
    RowFilter m_filter;
    RowIndex m_index;               // shown, oldest first
    RowIndex m_pending;             // passed the filter while held, oldest first
    state::RowNumber m_seen = 0;    // rows before this one went through the filter
    state::RowNumber m_heldEnd = 0; // rows before this one were shown when it was held
    int m_holds = 0;
    quint64 m_pendingLeft = 0;
    std::vector<Pinned> m_pinned; // in the order of pinning
    std::unique_ptr<SlugSuggestions> m_suggestions;
    std::function<qint64()> m_now;
    // The row read last: a view asks for many cells of one row in turn.
    mutable protocol::Hit m_readHit;
    mutable state::RowNumber m_readRow = ~state::RowNumber(0);
};

} // namespace models

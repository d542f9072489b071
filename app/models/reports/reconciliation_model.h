// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>

#include "app/state/reports.h"

namespace models {

// Raw hits against rollups, a row for each link, those that differ first. Each row says in words how it stands and why.
class ReconciliationModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Link, Raw, Rolled, ToCome, Late, State, ColumnCount };
    enum Role {
        WordRole = Qt::UserRole + 1, // the API's word for the state
    };

    explicit ReconciliationModel(QObject* parent = nullptr);

    void setReconciliation(const state::ReconciliationPtr& reconciliation);
    const state::ReconciliationPtr& reconciliation() const { return m_answer; }
    // "✓ Equal: 120 hits are stored, 113 are rolled up, 7 are still to come."
    QString summary() const;
    static QString stateText(const QString& word); // with its glyph
    static QString reason(const state::ReconciledRow& row);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    state::ReconciliationPtr m_answer;
    std::vector<state::ReconciledRow> m_rows;
};

} // namespace models

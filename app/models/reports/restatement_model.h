// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QTimeZone>

#include "app/state/restatements.h"

namespace models {

// What had been reported and was changed, newest first: when, of which hours and link, by how much and why.
class RestatementModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { When, Range, Link, Change, Why, ColumnCount };

    explicit RestatementModel(QObject* parent = nullptr);

    // The zone is that of the reports' days.
    void setRestatements(const state::RestatementsPtr& restatements, const QTimeZone& zone);
    const state::RestatementsPtr& restatements() const { return m_answer; }
    // "Restated 3 times: +12 clicks, +9 people. The figures have it in them already."
    QString summary() const;
    // In a word, as the table has it, and in full.
    static QString shortReason(const state::Restatement& restatement);
    static QString reason(const state::Restatement& restatement);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QString rangeText(const state::Restatement& restatement) const;
    QString timeText(std::int64_t ms) const;

    state::RestatementsPtr m_answer;
    QTimeZone m_zone = QTimeZone::utc();
};

} // namespace models

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>
#include <QTableView>

#include "app/models/reports/breakdown_model.h"
#include "app/widgets/theme/theme.h"

namespace reports {

// Paints a breakdown's cells: a bar behind the value, unknown in italics, changes with the sign that says them.
class BreakdownDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    BreakdownDelegate(widgets::Ink ink, QObject* parent) : QStyledItemDelegate(parent), m_ink(ink) {}
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {60, 25}; }

private:
    widgets::Ink m_ink;
};

// A breakdown as a table that sorts by its heads. A click on a value, or Return, picks it.
class BreakdownView : public QTableView {
    Q_OBJECT

public:
    // `columns` in the order in which they give way where room is short, last first; the value always stays.
    BreakdownView(models::BreakdownModel& model, const QList<int>& columns, widgets::Ink ink,
                  QWidget* parent = nullptr);

signals:
    void picked(const QString& value, quint64 link);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;

private:
    void pick(const QModelIndex& index);
    void placeColumns();

    QList<int> m_columns;
};

} // namespace reports

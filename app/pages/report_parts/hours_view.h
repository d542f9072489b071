// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>
#include <QTableView>

#include "app/models/reports/hour_table_model.h"
#include "app/widgets/theme/theme.h"

namespace reports {

// Paints an hour of the week by its heat; the one read is framed.
class HoursDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    HoursDelegate(widgets::Ink ink, QObject* parent) : QStyledItemDelegate(parent), m_ink(ink) {}
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    widgets::Ink m_ink;
};

// The hours of the week as a heat table that fills its room. The arrow keys go through it; what is under the pointer or
// the keys is told exactly.
class HoursView : public QTableView {
    Q_OBJECT

public:
    HoursView(models::HourTableModel& model, widgets::Ink ink, QWidget* parent = nullptr);

signals:
    // The exact figures of the hour looked at; empty = none is.
    void read(const QString& words);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void tell(const QModelIndex& index);
};

} // namespace reports

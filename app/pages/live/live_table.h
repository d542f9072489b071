// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/models/hit_table_model.h"
#include "app/pages/live/column_layout.h"
#include "app/widgets/even_row_table.h"

namespace live {

// The live table's view. Rows are held where the reader reads: scrolled down or with a row selected. Repaints what
// arrives at the page's pace and what the reader does at once; in between, the picture of before stands.
class LiveTable : public widgets::EvenRowTable {
    Q_OBJECT

public:
    explicit LiveTable(models::HitTableModel& model, QWidget* parent = nullptr);

    void setCompact(bool compact);
    ColumnLayout& columns() { return m_columns; }
    void placeColumns();

    // Called by the page's one timer: paints what arrived since.
    void paintArrived();
    // Called once a second.
    void refreshTimes();

    // Lets go of every hold but a pause, and shows the newest row.
    void follow();
    void moveRow(int rows);
    int currentRow() const;

    void dataChanged(const QModelIndex& topLeft, const QModelIndex& bottomRight,
                     const QList<int>& roles = QList<int>()) override;

signals:
    void inspectRequested(int row);
    void cellMenuRequested(const QModelIndex& index, const QPoint& globalPosition);
    void columnMenuRequested(const QPoint& globalPosition);

protected:
    void rowsChanged() override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void selectionChanged(const QItemSelection& selected, const QItemSelection& deselected) override;
    bool viewportEvent(QEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    void pinVisible();
    std::pair<int, int> visibleRows() const;

    models::HitTableModel& m_model;
    ColumnLayout m_columns;
    bool m_arrived = false; // something to paint at the page's next tick
};

} // namespace live

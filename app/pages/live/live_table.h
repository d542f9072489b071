// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QTableView>

#include "app/models/hit_table_model.h"
#include "app/pages/live/column_layout.h"

namespace live {

// The live table's view. Rows are held where the reader reads: scrolled down or with a row selected. Repaints what
// arrives at the page's pace and what the reader does at once.
class LiveTable : public QTableView {
    Q_OBJECT

public:
    explicit LiveTable(models::HitTableModel& model, QWidget* parent = nullptr);

    void setCompact(bool compact);
    ColumnLayout& columns() { return m_columns; }
    void placeColumns();
    QList<int> shownColumns() const;

    // Called by the page's one timer: paints what arrived since.
    void paintArrived();
    // Called once a second.
    void refreshTimes();

    // Lets go of every hold but a pause, and shows the newest row.
    void follow();
    void moveRow(int rows);
    int currentRow() const;

signals:
    void inspectRequested(int row);
    void cellMenuRequested(const QModelIndex& index, const QPoint& globalPosition);
    void columnMenuRequested(const QPoint& globalPosition);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void selectionChanged(const QItemSelection& selected, const QItemSelection& deselected) override;
    bool viewportEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    void wireArrivals();
    void delayPaint();
    void pinVisible();
    std::pair<int, int> visibleRows() const;

    models::HitTableModel& m_model;
    ColumnLayout m_columns;
};

} // namespace live

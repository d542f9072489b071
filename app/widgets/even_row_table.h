// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableView>

#include <optional>

namespace widgets {

// A table view whose rows all have one height and are found by division. QTableView keeps eight bytes for each row in
// its vertical header, and goes through all of them when one comes; here that header has no rows at all. Rows are never
// hidden, moved or spanned, and there is no grid. Paints its whole ground, so that nothing beneath is painted for it.
// GUI thread. More rows than 2^31 pixels hold cannot be scrolled to.
class EvenRowTable : public QTableView {
    Q_OBJECT

public:
    explicit EvenRowTable(QWidget* parent = nullptr);

    void setModel(QAbstractItemModel* model) override;
    void setEvenHeight(int pixels);
    int evenHeight() const { return m_height; }
    // The row at this height of the viewport, -1 where there is none. QTableView's own asks the header.
    int rowAt(int y) const;
    QList<int> shownColumns() const; // from left to right

    QModelIndex indexAt(const QPoint& position) const override;
    QRect visualRect(const QModelIndex& index) const override;
    void scrollTo(const QModelIndex& index, ScrollHint hint = EnsureVisible) override;
    void reset() override;

protected:
    // Rows came or went, and what is on screen is to follow.
    virtual void rowsChanged();

    int verticalOffset() const override;
    QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
    QRegion visualRegionForSelection(const QItemSelection& selection) const override;
    void updateGeometries() override;
    bool viewportEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    int rows() const;
    void fitRange();

    int m_height = 25;
    bool m_placing = false;
    std::optional<QPoint> m_pointer; // in the viewport
};

} // namespace widgets

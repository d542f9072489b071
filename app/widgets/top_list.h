// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QWidget>

#include "app/widgets/theme/theme.h"

namespace widgets {

struct TopRow {
    QString key;  // as it is filtered by; empty = unknown
    QString name; // as it is shown
    quint64 count = 0;

    friend bool operator==(const TopRow&, const TopRow&) = default;
};

// The most frequent values with their counts, a bar behind each row as its share of the first. Unknown keeps its row.
// Shows as many rows as fit; a click or Enter picks one.
class TopList : public QWidget {
    Q_OBJECT

public:
    TopList(const QString& title, Ink ink, QWidget* parent = nullptr);

    void setRows(const QList<TopRow>& rows);
    const QList<TopRow>& rows() const { return m_rows; }
    // Said where there are no rows.
    void setEmptyText(const QString& text);

    static constexpr int rowHeight = 22;
    static constexpr int titleHeight = 26;

    QSize sizeHint() const override { return {180, titleHeight + 6 * rowHeight}; }
    QSize minimumSizeHint() const override { return {110, titleHeight + 2 * rowHeight}; }

signals:
    void picked(const QString& key);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    int rowAt(const QPoint& position) const;
    int visibleRows() const;
    void setCurrent(int row);

    QString m_title;
    QString m_emptyText;
    Ink m_ink;
    QList<TopRow> m_rows;
    int m_current = -1;
};

} // namespace widgets

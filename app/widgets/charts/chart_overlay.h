// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QWidget>

namespace widgets {

class TimeChart;

// Paints what stands above a TimeChart's series, and follows the pointer.
class ChartOverlay : public QWidget {
    Q_OBJECT

public:
    explicit ChartOverlay(TimeChart* chart);

    // Where the reading is; negative = nowhere.
    void setPointer(double x);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    // Marks with a handle under this place.
    QList<qsizetype> marksAt(double x) const;
    void paintBox(QPainter& painter, double x, const QStringList& lines) const;
    qint64 timeAt(double x) const;
    void paintSelection(QPainter& painter) const;
    void paintTime(QPainter& painter, qint64 timeMs, qint64 stepMs) const;
    void paintValues(QPainter& painter) const;
    void paintTimes(QPainter& painter) const;
    void paintMarks(QPainter& painter) const;
    void paintDirectLabels(QPainter& painter) const;
    void paintReading(QPainter& painter) const;

    TimeChart* m_chart;
    double m_pointerX = -1;
    double m_pressedX = -1; // where a drag began
};

} // namespace widgets

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QTimeZone>
#include <QWidget>

#include <memory>
#include <optional>

#include "app/widgets/theme/theme.h"

QT_BEGIN_NAMESPACE
class QChart;
class QChartView;
class QValueAxis;
QT_END_NAMESPACE

namespace widgets {

class ChartOverlay;

// A moment on a chart's time axis that something happened at. With details it has a handle: the pointer on it tells
// them, a click picks the mark by its key.
struct ChartMark {
    qint64 timeMs = 0;
    QString label;
    QStringList details = {};
    quint64 key = 0;

    friend bool operator==(const ChartMark&, const ChartMark&) = default;
};

// What all charts over time share: one Qt Chart without animation, legend or background, faint grid, y from zero, and a
// layer above it for time labels, marks, direct labels and the reading under the pointer. Subclasses own the series.
class TimeChart : public QWidget {
    Q_OBJECT

public:
    explicit TimeChart(QWidget* parent = nullptr);
    ~TimeChart() override;

    QSize sizeHint() const override { return {420, 240}; }
    QSize minimumSizeHint() const override { return {180, 120}; }

    // What the pointer at this position would be told; for tests and for screen readers.
    QStringList readingAt(qint64 timeMs) const { return reading(timeMs); }
    const QList<ChartMark>& marks() const { return m_marks; }

    // Whose clock the times are told by; the system's unless said otherwise.
    void setZone(const QTimeZone& zone);
    const QTimeZone& zone() const { return m_zone; }
    // A drag over the plot selects a range, a click a moment.
    void setSelectable(bool selectable) { m_selectable = selectable; }

signals:
    void markPicked(quint64 key);
    void rangeSelected(qint64 fromMs, qint64 toMs);
    void momentPicked(qint64 timeMs);

protected:
    friend class ChartOverlay;

    struct DirectLabel {
        QString text;
        Ink ink;
        double value = 0; // where on the y axis
    };

    // The times at the left and right edge of the plot, and the value at its top.
    void setRange(qint64 fromMs, qint64 toMs, double top);
    qint64 fromMs() const { return m_fromMs; }
    qint64 toMs() const { return m_toMs; }
    void setMarks(const QList<ChartMark>& marks);
    void setDirectLabels(const QList<DirectLabel>& labels);
    void refreshOverlay();

    double xOf(qint64 timeMs) const;
    double yOf(double value) const;
    // Shows the reading at this time as if the pointer were there; nothing hides it.
    void showReading(std::optional<qint64> timeMs);

    // For series that a Qt Chart does not draw; under the labels, above the grid.
    virtual void paintSeries(QPainter&) const {}
    virtual QStringList reading(qint64 timeMs) const = 0;
    // Applies the theme's colours to the series.
    virtual void colourSeries(const Theme& theme) = 0;
    // The time that a reading at this time stands for (a bucket's middle).
    virtual qint64 snapped(qint64 timeMs) const { return timeMs; }

    QChart* chart() const { return m_chart; }
    QValueAxis* valueAxis() const { return m_valueAxis; }
    QRectF plot() const;
    QString timeText(qint64 timeMs, qint64 stepMs) const;
    // Of figures by day no hours are written, and the day stands under its own middle.
    void setByDay(bool byDay) { m_byDay = byDay; }

    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void colourAll();
    void layOut();

    QChart* m_chart;
    QChartView* m_view;
    QValueAxis* m_valueAxis;
    ChartOverlay* m_overlay;
    QTimeZone m_zone = QTimeZone::systemTimeZone();
    bool m_selectable = false;
    bool m_byDay = false;
    qint64 m_fromMs = 0, m_toMs = 1;
    double m_top = 1;
    QList<ChartMark> m_marks;
    QList<DirectLabel> m_labels;
    bool m_coloured = false;
};

// The next "round" value (1, 2 or 5 times a power of ten, and four of a step) at or above this one.
double roundTop(double value);

} // namespace widgets

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QSet>
#include <QStringList>
#include <QWidget>

class QQuickWidget;

namespace widgets {

class ChoroplethItem;

// Decides how Qt Quick draws, once, after the application is made and before the first map: with GL where a context can
// be had, otherwise in software. Without GL a map would stay blank. Returns whether software was chosen.
bool chooseGraphics(bool forceSoftware);

// The world with its countries shaded by count; no tiles and no network. Drag pans, the wheel and + - zoom, 0 or a
// double click resets, a click picks a country.
class WorldMap : public QWidget {
    Q_OBJECT

public:
    explicit WorldMap(QWidget* parent = nullptr);
    ~WorldMap() override;

    // By country code; "" is unknown and not drawn.
    void setCounts(const QHash<QString, quint64>& counts);
    void setSelected(const QStringList& codes);
    void glow(const QSet<QString>& codes);
    void setReducedMotion(bool reduced) { m_reducedMotion = reduced; }

    void zoomBy(double levels);
    void resetView();
    double zoomLevel() const;
    // Why there is no map; empty when there is one.
    QString problem() const { return m_problem; }
    // For tests: where a place stands in this widget, and what colour a count has.
    QPointF positionOf(double longitude, double latitude) const;
    QColor colourOf(quint64 count) const;
    static QString countryName(const QString& code);

    QSize sizeHint() const override { return {640, 400}; }
    QSize minimumSizeHint() const override { return {240, 160}; }

signals:
    void countryPicked(const QString& code);

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private slots:
    void showHover(const QString& code);

private:
    void addButtons();
    void applyTheme();

    QQuickWidget* m_view;
    ChoroplethItem* m_land = nullptr;
    QWidget* m_buttons = nullptr;
    QHash<QString, quint64> m_counts;
    QString m_problem;
    bool m_reducedMotion = false;
};

// The colour ramp with the counts at its ends.
class RampLegend : public QWidget {
    Q_OBJECT

public:
    explicit RampLegend(QWidget* parent = nullptr);

    void setLargest(quint64 largest);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    quint64 m_largest = 0;
};

} // namespace widgets

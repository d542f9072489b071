// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QHash>
#include <QImage>
#include <QQuickPaintedItem>
#include <QSet>
#include <QTimer>

#include "app/widgets/map/world_shapes.h"
#include "app/widgets/theme/theme.h"

namespace widgets {

// The land under a Map, painted as one item: it measured fastest on the software scene graph and looks the same with
// and without GL. The map says where the world lies (`origin`, the place of 180° west at the top, and `worldSize`); it
// repeats to both sides. What rests is kept as a picture: while countries glow, ten times a second, only they are
// painted.
class ChoroplethItem : public QQuickPaintedItem {
    Q_OBJECT
    Q_PROPERTY(QPointF origin READ origin WRITE setOrigin NOTIFY placed)
    Q_PROPERTY(double worldSize READ worldSize WRITE setWorldSize NOTIFY placed)

public:
    explicit ChoroplethItem(QQuickItem* parent = nullptr);

    QPointF origin() const { return m_origin; }
    double worldSize() const { return m_worldSize; }
    void setOrigin(const QPointF& origin);
    void setWorldSize(double size);

    void setTheme(const Theme& theme);
    void setCounts(const QHash<QString, quint64>& counts);
    void setHovered(const QString& code);
    void setSelected(const QStringList& codes);
    // Lights countries for 400 ms.
    void glow(const QSet<QString>& codes);

    Q_INVOKABLE QString countryAt(double x, double y) const;
    // Square root of the share of the largest: few scans stay visible beside many.
    QColor colourOf(quint64 count) const;
    quint64 largest() const { return m_largest; }

    void paint(QPainter* painter) override;

signals:
    void placed();

private:
    const WorldShapes& shapes() const;
    enum class Layer { Resting, Glowing };
    void changed();
    void paintWorld(QPainter& painter, Layer layer) const;
    void paintCopy(QPainter& painter, double left, Layer layer) const;
    void paintCountry(QPainter& painter, const CountryShape& country, const QColor& fill) const;
    QColor glowing(const QColor& fill, int level) const;
    int glowLevel(qint64 since) const; // 0 = just lit
    void paintGlows();
    void paintSpecks(QPainter& painter) const;
    void stepGlow();

    const Theme* m_theme;
    QPointF m_origin;
    double m_worldSize = 256;
    QHash<QString, quint64> m_counts;
    quint64 m_largest = 0;
    QString m_hovered;
    QStringList m_selected;
    QElapsedTimer m_clock;
    QHash<QString, qint64> m_glows;     // code: since when, by m_clock
    QHash<QString, int> m_paintedGlows; // code: level in the picture that is there
    QTimer m_glowTimer;
    QImage m_resting; // null = to be painted
};

} // namespace widgets

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QList>
#include <QPainterPath>
#include <QRectF>
#include <QString>

namespace widgets {

// A country's borders in Web Mercator, the whole world from (0, 0) at the upper left to (1, 1).
struct CountryShape {
    QString code; // ISO 3166-1 alpha-2; empty where there is none
    QString name;
    QRectF box;
    QPainterPath area;
    QPainterPath outline;
};

// The countries of one level of detail, read once from a map file (format: resources/map/prepare.py). Malformed
// countries are left out.
class WorldShapes {
public:
    static WorldShapes fromJson(const QByteArray& json);
    // The two files that ship with the console, read on first use.
    static const WorldShapes& coarse();
    static const WorldShapes& fine();

    const QList<CountryShape>& countries() const { return m_countries; }
    const CountryShape* find(const QString& code) const;
    // The country at this place, or nothing.
    const CountryShape* at(const QPointF& mercator) const;

private:
    QList<CountryShape> m_countries;
    QHash<QString, qsizetype> m_byCode;
};

QPointF mercatorOf(double longitude, double latitude);

} // namespace widgets

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/map/world_shapes.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace widgets {

namespace {

constexpr double latitudeMax = 85.0511;

WorldShapes readFile(const QString& name)
{
    QFile file(name);
    return file.open(QIODevice::ReadOnly) ? WorldShapes::fromJson(file.readAll()) : WorldShapes();
}

// A flat list of coordinates as a line; empty when it is none.
QPolygonF lineOf(const QJsonArray& flat, double unit)
{
    QPolygonF line;
    if (flat.size() < 4 || flat.size() % 2 != 0)
        return line;
    line.reserve(flat.size() / 2);
    for (qsizetype i = 0; i + 1 < flat.size(); i += 2)
        line.append(mercatorOf(flat[i].toDouble() * unit, flat[i + 1].toDouble() * unit));
    return line;
}

} // namespace

QPointF mercatorOf(double longitude, double latitude)
{
    const double radians = std::clamp(latitude, -latitudeMax, latitudeMax) * std::numbers::pi / 180;
    return {(longitude + 180) / 360,
            0.5 - std::log(std::tan(std::numbers::pi / 4 + radians / 2)) / (2 * std::numbers::pi)};
}

WorldShapes WorldShapes::fromJson(const QByteArray& json)
{
    WorldShapes shapes;
    const QJsonObject root = QJsonDocument::fromJson(json).object();
    if (root.value(QLatin1String("format")).toString() != QLatin1String("clickroom-map/1"))
        return shapes;
    const double unit = root.value(QLatin1String("unit")).toDouble(0.001);
    const QJsonArray countries = root.value(QLatin1String("countries")).toArray();
    for (const QJsonValue& value : countries) {
        const QJsonObject object = value.toObject();
        CountryShape country;
        country.code = object.value(QLatin1String("code")).toString();
        country.name = object.value(QLatin1String("name")).toString();
        country.area.setFillRule(Qt::OddEvenFill);
        const QJsonArray polygons = object.value(QLatin1String("polygons")).toArray();
        for (const QJsonValue& rings : polygons) {
            const QJsonArray list = rings.toArray();
            for (const QJsonValue& ring : list) {
                country.area.addPolygon(lineOf(ring.toArray(), unit));
                country.area.closeSubpath();
            }
        }
        const QJsonArray outlines = object.value(QLatin1String("outlines")).toArray();
        for (const QJsonValue& outline : outlines)
            country.outline.addPolygon(lineOf(outline.toArray(), unit));
        country.box = country.area.boundingRect();
        if (country.area.isEmpty())
            continue;
        if (!country.code.isEmpty())
            shapes.m_byCode.insert(country.code, shapes.m_countries.size());
        shapes.m_countries.append(std::move(country));
    }
    return shapes;
}

const WorldShapes& WorldShapes::coarse()
{
    static const WorldShapes shapes = readFile(QStringLiteral(":/map/world-110m.json"));
    return shapes;
}

const WorldShapes& WorldShapes::fine()
{
    static const WorldShapes shapes = readFile(QStringLiteral(":/map/world-50m.json"));
    return shapes;
}

const CountryShape* WorldShapes::find(const QString& code) const
{
    const auto it = m_byCode.constFind(code);
    return it == m_byCode.cend() ? nullptr : &m_countries[*it];
}

const CountryShape* WorldShapes::at(const QPointF& mercator) const
{
    const QPointF place(mercator.x() - std::floor(mercator.x()), mercator.y());
    const auto it = std::find_if(m_countries.cbegin(), m_countries.cend(), [&](const CountryShape& country) {
        return country.box.contains(place) && country.area.contains(place);
    });
    return it == m_countries.cend() ? nullptr : &*it;
}

} // namespace widgets

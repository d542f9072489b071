// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/live/map_panel.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "app/pages/live/filter_bar.h"
#include "app/pages/live/live_words.h"
#include "app/widgets/dock_panel.h"
#include "app/widgets/map/world_map.h"
#include "app/widgets/theme/type.h"
#include "app/widgets/top_list.h"

namespace live {

namespace {

// Narrower than this the map needs all the room.
constexpr int listsFromWidth = 520;

QList<widgets::TopRow> placeRows(const std::vector<protocol::PlaceCount>& places)
{
    QList<widgets::TopRow> rows;
    for (const protocol::PlaceCount& place : places) {
        const QString name = Words::safe(place.name);
        const QString country = Words::safe(place.country, 8);
        const bool unknown = name.isEmpty();
        QString shown = unknown ? Words::tr("Unknown") : name;
        if (!country.isEmpty())
            shown += QStringLiteral(", ") + country;
        rows.append({name, shown, place.count});
    }
    return rows;
}

} // namespace

MapPanel::MapPanel(QWidget* parent)
    : QWidget(parent), m_map(new widgets::WorldMap), m_lists(new QWidget),
      m_regions(new widgets::TopList(tr("Top regions"), &widgets::Theme::qr)),
      m_cities(new widgets::TopList(tr("Top cities"), &widgets::Theme::qr)), m_legend(new widgets::RampLegend),
      m_unknown(new widgets::Text({}, widgets::Look::Quiet))
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_map, 1);
    row->addWidget(m_lists);
    m_lists->setFixedWidth(192);
    auto* column = new QVBoxLayout(m_lists);
    column->setContentsMargins(8, 8, 14, 8);
    column->setSpacing(6);
    column->addWidget(m_regions, 1);
    column->addWidget(m_cities, 1);
    const auto filterBy = [this](const QString& field) {
        return [this, field](const QString& key) {
            emit displayRequested(QStringLiteral("qr and ") + field + filterValue(key));
        };
    };
    connect(m_regions, &widgets::TopList::picked, this, filterBy(QStringLiteral("region:")));
    connect(m_cities, &widgets::TopList::picked, this, filterBy(QStringLiteral("city:")));
    connect(m_map, &widgets::WorldMap::countryPicked, this, filterBy(QStringLiteral("country:")));
}

void MapPanel::addHeaderTo(widgets::DockPanel* panel)
{
    panel->addHeaderWidget(m_legend);
    panel->addHeaderWidget(m_unknown);
}

void MapPanel::setWindow(const protocol::WindowAggregate& window)
{
    QHash<QString, quint64> counts;
    quint64 largest = 0, unknown = 0, total = 0;
    for (const protocol::NamedCount& row : window.qrCountries) {
        total += row.count;
        if (row.name.empty()) {
            unknown += row.count;
            continue;
        }
        counts.insert(Words::safe(row.name, 8), row.count);
        largest = std::max<quint64>(largest, row.count);
    }
    m_map->setCounts(counts);
    m_legend->setLargest(largest);
    m_legend->setVisible(largest > 0);
    m_unknown->setVisible(total > 0);
    m_unknown->setText(tr("Unknown %1").arg(widgets::percent(unknown, total)));
    m_regions->setRows(placeRows(window.qrRegions));
    m_cities->setRows(placeRows(window.qrCities));
}

void MapPanel::resizeEvent(QResizeEvent*)
{
    m_lists->setVisible(width() >= listsFromWidth);
}

} // namespace live

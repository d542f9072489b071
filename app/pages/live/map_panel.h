// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "backend/protocol/window.h"

namespace widgets {
class DockPanel;
class RampLegend;
class Text;
class TopList;
class WorldMap;
} // namespace widgets

namespace live {

// The QR heatmap: scans by country on the map, top regions and cities beside it. Scans of unknown place are told, never
// placed.
class MapPanel : public QWidget {
    Q_OBJECT

public:
    explicit MapPanel(QWidget* parent = nullptr);

    void setWindow(const protocol::WindowAggregate& window);
    // The legend stands in the panel's header.
    void addHeaderTo(widgets::DockPanel* panel);
    widgets::WorldMap* map() const { return m_map; }

    QSize sizeHint() const override { return {860, 430}; }

signals:
    void displayRequested(const QString& text);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    widgets::WorldMap* m_map;
    QWidget* m_lists;
    widgets::TopList* m_regions;
    widgets::TopList* m_cities;
    widgets::RampLegend* m_legend;
    widgets::Text* m_unknown;
};

} // namespace live

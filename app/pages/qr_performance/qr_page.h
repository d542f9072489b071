// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/models/reports/breakdown_model.h"
#include "app/models/reports/hour_table_model.h"
#include "app/pages/report_parts/report_page.h"
#include "app/state/table_source.h"
#include "app/widgets/picture_offer.h"

namespace widgets {
class Card;
class RampLegend;
class Text;
class TopList;
class WorldMap;
} // namespace widgets

namespace reports {
class BreakdownView;
class HoursView;
class TotalTiles;
} // namespace reports

namespace qr_performance {

// The QR page: how the codes do, of one range and filter: scans and scanners, by placement, country, region, city,
// device and hour of the week. Its figures are the scans of the same reports as everywhere.
class QrPage : public reports::ReportPage {
    Q_OBJECT

public:
    enum Slot { Placements, Countries, Regions, Cities, Devices, SlotCount };

    explicit QrPage(QWidget* parent = nullptr);

    // The workspace's; without a plan that has the map, the map says so.
    void setPlan(const QString& plan);
    void setReport(int slot, const state::ReportPtr& report) override;
    void setHours(const state::HoursPtr& hours) override;
    void setFailed(int slot, const state::Problem& problem) override;

    reports::TotalTiles* tiles() const { return m_tiles; }
    models::BreakdownModel& placements() { return m_placements; }
    widgets::WorldMap* map() const { return m_map; }
    widgets::TopList* list(Slot slot) const { return m_lists[slot]; }
    reports::BreakdownView* table() const { return m_table; }
    reports::HoursView* hours() const { return m_hours; }
    widgets::Card* mapCard() const { return m_mapCard; }
    QList<state::TableOffer> tableOffers() const;
    QList<widgets::PictureOffer> pictureOffers() const;

signals:
    // A placement, place or device that is to be looked at more closely.
    void valuePicked(const QString& dimension, const QString& value);

protected:
    void ask() override;
    void showStatus() override;
    bool isLacking() const override { return m_reports.size() < SlotCount || !m_hourModel.hours(); }
    void resizeEvent(QResizeEvent* event) override;

private:
    void build();
    QWidget* buildMap();
    QWidget* buildLists();
    void wire();
    void showPlacements(const state::ReportPtr& report);
    void showCountries(const state::Report& report);
    reports::PanelFacts factsOf(int slot) const;

    models::BreakdownModel m_placements;
    models::HourTableModel m_hourModel;
    reports::TotalTiles* m_tiles;
    widgets::Text* m_freshness;
    reports::BreakdownView* m_table;
    reports::HoursView* m_hours;
    widgets::WorldMap* m_map;
    widgets::RampLegend* m_legend;
    widgets::Text* m_unknown;
    widgets::TopList* m_lists[SlotCount] = {}; // of those that are lists
    widgets::Card *m_tableCard, *m_mapCard, *m_listsCard, *m_hoursCard;
    QHash<int, state::ReportPtr> m_reports;
    QHash<int, state::Problem> m_problems;
    QString m_plan;
};

} // namespace qr_performance

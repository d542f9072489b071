// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <array>

#include "app/models/reports/hour_table_model.h"

namespace widgets {
class TopList;
class Text;
} // namespace widgets

namespace reports {

// For the next launch: the best hours, the strongest channels, the formats that brought people, and campaign beside
// campaign. Every figure is of people.
class PlanPanel : public QWidget {
    Q_OBJECT

public:
    enum Part { Channels, Touch, Placements, Campaigns, PartCount };

    explicit PlanPanel(QWidget* parent = nullptr);

    // The dimension that a part is asked by.
    static QString dimensionOf(Part part);
    void setBest(const std::vector<models::HourTableModel::Best>& best);
    void setReport(Part part, const state::ReportPtr& report);
    // Why the parts cannot be told; empty = they can.
    void setHint(const QString& text);
    widgets::TopList* list(Part part) const { return m_parts[part]; }
    widgets::TopList* hours() const { return m_hours; }

signals:
    void valuePicked(const QString& dimension, const QString& value);
    void campaignPicked(const QString& name);

private:
    widgets::TopList* m_hours;
    std::array<widgets::TopList*, PartCount> m_parts;
    widgets::Text* m_hint;
};

} // namespace reports

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/reports/plan_panel.h"

#include <QGridLayout>
#include <QTime>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

#include "app/models/reports/report_words.h"
#include "app/widgets/theme/type.h"
#include "app/widgets/top_list.h"

namespace reports {

using widgets::Theme;
using widgets::TopList;

PlanPanel::PlanPanel(QWidget* parent)
    : QWidget(parent), m_hours(new TopList(tr("Best hours: people an hour"), &Theme::link)),
      m_hint(new widgets::Text({}, widgets::Look::Quiet))
{
    const QString titles[] = {tr("Channels: people"), tr("Touch: people"), tr("Placements: people"),
                              tr("Campaigns: people; a click compares")};
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 6, 14, 8);
    m_hint->setWrapAnywhere();
    m_hint->hide();
    column->addWidget(m_hint);
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(18);
    grid->setVerticalSpacing(4);
    for (int part = 0; part < PartCount; ++part) {
        auto* list = new TopList(titles[part], part == Placements ? &Theme::qr : &Theme::link);
        m_parts[static_cast<std::size_t>(part)] = list;
        const QString dimension = dimensionOf(static_cast<Part>(part));
        connect(list, &TopList::picked, this, [this, part, dimension](const QString& value) {
            if (part == Campaigns)
                emit campaignPicked(value);
            else
                emit valuePicked(dimension, value);
        });
    }
    grid->addWidget(m_hours, 0, 0, 2, 1);
    grid->addWidget(m_parts[Channels], 0, 1);
    grid->addWidget(m_parts[Campaigns], 1, 1);
    grid->addWidget(m_parts[Touch], 0, 2);
    grid->addWidget(m_parts[Placements], 1, 2);
    for (int i = 0; i < 3; ++i)
        grid->setColumnStretch(i, 1);
    column->addLayout(grid, 1);
}

QString PlanPanel::dimensionOf(Part part)
{
    const char* words[] = {"channel", "touch", "placement", "campaign"};
    return QString::fromLatin1(words[part]);
}

void PlanPanel::setHint(const QString& text)
{
    m_hint->setText(text);
    m_hint->setVisible(!text.isEmpty());
}

void PlanPanel::setBest(const std::vector<models::HourTableModel::Best>& best)
{
    QList<widgets::TopRow> rows;
    for (const auto& hour : best) {
        const QString name = QStringLiteral("%1 %2").arg(models::words::weekday(hour.weekday),
                                                         QTime(hour.hour, 0).toString(QStringLiteral("HH:mm")));
        // A mean of one time is no habit: how often it was measured stands beside it.
        rows.append({name, tr("%1 \u00B7 %2\u00D7", "hour of the week, times measured").arg(name).arg(hour.times),
                     static_cast<quint64>(std::llround(hour.mean))});
    }
    m_hours->setRows(rows);
}

void PlanPanel::setReport(Part part, const state::ReportPtr& report)
{
    QList<widgets::TopRow> rows;
    for (const state::ReportValue& value : report->values)
        // Where no placement was given says nothing of a place.
        if (value.counts.humanClicks > 0 && (part != Placements || !value.value.isEmpty()))
            rows.append({value.value, models::words::reportValue(report->by, value.value), value.counts.humanClicks});
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.count > b.count; });
    m_parts[static_cast<std::size_t>(part)]->setRows(rows);
}

} // namespace reports

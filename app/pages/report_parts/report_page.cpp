// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/report_parts/report_page.h"

#include <QDateTime>

#include "app/models/reports/report_series.h"
#include "app/pages/report_parts/range_bar.h"

namespace reports {

namespace {
constexpr int againMs = 5000; // rollups may follow each other faster than a reader reads
} // namespace

ReportPage::ReportPage(QWidget* parent)
    : QWidget(parent), m_bar(new RangeBar), m_nowMs([] { return QDateTime::currentMSecsSinceEpoch(); })
{
    m_again.setSingleShot(true);
    m_again.setInterval(againMs);
    connect(&m_again, &QTimer::timeout, this, [this] {
        if (isVisible())
            ask();
    });
}

void ReportPage::setConnection(const state::ConnectionStatus& connection)
{
    const bool back = connection.phase == state::Phase::Live && m_connection.phase != state::Phase::Live;
    m_connection = connection;
    if (back && isVisible())
        ask();
    showStatus();
}

void ReportPage::setZone(const QString& zone)
{
    m_bar->setZone(models::zoneNamed(zone));
}

void ReportPage::setCatalogue(const std::vector<state::Link>& links)
{
    m_bar->offer(links);
}

void ReportPage::noteRollup()
{
    if (isVisible() && !m_again.isActive())
        m_again.start();
}

void ReportPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    ask();
}

} // namespace reports

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/report_parts/report_page.h"

#include <QDateTime>

#include <algorithm>

#include "app/models/reports/report_series.h"
#include "app/pages/report_parts/range_bar.h"

namespace reports {

namespace {
constexpr int againMs = 5000; // rollups may follow each other faster than a reader reads
constexpr int againMsMax = 60'000;
constexpr int answersShare = 10; // of the time at most one part in so many is spent on answering
} // namespace

ReportPage::ReportPage(QWidget* parent)
    : QWidget(parent), m_bar(new RangeBar), m_nowMs([] { return QDateTime::currentMSecsSinceEpoch(); })
{
    m_again.setSingleShot(true);
    m_again.setInterval(againMs);
    connect(&m_again, &QTimer::timeout, this, [this] {
        if (isVisible())
            refresh();
    });
    connect(this, &ReportPage::hoursWanted, this, [this] { m_sinceAsked.start(); }); // the first of every round
}

QString ReportPage::freshnessOf(const state::Report& report) const
{
    const QString fresh = Sentences::freshness(report);
    const bool live = m_connection.phase == state::Phase::Live || m_connection.phase == state::Phase::Resuming;
    if (live || (report.fromMs <= report.query.fromMs && report.toMs >= report.query.toMs))
        return fresh;
    return tr("Of what was asked, only %1 is known here \u00B7 %2")
        .arg(Sentences::range(report.fromMs, report.toMs, models::zoneNamed(report.zone)), fresh);
}

void ReportPage::noteAnswer()
{
    if (m_sinceAsked.isValid())
        m_again.setInterval(
            static_cast<int>(std::clamp<qint64>(m_sinceAsked.elapsed() * answersShare, againMs, againMsMax)));
    m_sinceAsked.invalidate();
}

void ReportPage::setConnection(const state::ConnectionStatus& connection)
{
    const bool back = connection.phase == state::Phase::Live && m_connection.phase != state::Phase::Live;
    // An archive opens a moment after the page did, and answers what the missing backend could not.
    const bool down = connection.phase == state::Phase::Offline || connection.phase == state::Phase::Disconnected;
    const bool news = connection.phase != m_connection.phase || connection.sinceMs != m_connection.sinceMs;
    m_connection = connection;
    if (isVisible() && (back || (down && news && isLacking())))
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

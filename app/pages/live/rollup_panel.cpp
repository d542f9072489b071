// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/live/rollup_panel.h"

#include <QDateTime>
#include <QVBoxLayout>

#include <algorithm>

#include "app/widgets/charts/rollup_chart.h"
#include "app/widgets/dock_panel.h"
#include "app/widgets/segmented_control.h"
#include "app/widgets/theme/type.h"

namespace live {

using protocol::Granularity;

namespace {
// As many bars as can still be told apart in a quarter of the screen.
constexpr qint64 bucketsShown(Granularity granularity)
{
    return granularity == Granularity::Minute ? 60 : 48;
}

constexpr std::ptrdiff_t barsFewest = 8;

constexpr qint64 bucketLength(Granularity granularity)
{
    return granularity == Granularity::Minute ? protocol::msPerMinute : protocol::msPerHour;
}
} // namespace

RollupPanel::RollupPanel(QWidget* parent)
    : QWidget(parent), m_chart(new widgets::RollupChart),
      m_switch(new widgets::SegmentedControl(tr("Length of a bar"), {tr("Minute"), tr("Hour")}))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(4, 6, 4, 4);
    column->addWidget(m_chart);
    connect(m_switch, &widgets::SegmentedControl::chosen, this, [this](int segment) {
        setGranularity(segment == 0 ? Granularity::Minute : Granularity::Hour);
        request(m_to.value);
    });
    connect(&m_series, &models::RollupSeries::changed, this, &RollupPanel::show);
}

void RollupPanel::addHeaderTo(widgets::DockPanel* panel)
{
    panel->addHeaderWidget(m_switch);
    connect(this, &RollupPanel::subtitleChanged, panel, &widgets::DockPanel::setSubtitle);
}

void RollupPanel::setGranularity(Granularity granularity)
{
    m_granularity = granularity;
    m_switch->setCurrent(granularity == Granularity::Minute ? 0 : 1);
}

void RollupPanel::setScope(const QString& link)
{
    if (m_link == link)
        return;
    m_link = link;
    if (m_to.value > 0)
        request(m_to.value);
}

void RollupPanel::request(qint64 nowMs)
{
    const qint64 length = bucketLength(m_granularity);
    const qint64 to = (nowMs / length + 1) * length;
    m_to = protocol::UtcMs(nowMs);
    emit rowsRequested(m_granularity, protocol::UtcMs(to - bucketsShown(m_granularity) * length), protocol::UtcMs(to),
                       m_link);
}

void RollupPanel::setRows(const std::vector<protocol::RollupRow>& rows, Granularity granularity, protocol::UtcMs from,
                          protocol::UtcMs to, const protocol::Watermark& watermark)
{
    if (granularity != m_granularity)
        return; // the switch was faster than the answer
    m_hasRows = true;
    m_series.setRows(rows, granularity, from, to, watermark);
    show();
}

void RollupPanel::setWatermark(const protocol::Watermark& watermark)
{
    m_series.setWatermark(watermark);
    show();
}

QString RollupPanel::edgeText() const
{
    return tr("rolled up to %1")
        .arg(QDateTime::fromMSecsSinceEpoch(m_series.watermarkMs()).toString(QStringLiteral("HH:mm:ss")));
}

void RollupPanel::show()
{
    if (!m_hasRows)
        return;
    QList<widgets::RollupBar> bars;
    bars.reserve(static_cast<qsizetype>(m_series.points().size()));
    // Begins where something happened, so that the first minutes of a launch are not the last pixels of an empty hour.
    const auto& points = m_series.points();
    const auto first = std::find_if(points.cbegin(), points.cend(), [](const auto& point) { return point.clicks > 0; });
    const auto fewest = points.cend() - std::min<std::ptrdiff_t>(barsFewest, points.cend() - points.cbegin());
    for (auto point = std::min(first == points.cbegin() ? first : first - 1, fewest); point != points.cend(); ++point)
        bars.append({point->startMs, point->humans, point->bots});
    m_chart->setBars(bars, m_series.bucketMs(), m_series.watermarkMs(), edgeText());
    const QString scope = m_link.isEmpty() ? tr("all links") : m_link;
    emit subtitleChanged(tr("humans, bots · %1").arg(scope));
}

} // namespace live

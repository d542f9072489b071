// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/charts/chart_view.h"

#include <QChart>
#include <QChartView>
#include <QDateTime>
#include <QGraphicsLayout>
#include <QLocale>
#include <QValueAxis>

#include <cmath>

#include "app/widgets/charts/chart_overlay.h"
#include "app/widgets/theme/type.h"

namespace widgets {

namespace {
constexpr int leftMargin = 44; // for the value labels
constexpr int rightMargin = 14;
constexpr int topMargin = 14;
constexpr int bottomMargin = 24; // for the time labels
} // namespace

double roundTop(double value)
{
    if (!(value > 0))
        return 4;
    const double step = std::pow(10.0, std::floor(std::log10(value)));
    for (const double factor : {1.0, 1.2, 1.6, 2.0, 2.4, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0})
        if (factor * step >= value)
            return std::max(4.0, factor * step);
    return 10 * step;
}

TimeChart::TimeChart(QWidget* parent)
    : QWidget(parent), m_chart(new QChart), m_view(new QChartView(m_chart, this)), m_valueAxis(new QValueAxis(m_chart))
{
    m_chart->setAnimationOptions(QChart::NoAnimation);
    m_chart->setBackgroundVisible(false);
    m_chart->setPlotAreaBackgroundVisible(false);
    m_chart->legend()->hide();
    m_chart->setMargins({0, 0, 0, 0});
    m_chart->layout()->setContentsMargins(0, 0, 0, 0);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setBackgroundBrush(Qt::NoBrush);
    m_view->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_view->setFocusPolicy(Qt::NoFocus);
    m_view->viewport()->setAutoFillBackground(false);
    m_view->setRenderHint(QPainter::Antialiasing);
    // The layer above writes the labels, so that none is cut short or turned.
    m_valueAxis->setLabelsVisible(false);
    m_valueAxis->setLineVisible(false);
    m_valueAxis->setTickCount(5);
    m_valueAxis->setRange(0, 4);
    m_chart->addAxis(m_valueAxis, Qt::AlignLeft);
    m_overlay = new ChartOverlay(this);
}

TimeChart::~TimeChart() = default;

void TimeChart::setRange(qint64 fromMs, qint64 toMs, double top)
{
    m_fromMs = fromMs;
    m_toMs = std::max(toMs, fromMs + 1);
    m_top = roundTop(top);
    m_valueAxis->setRange(0, m_top);
}

void TimeChart::setMarks(const QList<ChartMark>& marks)
{
    m_marks = marks;
}

void TimeChart::setDirectLabels(const QList<DirectLabel>& labels)
{
    m_labels = labels;
}

void TimeChart::refreshOverlay()
{
    m_overlay->update();
}

void TimeChart::setZone(const QTimeZone& zone)
{
    m_zone = zone;
    refreshOverlay();
}

void TimeChart::showReading(std::optional<qint64> timeMs)
{
    m_overlay->setPointer(timeMs ? xOf(*timeMs) : -1);
}

double TimeChart::xOf(qint64 timeMs) const
{
    const QRectF area = plot();
    return area.left() + area.width() * static_cast<double>(timeMs - m_fromMs) / static_cast<double>(m_toMs - m_fromMs);
}

double TimeChart::yOf(double value) const
{
    const QRectF area = plot();
    return area.bottom() - area.height() * value / m_top;
}

QRectF TimeChart::plot() const
{
    return QRectF(rect()).adjusted(leftMargin, topMargin, -rightMargin, -bottomMargin);
}

QString TimeChart::timeText(qint64 timeMs, qint64 stepMs) const
{
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(timeMs, m_zone);
    const bool midnight = time.time() == QTime(0, 0);
    if (stepMs >= 86'400'000 || (midnight && stepMs >= 3'600'000))
        return QLocale().toString(time.date(), QStringLiteral("d MMM"));
    return time.toString(stepMs < 60'000 ? QStringLiteral("HH:mm:ss") : QStringLiteral("HH:mm"));
}

void TimeChart::colourAll()
{
    const Theme& theme = themeOf(palette());
    m_valueAxis->setGridLinePen(QPen(theme.grid, 1));
    colourSeries(theme);
    m_coloured = true;
}

void TimeChart::layOut()
{
    m_view->setGeometry(rect());
    m_overlay->setGeometry(rect());
    m_overlay->raise();
    m_chart->setPlotArea(plot());
}

void TimeChart::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_coloured)
        colourAll();
}

void TimeChart::resizeEvent(QResizeEvent*)
{
    layOut();
}

void TimeChart::showEvent(QShowEvent*)
{
    if (!m_coloured)
        colourAll();
    layOut();
}

} // namespace widgets

// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLinearGradient>
#include <QPainter>

#include <cmath>

#include "app/widgets/map/world_map.h"
#include "app/widgets/theme/theme.h"
#include "app/widgets/theme/type.h"

namespace widgets {

namespace {
constexpr int barWidth = 84;
}

RampLegend::RampLegend(QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setLargest(0);
}

void RampLegend::setLargest(quint64 largest)
{
    if (largest == m_largest && !accessibleName().isEmpty())
        return;
    m_largest = largest;
    setAccessibleName(tr("Scans a country: 1 to %1, square-root scale").arg(figure(largest)));
    setToolTip(plainToolTip(accessibleName()));
    updateGeometry();
    update();
}

QSize RampLegend::sizeHint() const
{
    const QFontMetrics metrics(sized(font(), labelPixels));
    return {barWidth + metrics.horizontalAdvance(QStringLiteral("1")) + metrics.horizontalAdvance(figure(m_largest)) +
                18,
            20};
}

void RampLegend::paintEvent(QPaintEvent*)
{
    const Theme& theme = themeOf(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(sized(font(), labelPixels));
    painter.setPen(theme.quiet);
    const int one = painter.fontMetrics().horizontalAdvance(QStringLiteral("1"));
    painter.drawText(QRect(0, 0, one + 1, height()), Qt::AlignVCenter, QStringLiteral("1"));
    const QRectF bar(one + 7, height() / 2.0 - 4, barWidth, 8);
    // The bar is linear in counts, as its end labels say; the colours follow the square root.
    QLinearGradient gradient(bar.topLeft(), bar.topRight());
    for (int i = 0; i <= 8; ++i)
        gradient.setColorAt(i / 8.0, between(theme.rampLow, theme.rampHigh, std::sqrt(i / 8.0)));
    painter.setPen(Qt::NoPen);
    painter.setBrush(gradient);
    painter.drawRoundedRect(bar, 4, 4);
    painter.setPen(theme.text);
    painter.drawText(QRectF(bar.right() + 7, 0, width() - bar.right() - 6, height()), Qt::AlignVCenter,
                     figure(m_largest));
}

} // namespace widgets

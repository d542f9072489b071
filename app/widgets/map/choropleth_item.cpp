// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/map/choropleth_item.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace widgets {

namespace {
constexpr qint64 glowMs = 400;
constexpr qint64 glowLevelMs = 50; // a change within it nobody sees
// Longer than the tick of a page that lights countries ten times a second: then its lighting is the only repainting.
constexpr int glowStepMs = 120;
// From here on the coarse borders look cut with scissors.
constexpr double fineWorldSize = 2600;
// A country smaller than this on the screen is drawn as a dot, or nobody would ever see Singapore.
constexpr double speckPixels = 5;
} // namespace

ChoroplethItem::ChoroplethItem(QQuickItem* parent) : QQuickPaintedItem(parent), m_theme(&darkTheme())
{
    setAntialiasing(true);
    setOpaquePainting(true);
    setFillColor(m_theme->panel);
    m_clock.start();
    m_glowTimer.setInterval(glowStepMs);
    connect(&m_glowTimer, &QTimer::timeout, this, &ChoroplethItem::stepGlow);
}

const WorldShapes& ChoroplethItem::shapes() const
{
    return m_worldSize >= fineWorldSize ? WorldShapes::fine() : WorldShapes::coarse();
}

void ChoroplethItem::changed()
{
    m_resting = {};
    update();
}

void ChoroplethItem::setOrigin(const QPointF& origin)
{
    if (origin == m_origin)
        return;
    m_origin = origin;
    emit placed();
    changed();
}

void ChoroplethItem::setWorldSize(double size)
{
    if (qFuzzyCompare(size, m_worldSize) || size < 1)
        return;
    m_worldSize = size;
    emit placed();
    changed();
}

void ChoroplethItem::setTheme(const Theme& theme)
{
    m_theme = &theme;
    setFillColor(theme.panel);
    changed();
}

void ChoroplethItem::setCounts(const QHash<QString, quint64>& counts)
{
    if (m_counts == counts)
        return;
    m_counts = counts;
    m_largest = 0;
    for (auto it = counts.cbegin(); it != counts.cend(); ++it)
        if (!it.key().isEmpty())
            m_largest = std::max(m_largest, it.value());
    changed();
}

void ChoroplethItem::setHovered(const QString& code)
{
    if (m_hovered == code)
        return;
    m_hovered = code;
    changed();
}

void ChoroplethItem::setSelected(const QStringList& codes)
{
    if (m_selected == codes)
        return;
    m_selected = codes;
    changed();
}

void ChoroplethItem::glow(const QSet<QString>& codes)
{
    for (const QString& code : codes)
        if (!code.isEmpty())
            m_glows.insert(code, m_clock.elapsed());
    if (m_glows.isEmpty())
        return;
    m_glowTimer.start();
    paintGlows();
}

int ChoroplethItem::glowLevel(qint64 since) const
{
    return static_cast<int>(std::clamp<qint64>((m_clock.elapsed() - since) / glowLevelMs, 0, glowMs / glowLevelMs));
}

// While the same countries are lit again and again, the picture is the one that is there.
void ChoroplethItem::paintGlows()
{
    const auto isPainted = [this](const QString& code, qint64 since) {
        const auto painted = m_paintedGlows.constFind(code);
        return painted != m_paintedGlows.cend() && *painted == glowLevel(since);
    };
    bool same = m_glows.size() == m_paintedGlows.size();
    for (auto it = m_glows.cbegin(); same && it != m_glows.cend(); ++it)
        same = isPainted(it.key(), it.value());
    if (!same)
        update();
}

void ChoroplethItem::stepGlow()
{
    const qint64 now = m_clock.elapsed();
    m_glows.removeIf([&](const auto& entry) { return now - entry.value() >= glowMs; });
    if (m_glows.isEmpty())
        m_glowTimer.stop();
    paintGlows();
}

QColor ChoroplethItem::colourOf(quint64 count) const
{
    if (count == 0 || m_largest == 0)
        return m_theme->land;
    return between(m_theme->rampLow, m_theme->rampHigh,
                   std::sqrt(static_cast<double>(count) / static_cast<double>(std::max(m_largest, count))));
}

QString ChoroplethItem::countryAt(double x, double y) const
{
    const QPointF place((x - m_origin.x()) / m_worldSize, (y - m_origin.y()) / m_worldSize);
    // A dot is easier to point at than what it stands for.
    for (const CountryShape& country : WorldShapes::fine().countries()) {
        const double size = std::max(country.box.width(), country.box.height()) * m_worldSize;
        const QPointF off =
            (country.box.center() - QPointF(place.x() - std::floor(place.x()), place.y())) * m_worldSize;
        if (size < speckPixels && m_counts.value(country.code) > 0 && std::hypot(off.x(), off.y()) < speckPixels)
            return country.code;
    }
    const CountryShape* country = shapes().at(place);
    return country ? country->code : QString();
}

void ChoroplethItem::paint(QPainter* painter)
{
    const double ratio = painter->device()->devicePixelRatioF();
    const QSize size = (QSizeF(width(), height()) * ratio).toSize();
    if (size.isEmpty())
        return;
    if (m_resting.size() != size || m_resting.devicePixelRatio() != ratio) {
        m_resting = QImage(size, QImage::Format_RGB32);
        m_resting.setDevicePixelRatio(ratio);
        m_resting.fill(m_theme->panel);
        QPainter resting(&m_resting);
        paintWorld(resting, Layer::Resting);
    }
    painter->drawImage(QPointF(0, 0), m_resting);
    m_paintedGlows.clear();
    for (auto it = m_glows.cbegin(); it != m_glows.cend(); ++it)
        m_paintedGlows.insert(it.key(), glowLevel(it.value()));
    if (!m_glows.isEmpty())
        paintWorld(*painter, Layer::Glowing);
}

void ChoroplethItem::paintWorld(QPainter& painter, Layer layer) const
{
    painter.setRenderHint(QPainter::Antialiasing);
    // Three copies side by side, so that the Pacific can be in the middle.
    for (int copy = -1; copy <= 1; ++copy) {
        const double left = m_origin.x() + copy * m_worldSize;
        if (left < width() && left + m_worldSize > 0)
            paintCopy(painter, left, layer);
    }
}

void ChoroplethItem::paintCopy(QPainter& painter, double left, Layer layer) const
{
    painter.save();
    painter.translate(left, m_origin.y());
    painter.scale(m_worldSize, m_worldSize);
    const QRectF view((0 - left) / m_worldSize, (0 - m_origin.y()) / m_worldSize, width() / m_worldSize,
                      height() / m_worldSize);
    for (const CountryShape& country : shapes().countries()) {
        // Antarctica has no people to scan anything, and would fill the lower third of the map with it.
        if (!country.box.intersects(view) || country.code == QLatin1String("AQ"))
            continue;
        const QColor fill = colourOf(country.code.isEmpty() ? 0 : m_counts.value(country.code));
        if (layer == Layer::Resting)
            paintCountry(painter, country, fill);
        else if (const auto glow = m_paintedGlows.constFind(country.code); glow != m_paintedGlows.cend())
            paintCountry(painter, country, glowing(fill, *glow));
    }
    paintSpecks(painter);
    painter.restore();
}

QColor ChoroplethItem::glowing(const QColor& fill, int level) const
{
    const double left = 1.0 - static_cast<double>(level * glowLevelMs) / static_cast<double>(glowMs);
    return between(fill, m_theme->dark ? QColor(0xffe7b8) : QColor(0x7a4300), left);
}

void ChoroplethItem::paintCountry(QPainter& painter, const CountryShape& country, const QColor& fill) const
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    painter.drawPath(country.area);
    const bool marked = !country.code.isEmpty() && (country.code == m_hovered || m_selected.contains(country.code));
    QPen pen(marked ? m_theme->text : m_theme->border, marked ? 1.4 : 0.7);
    pen.setCosmetic(true);
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(country.outline);
}

void ChoroplethItem::paintSpecks(QPainter& painter) const
{
    const double radius = 3 / m_worldSize;
    QPen pen(m_theme->border, 1);
    pen.setCosmetic(true);
    painter.setPen(pen);
    for (auto it = m_counts.cbegin(); it != m_counts.cend(); ++it) {
        const CountryShape* country =
            it.value() > 0 && !it.key().isEmpty() ? WorldShapes::fine().find(it.key()) : nullptr;
        if (!country || std::max(country->box.width(), country->box.height()) * m_worldSize >= speckPixels)
            continue;
        painter.setBrush(colourOf(it.value()));
        painter.drawEllipse(country->box.center(), radius, radius);
    }
}

} // namespace widgets

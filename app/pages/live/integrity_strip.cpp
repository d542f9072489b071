// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/live/integrity_strip.h"

#include <QDateTime>
#include <QPainter>
#include <QPushButton>

#include "app/widgets/theme/theme.h"
#include "app/widgets/theme/type.h"

namespace live {

using widgets::figure;

namespace {
constexpr int margin = 16;
constexpr int gap = 26;
// A clock further off than this makes "3 s ago" a lie.
constexpr qint64 skewBadMs = 2000;

QString orNotYet(const std::optional<std::int64_t>& milliseconds)
{
    return milliseconds
               ? IntegrityStrip::tr("%1 ms").arg(figure(static_cast<quint64>(std::max<std::int64_t>(0, *milliseconds))))
               : QString(widgets::notYetMark);
}
} // namespace

IntegrityStrip::IntegrityStrip(QWidget* parent)
    : QWidget(parent), m_why(new QPushButton(tr("Why is nothing arriving?"), this))
{
    setProperty("frame", QStringLiteral("strip"));
    setFixedHeight(36);
    setAccessibleName(tr("Integrity"));
    m_why->setProperty("look", QStringLiteral("flat"));
    m_why->adjustSize();
    connect(m_why, &QPushButton::clicked, this, &IntegrityStrip::diagnosisRequested);
}

QList<IntegrityStrip::Item> IntegrityStrip::itemsOf(const state::LiveState& state)
{
    const state::Counters& c = state.counters();
    QList<Item> items;
    items.append({tr("received"), figure(c.received + c.fetched), c.received + c.fetched < c.sent && c.gapsFailed > 0,
                  tr("of %1").arg(figure(std::max(c.sent, c.received) + c.dropped))});
    items.append({tr("lag p50"), orNotYet(state.lag().p50Ms()), false, {}});
    items.append({tr("p95"), orNotYet(state.lag().p95Ms()), false, {}});
    items.append({tr("dropped"), figure(c.dropped), c.dropped > c.fetched,
                  c.dropped == 0 ? QString() : tr("%1 fetched").arg(figure(c.fetched))});
    if (c.missingSequences > 0)
        items.append(
            {c.gapsFailed > 0 ? tr("missing") : tr("fetching"), figure(c.missingSequences), c.gapsFailed > 0, {}});
    if (c.lost > 0)
        items.append({tr("lost"), figure(c.lost), true, {}});
    if (c.late > 0)
        items.append({tr("late"), figure(c.late), false, {}});
    if (c.violations > 0)
        items.append({tr("protocol breaches"), figure(c.violations), true, c.lastViolation});
    items.append({tr("cursor"), c.cursor ? figure(c.cursor.value) : QString(widgets::notYetMark), false, {}});
    if (const auto& watermark = state.watermark(); watermark && watermark->time.value > 0) {
        const QString time = QDateTime::fromMSecsSinceEpoch(watermark->time.value).toString(QStringLiteral("HH:mm:ss"));
        items.append({tr("rolled up to"), time, false, tr("· %1 to come").arg(figure(state.notYetRolledUp()))});
    } else {
        items.append({tr("rolled up to"), QString(widgets::notYetMark), false, {}});
    }
    QString skew(widgets::notYetMark);
    if (c.skewMs)
        skew = tr("%1%2 ms")
                   .arg(*c.skewMs < 0 ? QStringLiteral("\u2212") : QStringLiteral("+"))
                   .arg(figure(static_cast<quint64>(std::abs(*c.skewMs))));
    items.append({tr("clock"), skew, c.skewMs && std::abs(*c.skewMs) > skewBadMs, {}});
    return items;
}

void IntegrityStrip::setState(const state::LiveState& state)
{
    const QList<Item> items = itemsOf(state);
    const state::Phase phase = state.connection().phase;
    if (items == m_items && phase == m_phase)
        return;
    m_items = items;
    m_phase = phase;
    setAccessibleDescription(text());
    update();
}

QString IntegrityStrip::text() const
{
    QStringList parts;
    for (const Item& item : m_items)
        parts.append((item.label + QLatin1Char(' ') + item.value + QLatin1Char(' ') + item.rest).trimmed());
    return parts.join(QStringLiteral("; "));
}

void IntegrityStrip::resizeEvent(QResizeEvent*)
{
    m_why->move(width() - m_why->width() - 8, (height() - m_why->height()) / 2 + 1);
}

void IntegrityStrip::paintEvent(QPaintEvent*)
{
    const widgets::Theme& theme = widgets::themeOf(palette());
    QPainter painter(this);
    painter.setPen(theme.line);
    painter.drawLine(0, 0, width(), 0);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool live = m_phase == state::Phase::Live || m_phase == state::Phase::Resuming;
    painter.setPen(Qt::NoPen);
    painter.setBrush(live ? theme.good : theme.alert);
    painter.drawEllipse(QRectF(margin, height() / 2.0 - 4, 9, 9));
    painter.setFont(widgets::sized(font(), widgets::labelPixels));
    const QFontMetrics metrics = painter.fontMetrics();
    const QFont strong = widgets::sized(font(), widgets::labelPixels, QFont::DemiBold);
    const QFontMetrics strongMetrics(strong);
    const int blank = metrics.horizontalAdvance(QLatin1Char(' ')) + 1;
    int x = margin + gap;
    for (const Item& item : std::as_const(m_items)) {
        const int itemWidth = metrics.horizontalAdvance(item.label) + blank +
                              strongMetrics.horizontalAdvance(item.value) + blank +
                              metrics.horizontalAdvance(item.rest);
        // What does not fit is still told to a screen reader and in the tool tip; the order is by importance.
        if (x + itemWidth > m_why->x() - 8)
            break;
        const auto write = [&](const QString& text, const QColor& colour, const QFont& face,
                               const QFontMetrics& measure) {
            painter.setFont(face);
            painter.setPen(colour);
            const int wide = measure.horizontalAdvance(text);
            painter.drawText(QRect(x, 1, wide + 2, height() - 1), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                             text);
            x += wide;
        };
        const QFont plain = widgets::sized(font(), widgets::labelPixels);
        write(item.label, item.bad ? theme.alert : theme.quiet, plain, metrics);
        x += blank;
        write(item.value, item.bad ? theme.alert : theme.text, strong, strongMetrics);
        x += blank;
        write(item.rest, theme.quiet, plain, metrics);
        x += gap - (item.rest.isEmpty() ? blank : 0);
    }
    setToolTip(widgets::plainToolTip(text()));
}

} // namespace live

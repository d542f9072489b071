// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/live/hit_delegate.h"

#include <QAbstractItemView>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

#include "app/widgets/theme/type.h"

namespace live {

using models::HitTableWords;
using Tone = HitTableWords::Tone;

struct HitDelegate::Cell {
    QPainter& painter;
    const QModelIndex& index;
    QRect rect; // of the text
    const widgets::Theme& theme;
    Tone tone;
    QFontMetrics metrics;
    ShapedText& shaped;

    QColor ink() const { return tone == Tone::Bot ? theme.dimmed : theme.text; }
    QColor quiet() const { return tone == Tone::Bot ? theme.dimmed : theme.quiet; }
    QString text(int role) const { return index.data(role).toString(); }
    int widthOf(const QString& words) const { return shaped.widthOf(painter, metrics, words); }
    void draw(const QRect& where, const QColor& colour, const QString& words, Qt::Alignment side = Qt::AlignLeft) const
    {
        painter.setPen(colour);
        shaped.draw(painter, metrics, where, words, side);
    }
};

QSize HitDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const
{
    return {60, 25};
}

void HitDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const widgets::Theme& theme = widgets::themeOf(option.palette);
    const auto tone = static_cast<Tone>(index.data(HitTableWords::ToneRole).toInt());
    painter->save();
    widgets::paintRowGround(*painter, option, theme);
    painter->setFont(option.font);
    const Cell cell{*painter,           index,   option.rect.adjusted(padding, 0, -padding + 3, -1), theme, tone,
                    option.fontMetrics, m_shaped};
    switch (index.column()) {
    case HitTableWords::Time:
        cell.draw(cell.rect, cell.quiet(), cell.text(HitTableWords::ShortRole), Qt::AlignRight);
        break;
    case HitTableWords::Link:
        paintLink(cell);
        break;
    case HitTableWords::Touch:
        paintTouch(cell);
        break;
    case HitTableWords::Country:
        paintCountry(cell);
        break;
    case HitTableWords::Bot:
        paintVerdict(cell);
        break;
    case HitTableWords::Campaign: {
        // A miss has no campaign; what to do about it is said here instead.
        const QString suggestion = cell.text(HitTableWords::SuggestionRole);
        QString words = suggestion.isEmpty() ? cell.text(Qt::DisplayRole) : tr("did you mean %1?").arg(suggestion);
        if (!suggestion.isEmpty() && cell.widthOf(words) > cell.rect.width())
            words = tr("\u2192 %1?", "did you mean, where there is little room").arg(suggestion);
        cell.draw(cell.rect, cell.quiet(), words);
        break;
    }
    case HitTableWords::Seq:
    case HitTableWords::Status:
        cell.draw(cell.rect, cell.quiet(), cell.text(Qt::DisplayRole), Qt::AlignRight);
        break;
    default:
        cell.draw(cell.rect, cell.ink(), cell.text(Qt::DisplayRole));
    }
    painter->restore();
}

void HitDelegate::paintLink(const Cell& cell) const
{
    const QString domain = cell.text(HitTableWords::DomainRole);
    if (domain.isEmpty())
        return cell.draw(cell.rect, cell.ink(), cell.text(Qt::DisplayRole));
    QRect rect = cell.rect;
    if (cell.index.data(HitTableWords::IsMarkedRole).toBool()) {
        const QString star = QStringLiteral("\u2605 ");
        cell.draw(rect, cell.theme.qr, star);
        rect.setLeft(rect.left() + cell.widthOf(star));
    }
    if (cell.index.data(HitTableWords::IsRepeatRole).toBool()) {
        const QString again = QStringLiteral("\u21BB");
        cell.draw(rect, cell.quiet(), again, Qt::AlignRight);
        rect.setRight(rect.right() - cell.widthOf(again) - 4);
    }
    // The slug is what people look for: the domain gives way first.
    const QString slug = QLatin1Char('/') + cell.text(HitTableWords::SlugRole);
    const int slugWidth = cell.widthOf(slug);
    const int domainRoom = std::max(rect.width() - slugWidth, std::min(rect.width() / 4, 40));
    const QString host =
        cell.widthOf(domain) <= domainRoom ? domain : cell.metrics.elidedText(domain, Qt::ElideMiddle, domainRoom);
    const int hostWidth = cell.widthOf(host);
    cell.draw(rect.adjusted(0, 0, 2, 0), cell.quiet(), host);
    cell.draw(rect.adjusted(hostWidth, 0, 2, 0), cell.tone == Tone::Miss ? cell.theme.alert : cell.ink(), slug);
}

void HitDelegate::paintTouch(const Cell& cell) const
{
    const bool scan = cell.index.data(HitTableWords::IsQrRole).toBool();
    const QPoint corner(cell.rect.left(), cell.rect.center().y() - 5);
    if (scan) {
        // Three finder squares and a dot: a QR code at eleven pixels.
        const QColor& ink = cell.tone == Tone::Bot ? cell.theme.bot : cell.theme.qr;
        for (const QPoint& finder : {QPoint(0, 0), QPoint(6, 0), QPoint(0, 6)})
            cell.painter.fillRect(QRect(corner + finder, QSize(5, 5)), ink);
        cell.painter.fillRect(QRect(corner + QPoint(7, 7), QSize(3, 3)), ink);
    } else {
        cell.painter.drawPixmap(corner, arrow(cell.tone == Tone::Bot ? cell.theme.bot : cell.theme.link,
                                              cell.painter.device()->devicePixelRatioF()));
    }
    cell.draw(cell.rect.adjusted(17, 0, 0, 0), cell.ink(), cell.text(Qt::DisplayRole));
}

// Drawn once: its smooth lines cost more than all else in the cell.
QPixmap HitDelegate::arrow(const QColor& ink, double devicePixelRatio) const
{
    constexpr int size = 12; // eleven, and what the pen is wide
    QPixmap& picture = m_arrows[ink.rgba()];
    if (!picture.isNull() && picture.devicePixelRatio() == devicePixelRatio)
        return picture;
    const auto pixels = static_cast<int>(std::ceil(size * devicePixelRatio));
    picture = QPixmap(pixels, pixels);
    picture.setDevicePixelRatio(devicePixelRatio);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF box(0, 0, 11, 11);
    painter.setPen(QPen(ink, 1.5));
    painter.drawLine(box.bottomLeft() + QPointF(1.5, -2), box.topRight() + QPointF(-1.5, 2));
    painter.drawPolyline(QPolygonF(
        {box.topLeft() + QPointF(3.5, 2), box.topRight() + QPointF(-1.5, 2), box.topRight() + QPointF(-1.5, 8)}));
    return picture;
}

void HitDelegate::paintCountry(const Cell& cell) const
{
    const QString code = cell.text(HitTableWords::CountryRole);
    const QPixmap flag = m_flags.flag(code, cell.painter.device()->devicePixelRatioF());
    if (flag.isNull())
        return cell.draw(cell.rect, code.isEmpty() ? cell.quiet() : cell.ink(),
                         code.isEmpty() ? cell.text(Qt::DisplayRole) : code);
    if (cell.tone == Tone::Bot)
        cell.painter.setOpacity(0.55);
    cell.painter.drawPixmap(QPoint(cell.rect.left(), cell.rect.center().y() - Flags::height / 2), flag);
    cell.painter.setOpacity(1);
    cell.draw(cell.rect.adjusted(Flags::width + 5, 0, 0, 0), cell.ink(), code);
}

void HitDelegate::paintVerdict(const Cell& cell) const
{
    const QString words = cell.text(Qt::DisplayRole);
    if (words.isEmpty() || cell.tone == Tone::Normal || cell.tone == Tone::Quiet)
        return cell.draw(cell.rect, cell.quiet(), words);
    // A chip: what kind of thing this is, apart from the text around it.
    const bool bad = cell.tone == Tone::Miss || cell.tone == Tone::Blocked;
    cell.painter.setFont(widgets::sized(cell.painter.font(), widgets::labelPixels - 1));
    const QFontMetrics metrics = cell.painter.fontMetrics();
    const int room = cell.rect.width() - 14;
    const int width = std::min(room, m_chips.widthOf(cell.painter, metrics, words));
    const QRect chip(cell.rect.left(), cell.rect.center().y() - 8, width + 13, 17);
    cell.painter.setRenderHint(QPainter::Antialiasing);
    cell.painter.setPen(bad ? cell.theme.alert : cell.theme.bot);
    cell.painter.drawRoundedRect(QRectF(chip).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    cell.painter.setPen(bad ? cell.theme.alert : cell.theme.quiet);
    m_chips.draw(cell.painter, metrics, {chip.left() + 7, chip.top(), width, chip.height()}, words, Qt::AlignLeft);
}

bool HitDelegate::helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem&,
                            const QModelIndex& index)
{
    const QString tip = index.data(Qt::ToolTipRole).toString();
    // The model has already made sure that it is no markup.
    QToolTip::showText(event->globalPos(), tip, view);
    return true;
}

} // namespace live

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/theme/type.h"

#include <QAction>
#include <QClipboard>
#include <QCoreApplication>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QLocale>
#include <QPainter>
#include <QStyle>
#include <QTextLayout>

#include <cmath>

namespace widgets {

QFont sized(QFont font, int pixels, QFont::Weight weight)
{
    font.setPixelSize(pixels);
    font.setWeight(weight);
    return font;
}

QFont monospace(int pixels)
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setPixelSize(pixels);
    return font;
}

QString figure(quint64 value)
{
    return QLocale().toString(value);
}

QString figure(double value, int decimals)
{
    return QLocale().toString(value, 'f', decimals);
}

QString percent(quint64 part, quint64 whole)
{
    if (whole == 0)
        return unknownMark;
    return QCoreApplication::translate("widgets", "%1 %", "a share in percent")
        .arg(figure(100.0 * static_cast<double>(part) / static_cast<double>(whole), 1));
}

QString shortDuration(qint64 milliseconds)
{
    const qint64 seconds = milliseconds / 1000;
    if (seconds < 60)
        return QCoreApplication::translate("widgets", "%1 s", "seconds, short").arg(seconds);
    if (seconds < 3600)
        return QCoreApplication::translate("widgets", "%1 min", "minutes, short").arg(seconds / 60);
    if (seconds < 2 * 86400)
        return QCoreApplication::translate("widgets", "%1 h", "hours, short").arg(seconds / 3600);
    return QCoreApplication::translate("widgets", "%1 d", "days, short").arg(seconds / 86400);
}

QString plainToolTip(const QString& text)
{
    if (text.isEmpty())
        return {};
    // Qt guesses whether a tool tip is markup; escaped text inside an explicit document leaves nothing to guess.
    return QStringLiteral("<qt>") + text.toHtmlEscaped().replace(QLatin1Char('\n'), QStringLiteral("<br/>")) +
           QStringLiteral("</qt>");
}

void restyle(QWidget* widget)
{
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
    widget->update();
}

Text::Text(const QString& text, Look look, QWidget* parent) : QLabel(parent), m_look(look)
{
    setTextFormat(Qt::PlainText);
    setText(text);
    applyLook();
}

void Text::setLook(Look look)
{
    if (m_look == look)
        return;
    m_look = look;
    applyLook();
}

void Text::setElided()
{
    m_elided = true;
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
}

void Text::setWrapAnywhere()
{
    m_wrapAnywhere = true;
    setWordWrap(true); // or the label takes its height-for-width back with every text
    QSizePolicy policy(QSizePolicy::Ignored, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    auto* copy = new QAction(tr("Copy"), this);
    connect(copy, &QAction::triggered, this, [this] { QGuiApplication::clipboard()->setText(text()); });
    addAction(copy);
    setContextMenuPolicy(Qt::ActionsContextMenu);
}

double Text::layOut(QTextLayout& layout, double width) const
{
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout.setTextOption(option);
    double y = 0;
    layout.beginLayout();
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(width);
        line.setPosition({0, y});
        y += line.height();
    }
    layout.endLayout();
    return y;
}

int Text::heightForWidth(int width) const
{
    if (!m_wrapAnywhere)
        return QLabel::heightForWidth(width);
    QTextLayout layout(text(), font());
    return static_cast<int>(std::ceil(layOut(layout, width)));
}

void Text::paintEvent(QPaintEvent* event)
{
    if (m_wrapAnywhere) {
        QPainter painter(this);
        painter.setPen(palette().color(foregroundRole()));
        QTextLayout layout(text(), font());
        layOut(layout, width());
        layout.draw(&painter, {0, 0});
        return;
    }
    if (!m_elided || fontMetrics().horizontalAdvance(text()) <= width())
        return QLabel::paintEvent(event);
    QPainter painter(this);
    painter.setPen(palette().color(foregroundRole()));
    painter.drawText(rect(), static_cast<int>(alignment()) | Qt::TextSingleLine,
                     fontMetrics().elidedText(text(), Qt::ElideRight, width()));
}

void Text::applyLook()
{
    // Roles of the palette rather than colours, so that a label follows the theme by itself.
    static constexpr QPalette::ColorRole roles[] = {QPalette::WindowText,  QPalette::PlaceholderText,
                                                    QPalette::WindowText,  QPalette::BrightText,
                                                    QPalette::LinkVisited, QPalette::WindowText};
    setForegroundRole(roles[static_cast<int>(m_look)]);
    if (m_look == Look::Strong)
        setFont(sized(font(), basePixels, QFont::DemiBold));
    else if (m_look == Look::Code)
        setFont(monospace());
}

} // namespace widgets

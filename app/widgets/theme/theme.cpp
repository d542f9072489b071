// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/theme/theme.h"

#include <QFile>
#include <QPainter>
#include <QStyleOptionViewItem>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace widgets {

namespace {

Theme makeDark()
{
    Theme t;
    t.dark = true;
    t.ground = QColor(0x0f1419);
    t.panel = QColor(0x161c24);
    t.field = QColor(0x11171e);
    t.hover = QColor(0x1d2630);
    t.line = QColor(0x26303b);
    t.grid = QColor(0x222b35);
    t.text = QColor(0xe6edf3);
    t.quiet = QColor(0x9aa7b4);
    t.selection = QColor(0x23435a);
    t.link = QColor(0x4cc2ff);
    t.qr = QColor(0xf5a623);
    t.alert = QColor(0xff6b6b);
    t.good = QColor(0x3fb950);
    t.bot = QColor(0x6b7684);
    t.dimmed = QColor(0x7e8996);
    t.land = QColor(0x232c37);
    t.border = QColor(0x0f1419);
    t.rampLow = QColor(0x3a2c1c);
    t.rampHigh = QColor(0xf5a623);
    t.linkFill = QColor(0x4c, 0xc2, 0xff, 38);
    t.violet = QColor(0xb99cf5);
    t.teal = QColor(0x4fd0be);
    t.rose = QColor(0xf29bc6);
    t.sand = QColor(0xd9c48c);
    return t;
}

Theme makeLight()
{
    Theme t;
    t.dark = false;
    t.ground = QColor(0xf3f5f7);
    t.panel = QColor(0xffffff);
    t.field = QColor(0xffffff);
    t.hover = QColor(0xeaeff4);
    t.line = QColor(0xd5dce3);
    t.grid = QColor(0xe4e9ee);
    t.text = QColor(0x17202a);
    t.quiet = QColor(0x596673);
    t.selection = QColor(0xcfe5f5);
    t.link = QColor(0x0a62a2);
    t.qr = QColor(0x935900);
    t.alert = QColor(0xb3202a);
    t.good = QColor(0x17652c);
    t.bot = QColor(0x98a3ae);
    t.dimmed = QColor(0x636f7c);
    t.land = QColor(0xe3e8ed);
    t.border = QColor(0xffffff);
    t.rampLow = QColor(0xf2e0c0);
    t.rampHigh = QColor(0xc06f00);
    t.linkFill = QColor(0x0b, 0x6a, 0xa8, 38);
    t.violet = QColor(0x6a3fc4);
    t.teal = QColor(0x0a6a62);
    t.rose = QColor(0xa02c6b);
    t.sand = QColor(0x6e5a12);
    return t;
}

double linear(double channel)
{
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& colour)
{
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

} // namespace

const Theme& darkTheme()
{
    static const Theme theme = makeDark();
    return theme;
}

const Theme& lightTheme()
{
    static const Theme theme = makeLight();
    return theme;
}

const Theme& themeOf(const QPalette& palette)
{
    return palette.color(QPalette::Window).lightness() < 128 ? darkTheme() : lightTheme();
}

void paintRowGround(QPainter& painter, const QStyleOptionViewItem& option, const Theme& theme)
{
    if (option.state & QStyle::State_Selected)
        painter.fillRect(option.rect, theme.selection);
    else if (option.state & QStyle::State_MouseOver)
        painter.fillRect(option.rect, theme.hover);
    painter.fillRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1, theme.grid);
}

QPalette paletteOf(const Theme& theme)
{
    QPalette p;
    p.setColor(QPalette::Window, theme.ground);
    p.setColor(QPalette::WindowText, theme.text);
    p.setColor(QPalette::Base, theme.panel);
    p.setColor(QPalette::AlternateBase, theme.hover);
    p.setColor(QPalette::Text, theme.text);
    p.setColor(QPalette::PlaceholderText, theme.quiet);
    p.setColor(QPalette::Button, theme.panel);
    p.setColor(QPalette::ButtonText, theme.text);
    p.setColor(QPalette::BrightText, theme.alert);
    p.setColor(QPalette::Highlight, theme.selection);
    p.setColor(QPalette::HighlightedText, theme.text);
    p.setColor(QPalette::ToolTipBase, theme.panel);
    p.setColor(QPalette::ToolTipText, theme.text);
    p.setColor(QPalette::Link, theme.link);
    p.setColor(QPalette::LinkVisited, theme.good); // nothing here is ever visited: the role carries what is good
    p.setColor(QPalette::Accent, theme.link);
    p.setColor(QPalette::Light, theme.hover);
    p.setColor(QPalette::Midlight, theme.hover);
    p.setColor(QPalette::Mid, theme.line);
    p.setColor(QPalette::Dark, theme.line);
    p.setColor(QPalette::Shadow, theme.ground);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, theme.dimmed);
    return p;
}

QString styleSheetOf(const Theme& theme)
{
    QFile file(QStringLiteral(":/themes/clickroom.qss"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QString sheet = QString::fromUtf8(file.readAll());
    const std::pair<const char*, QColor> names[] = {
        {"@ground", theme.ground}, {"@panel", theme.panel},         {"@field", theme.field}, {"@hover", theme.hover},
        {"@line", theme.line},     {"@text", theme.text},           {"@quiet", theme.quiet}, {"@dimmed", theme.dimmed},
        {"@good", theme.good},     {"@selection", theme.selection}, {"@link", theme.link},   {"@alert", theme.alert},
    };
    for (const auto& [name, colour] : names)
        sheet.replace(QLatin1String(name), colour.name());
    return sheet;
}

double contrastRatio(const QColor& first, const QColor& second)
{
    const double a = luminance(first);
    const double b = luminance(second);
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

QColor between(const QColor& low, const QColor& high, double share)
{
    const auto s = static_cast<float>(std::clamp(share, 0.0, 1.0));
    return QColor::fromRgbF(low.redF() + (high.redF() - low.redF()) * s,
                            low.greenF() + (high.greenF() - low.greenF()) * s,
                            low.blueF() + (high.blueF() - low.blueF()) * s);
}

} // namespace widgets

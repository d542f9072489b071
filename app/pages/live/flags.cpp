// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/live/flags.h"

#include <QFont>
#include <QFontDatabase>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace live {

Flags::Flags()
{
    for (const char* family : {"Noto Color Emoji", "Apple Color Emoji", "Twemoji", "Twitter Color Emoji"})
        if (m_family.isEmpty() && QFontDatabase::hasFamily(QLatin1String(family)))
            m_family = QLatin1String(family);
}

QPixmap Flags::flag(const QString& code, double devicePixelRatio)
{
    const bool letters = code.size() == 2 && std::all_of(code.cbegin(), code.cend(), [](QChar c) {
                             return c >= QLatin1Char('A') && c <= QLatin1Char('Z');
                         });
    if (!letters || m_family.isEmpty())
        return {};
    const QString key = code + QString::number(devicePixelRatio);
    if (const auto it = m_drawn.constFind(key); it != m_drawn.cend())
        return *it;
    QPixmap picture(static_cast<int>(std::ceil(width * devicePixelRatio)),
                    static_cast<int>(std::ceil(height * devicePixelRatio)));
    picture.setDevicePixelRatio(devicePixelRatio);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    QFont font(m_family);
    font.setPixelSize(14);
    painter.setFont(font);
    // A flag is its country's two letters as regional indicators.
    QString text;
    for (const QChar letter : code)
        text += QString::fromUcs4(std::u32string(1, U'\U0001F1E6' + (letter.unicode() - u'A')).c_str(), 1);
    painter.drawText(QRect(0, 0, width, height), Qt::AlignCenter, text);
    painter.end();
    return *m_drawn.insert(key, picture);
}

} // namespace live

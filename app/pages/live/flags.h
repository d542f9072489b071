// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QPixmap>
#include <QString>

namespace live {

// Flags of countries as small pictures, drawn once each from the system's emoji font. Where there is none (Windows has
// letters in their place) isAvailable() is false and the country's code stands alone.
class Flags {
public:
    Flags();

    bool isAvailable() const { return !m_family.isEmpty(); }
    // Null for what is no country code.
    QPixmap flag(const QString& code, double devicePixelRatio);

    static constexpr int width = 18;
    static constexpr int height = 15;

private:
    QString m_family;
    QHash<QString, QPixmap> m_drawn;
};

} // namespace live

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/theme/appearance.h"

#include <QApplication>
#include <QFontDatabase>
#include <QStyleFactory>
#include <QStyleHints>

#include "app/widgets/theme/theme.h"
#include "app/widgets/theme/type.h"

namespace widgets {

namespace {

// The system's interface font at 13 px. Where the system names only a fallback, Inter reads better, if it is there.
QFont baseFont()
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::GeneralFont);
    static const QStringList plain{QStringLiteral("DejaVu Sans"), QStringLiteral("Sans Serif"), QStringLiteral("Sans"),
                                   QStringLiteral("sans-serif"), QString()};
    const QString inter = QStringLiteral("Inter");
    if (plain.contains(font.family(), Qt::CaseInsensitive) && QFontDatabase::hasFamily(inter))
        font.setFamily(inter);
    font.setPixelSize(basePixels);
    font.setFeature("tnum", 1);
    return font;
}

} // namespace

Appearance::Appearance(QApplication& application, QObject* parent) : QObject(parent), m_application(application)
{
    application.setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    application.setFont(baseFont());
    connect(application.styleHints(), &QStyleHints::colorSchemeChanged, this, [this] { apply(); });
    apply();
}

void Appearance::setScheme(Scheme scheme)
{
    m_scheme = scheme;
    apply();
}

void Appearance::apply()
{
    const bool light =
        m_scheme == Scheme::Light ||
        (m_scheme == Scheme::System && m_application.styleHints()->colorScheme() == Qt::ColorScheme::Light);
    if (m_applied == (light ? 1 : 0))
        return;
    m_applied = light ? 1 : 0;
    const Theme& theme = light ? lightTheme() : darkTheme();
    m_application.setPalette(paletteOf(theme));
    m_application.setStyleSheet(styleSheetOf(theme));
    emit schemeChanged();
}

} // namespace widgets

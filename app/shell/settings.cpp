// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/settings.h"

#include <QSettings>

#include <algorithm>

namespace shell {

namespace {

// A layout's name becomes part of a key: only what is safe in one.
QString groupOf(const QString& layout)
{
    QString name = layout;
    std::replace_if(
        name.begin(), name.end(), [](QChar c) { return !c.isLetterOrNumber() && c != QLatin1Char('-'); },
        QLatin1Char('_'));
    return QStringLiteral("layouts/") + (name.isEmpty() ? QStringLiteral("default") : name) + QLatin1Char('/');
}

} // namespace

Settings Settings::load(const QString& layout)
{
    const QSettings store;
    const QString group = groupOf(layout);
    Settings settings;
    settings.address = store.value(QStringLiteral("address")).toString();
    settings.scheme = static_cast<widgets::Scheme>(std::clamp(store.value(QStringLiteral("scheme")).toInt(), 0, 2));
    settings.reducedMotion = store.value(QStringLiteral("reducedMotion")).toBool();
    settings.exportChoice.what = store.value(QStringLiteral("export/what")).toString();
    settings.exportChoice.format = store.value(QStringLiteral("export/format")).toString();
    settings.exportChoice.allColumns = store.value(QStringLiteral("export/allColumns")).toBool();
    settings.exportChoice.byteOrderMark = store.value(QStringLiteral("export/byteOrderMark")).toBool();
    settings.exportChoice.folder = store.value(QStringLiteral("export/folder")).toString();
    settings.geometry = store.value(group + QStringLiteral("geometry")).toByteArray();
    settings.panels = store.value(group + QStringLiteral("panels")).toByteArray();
    settings.columns = store.value(group + QStringLiteral("columns")).toStringList();
    return settings;
}

void Settings::save(const QString& layout) const
{
    QSettings store;
    const QString group = groupOf(layout);
    store.setValue(QStringLiteral("address"), address);
    store.setValue(QStringLiteral("scheme"), static_cast<int>(scheme));
    store.setValue(QStringLiteral("reducedMotion"), reducedMotion);
    store.setValue(QStringLiteral("export/what"), exportChoice.what);
    store.setValue(QStringLiteral("export/format"), exportChoice.format);
    store.setValue(QStringLiteral("export/allColumns"), exportChoice.allColumns);
    store.setValue(QStringLiteral("export/byteOrderMark"), exportChoice.byteOrderMark);
    store.setValue(QStringLiteral("export/folder"), exportChoice.folder);
    store.setValue(group + QStringLiteral("geometry"), geometry);
    store.setValue(group + QStringLiteral("panels"), panels);
    store.setValue(group + QStringLiteral("columns"), columns);
}

} // namespace shell

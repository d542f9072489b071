// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

#include "app/pages/exports/export_dialog.h"
#include "app/widgets/theme/appearance.h"

namespace shell {

// What the console remembers between runs: a plain value, loaded at the start and saved at the end.
struct Settings {
    QString address; // of the last backend
    widgets::Scheme scheme = widgets::Scheme::System;
    bool reducedMotion = false;
    exports::ExportChoice exportChoice;
    // Of one named layout.
    QByteArray geometry, panels;
    QStringList columns;

    static Settings load(const QString& layout);
    void save(const QString& layout) const;
};

} // namespace shell

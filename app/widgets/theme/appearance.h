// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

class QApplication;

namespace widgets {

enum class Scheme { System, Dark, Light };

// Gives the application its look: Fusion style, the theme's palette and style sheet, the base font with tabular
// figures. Owned by main for as long as the application runs; GUI thread. Follows the system's scheme until told
// otherwise; where the system has no opinion the console is dark.
class Appearance : public QObject {
    Q_OBJECT

public:
    explicit Appearance(QApplication& application, QObject* parent = nullptr);

    void setScheme(Scheme scheme);
    Scheme scheme() const { return m_scheme; }

signals:
    void schemeChanged();

private:
    void apply();

    QApplication& m_application;
    Scheme m_scheme = Scheme::System;
    int m_applied = -1;
};

} // namespace widgets

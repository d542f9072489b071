// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

class QWidget;

namespace exports {

// The widget as it is on screen, as a file of that format: "png" (twice as sharp), "svg" or "pdf". Charts stay lines
// and letters in the latter two; the map is an image there. Empty: it cannot be drawn.
QByteArray pictureOf(QWidget& widget, const QString& format, const QString& title);

} // namespace exports

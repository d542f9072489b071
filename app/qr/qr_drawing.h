// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QImage>

#include "app/qr/qr_code.h"

namespace qr {

// A code as it is handed on. All are empty where the code has a problem. Modules are whole pixels in an image, so that
// none is blurred; what is left over widens the quiet zone. On paper they are real vectors, `millimetres` wide.
QImage imageOf(const QrCode& code);
QByteArray pngOf(const QrCode& code);
QByteArray svgOf(const QrCode& code);
// One page of the code's own size. Needs a QGuiApplication.
QByteArray pdfOf(const QrCode& code);

} // namespace qr

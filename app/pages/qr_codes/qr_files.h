// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include "app/qr/qr_code.h"

namespace qr_codes {

enum class FileKind { Svg, Png, Pdf };

QString endingOf(FileKind kind);
// "spring-poster-a.svg": of letters and figures only, so that no slug leads out of a folder.
QString fileNameOf(const QString& slug, const QString& placement, FileKind kind);
// Writes the whole file or none; empty = done, else why not.
QString writeCode(const qr::QrCode& code, FileKind kind, const QString& path);

// What is typed as placements, separated by commas or lines: without blanks around, repetitions and what is empty.
QStringList placementsFrom(const QString& text);

} // namespace qr_codes

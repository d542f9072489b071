// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QString>

#include <optional>

#include "app/qr/qr_design.h"

namespace qr {

// What a reader gets out of a picture, and how much it had to make good.
struct Reading {
    QString text;
    Correction correction = Correction::Low;
    // Of the block that suffered most: bytes that were wrong, and how many may be.
    int mended = 0, mendable = 0;
};

// Reads one upright, undistorted code, as an image of ours or a program that draws our SVG shows it: threshold, grid,
// format, error correction, text. It shares no code with what draws, so that a mistake there shows here.
std::optional<Reading> scanCheck(const QImage& picture);

} // namespace qr

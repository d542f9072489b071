// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QString>

namespace qr {

// How much of a code may be lost: about 7, 15, 25 and 30 %.
enum class Correction { Low, Medium, Quartile, High };

inline constexpr int textBytesMax = 1024; // what a phone still reads from a poster
inline constexpr int quietModulesMin = 4; // the standard's; less and readers take the surroundings for a part of it
inline constexpr int quietModulesMax = 20;
inline constexpr int pixelsMin = 64;
inline constexpr int pixelsMax = 8192;
inline constexpr int pixelsPerModuleMin = 2;
inline constexpr double millimetresMin = 5;
inline constexpr double millimetresMax = 2000;
inline constexpr double contrastMin = 4; // of 21; phones in bad light need more than eyes do
inline constexpr double logoShareMax = 0.3;

// All that one code looks like.
struct QrDesign {
    QString text;
    Correction correction = Correction::Medium; // at least this; a higher one is taken where it costs no module
    int quietModules = quietModulesMin;
    int pixels = 1024;       // width and height of an image, with its quiet zone
    double millimetres = 40; // the same on paper
    QColor foreground{Qt::black};
    QColor background{Qt::white};
    double logoShare = 0; // side of the free square in the middle, of the code's side; 0 = none
};

// The first thing that is wrong with a design: a code and the field it is about. Codes: empty, too_long, out_of_range,
// transparent, inverted (light on dark, which many readers refuse), contrast, too_small (less than two pixels a
// module).
struct DesignProblem {
    QString code, field;

    bool isSet() const { return !code.isEmpty(); }
};

// Without the text's own problems, which show when the code is made.
DesignProblem problemOf(const QrDesign& design);

// What the design's correction is raised to, so that a free middle can be made good.
Correction neededCorrection(const QrDesign& design);

// WCAG 2 contrast, 1 to 21.
double contrast(const QColor& first, const QColor& second);

} // namespace qr

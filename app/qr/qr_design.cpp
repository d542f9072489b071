// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/qr/qr_design.h"

#include <algorithm>
#include <cmath>

namespace qr {

namespace {

// From this share on, only the highest correction makes good what the free middle takes.
constexpr double logoShareQuartile = 0.2;

double luminance(const QColor& color)
{
    const auto linear = [](float part) {
        const double value = static_cast<double>(part);
        return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    };
    const QColor rgb = color.toRgb();
    return 0.2126 * linear(rgb.redF()) + 0.7152 * linear(rgb.greenF()) + 0.0722 * linear(rgb.blueF());
}

DesignProblem found(const char* code, const char* field)
{
    return {QLatin1StringView(code).toString(), QLatin1StringView(field).toString()};
}

} // namespace

double contrast(const QColor& first, const QColor& second)
{
    const double a = luminance(first), b = luminance(second);
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

DesignProblem problemOf(const QrDesign& design)
{
    if (design.quietModules < quietModulesMin || design.quietModules > quietModulesMax)
        return found("out_of_range", "quietModules");
    if (design.pixels < pixelsMin || design.pixels > pixelsMax)
        return found("out_of_range", "pixels");
    if (!(design.millimetres >= millimetresMin && design.millimetres <= millimetresMax))
        return found("out_of_range", "millimetres");
    if (!(design.logoShare >= 0 && design.logoShare <= logoShareMax))
        return found("out_of_range", "logoShare");
    if (!design.foreground.isValid() || design.foreground.alpha() != 255)
        return found("transparent", "foreground");
    if (!design.background.isValid() || design.background.alpha() != 255)
        return found("transparent", "background");
    if (luminance(design.foreground) > luminance(design.background))
        return found("inverted", "foreground");
    if (contrast(design.foreground, design.background) < contrastMin)
        return found("contrast", "foreground");
    return {};
}

Correction neededCorrection(const QrDesign& design)
{
    if (design.logoShare <= 0)
        return design.correction;
    return std::max(design.correction, design.logoShare <= logoShareQuartile ? Correction::Quartile : Correction::High);
}

} // namespace qr

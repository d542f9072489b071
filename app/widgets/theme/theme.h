// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPalette>
#include <QString>

class QPainter;
class QStyleOptionViewItem;

namespace widgets {

// The colours of one appearance. A colour carries one meaning: `link` is links and people, `qr` is QR codes, `bot` is
// bots, `alert` is misses, drops and alerts, `good` is good. Colours for text hold 4.5 : 1 on `ground`, `panel` and
// `selection`.
struct Theme {
    bool dark;
    QColor ground, panel, field, hover;
    QColor line, grid;
    QColor text, quiet;
    QColor selection;
    QColor link, qr, alert, good;
    QColor bot;    // fills
    QColor dimmed; // text of bots: the fill's hue at a text's contrast
    QColor land, border;
    QColor rampLow, rampHigh;        // the map's ramp
    QColor linkFill;                 // areas under a line of `link`
    QColor violet, teal, rose, sand; // of values side by side in a chart, which mean nothing else
};

// A colour chosen by meaning; widgets keep this rather than a QColor, so that they follow the theme.
using Ink = QColor Theme::*;

const Theme& darkTheme();
const Theme& lightTheme();

// The theme whose palette this is. Widgets ask with their own palette() while painting, so a change of palette is all
// they need.
const Theme& themeOf(const QPalette& palette);

// Behind a table's cell: selected, under the pointer or neither, with the line below.
void paintRowGround(QPainter& painter, const QStyleOptionViewItem& option, const Theme& theme);

QPalette paletteOf(const Theme& theme);
// The application's one style sheet, from resources/themes/clickroom.qss with the theme's colours filled in.
QString styleSheetOf(const Theme& theme);

// WCAG 2 contrast, 1 to 21.
double contrastRatio(const QColor& first, const QColor& second);
// A colour between two, 0 to 1.
QColor between(const QColor& low, const QColor& high, double share);

} // namespace widgets

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointer>
#include <QString>
#include <QWidget>

namespace widgets {

// A chart or map that can be exported as a picture, as the Export dialog lists it.
struct PictureOffer {
    QString title;    // "Clicks over time"
    QString fileName; // without ending: "clicks-over-time"
    QPointer<QWidget> widget;
};

} // namespace widgets

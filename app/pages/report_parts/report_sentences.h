// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>

#include <optional>

#include "app/state/connection_status.h"
#include "app/state/links.h"
#include "app/state/reports.h"
#include "app/widgets/status_panel.h"

class QTimeZone;

namespace reports {

// Sentences of the pages that show reports.
struct Sentences {
    Q_DECLARE_TR_FUNCTIONS(reports::Sentences)

public:
    // What went wrong, and what to do about it.
    static QString problem(const state::Problem& problem);
    static QString advice(const state::Problem& problem);
    // "Rolled up to 14:05:00 · 412 to come · …"
    static QString freshness(const state::Report& report);
    // "restated: +12 clicks, last at 14:05", and in full what that means; both empty where nothing was.
    static QString restated(const state::Report& report);
    static QString restatedMore(const state::Report& report);
    // Where the rollups end, at a chart's dashed line.
    static QString edge(std::int64_t completeToMs, const QTimeZone& zone);
    // "1 – 7 Mar 2026"; times where the range is not of whole days.
    static QString range(std::int64_t fromMs, std::int64_t toMs, const QTimeZone& zone);
    // "Country: Germany".
    static QString narrowing(const QString& dimension, const QString& value);
    // Against what the figures stand.
    static QString comparison(const state::Report& report);
};

// What a panel knows of itself; from it comes what stands in its place.
struct PanelFacts {
    bool hasContent = false; // an answer came
    bool isEmpty = false;    // and there is nothing in it
    bool narrowed = false;   // filters are set, which could be the reason
    state::Problem problem;  // of the newest question
    state::ConnectionStatus connection;
};

// Nothing: the panel shows what it should.
std::optional<widgets::PanelStatus> panelStatus(const PanelFacts& facts);

} // namespace reports

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QUrlQuery>

#include "app/state/restatements.h"

// Questions to the rollups as the API's parameters, and its answers as plain values. Bounded as in api_reader.h; an
// answer that contradicts itself (a series out of order, an hour that no week has) loses what cannot be.
namespace connection {

inline constexpr qsizetype reportPointsMax = 25'000; // minutes of 14 days are 20,160
inline constexpr qsizetype reportValuesMax = 1000;
inline constexpr qsizetype splitValuesMax = 5;
inline constexpr qsizetype reconciledRowsMax = 20'000;

inline constexpr qsizetype restatementsMax = 1000;
inline constexpr qsizetype editMarksMax = 200;

enum class ReportForm { Report, Hours, Reconciliation, Restatements, EditMarks };
QUrlQuery parametersOf(const state::ReportQuery& query, ReportForm form);

// With the question it answers.
state::ReportPtr reportFrom(const QByteArray& json, const state::ReportQuery& query);
state::HoursPtr hoursFrom(const QByteArray& json);
state::ReconciliationPtr reconciliationFrom(const QByteArray& json);
state::RestatementsPtr restatementsFrom(const QByteArray& json);
state::EditMarksPtr editMarksFrom(const QByteArray& json);

} // namespace connection

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

#include "app/models/reports/report_series.h"

// The words for people of what reports speak of by the API's.
namespace models::words {

struct Named {
    QString word; // the API's
    QString name;
};

// What a report can be broken down by, the most asked for first; "link" among them.
QList<Named> breakdowns();
QString breakdownName(const QString& word);
QString metricName(Metric metric);
// A dimension's value as people know it: a country's name, "Munich, Bavaria, DE"; the empty one as unknown, or as what
// it is for its dimension ("direct", "no placement").
QString reportValue(const QString& by, const QString& value);
// What stands for all values of a link beyond those that rollups tell apart.
bool isOtherValues(const QString& value);
// "+38 %"; "new" where there was nothing before.
QString change(std::uint64_t now, std::uint64_t before);
QString share(std::uint64_t part, std::uint64_t whole);
QString count(std::uint64_t value);
QString weekday(int weekday); // Monday = 1
// "+12 clicks, +9 people": what was changed of it; hits where that is all, empty where nothing was.
QString changed(const state::CountsChange& change);

} // namespace models::words

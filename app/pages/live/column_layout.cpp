// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/live/column_layout.h"

#include <algorithm>

#include "app/models/table_words.h"

namespace live {

using models::HitTableWords;

namespace {

struct Measure {
    int width;    // that shows the usual value whole
    int grows;    // share of what is left over
    int priority; // the lowest goes first
};

Measure measureOf(int column)
{
    switch (column) {
    case HitTableWords::Time:
        return {62, 0, 100};
    case HitTableWords::Link:
        return {200, 4, 100};
    case HitTableWords::Touch:
        return {72, 0, 100};
    case HitTableWords::Bot:
        return {146, 3, 100};
    case HitTableWords::Country:
        return {72, 0, 60};
    case HitTableWords::Device:
        return {82, 0, 50};
    case HitTableWords::Referrer:
        return {132, 2, 40};
    case HitTableWords::Campaign:
        return {122, 2, 30};
    case HitTableWords::Destination:
        return {220, 3, 20};
    case HitTableWords::Seq:
    case HitTableWords::Visitor:
        return {132, 0, 10};
    case HitTableWords::Status:
    case HitTableWords::Language:
    case HitTableWords::Repeat:
    case HitTableWords::Mark:
        return {74, 0, 10};
    default:
        return {112, 1, 20};
    }
}

} // namespace

ColumnLayout::ColumnLayout()
    : m_wanted{HitTableWords::Time,   HitTableWords::Link,     HitTableWords::Touch, HitTableWords::Country,
               HitTableWords::Device, HitTableWords::Referrer, HitTableWords::Bot,   HitTableWords::Campaign}
{
}

bool ColumnLayout::isFixed(int column)
{
    return measureOf(column).priority == 100;
}

void ColumnLayout::setWanted(int column, bool wanted)
{
    if (isFixed(column))
        return;
    if (wanted)
        m_wanted.insert(column);
    else
        m_wanted.remove(column);
}

void ColumnLayout::setAllWanted(const QSet<int>& columns)
{
    for (int column = 0; column < HitTableWords::ColumnCount; ++column)
        setWanted(column, columns.contains(column));
}

QList<ColumnLayout::Placed> ColumnLayout::place(int room) const
{
    QList<Placed> placed;
    int needed = 0;
    for (int column = 0; column < HitTableWords::ColumnCount; ++column)
        if (m_wanted.contains(column)) {
            placed.append({column, measureOf(column).width});
            needed += measureOf(column).width;
        }
    const auto lessImportant = [](const Placed& a, const Placed& b) {
        return measureOf(a.column).priority < measureOf(b.column).priority;
    };
    while (needed > room) {
        // Of equal priority the last goes first.
        const auto lowest = std::min_element(placed.rbegin(), placed.rend(), lessImportant);
        if (lowest == placed.rend() || isFixed(lowest->column))
            break;
        needed -= lowest->width;
        placed.erase(std::next(lowest).base());
    }
    int shares = 0;
    for (const Placed& one : std::as_const(placed))
        shares += measureOf(one.column).grows;
    const int left = room - needed;
    int given = 0;
    for (Placed& one : placed) {
        const int share = shares == 0 ? 0 : left * measureOf(one.column).grows / shares;
        one.width = std::max(40, one.width + share);
        given += share;
    }
    if (!placed.isEmpty() && left > given)
        placed.last().width += left - given;
    return placed;
}

} // namespace live

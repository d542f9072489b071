// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QVariant>

#include <optional>
#include <string>

#include "app/models/slug_suggestions.h"
#include "app/models/table_words.h"
#include "app/state/live_state.h"
#include "backend/protocol/filter_expression.h"

// What one cell of the live table says, by role. Text from outside is always made visible and never taken for markup.
namespace models {

struct CellContext {
    const protocol::Hit& hit;
    qint64 nowMs;
    bool repeat;
    state::Annotation annotation;
    const SlugSuggestions& suggestions;
};

QVariant cellData(const CellContext& context, int column, int role);
// Of a row that left the ring while the table was held.
QVariant goneCell(int column, int role);
int alignmentOf(int column);

// The hit's column behind a column of the table; none for those of the console's own and for Link, which is two.
std::optional<protocol::HitColumn> hitColumnOf(int column);
// The display filter that keeps rows like this one in that column; kind True where there is none.
protocol::FilterNode filterOf(const protocol::Hit& hit, int column);

QString shownText(std::string_view text);
// Plain text as a tooltip: one that could pass for markup is escaped.
QString plainTooltip(const QString& text);

} // namespace models

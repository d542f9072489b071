// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/links/compiled_rule.h"
#include "backend/links/facts.h"
#include "backend/links/query_parameters.h"

namespace links {

// All that a condition can look at.
struct Situation {
    protocol::UtcMs now;
    const Facts& facts;
    const QueryParameters& query; // the visitor's
    protocol::TouchType touch;
    std::string_view placement;
};

enum class Holding : std::uint8_t { No, Yes, Uncertain };

// Whether a condition holds; Uncertain where it looks at what is not known any more (Facts). The one evaluator behind
// decision, simulator and rehearsal.
Holding holds(const CompiledCondition& condition, const Situation& situation);

// Whether all conditions hold. `failed` and `kind` are those of the first that does not or, where none fails, of the
// first that is uncertain; for an unusable rule `failed` is the number of its conditions.
struct RuleOutcome {
    Holding holds = Holding::Yes;
    std::size_t failed = 0;
    ConditionKind kind = ConditionKind::Country;
};
RuleOutcome tryRule(const CompiledRule& rule, const Situation& situation);

// Which variant a visitor gets, by weight: the same for the same link, rule and stickiness, in every process.
std::size_t pickVariant(const CompiledRule& compiled, const Rule& rule, protocol::LinkId link,
                        protocol::VisitorKey stickiness);

// The minute of the local week, from Monday 00:00, that a moment falls into.
std::int64_t minuteOfWeek(protocol::UtcMs time, const ZoneOffsets& zone);

} // namespace links

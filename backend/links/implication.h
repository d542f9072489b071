// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "backend/links/compiled_rule.h"

namespace links {

// What conditions say about each other. All answers are sound and none is complete: a "true" is always so, a "false"
// may only mean that it could not be told.
using Conditions = std::span<const CompiledCondition>;

// Whenever all of `all` hold, `one` does.
bool imply(Conditions all, const CompiledCondition& one);
// Whenever all of `all` hold, so do all of `others`.
bool imply(Conditions all, Conditions others);
// They never hold together.
bool areContradictory(Conditions all);

// The moments at which all conditions of the kind Between hold.
std::vector<TimeSpan> moments(Conditions all);

} // namespace links

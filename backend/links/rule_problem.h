// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "backend/links/rule.h"
#include "backend/links/zone_table.h"

namespace links {

// The first value that a condition cannot read, with the codes of takeValue(), and its place:
// "rules.1.conditions.0.values.2". An empty code: there is none.
struct RuleProblem {
    std::string code, field;

    explicit operator bool() const { return !code.empty(); }
};
RuleProblem ruleProblem(const std::vector<Rule>& rules, const ZoneTable& zones);

} // namespace links

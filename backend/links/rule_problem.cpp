// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/links/rule_problem.h"

#include "backend/links/compiled_rule.h"

namespace links {

RuleProblem ruleProblem(const std::vector<Rule>& rules, const ZoneTable& zones)
{
    for (std::size_t r = 0; r < rules.size(); ++r) {
        for (std::size_t c = 0; c < rules[r].conditions.size(); ++c) {
            const Condition& condition = rules[r].conditions[c];
            CompiledCondition compiled;
            compiled.kind = condition.kind;
            for (std::size_t v = 0; v < condition.values.size(); ++v)
                if (const std::string_view code = takeValue(compiled, condition.values[v], zones); !code.empty())
                    return {std::string(code), "rules." + std::to_string(r) + ".conditions." + std::to_string(c) +
                                                   ".values." + std::to_string(v)};
        }
    }
    return {};
}

} // namespace links

// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/links/linter.h"

#include <algorithm>
#include <optional>

#include "backend/links/destination.h"
#include "backend/links/implication.h"

namespace links {

namespace {

using Severity = Finding::Severity;

// About a second's work at the very worst.
constexpr std::size_t budget = 1'000'000;

// Each value of a condition that names several, as a condition of its own. Moments and hours have been put together
// and are not taken apart again.
std::vector<CompiledCondition> singlesOf(const CompiledCondition& condition)
{
    std::vector<CompiledCondition> singles;
    const auto add = [&](ConditionValues values) {
        singles.push_back({condition.kind, false, false, std::move(values)});
    };
    if (condition.negate)
        return singles;
    if (const auto* words = std::get_if<Words>(&condition.values)) {
        for (const std::string& one : *words)
            add(Words{one});
    } else if (const auto* networks = std::get_if<std::vector<Network>>(&condition.values)) {
        for (const Network& one : *networks)
            add(std::vector<Network>{one});
    } else if (const auto* mask = std::get_if<Mask>(&condition.values)) {
        for (Mask bit = 1; bit != 0 && bit <= *mask; bit <<= 1)
            if ((*mask & bit) != 0)
                add(bit);
    }
    return singles;
}

std::size_t valuesOf(Conditions all)
{
    std::size_t values = 1;
    for (const CompiledCondition& condition : all)
        values += std::visit(
            [](const auto& list) {
                if constexpr (requires { list.size(); })
                    return list.size();
                else
                    return std::size_t(1);
            },
            condition.values);
    return values;
}

class Lint {
public:
    Lint(const Link& link, const Snapshot& snapshot, protocol::UtcMs now)
        : m_link(link), m_snapshot(snapshot), m_now(now)
    {
        for (const Rule& rule : link.rules)
            m_compiled.push_back(compileRule(rule, snapshot.zones()));
        const Domain* const domain = snapshot.domain(link.domain);
        m_workspace = domain == nullptr ? nullptr : snapshot.workspace(domain->workspace);
    }

    std::vector<Finding> run()
    {
        for (std::size_t i = 0; i < m_link.rules.size(); ++i) {
            if (m_link.rules[i].enabled)
                look(i);
            else
                say("disabled", Severity::Info, i);
        }
        return std::move(m_findings);
    }

private:
    void say(const char* code, Severity severity, std::size_t rule, std::optional<std::size_t> by = {},
             int condition = -1)
    {
        m_findings.push_back(
            {code, severity, m_link.rules[rule].id, by ? m_link.rules[*by].id : std::string(), condition});
    }

    void look(std::size_t i)
    {
        if (!m_compiled[i].usable)
            say("unknown_value", Severity::Error, i, {}, unreadable(i));
        else if (const int condition = contradiction(i); condition >= 0)
            say("contradiction", Severity::Error, i, {}, condition);
        else
            lookAtOrder(i);
        lookAtVariants(i);
    }

    int unreadable(std::size_t i) const
    {
        const auto& conditions = m_compiled[i].conditions;
        const auto bad = std::find_if(conditions.begin(), conditions.end(),
                                      [](const CompiledCondition& condition) { return condition.unreadable; });
        return bad == conditions.end() ? -1 : static_cast<int>(bad - conditions.begin());
    }

    int contradiction(std::size_t i) const
    {
        const Conditions all = m_compiled[i].conditions;
        if (!areContradictory(all))
            return -1;
        std::size_t count = 1;
        while (!areContradictory(all.first(count)))
            ++count;
        return static_cast<int>(count) - 1;
    }

    void lookAtOrder(std::size_t i)
    {
        const Conditions own = m_compiled[i].conditions;
        const auto spans = moments(own);
        if (spans.back().to <= m_now.value) {
            int last = -1;
            for (std::size_t c = 0; c < own.size(); ++c)
                last = own[c].kind == ConditionKind::Between ? static_cast<int>(c) : last;
            say("never", Severity::Warning, i, {}, last);
        }
        for (std::size_t by = 0; by < i; ++by) {
            if (!counts(by) || !covers(by, own))
                continue;
            const bool same =
                m_link.rules[by].variants == m_link.rules[i].variants && imply(m_compiled[by].conditions, own);
            say(same ? "duplicate" : "unreachable", same ? Severity::Warning : Severity::Error, i, by);
            return;
        }
        for (std::size_t c = 0; c < own.size(); ++c)
            if (lookAtValues(i, c))
                return;
    }

    // Values of one condition that earlier rules take, each by one of them. True: all of them, so that nothing is left.
    bool lookAtValues(std::size_t i, std::size_t c)
    {
        std::vector<CompiledCondition> own = m_compiled[i].conditions;
        const CompiledCondition whole = own[c];
        const auto singles = singlesOf(whole);
        std::size_t taken = 0;
        std::optional<std::size_t> first;
        for (const CompiledCondition& single : singles) {
            own[c] = single;
            if (spend(valuesOf(own)) &&
                areContradictory(own)) { // another condition excludes it: nobody needs to take it
                ++taken;
                continue;
            }
            for (std::size_t by = 0; by < i; ++by) {
                if (!counts(by) || !hasKind(by, whole.kind) || !covers(by, own))
                    continue;
                ++taken;
                first = first ? std::min(*first, by) : by;
                break;
            }
        }
        if (!first)
            return false;
        const bool all = taken == singles.size();
        say(all ? "unreachable" : "shadowed", all ? Severity::Error : Severity::Warning, i, first, static_cast<int>(c));
        return all;
    }

    void lookAtVariants(std::size_t i)
    {
        const auto& variants = m_link.rules[i].variants;
        const bool loops = std::any_of(variants.begin(), variants.end(), [&](const Variant& variant) {
            return destinationProblem(variant.destination, m_snapshot, m_workspace) == "own_domain";
        });
        if (loops)
            say("loop", Severity::Error, i);
        for (auto one = variants.begin(); one != variants.end(); ++one)
            if (std::any_of(variants.begin(), one, [&](const Variant& v) { return v.destination == one->destination; }))
                return say("variant_same", Severity::Warning, i);
    }

    // The earlier rule takes whatever these conditions let through.
    bool covers(std::size_t by, Conditions own)
    {
        const Conditions earlier = m_compiled[by].conditions;
        return spend(valuesOf(own) * (earlier.size() + 1)) && imply(own, earlier);
    }

    // Rules with thousands of values stop being compared at some point: a finding may then be missing.
    bool spend(std::size_t cost)
    {
        if (cost > m_budget)
            return false;
        m_budget -= cost;
        return true;
    }

    bool counts(std::size_t rule) const { return m_link.rules[rule].enabled && m_compiled[rule].usable; }

    bool hasKind(std::size_t rule, ConditionKind kind) const
    {
        const auto& conditions = m_compiled[rule].conditions;
        return std::any_of(conditions.begin(), conditions.end(),
                           [kind](const CompiledCondition& condition) { return condition.kind == kind; });
    }

    const Link& m_link;
    const Snapshot& m_snapshot;
    const protocol::UtcMs m_now;
    const Workspace* m_workspace = nullptr;
    std::vector<CompiledRule> m_compiled;
    std::size_t m_budget = budget;
    std::vector<Finding> m_findings;
};

} // namespace

std::vector<Finding> lint(const Link& link, const Snapshot& snapshot, protocol::UtcMs now)
{
    return Lint(link, snapshot, now).run();
}

std::string_view word(Finding::Severity severity)
{
    return severity == Severity::Error ? "error" : severity == Severity::Warning ? "warning" : "info";
}

} // namespace links

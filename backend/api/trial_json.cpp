// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/api/trial_json.h"

#include <algorithm>

#include "backend/api/link_json.h"
#include "backend/links/held_link.h"
#include "backend/protocol/words.h"

namespace api {

namespace {

QJsonObject jsonOf(const links::Decision& decision, protocol::LinkId unsaved)
{
    QJsonValue link;
    std::string ruleName;
    if (decision.link) {
        if (decision.link->id != unsaved)
            link = static_cast<qint64>(decision.link->id.value);
        for (const links::Rule& rule : decision.link->rules)
            if (rule.id == decision.rule)
                ruleName = rule.name;
    }
    return {{"kind", qString(links::word(decision.kind))},
            {"class", qString(protocol::word(decision.hitClass))},
            {"reason", qString(protocol::word(decision.reason))},
            {"status", decision.status},
            {"location", qString(decision.location)},
            {"destination", qString(decision.destination)},
            {"link", link},
            {"rule", qString(decision.rule)},
            {"ruleName", qString(ruleName)},
            {"ruleVersion", static_cast<qint64>(decision.ruleVersion)},
            {"variant", qString(decision.variant)},
            {"touch", qString(protocol::word(decision.touch))},
            {"placement", qString(decision.placement)}};
}

QJsonObject jsonOf(const links::RuleSeen& rule)
{
    QJsonArray conditions, variants;
    for (const links::ConditionSeen& seen : rule.conditions) {
        QJsonObject condition = api::jsonOf(links::Condition{seen.kind, seen.negate, seen.values});
        condition.insert("holds", seen.holds);
        condition.insert("saw", qString(seen.saw));
        conditions.append(condition);
    }
    for (const links::VariantSeen& seen : rule.variants)
        variants.append(QJsonObject{{"name", qString(seen.name)},
                                    {"destination", qString(seen.destination)},
                                    {"weight", static_cast<qint64>(seen.weight)},
                                    {"share", seen.share}});
    return {{"id", qString(rule.id)},  {"name", qString(rule.name)}, {"enabled", rule.enabled}, {"holds", rule.holds},
            {"decided", rule.decided}, {"conditions", conditions},   {"variants", variants}};
}

QJsonObject jsonOf(const links::Outcome& outcome)
{
    return {{"kind", qString(links::word(outcome.kind))},
            {"reason", qString(protocol::word(outcome.reason))},
            {"destination", qString(outcome.destination)},
            {"rule", qString(outcome.rule)},
            {"variant", qString(outcome.variant)}};
}

} // namespace

QJsonObject jsonOf(const links::Explanation& explanation, protocol::LinkId unsaved)
{
    QJsonArray steps, rules;
    for (const links::Step& step : explanation.steps)
        steps.append(QJsonObject{{"code", qString(links::word(step.code))},
                                 {"state", qString(links::word(step.state))},
                                 {"detail", qString(step.detail)}});
    for (const links::RuleSeen& rule : explanation.rules)
        rules.append(jsonOf(rule));
    return {{"decision", jsonOf(explanation.decision, unsaved)}, {"steps", steps}, {"rules", rules}};
}

QJsonObject jsonOf(const links::Finding& finding)
{
    QJsonObject object{{"code", qString(finding.code)},
                       {"severity", qString(links::word(finding.severity))},
                       {"rule", qString(finding.rule)}};
    if (!finding.by.empty())
        object.insert("by", qString(finding.by));
    if (finding.condition >= 0)
        object.insert("condition", finding.condition);
    return object;
}

QJsonObject jsonOf(const links::Rehearsal& rehearsal)
{
    using enum links::Decision::Uncertain;
    const auto number = [](std::uint64_t value) { return static_cast<qint64>(value); };
    QJsonObject why;
    for (const auto reason : {Address, Query, NoVisitor})
        why.insert(qString(links::word(reason)), number(rehearsal.unknown(reason)));
    QJsonArray groups, samples;
    for (const links::Rehearsal::Group& group : rehearsal.groups())
        groups.append(QJsonObject{
            {"before", jsonOf(group.before)}, {"after", jsonOf(group.after)}, {"count", number(group.count)}});
    for (const links::Rehearsal::Sample& sample : rehearsal.samples())
        samples.append(QJsonObject{{"seq", number(sample.seq.value)},
                                   {"time", qString(protocol::rfc3339(sample.time))},
                                   {"country", qString(sample.country)},
                                   {"device", qString(protocol::word(sample.device))},
                                   {"language", qString(sample.language)},
                                   {"before", jsonOf(sample.before)},
                                   {"after", jsonOf(sample.after)}});
    return {{"tried", number(rehearsal.tried())},
            {"same", number(rehearsal.same())},
            {"changed", number(rehearsal.changed())},
            {"unknown", number(rehearsal.unknown())},
            {"why", why},
            {"groups", groups},
            {"samples", samples}};
}

} // namespace api

// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/pipeline/edit_problems.h"

#include <algorithm>
#include <set>

#include "backend/links/destination.h"
#include "backend/links/rule_problem.h"
#include "backend/pipeline/zone_days.h"
#include "backend/protocol/limits.h"

namespace pipeline {

namespace {

namespace limits = protocol::limits;

constexpr std::size_t tagsMax = 32;
constexpr std::int32_t retentionDaysMax = 3660;
constexpr std::size_t passwordHashBytesMax = 128; // libsodium's crypto_pwhash_STRBYTES
constexpr std::size_t conditionValueBytesMax = 256;
constexpr std::size_t ruleBytesMax = 256 * 1024; // of all rules of a link together
constexpr std::size_t schemesMax = 32;
constexpr std::size_t schemeBytesMax = 32;
constexpr std::size_t conventionsMax = 100;

bool isPlain(std::string_view text)
{
    return std::none_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7f;
    });
}

bool isLowerOrDigit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// A web address, or an address with one of the workspace's own schemes, or (empty text) nothing.
Problem addressProblem(const std::string& text, const std::string& field, const links::Link& link,
                       const links::Snapshot& snapshot)
{
    if (text.empty())
        return {};
    const links::Domain* domain = snapshot.domain(link.domain);
    const links::Workspace* workspace = domain ? snapshot.workspace(domain->workspace) : nullptr;
    const std::string code = links::destinationProblem(text, snapshot, workspace);
    return code.empty() ? Problem{} : Problem{"destination_" + code, field};
}

Problem conditionProblem(const links::Condition& condition, const std::string& field)
{
    if (condition.kind < links::ConditionKind::Country || condition.kind > links::ConditionKind::Placement)
        return {"unknown_word", field + ".kind"};
    if (condition.values.empty())
        return {"missing", field + ".values"};
    if (condition.values.size() > limits::valuesPerCondition)
        return {"too_many", field + ".values"};
    for (const std::string& value : condition.values) {
        if (value.empty())
            return {"empty", field + ".values"};
        if (value.size() > conditionValueBytesMax)
            return {"too_long", field + ".values"};
        if (!isPlain(value))
            return {"control", field + ".values"};
    }
    return {};
}

Problem variantsProblem(const links::Link& link, const links::Rule& rule, const std::string& field,
                        const links::Snapshot& snapshot)
{
    if (rule.variants.empty())
        return {"missing", field + ".variants"};
    if (rule.variants.size() > limits::variantsPerRule)
        return {"too_many", field + ".variants"};
    std::set<std::string_view> names;
    for (std::size_t at = 0; at < rule.variants.size(); ++at) {
        const links::Variant& variant = rule.variants[at];
        const std::string own = field + ".variants." + std::to_string(at);
        if (variant.name.empty() && rule.variants.size() > 1)
            return {"missing", own + ".name"};
        if (!variant.name.empty())
            if (const std::string code = nameProblem(variant.name); !code.empty())
                return {code, own + ".name"};
        if (!names.insert(variant.name).second)
            return {"name_twice", own + ".name"};
        if (variant.weight < 1 || variant.weight > limits::variantWeightMax)
            return {"out_of_range", own + ".weight"};
        if (variant.destination.empty())
            return {"missing", own + ".destination"};
        if (Problem problem = addressProblem(variant.destination, own + ".destination", link, snapshot))
            return problem;
    }
    return {};
}

std::size_t bytesOf(const links::Rule& rule)
{
    std::size_t bytes = rule.id.size() + rule.name.size();
    for (const links::Condition& condition : rule.conditions)
        for (const std::string& value : condition.values)
            bytes += value.size() + 1;
    for (const links::Variant& variant : rule.variants)
        bytes += variant.name.size() + variant.destination.size();
    return bytes;
}

Problem rulesProblem(const links::Link& link, const links::Snapshot& snapshot)
{
    if (link.rules.size() > limits::rulesPerLink)
        return {"too_many", "rules"};
    std::set<std::string_view> ids;
    std::size_t bytes = 0;
    for (std::size_t at = 0; at < link.rules.size(); ++at) {
        const links::Rule& rule = link.rules[at];
        const std::string field = "rules." + std::to_string(at);
        const bool isPlainId = std::all_of(rule.id.begin(), rule.id.end(), [](char c) {
            return isLowerOrDigit(c) || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
        });
        if (rule.id.size() > limits::ruleIdBytes)
            return {"too_long", field + ".id"};
        if (!isPlainId)
            return {"character", field + ".id"};
        if (!ids.insert(rule.id).second)
            return {"id_twice", field + ".id"};
        if (!rule.name.empty())
            if (const std::string code = nameProblem(rule.name); !code.empty())
                return {code, field + ".name"};
        if (rule.conditions.size() > limits::conditionsPerRule)
            return {"too_many", field + ".conditions"};
        for (std::size_t condition = 0; condition < rule.conditions.size(); ++condition)
            if (Problem problem =
                    conditionProblem(rule.conditions[condition], field + ".conditions." + std::to_string(condition)))
                return problem;
        if (Problem problem = variantsProblem(link, rule, field, snapshot))
            return problem;
        bytes += bytesOf(rule);
    }
    if (bytes > ruleBytesMax)
        return {"too_long", "rules"};
    const links::RuleProblem problem = links::ruleProblem(link.rules, snapshot.zones());
    return {problem.code, problem.field};
}

// What opens a program on the visitor's machine, or reads from it, is never an app's own scheme.
bool isForbiddenScheme(std::string_view scheme)
{
    constexpr std::string_view forbidden[] = {"http",        "https",  "javascript", "data",    "file",     "vbscript",
                                              "blob",        "about",  "filesystem", "jar",     "ws",       "wss",
                                              "view-source", "chrome", "resource",   "ms-msdt", "search-ms"};
    return std::find(std::begin(forbidden), std::end(forbidden), scheme) != std::end(forbidden);
}

bool isScheme(std::string_view scheme)
{
    return !scheme.empty() && scheme.size() <= schemeBytesMax && scheme.front() >= 'a' && scheme.front() <= 'z' &&
           std::all_of(scheme.begin(), scheme.end(),
                       [](char c) { return isLowerOrDigit(c) || c == '+' || c == '-' || c == '.'; });
}

Problem conventionsProblem(const std::vector<std::string>& words, const std::string& field)
{
    if (words.size() > conventionsMax)
        return {"too_many", field};
    for (const std::string& word : words)
        if (const std::string code = nameProblem(word); !code.empty())
            return {code, field};
    return {};
}

Problem textsProblem(const links::Link& link)
{
    const std::pair<const char*, const std::string*> texts[] = {
        {"campaign", &link.campaign},         {"goal", &link.goal},         {"utm.source", &link.utm.source},
        {"utm.medium", &link.utm.medium},     {"utm.term", &link.utm.term}, {"utm.content", &link.utm.content},
        {"utm.campaign", &link.utm.campaign},
    };
    for (const auto& [field, text] : texts)
        if (text->size() > limits::utmBytes)
            return {"too_long", field};
    if (link.notes.size() > limits::notesBytes)
        return {"too_long", "notes"};
    if (link.tags.size() > tagsMax)
        return {"too_many", "tags"};
    for (const std::string& tag : link.tags)
        if (const std::string code = nameProblem(tag); !code.empty())
            return {code, "tags"};
    if (!link.owner.empty())
        if (const std::string code = nameProblem(link.owner); !code.empty())
            return {code, "owner"};
    return {};
}

} // namespace

std::string nameProblem(std::string_view name)
{
    if (name.empty())
        return "empty";
    if (name.size() > limits::nameBytes)
        return "too_long";
    return isPlain(name) ? "" : "control";
}

Problem linkProblem(const links::Link& link, const links::Snapshot& snapshot)
{
    if (const std::string code = links::destinationProblem(link.destination, snapshot); !code.empty())
        return {code, "destination"};
    constexpr std::uint16_t statuses[] = {301, 302, 307, 308};
    if (std::find(std::begin(statuses), std::end(statuses), link.status) == std::end(statuses))
        return {"status", "status"};
    if (Problem problem = textsProblem(link))
        return problem;
    if (link.clickLimit > static_cast<std::uint64_t>(limits::clickLimitMax))
        return {"out_of_range", "clickLimit"};
    if (link.passwordHash.size() > passwordHashBytesMax)
        return {"too_long", "password"};
    if (Problem problem = addressProblem(link.fallback, "fallback", link, snapshot))
        return problem;
    if (Problem problem = addressProblem(link.iosApp, "iosApp", link, snapshot))
        return problem;
    if (Problem problem = addressProblem(link.androidApp, "androidApp", link, snapshot))
        return problem;
    return rulesProblem(link, snapshot);
}

Problem workspaceProblem(const links::Workspace& workspace)
{
    if (const std::string code = nameProblem(workspace.name); !code.empty())
        return {code, "name"};
    if (!ZoneDays::isKnown(workspace.zone))
        return {"unknown", "zone"};
    if (workspace.retentionDays < 1 || workspace.retentionDays > retentionDaysMax)
        return {"out_of_range", "retentionDays"};
    if (workspace.appSchemes.size() > schemesMax)
        return {"too_many", "appSchemes"};
    for (const std::string& scheme : workspace.appSchemes) {
        if (!isScheme(scheme))
            return {"character", "appSchemes"};
        if (isForbiddenScheme(scheme))
            return {"forbidden", "appSchemes"};
    }
    if (Problem problem = conventionsProblem(workspace.utmSources, "utmSources"))
        return problem;
    return conventionsProblem(workspace.utmMediums, "utmMediums");
}

} // namespace pipeline

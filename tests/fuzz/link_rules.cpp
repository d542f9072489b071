// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/api/link_json.h"
#include "backend/links/linter.h"
#include "backend/links/rule_problem.h"
#include "backend/links/snapshot.h"
#include "backend/protocol/limits.h"
#include "backend/storage/settings_text.h"
#include "tests/fuzz/fuzzer.h"

// A link as the API takes it: read, compiled, linted, stored as text and read back.
FUZZER(link_rules)
{
    api::Fields fields{std::string(bytes)};
    links::Link link;
    link.id = protocol::LinkId(1);
    link.domain = protocol::DomainId(1);
    api::applyFields(fields, link);
    if (fields.problem()) {
        fields.problem()->answer();
        return;
    }
    namespace limits = protocol::limits;
    fuzz::require(link.rules.size() <= limits::rulesPerLink, "rules are bounded");
    for (const links::Rule& rule : link.rules) {
        fuzz::require(rule.conditions.size() <= limits::conditionsPerRule &&
                          rule.variants.size() <= limits::variantsPerRule,
                      "a rule's parts are bounded");
        for (const links::Variant& variant : rule.variants)
            fuzz::require(variant.weight >= 1 && variant.weight <= limits::variantWeightMax, "a weight counts");
    }
    static const auto empty = std::make_shared<const links::Snapshot>();
    const auto held = empty->withLink(link);
    links::ruleProblem(link.rules, held->zones());
    links::lint(link, *held, protocol::UtcMs(1'772'366'400'000));
    api::jsonOf(link, "go.example");
    const std::string text = storage::textOf(link);
    fuzz::require(storage::textOf(storage::linkFrom(text)) == text, "a link is stored whole");
    fuzz::require(storage::rulesFrom(storage::textOf(link.rules)) == link.rules, "rules are stored whole");
}

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtTest>
#include <set>

#include "backend/links/linter.h"
#include "tests/backend/links/random_rules.h"

namespace samples {

inline const protocol::UtcMs lintedAt = *protocol::utcMsFrom("2026-03-04T12:00:00Z");

struct Tally {
    std::uint64_t requests = 0, rules = 0, dead = 0;
};

// Rule lists at random; the linter's dead rules are then asked for by requests at random. False: one was hit.
inline bool neverHits(std::uint64_t seed, std::uint64_t requests, Tally& tally)
{
    Random random(seed);
    links::Decider decider;
    links::Decision decision;
    const std::set<std::string> deadly = {"unreachable", "duplicate", "contradiction", "unknown_value"};
    while (tally.requests < requests) {
        const links::Link link = samples::link(randomRules(random, 2 + random.below(5)));
        const auto snapshot = samples::snapshot({link});
        std::set<std::string> dead;
        for (const links::Finding& finding : links::lint(link, *snapshot, lintedAt))
            if (deadly.contains(finding.code))
                dead.insert(finding.rule);
        tally.rules += link.rules.size();
        tally.dead += dead.size();
        for (int i = 0; i < 100; ++i, ++tally.requests) {
            const Visit visit(random);
            decider.begin(*snapshot, visit.request, decision);
            decider.resolve(*snapshot, decision);
            decider.finish(*snapshot, visit.request, visit.facts, decision);
            if (dead.contains(decision.rule)) {
                qWarning("seed %llu: rule %s was hit", static_cast<unsigned long long>(seed), decision.rule.c_str());
                return false;
            }
        }
    }
    return true;
}

} // namespace samples

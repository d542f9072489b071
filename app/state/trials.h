// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMap>

#include "app/state/links.h"

// What the backend answers when a link is tried before it goes live: simulated, linted, rehearsed.
namespace state {

// A request made up by hand. Empty = not told.
struct TrialRequest {
    QString domain, path, query, country, region, city, device, os, browser, language, referrer, address, userAgent,
        visitor;
    std::int64_t timeMs = 0;        // 0 = now
    std::optional<LinkDraft> draft; // tried in the live link's place
};

struct Decision {
    QString kind, hitClass, reason, location, destination, rule, ruleName, variant, touch, placement;
    int status = 0;
    std::uint32_t ruleVersion = 0;
};

struct TrialStep {
    QString code, state, detail; // state: ok, failed or skipped
};

struct TriedCondition {
    Condition condition;
    bool holds = false;
    QString saw; // empty = unknown
};

struct TriedVariant {
    QString name, destination;
    double share = 0;
};

struct TriedRule {
    QString id, name;
    bool enabled = true, holds = false, decided = false;
    QList<TriedCondition> conditions;
    QList<TriedVariant> variants;
};

struct Simulation {
    Decision decision;
    QList<TrialStep> steps;
    QList<TriedRule> rules;
};

struct Finding {
    QString code, severity, rule, by; // severity: error, warning or info
    int condition = -1;

    friend bool operator==(const Finding&, const Finding&) = default;
};
using Findings = QList<Finding>;

struct Outcome {
    QString destination, rule, variant;
    QString kind = {}; // redirect, not_found, gone …

    friend bool operator==(const Outcome&, const Outcome&) = default;
};

struct OutcomeGroup {
    Outcome before, after;
    std::uint64_t count = 0;
};

struct OutcomeSample {
    std::uint64_t seq = 0;
    std::int64_t timeMs = 0;
    QString country, device, language;
    Outcome before, after;
};

struct Rehearsal {
    std::uint64_t tried = 0, same = 0, changed = 0, unknown = 0;
    QMap<QString, std::uint64_t> why; // of the unknown: address, query, no_visitor
    QList<OutcomeGroup> groups;
    QList<OutcomeSample> samples;
};

} // namespace state

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "backend/links/decision.h"

namespace links {

// One step of the evaluation order. Skipped: it was decided before.
struct Step {
    enum class Code : std::uint8_t {
        ReservedPath, // Ok: the path is not reserved
        DomainKnown,
        DomainReady,
        SlugKnown,
        NotDeleted,
        NotExpired,
        ClickLimit, // Ok: not reached
        Password,   // Ok: none, or passed
        NotPaused,
        NotFlagged,
        Rules,       // Ok always; the detail is the id of the rule that decided
        DeepLink,    // Ok where the link's app was opened, else skipped
        Destination, // Failed: it loops or may not be opened
    };
    enum class State : std::uint8_t { Ok, Failed, Skipped };

    Code code = Code::ReservedPath;
    State state = State::Skipped;
    std::string detail; // a fact, not a sentence: host, slug, rule's id, destination
};

struct ConditionSeen {
    ConditionKind kind = ConditionKind::Country;
    bool negate = false;
    std::vector<std::string> values;
    bool holds = false;
    std::string saw; // what it looked at in this request, safe to show; empty = unknown, or nothing
};

struct VariantSeen {
    std::string name, destination;
    std::uint32_t weight = 1;
    double share = 1; // of the visitors
};

struct RuleSeen {
    std::string id, name;
    bool enabled = true;
    bool holds = false;   // all its conditions, whether it is enabled or not
    bool decided = false; // the request went by it
    std::vector<ConditionSeen> conditions;
    std::vector<VariantSeen> variants;
};

struct Explanation {
    Decision decision;
    std::vector<Step> steps; // all thirteen, in order
    std::vector<RuleSeen> rules;
};

// What decide() decides, and why. A draft is tried by way of Snapshot::withLink(), which costs microseconds and
// changes nothing.
Explanation explain(const Snapshot& snapshot, const Request& request, const Facts& facts);

std::string_view word(Step::Code code);           // "reserved_path"
std::string_view word(Step::State state);         // "ok"
std::string_view word(Decision::Kind kind);       // "redirect"
std::string_view word(Decision::Uncertain value); // "address", "query", "no_visitor"; No = ""

} // namespace links

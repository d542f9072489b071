// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace links {

// What a condition looks at, and how its values are written. Stored by number: append-only.
enum class ConditionKind : std::uint8_t {
    Country = 1,  // ISO 3166-1 alpha-2, upper case: "DE"
    Region = 2,   // name of the first subdivision: "Bavaria"
    City = 3,     // name: "Munich"
    Device = 4,   // mobile, tablet, desktop, other
    Os = 5,       // as in the hit, without regard to case: "iOS"
    Browser = 6,  // the same: "Firefox"
    Language = 7, // primary tag: "de"
    Referrer = 8, // host, and those below it: "instagram.com"
    Query = 9,    // of the visitor: "name" = is there, "name=value" = has this value
    Address = 10, // network: "192.0.2.0/24", "2001:db8::/32"; a network is never stored with a hit
    Between = 11, // UTC window, half open: "2026-03-01T12:00:00Z/2026-03-02T00:00:00Z"; either end may be ".."
    Hours =
        12, // weekdays and hours in a zone: "mon-fri 09:00-17:00 Europe/Berlin"; past midnight: "fri 22:00-02:00 UTC"
    Touch = 13,    // link, qr
    Placement = 14 // "poster-a"
};

// Holds where what it looks at is any of `values`; `negate` turns that round. What is unknown is none of them.
struct Condition {
    ConditionKind kind = ConditionKind::Country;
    bool negate = false;
    std::vector<std::string> values;

    friend bool operator==(const Condition&, const Condition&) = default;
};

// One way out of a rule. With several, visitors are split by `weight` (any whole number above 0; shares are of their
// sum), each staying with his own within a day.
struct Variant {
    std::string name; // what the hit stores; empty only where it is the only one
    std::string destination;
    std::uint32_t weight = 1;

    friend bool operator==(const Variant&, const Variant&) = default;
};

// Rules of a link are tried in their order; the first enabled one all of whose conditions hold decides. None: the
// link's own destination. A rule without conditions always holds.
struct Rule {
    std::string id; // unique in its link, kept when the rule moves: "r1"
    std::string name;
    bool enabled = true;
    std::uint32_t version = 0; // the link's version in which this rule last changed; the hit stores it
    std::vector<Condition> conditions;
    std::vector<Variant> variants; // at least one

    friend bool operator==(const Rule&, const Rule&) = default;
};

} // namespace links

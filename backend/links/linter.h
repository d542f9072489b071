// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "backend/links/link.h"
#include "backend/links/snapshot.h"

namespace links {

// What is odd about a link's rules. Codes:
//   unreachable    error    whenever its conditions hold, so do those of the earlier rule `by`: it never decides
//   shadowed       warning  the same for some of a condition's values; `condition` says of which
//   duplicate      warning  it does the same as the earlier rule `by`
//   contradiction  error    two of its conditions never hold together; `condition` is the later one
//   never          warning  its time is over; `condition` says which
//   unknown_value  error    a value of `condition` cannot be read (or, without a condition, the rule): it never holds
//   loop           error    a destination of it is a ready domain of ours
//   variant_same   warning  two variants have one destination
//   disabled       info     it is switched off
struct Finding {
    enum class Severity : std::uint8_t { Error, Warning, Info };

    std::string code;
    Severity severity = Severity::Warning;
    std::string rule;   // id
    std::string by;     // id of the earlier rule, where there is one
    int condition = -1; // index, where there is one

    friend bool operator==(const Finding&, const Finding&) = default;
};

// In the order of the rules. `unreachable` is sound: no request is ever decided by such a rule while the link stays as
// it is; it is not complete. Disabled rules are only said to be so, and shadow nobody.
std::vector<Finding> lint(const Link& link, const Snapshot& snapshot, protocol::UtcMs now);

std::string_view word(Finding::Severity severity); // "error"

} // namespace links

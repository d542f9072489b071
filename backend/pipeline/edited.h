// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "backend/links/link.h"
#include "backend/protocol/notices.h"

namespace pipeline {

// What a change of links or settings gives back. `problem` is a code, for instance "slug_taken", "version_conflict";
// empty = done.
template <class T> struct Edited {
    T value{}; // as it is now, also where a version conflict kept the change out
    std::string problem;
    std::string field;
    // Of a version conflict: what was changed since the version that was expected, and by whom last.
    std::string changedBy{};
    std::vector<protocol::EditChange> changes{};
};

// A link to be made. `host`: of its domain, where the link does not name one itself.
struct LinkDraft {
    links::Link link;
    bool generateSlug = false;
    std::string host{};
};

struct BulkOptions {
    bool isTrial = false;                 // says what would come of it and changes nothing
    bool isPartial = false;               // makes what can be made; otherwise all or none
    std::vector<links::Domain> domains{}; // made with the links, in the same commit; without id
    bool isImport = false;                // told to the consoles as one edit, however many links there are
};

// One for each draft, in their order. What could have been made but was not, since another draft failed, has neither a
// problem nor an id.
using BulkOutcome = std::vector<Edited<links::Link>>;

} // namespace pipeline

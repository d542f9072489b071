// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "backend/imports/drafts.h"
#include "backend/links/snapshot.h"
#include "backend/pipeline/edited.h"

namespace pipeline {

struct ImportOptions {
    protocol::WorkspaceId workspace;
    std::string domain;         // takes the rows whose own domain is none of the workspace's; empty = that one is added
    bool mayAddDomains = false; // otherwise a row of an unknown domain is refused
    bool strict = false;        // any refused row refuses all
};

// What there is to say about one row.
struct ImportRow {
    std::size_t row = 0;
    std::string domain, slug;
    std::string problem, field; // refused, and why
    std::size_t limit = 0;
    std::string skipped; // "exists" (the same link is there), "repeated" (in the file), "deleted" (where it comes from)
};

// What an import comes to: all rows are one of made, skipped and refused.
struct ImportPlan {
    imports::Format format = imports::Format::Csv;
    std::size_t rows = 0, made = 0, skipped = 0, failed = 0;
    std::vector<ImportRow> said;        // refused and skipped rows, by their row
    std::vector<links::Domain> domains; // to be added; without id
    std::vector<LinkDraft> drafts;      // to be made; the domain is the draft's `host`
};

// Pure: tells from the snapshot what would be made. `drafts` must be whole, not broken. A domain that is added is
// pending; under a reserved name, where no DNS can prove it, it is taken as verified, and this machine's own names are
// ready.
ImportPlan importPlan(imports::Drafts drafts, const links::Snapshot& snapshot, const ImportOptions& options);

// How the plan is handed to Editor::addLinks: all or none, since what it refuses is out of the plan already.
BulkOptions bulkOptionsOf(const ImportPlan& plan);

} // namespace pipeline

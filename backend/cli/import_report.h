// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "backend/imports/drafts.h"
#include "backend/pipeline/import_plan.h"

class QJsonObject;

namespace cli {

struct ImportRequest {
    imports::Options reading;
    bool dryRun = false;
    bool strict = false;
    imports::Progress progress; // of the reading, where this process does it
};

// What came of an import, or would. Of a file that is broken, `broken` alone is set.
struct ImportReport {
    std::string format;
    std::size_t rows = 0, made = 0, skipped = 0, failed = 0;
    std::vector<std::string> domains; // added
    std::vector<pipeline::ImportRow> said;
    imports::Problem broken; // with a code: nothing was taken
};

// From the API's answer (a problem among them), or from the plan that was carried out here.
ImportReport reportFrom(const QJsonObject& answer, bool done);
ImportReport reportFrom(const pipeline::ImportPlan& plan);
QJsonObject jsonOf(const ImportReport& report, bool dryRun);

} // namespace cli

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "backend/links/snapshot.h"

namespace pipeline {

// Why a link or setting may not stand as it is: a code and the field at fault; both empty = it may.
struct Problem {
    std::string code, field;

    explicit operator bool() const { return !code.empty(); }
};

// Names, tags, words of conventions: "empty", "too_long", "control".
std::string nameProblem(std::string_view name);

// What can be told without the store: all but the slug and the version.
Problem linkProblem(const links::Link& link, const links::Snapshot& snapshot);
Problem workspaceProblem(const links::Workspace& workspace);

} // namespace pipeline

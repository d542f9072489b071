// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace pipeline {

// What a change of links or settings gives back. `problem` is a code, for instance "slug_taken", "version_conflict";
// empty = done.
template <class T> struct Edited {
    T value{};
    std::string problem;
    std::string field;
};

} // namespace pipeline

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <optional>

#include "app/state/archived.h"

namespace archive {

// What was known, as two records of the archive: the place with what changes every second, and the rest. JSON, in which
// the stream's own messages stand as they came.
QByteArray placeJson(const state::Known& known);
QByteArray notesJson(const state::Known& known); // edits, marks and comments
// Nothing: it is none. Parts that cannot be read are left out.
std::optional<state::Known> knownFrom(const QByteArray& placeJson, const QByteArray& notesJson);

} // namespace archive

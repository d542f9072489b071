// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/state/links.h"

namespace models {

// The API's names of the fields in which two links differ, of those that a save may set. Domain and slug are among them
// only for a new link (id 0).
QStringList changedFields(const state::Link& before, const state::Link& after);

// `mine`, begun on `base`, put on top of `theirs`: what I changed is mine, the rest theirs.
state::Link merged(const state::Link& base, const state::Link& mine, const state::Link& theirs);

// The link with the named field of the other.
void takeField(state::Link& to, const state::Link& from, const QString& field);

// Values in use that a person would take for this one, but a report would not: they differ in case, blanks, dashes,
// underscores or a letter of longer words. Never the value itself.
QStringList nearDuplicates(const QString& value, const QStringList& inUse);

} // namespace models

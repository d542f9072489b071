// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/state/imports.h"

namespace imports {

// What an import's codes mean, as sentences; an unknown code stands as it is.
QString rowWords(const state::ImportRow& row);
QString fileProblemWords(const QString& code, const QString& field, const QString& detail);
// "1,204 rows: 1,190 links would be made, 10 are there already, 4 refused."
QString summary(const state::ImportAnswer& answer);
QString formatName(const QString& format);
// "go.acme.example/spring", safe to show.
QString placeOf(const state::ImportRow& row);

} // namespace imports

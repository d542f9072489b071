// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "backend/storage/edit_marks.h"
#include "backend/storage/sqlite/database.h"

namespace storage {

// The range is cut into `marksMax` stretches of one length; each with edits in it gives a mark, the oldest first. Looks
// at every edit of the range, keeps none but these.
std::vector<EditMark> editMarks(const Database& settings, const EditMarkQuery& query);

} // namespace storage

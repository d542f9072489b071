// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/storage/sqlite/edit_rows.h"

#include <algorithm>
#include <map>
#include <string>

#include "backend/storage/sqlite/settings_rows.h"

namespace storage {

using protocol::UtcMs;

std::vector<EditMark> editMarks(const Database& settings, const EditMarkQuery& query)
{
    std::map<std::uint64_t, EditMark> byStretch;
    const auto length = static_cast<std::uint64_t>(std::max<std::int64_t>(1, query.to.value - query.from.value));
    const Transaction moment(settings, Transaction::Kind::Read);
    Statement rows =
        settings.prepare("SELECT id, time, link FROM edits WHERE time >= ?1 AND time < ?2 AND workspace = ?3");
    rows.bind(1, query.from.value).bind(2, query.to.value).bind(3, query.workspace.value);
    while (rows.step()) {
        if (query.links && !std::binary_search(query.links->begin(), query.links->end(), rows.number(2)))
            continue;
        const UtcMs time(rows.integer(1));
        // A range is at most a year of milliseconds and the marks are few thousands: the product fits.
        EditMark& mark = byStretch[static_cast<std::uint64_t>(time.value - query.from.value) * query.marksMax / length];
        mark.first = mark.count == 0 ? time : std::min(mark.first, time);
        mark.last = std::max(mark.last, time);
        mark.newest.id = std::max(mark.newest.id, rows.number(0));
        ++mark.count;
    }
    std::vector<EditMark> marks;
    Statement edit = settings.prepare(std::string(selectEdits) + "WHERE id = ?");
    for (auto& [stretch, mark] : byStretch) {
        edit.bind(1, mark.newest.id);
        if (edit.step())
            mark.newest = editOf(edit);
        edit.reset();
        marks.push_back(std::move(mark));
    }
    return marks;
}

} // namespace storage

// SPDX-License-Identifier: GPL-3.0-or-later
#include <QJsonArray>

#include "backend/api/controllers/controllers.h"
#include "backend/api/json_fields.h"
#include "backend/protocol/limits.h"

namespace api {

void addEditRoutes(Router& router)
{
    router.add({"GET", "/v1/edits", Access::Viewer, RunsOn::Worker, [](const Call& call, const Respond& respond) {
                    const auto since = timeParameter(call, respond, "since", protocol::UtcMs{});
                    if (!since)
                        return;
                    const auto limit = numberParameter(call, respond, "limit", protocol::limits::pageItemsDefault, 1,
                                                       protocol::limits::pageItemsMax);
                    if (!limit)
                        return;
                    QJsonArray items;
                    QJsonValue next;
                    const auto edits = call.reader->editsSince(*since, *limit, call.caller.workspace);
                    for (const protocol::Edit& edit : edits)
                        items.append(jsonOf(edit));
                    // Several edits may share a millisecond, so the next page starts with the last one's: ids tell
                    // doubles.
                    if (edits.size() == *limit && edits.back().time > *since)
                        next = static_cast<qint64>(edits.back().time.value);
                    respond(json({{"items", items}, {"next", next}}));
                }});
}

} // namespace api

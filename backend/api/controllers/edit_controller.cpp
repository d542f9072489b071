// SPDX-License-Identifier: GPL-3.0-or-later
#include <QJsonArray>

#include "backend/api/controllers/controllers.h"
#include "backend/api/json_fields.h"
#include "backend/protocol/limits.h"

namespace api {

namespace {

// An edit belongs to the workspace of the domain that its subject ("domain/slug") names; edits of tokens and workspaces
// name none and are for the installation's admins.
bool visible(const Caller& caller, const links::Snapshot& snapshot, const protocol::Edit& edit)
{
    const links::Domain* domain = snapshot.domain(std::string_view(edit.subject).substr(0, edit.subject.find('/')));
    return domain ? domain->workspace == caller.workspace : caller.administersAll;
}

} // namespace

void addEditRoutes(Router& router, const Surroundings& around)
{
    router.add(
        {"GET", "/v1/edits", Access::Viewer, RunsOn::Worker, [&around](const Call& call, const Respond& respond) {
             const auto since = timeParameter(call, respond, "since", protocol::UtcMs{});
             if (!since)
                 return;
             const auto limit = numberParameter(call, respond, "limit", protocol::limits::pageItemsDefault, 1,
                                                protocol::limits::pageItemsMax);
             if (!limit)
                 return;
             const auto snapshot = around.snapshot.current();
             QJsonArray items;
             QJsonValue next;
             const auto edits = call.reader->editsSince(*since, *limit);
             for (const protocol::Edit& edit : edits)
                 if (visible(call.caller, *snapshot, edit))
                     items.append(jsonOf(edit));
             // Several edits may share a millisecond, so the next page starts with the last one's: ids tell doubles.
             if (edits.size() == *limit && edits.back().time > *since)
                 next = static_cast<qint64>(edits.back().time.value);
             respond(json({{"items", items}, {"next", next}}));
         }});
}

} // namespace api

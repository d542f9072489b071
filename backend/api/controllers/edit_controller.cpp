// SPDX-License-Identifier: GPL-3.0-or-later
#include <QJsonArray>

#include "backend/api/controllers/link_requests.h"
#include "backend/api/controllers/report_request.h"
#include "backend/protocol/limits.h"

namespace api {

namespace {

namespace limits = protocol::limits;

constexpr std::uint64_t marksDefault = 200; // some on every finger's breadth of a chart

std::optional<std::uint64_t> limitOf(const Call& call, const Respond& respond)
{
    return numberParameter(call, respond, "limit", limits::pageItemsDefault, 1, limits::pageItemsMax);
}

QJsonArray itemsOf(const std::vector<protocol::Edit>& edits)
{
    QJsonArray items;
    for (const protocol::Edit& edit : edits)
        items.append(jsonOf(edit));
    return items;
}

std::optional<std::uint64_t> cursorOf(const Call& call, const Respond& respond)
{
    return numberParameter(call, respond, "cursor", 0, 0, UINT64_MAX >> 1);
}

// Newest first; the next page goes on below the last one's id.
void answerPage(const Respond& respond, const std::vector<protocol::Edit>& edits, std::uint64_t limit)
{
    QJsonValue next;
    if (edits.size() == limit)
        next = qString(std::to_string(edits.back().id));
    respond(json({{"items", itemsOf(edits)}, {"next", next}}));
}

void listEdits(const Call& call, const Respond& respond)
{
    const auto since = timeParameter(call, respond, "since", protocol::UtcMs{});
    if (!since)
        return;
    const auto until = timeParameter(call, respond, "until", protocol::UtcMs{});
    if (!until)
        return;
    const auto cursor = cursorOf(call, respond);
    if (!cursor)
        return;
    if (const auto limit = limitOf(call, respond))
        answerPage(respond, call.reader->editsSince(*since, *cursor, *limit, call.caller.workspace, *until), *limit);
}

// For charts: however many edits a year has, so many marks at most.
void listMarks(const Surroundings& around, const Call& call, const Respond& respond)
{
    const auto limit = numberParameter(call, respond, "limit", marksDefault, 1, limits::pageItemsMax);
    if (!limit)
        return;
    const auto request = reportRequest(around, call, respond, true);
    if (!request)
        return;
    storage::EditMarkQuery query;
    query.workspace = call.caller.workspace;
    query.from = request->asked.from;
    query.to = request->asked.to;
    query.links = request->query.links;
    query.marksMax = *limit;
    QJsonArray marks;
    std::uint64_t total = 0;
    for (const storage::EditMark& mark : call.reader->editMarks(query)) {
        marks.append(QJsonObject{{"from", timeOrNull(mark.first)},
                                 {"to", timeOrNull(mark.last)},
                                 {"count", static_cast<qint64>(mark.count)},
                                 {"edit", jsonOf(mark.newest)}});
        total += mark.count;
    }
    respond(json({{"from", timeOrNull(query.from)},
                  {"to", timeOrNull(query.to)},
                  {"total", static_cast<qint64>(total)},
                  {"marks", marks}}));
}

void listEditsOfLink(const Surroundings& around, const Call& call, const Respond& respond)
{
    const auto snapshot = around.snapshot.current();
    const links::Link* link = capturedLink(*snapshot, call, respond);
    if (!link)
        return;
    const auto cursor = cursorOf(call, respond);
    if (!cursor)
        return;
    if (const auto limit = limitOf(call, respond))
        answerPage(respond, call.reader->editsOf(link->id, *cursor, *limit), *limit);
}

} // namespace

void addEditRoutes(Router& router, const Surroundings& around)
{
    router.add({"GET", "/v1/edits", Access::Viewer, RunsOn::Worker, listEdits});
    router.add({"GET", "/v1/edits/marks", Access::Viewer, RunsOn::Worker,
                [&around](const Call& call, const Respond& respond) { listMarks(around, call, respond); }});
    router.add({"GET", "/v1/links/{id}/edits", Access::Viewer, RunsOn::Worker,
                [&around](const Call& call, const Respond& respond) { listEditsOfLink(around, call, respond); }});
}

} // namespace api

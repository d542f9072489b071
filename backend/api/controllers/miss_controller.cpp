// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <map>
#include <tuple>

#include <QJsonArray>

#include "backend/api/controllers/controllers.h"
#include "backend/api/json_fields.h"
#include "backend/links/slug_neighbours.h"
#include "backend/protocol/limits.h"
#include "backend/protocol/words.h"

// What people ask for that is not there, and what they may have meant.
namespace api {

namespace {

// The newest hits looked at; of an older time the answer says from when on it is.
constexpr std::uint64_t hitsLookedAtMax = 500'000;
constexpr std::size_t pageHits = 10'000;
constexpr std::size_t groupsMax = 20'000; // distinct misses kept; whoever guesses slugs makes no more of them
constexpr std::uint64_t itemsDefault = 50;

struct Miss {
    std::uint64_t count = 0;
    protocol::UtcMs last;
};

using MissKey = std::tuple<std::string, std::string, protocol::HitReason>; // host, slug, reason
using Misses = std::map<MissKey, Miss>;

// The misses since then; `since` moves on where there are more hits than are looked at.
Misses missesSince(const Surroundings& around, const Call& call, protocol::UtcMs& since)
{
    Misses misses;
    protocol::StreamFilter filter;
    filter.classes = {protocol::HitClass::Miss};
    const std::uint64_t first = call.reader->firstSeqSince(since).value;
    const std::uint64_t last = around.pipeline.counters().lastSeq.load();
    if (first == 0)
        return misses;
    const bool isPart = last >= hitsLookedAtMax && first - 1 < last - hitsLookedAtMax;
    std::uint64_t at = isPart ? last - hitsLookedAtMax : first - 1;
    bool isFirst = true;
    while (at < last) {
        protocol::HitSeq coveredTo(at);
        for (const protocol::Hit& hit :
             call.reader->hitsAfter(protocol::HitSeq(at), pageHits, call.caller.workspace, filter, coveredTo)) {
            if (isPart && std::exchange(isFirst, false))
                since = hit.time;
            const MissKey key{hit.domain, hit.slug, hit.reason};
            if (misses.size() >= groupsMax && !misses.contains(key))
                continue;
            Miss& miss = misses[key];
            ++miss.count;
            miss.last = std::max(miss.last, hit.time);
        }
        if (coveredTo.value <= at)
            break;
        at = coveredTo.value;
    }
    return misses;
}

void listMisses(const Surroundings& around, const Call& call, const Respond& respond)
{
    auto since = timeParameter(call, respond, "since", protocol::UtcMs(around.now().value - protocol::msPerHour));
    if (!since)
        return;
    const auto limit = numberParameter(call, respond, "limit", itemsDefault, 1, protocol::limits::pageItemsMax);
    if (!limit)
        return;
    const Misses misses = missesSince(around, call, *since);
    std::vector<const Misses::value_type*> rows;
    for (const auto& row : misses)
        rows.push_back(&row);
    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto* a, const auto* b) { return a->second.count > b->second.count; });
    rows.resize(std::min<std::size_t>(rows.size(), *limit));

    // Only a slug that is not there has neighbours to offer; the most asked for come first.
    const auto snapshot = around.snapshot.current();
    links::SlugNeighbours neighbours;
    std::vector<const Misses::value_type*> asked;
    for (const auto* row : rows) {
        const auto& [host, slug, reason] = row->first;
        const links::Domain* domain = ownDomain(*snapshot, call.caller.workspace, host);
        if (!domain || reason != protocol::HitReason::UnknownSlug || asked.size() >= links::SlugNeighbours::wantedMax)
            continue;
        neighbours.want(domain->id, slug);
        asked.push_back(row);
    }
    const auto found = neighbours.find(*snapshot);
    QJsonArray items;
    for (const auto* row : rows) {
        const auto place = std::find(asked.begin(), asked.end(), row);
        QJsonValue suggestion;
        if (place != asked.end() && !found[static_cast<std::size_t>(place - asked.begin())].empty())
            suggestion = qString(found[static_cast<std::size_t>(place - asked.begin())].front().slug);
        const auto& [host, slug, reason] = row->first;
        items.append(QJsonObject{{"domain", qString(host)},
                                 {"slug", qString(slug)},
                                 {"reason", qString(protocol::word(reason))},
                                 {"count", static_cast<qint64>(row->second.count)},
                                 {"last", qString(protocol::rfc3339(row->second.last))},
                                 {"suggestion", suggestion}});
    }
    respond(json({{"items", items}, {"since", qString(protocol::rfc3339(*since))}, {"next", QJsonValue()}}));
}

void suggest(const Surroundings& around, const Call& call, const Respond& respond)
{
    const std::string* host = call.request.parameter("domain");
    const std::string* slug = call.request.parameter("slug");
    if (!host || !slug)
        return respond(problem(400, "missing", host ? "slug" : "domain"));
    const auto snapshot = around.snapshot.current();
    const links::Domain* domain = ownDomain(*snapshot, call.caller.workspace, *host);
    if (!domain)
        return respond(problem(404, "unknown_domain", "domain"));
    links::SlugNeighbours neighbours;
    neighbours.want(domain->id, *slug);
    QJsonArray suggestions;
    const auto found = neighbours.find(*snapshot);
    for (const links::SlugNeighbour& one : found.front())
        suggestions.append(QJsonObject{
            {"slug", qString(one.slug)}, {"link", static_cast<qint64>(one.link.value)}, {"distance", one.distance}});
    respond(json({{"suggestions", suggestions}}));
}

} // namespace

void addMissRoutes(Router& router, const Surroundings& around)
{
    router.add({"GET", "/v1/misses", Access::Viewer, RunsOn::Worker,
                [&around](const Call& call, const Respond& respond) { listMisses(around, call, respond); }});
    router.add({"GET", "/v1/suggestions", Access::Viewer, RunsOn::Worker,
                [&around](const Call& call, const Respond& respond) { suggest(around, call, respond); }});
}

} // namespace api

// SPDX-License-Identifier: GPL-3.0-or-later
#include <QJsonArray>

#include "backend/api/controllers/link_requests.h"

namespace api {

namespace {

constexpr qsizetype itemsMax = 1000;
// Hashing one takes a tenth of a second of a worker that others wait for.
constexpr int passwordsMax = 20;

QJsonObject problemOf(std::string_view code, std::string_view field, std::optional<std::int64_t> limit = std::nullopt)
{
    QJsonObject object{{"code", qString(code)}, {"field", qString(field)}};
    if (limit)
        object.insert("limit", static_cast<qint64>(*limit));
    return object;
}

// One request for many links. Items whose fields cannot be read have their problem here; the others go to the
// pipeline, in their order.
struct Bulk {
    QJsonArray results;
    std::vector<int> places; // of a draft among the items
    std::vector<pipeline::LinkDraft> drafts;
    int failed = 0;
};

// The type a single link's refusal has: "/problems/slug-taken" and "slug_taken" are one code.
QJsonObject codeOf(const pipeline::Edited<links::Link>& edited)
{
    return problemOf(editCode(edited.problem, edited.field), edited.field);
}

void readItems(Bulk& bulk, const QJsonArray& items, const links::Snapshot& snapshot, protocol::WorkspaceId workspace)
{
    int passwords = 0;
    for (int at = 0; at < static_cast<int>(items.size()); ++at) {
        Fields fields(items[at]);
        if (fields.has("password") && ++passwords > passwordsMax)
            fields.fail("too_many", "password", passwordsMax);
        pipeline::LinkDraft draft = draftFrom(fields, snapshot, workspace);
        if (const auto& found = fields.problem()) {
            ++bulk.failed;
            bulk.results.append(
                QJsonObject{{"index", at}, {"problem", problemOf(found->code, found->field, found->limit)}});
            continue;
        }
        bulk.places.push_back(at);
        bulk.drafts.push_back(std::move(draft));
    }
}

// In the order of the items, of which some have been answered for already.
QJsonArray merged(const QJsonArray& results, const QJsonArray& more)
{
    QJsonArray out;
    for (qsizetype a = 0, b = 0; a < results.size() || b < more.size();) {
        const bool takesFirst =
            b >= more.size() || (a < results.size() && results[a]["index"].toInt() < more[b]["index"].toInt());
        out.append(takesFirst ? results[a++] : more[b++]);
    }
    return out;
}

void createLinks(const Surroundings& around, const Call& call, const Respond& respond)
{
    Fields fields(call.request.body);
    const bool isTrial = fields.boolean("dryRun").value_or(false);
    bool isPartial = fields.boolean("partial").value_or(false);
    if (!fields.value("items").isArray())
        fields.fail(fields.has("items") ? "wrong_type" : "missing", "items");
    const QJsonArray items = fields.value("items").toArray();
    if (items.size() > itemsMax)
        fields.fail("too_many", "items", itemsMax);
    if (fields.problem())
        return respond(fields.problem()->answer());
    const auto snapshot = around.snapshot.current();
    Bulk bulk;
    readItems(bulk, items, *snapshot, call.caller.workspace);
    // What could not be read is missing from a whole that must be made together.
    const bool changesNothing = isTrial || (!isPartial && bulk.failed > 0);
    around.pipeline.addLinks(
        std::move(bulk.drafts), {.isTrial = changesNothing, .isPartial = isPartial}, call.caller.token.name,
        [respond, snapshot, bulk, isTrial](const pipeline::Edited<pipeline::BulkOutcome>& edited) {
            if (!edited.problem.empty())
                return respond(editProblem(edited.problem, edited.field));
            QJsonArray results;
            int made = 0, failed = bulk.failed;
            for (std::size_t at = 0; at < edited.value.size(); ++at) {
                const pipeline::Edited<links::Link>& one = edited.value[at];
                const bool isDone = one.problem.empty() && (isTrial || one.value.id);
                made += isDone ? 1 : 0;
                failed += one.problem.empty() ? 0 : 1;
                QJsonObject result{{"index", bulk.places[at]}};
                if (isDone)
                    result.insert("link", jsonOf(one.value, snapshot->domain(one.value.domain)->host));
                else if (!one.problem.empty())
                    result.insert("problem", codeOf(one));
                if (result.size() > 1)
                    results.append(result);
            }
            respond(json({{"made", made}, {"failed", failed}, {"results", merged(bulk.results, results)}}));
        });
}

} // namespace

void addLinkBulkRoutes(Router& router, const Surroundings& around)
{
    router.add({"POST", "/v1/links/bulk", Access::Operator, RunsOn::Worker,
                [&around](const Call& call, const Respond& respond) { createLinks(around, call, respond); }, true});
}

} // namespace api

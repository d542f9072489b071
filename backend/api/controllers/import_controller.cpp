// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <QJsonArray>
#include <QJsonObject>

#include "backend/api/controllers/controllers.h"
#include "backend/api/json_fields.h"
#include "backend/pipeline/import_plan.h"

namespace api {

namespace {

constexpr std::size_t resultsMax = 1000;

bool isSet(const Call& call, std::string_view name)
{
    const std::string* text = call.request.parameter(name);
    return text && (*text == "1" || *text == "true");
}

QJsonObject resultOf(const pipeline::ImportRow& row)
{
    QJsonObject result{
        {"row", static_cast<qint64>(row.row)}, {"domain", qString(row.domain)}, {"slug", qString(row.slug)}};
    if (row.problem.empty()) {
        result.insert("skipped", qString(row.skipped));
    } else {
        QJsonObject problem{{"code", qString(row.problem)}, {"field", qString(row.field)}};
        if (row.limit != 0)
            problem.insert("limit", static_cast<qint64>(row.limit));
        result.insert("problem", problem);
    }
    return result;
}

// Where there is more to say than an answer holds, what was refused comes before what was skipped.
QJsonArray resultsOf(const pipeline::ImportPlan& plan)
{
    QJsonArray results;
    std::size_t skippedRoom = resultsMax - std::min(resultsMax, plan.failed);
    for (const pipeline::ImportRow& row : plan.said) {
        if (row.problem.empty() && (skippedRoom == 0 || skippedRoom-- == 0))
            continue;
        if (static_cast<std::size_t>(results.size()) < resultsMax)
            results.append(resultOf(row));
    }
    return results;
}

Response answerOf(const pipeline::ImportPlan& plan, bool dryRun)
{
    QJsonArray domains;
    for (const links::Domain& domain : plan.domains)
        domains.append(qString(domain.host));
    return json({{"format", qString(imports::word(plan.format))},
                 {"dryRun", dryRun},
                 {"rows", static_cast<qint64>(plan.rows)},
                 {"made", static_cast<qint64>(plan.made)},
                 {"skipped", static_cast<qint64>(plan.skipped)},
                 {"failed", static_cast<qint64>(plan.failed)},
                 {"domains", domains},
                 {"results", resultsOf(plan)}});
}

// The whole file is refused; `row` tells where.
Response brokenFile(const imports::Problem& broken)
{
    const unsigned status = broken.code == "too_large" ? 413 : 422;
    const auto limit =
        broken.limit != 0 ? std::optional(static_cast<std::int64_t>(broken.limit)) : std::optional<std::int64_t>();
    QJsonObject object = problemObject(status, broken.code, broken.field, limit);
    if (broken.row != 0)
        object.insert("row", static_cast<qint64>(broken.row));
    Response response = json(object, status);
    response.contentType = "application/problem+json";
    return response;
}

void importFile(const Surroundings& around, const Call& call, const Respond& respond)
{
    imports::Options reading;
    if (const std::string* format = call.request.parameter("format"); format && !format->empty()) {
        reading.format = imports::formatFrom(*format);
        if (!reading.format)
            return respond(problem(400, "unknown_word", "format"));
    }
    pipeline::ImportOptions planning;
    if (const std::string* domain = call.request.parameter("domain"); domain && !domain->empty()) {
        if (const std::string code = links::hostProblem(*domain); !code.empty())
            return respond(problem(400, "host_" + code, "domain"));
        reading.domain = planning.domain = *domain;
    }
    reading.keepClicks = isSet(call, "keepClicks");
    planning.workspace = call.caller.workspace;
    planning.mayAddDomains = call.caller.token.role == storage::Role::Admin;
    planning.strict = isSet(call, "strict");
    imports::Drafts drafts = imports::readDrafts(call.request.body, reading);
    if (drafts.broken)
        return respond(brokenFile(*drafts.broken));
    const auto plan = std::make_shared<pipeline::ImportPlan>(
        pipeline::importPlan(std::move(drafts), *around.snapshot.current(), planning));
    const bool dryRun = isSet(call, "dryRun");
    if (dryRun || plan->drafts.empty())
        return respond(answerOf(*plan, dryRun));
    std::vector<pipeline::LinkDraft> links = std::move(plan->drafts);
    around.pipeline.addLinks(std::move(links), pipeline::bulkOptionsOf(*plan), call.caller.token.name,
                             [respond, plan](const pipeline::Edited<pipeline::BulkOutcome>& edited) {
                                 if (!edited.problem.empty())
                                     return respond(editProblem(edited.problem, edited.field));
                                 // All or none; what the plan let through, only an edit in between can have spoilt.
                                 const bool whole = std::all_of(edited.value.begin(), edited.value.end(),
                                                                [](const auto& one) { return one.problem.empty(); });
                                 respond(whole ? answerOf(*plan, false) : problem(409, "changed_meanwhile", "file"));
                             });
}

} // namespace

void addImportRoutes(Router& router, const Surroundings& around)
{
    router.add({"POST", "/v1/imports", Access::Operator, RunsOn::Worker,
                [&around](const Call& call, const Respond& respond) { importFile(around, call, respond); }, false,
                imports::fileBytesMax});
}

} // namespace api

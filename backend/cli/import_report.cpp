// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/cli/import_report.h"

#include <algorithm>

#include <QJsonArray>
#include <QJsonObject>

#include "backend/cli/api_client.h"

namespace cli {

namespace {

constexpr std::size_t resultsMax = 1000; // as the API has it

QString qText(const std::string& text)
{
    return QString::fromStdString(text);
}

std::string text(const QJsonObject& object, const char* name)
{
    return object.value(QLatin1StringView(name)).toString().toStdString();
}

std::size_t count(const QJsonObject& object, const char* name)
{
    return static_cast<std::size_t>(std::max<qint64>(0, object.value(QLatin1StringView(name)).toInteger()));
}

} // namespace

ImportReport reportFrom(const QJsonObject& answer, bool done)
{
    ImportReport report;
    if (!done) {
        const ApiAnswer problem{0, answer};
        report.broken = {count(answer, "row"), problem.problem(), problem.field(), count(answer, "limit")};
        return report;
    }
    report.format = text(answer, "format");
    report.rows = count(answer, "rows");
    report.made = count(answer, "made");
    report.skipped = count(answer, "skipped");
    report.failed = count(answer, "failed");
    for (const QJsonValue host : answer.value(QLatin1StringView("domains")).toArray())
        report.domains.push_back(host.toString().toStdString());
    for (const QJsonValue value : answer.value(QLatin1StringView("results")).toArray()) {
        const QJsonObject item = value.toObject(), problem = item.value(QLatin1StringView("problem")).toObject();
        report.said.push_back({count(item, "row"), text(item, "domain"), text(item, "slug"), text(problem, "code"),
                               text(problem, "field"), count(problem, "limit"), text(item, "skipped")});
    }
    return report;
}

ImportReport reportFrom(const pipeline::ImportPlan& plan)
{
    ImportReport report;
    report.format = std::string(imports::word(plan.format));
    report.rows = plan.rows;
    report.made = plan.made;
    report.skipped = plan.skipped;
    report.failed = plan.failed;
    for (const links::Domain& domain : plan.domains)
        report.domains.push_back(domain.host);
    report.said = plan.said;
    return report;
}

QJsonObject jsonOf(const ImportReport& report, bool dryRun)
{
    QJsonArray domains, results;
    for (const std::string& host : report.domains)
        domains.append(qText(host));
    for (std::size_t i = 0; i < std::min(report.said.size(), resultsMax); ++i) {
        const pipeline::ImportRow& row = report.said[i];
        QJsonObject result{
            {"row", static_cast<qint64>(row.row)}, {"domain", qText(row.domain)}, {"slug", qText(row.slug)}};
        if (row.problem.empty())
            result.insert("skipped", qText(row.skipped));
        else
            result.insert("problem", QJsonObject{{"code", qText(row.problem)}, {"field", qText(row.field)}});
        results.append(result);
    }
    return {{"format", qText(report.format)},
            {"dryRun", dryRun},
            {"rows", static_cast<qint64>(report.rows)},
            {"made", static_cast<qint64>(report.made)},
            {"skipped", static_cast<qint64>(report.skipped)},
            {"failed", static_cast<qint64>(report.failed)},
            {"domains", domains},
            {"results", results}};
}

} // namespace cli

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/reports/report_tables.h"

#include <QJsonArray>

#include "app/models/reports/report_series.h"
#include "app/models/reports/report_words.h"
#include "backend/protocol/words.h"

namespace models {

namespace {

using state::CopiedTable;
using state::Counts;
using state::TableColumn;

std::string kept(const std::optional<std::uint64_t>& count)
{
    return count ? std::to_string(*count) : std::string();
}

std::string timeText(std::int64_t ms)
{
    return protocol::rfc3339(protocol::UtcMs(ms));
}

void addCountColumns(std::vector<TableColumn>& columns)
{
    for (const char* name : {"hits", "clicks", "human_clicks", "bots", "scans", "uniques", "unique_scanners"})
        columns.push_back({name, true});
}

void addCounts(std::vector<std::string>& row, const Counts& counts)
{
    for (const std::uint64_t count : {counts.hits, counts.clicks, counts.humanClicks, counts.bots(), counts.scans})
        row.push_back(std::to_string(count));
    row.push_back(kept(counts.uniques));
    row.push_back(kept(counts.uniqueScanners));
}

// What every answer says of itself.
template <typename Answer> QJsonObject factsOf(const Answer& answer)
{
    const auto text = [](const std::string& value) { return QString::fromStdString(value); };
    return {{QStringLiteral("from"), text(timeText(answer.fromMs))},
            {QStringLiteral("to"), text(timeText(answer.toMs))},
            {QStringLiteral("watermark"), static_cast<qint64>(answer.freshness.watermark.seq.value)},
            {QStringLiteral("watermark_time"), text(protocol::rfc3339(answer.freshness.watermark.time))},
            {QStringLiteral("to_come"), static_cast<qint64>(answer.freshness.toCome)}};
}

QJsonObject questionFacts(const state::Report& report)
{
    QJsonObject facts = factsOf(report);
    const state::ReportQuery& query = report.query;
    QJsonObject filter;
    const auto add = [&filter](const char* name, const QStringList& values) {
        if (!values.isEmpty())
            filter.insert(QLatin1StringView(name), QJsonArray::fromStringList(values));
    };
    add("link", query.links);
    add("domain", query.domains);
    add("campaign", query.campaigns);
    add("tag", query.tags);
    if (query.isNarrowed())
        filter.insert(QLatin1StringView("where"), query.whereDimension + QLatin1Char(':') + query.whereValue);
    facts.insert(QStringLiteral("filter"), filter);
    facts.insert(QStringLiteral("zone"), report.zone);
    const std::string_view granularity = protocol::word(report.granularity);
    facts.insert(QStringLiteral("granularity"),
                 QString::fromLatin1(granularity.data(), static_cast<qsizetype>(granularity.size())));
    facts.insert(QStringLiteral("by"), report.by);
    facts.insert(QStringLiteral("compare"), query.compare);
    facts.insert(QStringLiteral("uniques"), QStringLiteral("daily_sum"));
    return facts;
}

} // namespace

std::unique_ptr<state::TableSource> breakdownTable(const state::Report& report)
{
    std::vector<TableColumn> columns{{"value"}};
    addCountColumns(columns);
    if (report.compared)
        columns.push_back({"clicks_before", true});
    CopiedTable::Rows rows;
    for (std::size_t i = 0; i < report.values.size(); ++i) {
        const QString& value = report.values[i].value;
        std::vector<std::string> row{words::isOtherValues(value) ? "(other)" : value.toStdString()};
        addCounts(row, report.values[i].counts);
        if (report.compared)
            row.push_back(std::to_string(report.compared->values[i].clicks));
        rows.push_back(std::move(row));
    }
    QJsonObject facts = questionFacts(report);
    // What the rows leave out, so that their sum can be held against the totals.
    facts.insert(QStringLiteral("values_total"), static_cast<qint64>(report.valuesTotal));
    facts.insert(QStringLiteral("other_clicks"), static_cast<qint64>(report.others.clicks));
    facts.insert(QStringLiteral("total_clicks"), static_cast<qint64>(report.totals.clicks));
    return std::make_unique<CopiedTable>(std::move(columns), std::move(rows), facts);
}

std::unique_ptr<state::TableSource> seriesTable(const state::Report& report)
{
    std::vector<TableColumn> columns{{"bucket"}};
    addCountColumns(columns);
    columns.push_back({"partial"});
    CopiedTable::Rows rows;
    const ReportSeries series(report);
    for (const SeriesBucket& bucket : series.buckets()) {
        std::vector<std::string> row{timeText(bucket.startMs)};
        addCounts(row, bucket.counts);
        row.push_back(bucket.partial ? "true" : "false");
        rows.push_back(std::move(row));
    }
    return std::make_unique<CopiedTable>(std::move(columns), std::move(rows), questionFacts(report));
}

std::unique_ptr<state::TableSource> hoursTable(const state::HoursReport& hours)
{
    CopiedTable::Rows rows;
    for (int weekday = 1; weekday <= state::HoursReport::weekdays; ++weekday)
        for (int hour = 0; hour < state::HoursReport::hours; ++hour) {
            const state::HourCell& cell = hours.at(weekday, hour);
            rows.push_back({std::to_string(weekday), std::to_string(hour), std::to_string(cell.times),
                            std::to_string(cell.counts.clicks), std::to_string(cell.counts.humanClicks),
                            std::to_string(cell.counts.scans)});
        }
    QJsonObject facts = factsOf(hours);
    facts.insert(QStringLiteral("zone"), hours.zone);
    return std::make_unique<CopiedTable>(std::vector<TableColumn>{{"weekday", true},
                                                                  {"hour", true},
                                                                  {"times", true},
                                                                  {"clicks", true},
                                                                  {"human_clicks", true},
                                                                  {"scans", true}},
                                         std::move(rows), facts);
}

std::unique_ptr<state::TableSource> reconciliationTable(const state::Reconciliation& reconciliation)
{
    CopiedTable::Rows rows;
    for (const state::ReconciledRow& row : reconciliation.rows)
        rows.push_back({row.domain.toStdString(), row.slug.toStdString(), std::to_string(row.raw.hits),
                        std::to_string(row.rolled.hits), std::to_string(row.toCome), std::to_string(row.late),
                        row.state.toStdString(), row.why.toStdString()});
    return std::make_unique<CopiedTable>(std::vector<TableColumn>{{"domain"},
                                                                  {"slug"},
                                                                  {"raw_hits", true},
                                                                  {"rolled_hits", true},
                                                                  {"to_come", true},
                                                                  {"late", true},
                                                                  {"state"},
                                                                  {"why"}},
                                         std::move(rows), factsOf(reconciliation));
}

std::unique_ptr<state::TableSource> restatementsTable(const state::Restatements& restatements)
{
    CopiedTable::Rows rows;
    for (const state::Restatement& one : restatements.items) {
        const std::optional<Counts>& before = one.before;
        rows.push_back({timeText(one.notedAtMs), one.reason.toStdString(), timeText(one.fromMs), timeText(one.toMs),
                        one.domain.toStdString(), one.slug.toStdString(), one.several ? "true" : "false",
                        std::to_string(one.change.hits), std::to_string(one.change.clicks),
                        std::to_string(one.change.humanClicks), std::to_string(one.change.scans),
                        before ? std::to_string(before->clicks) : std::string()});
    }
    return std::make_unique<CopiedTable>(
        std::vector<TableColumn>{{"noted_at"},
                                 {"reason"},
                                 {"from"},
                                 {"to"},
                                 {"domain"},
                                 {"slug"},
                                 {"several"},
                                 {"hits", true},
                                 {"clicks", true},
                                 {"human_clicks", true},
                                 {"scans", true},
                                 {"clicks_before", true}},
        std::move(rows),
        QJsonObject{{QStringLiteral("from"), QString::fromStdString(timeText(restatements.fromMs))},
                    {QStringLiteral("to"), QString::fromStdString(timeText(restatements.toMs))},
                    {QStringLiteral("complete"), !restatements.cut}});
}

} // namespace models

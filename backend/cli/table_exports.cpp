// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/cli/table_exports.h"

#include <algorithm>
#include <map>

#include "backend/protocol/hit_columns.h"
#include "backend/protocol/rollup.h"
#include "backend/protocol/words.h"

namespace cli {

namespace {

using RowTaker = std::function<bool(std::span<const std::string>)>;

constexpr std::size_t pageHits = 10'000;

void readHits(const storage::Reader& reader, const TableAsked& asked, const RowTaker& row)
{
    std::vector<std::string> cells(protocol::hitColumnCount);
    protocol::HitSeq at;
    // A late hit may stand after newer ones, never before older ones.
    if (const protocol::HitSeq first = reader.firstSeqSince(asked.from); asked.from.value > 0 && first)
        at = protocol::HitSeq(first.value - 1);
    const protocol::HitSeq last = reader.lastSeq();
    while (at < last) {
        protocol::HitSeq coveredTo = at;
        for (const protocol::Hit& hit : reader.hitsAfter(at, pageHits, asked.workspace.id, {}, coveredTo)) {
            if (hit.time < asked.from || hit.time >= asked.to)
                continue;
            for (const protocol::HitColumnInfo& column : protocol::hitColumns())
                cells[static_cast<std::size_t>(column.column)] = protocol::hitValue(hit, column.column);
            if (!row(cells))
                return;
        }
        if (coveredTo <= at)
            return;
        at = coveredTo;
    }
}

void readLinks(const storage::Reader& reader, const TableAsked& asked, const RowTaker& row)
{
    static constexpr const char* states[] = {"", "active", "paused", "expired", "deleted"};
    std::map<protocol::DomainId, std::string> hosts;
    for (const links::Domain& domain : reader.domains())
        if (domain.workspace == asked.workspace.id)
            hosts[domain.id] = domain.host;
    bool wanted = true;
    reader.forEachLink([&](links::Link&& link) {
        const auto host = hosts.find(link.domain);
        if (host == hosts.end() || !wanted)
            return;
        std::string tags;
        for (const std::string& tag : link.tags)
            tags += (tags.empty() ? "" : ";") + tag;
        const std::vector<std::string> cells{
            std::to_string(link.id.value),
            host->second,
            link.slug,
            link.destination,
            std::to_string(link.status),
            states[static_cast<std::size_t>(link.state)],
            link.campaign,
            link.goal,
            link.utm.source,
            link.utm.medium,
            link.utm.campaign,
            link.utm.term,
            link.utm.content,
            tags,
            link.notes,
            protocol::rfc3339(link.createdAt),
            link.expiresAt.value == 0 ? std::string() : protocol::rfc3339(link.expiresAt),
            std::to_string(link.version),
        };
        wanted = row(cells);
    });
}

void readRollups(const storage::Reader& reader, const TableAsked& asked, const RowTaker& row)
{
    storage::RollupQuery query;
    query.workspace = asked.workspace.id;
    query.granularity = asked.granularity;
    query.by = asked.by;
    query.perLink = true;
    query.from = asked.from;
    query.to = asked.to;
    query.rowsMax = SIZE_MAX;
    std::vector<std::string> cells;
    reader.rollups(query, [&](const protocol::RollupRow& figures) {
        // Every figure of the export counts clicks; a bucket of misses or probes alone would be a row of zeros.
        if (figures.clicks == 0)
            return true;
        cells = {protocol::rfc3339(figures.bucket), figures.domain, figures.slug};
        if (asked.by != protocol::Dimension::None)
            cells.push_back(figures.value == protocol::otherValues ? "(other)" : figures.value);
        cells.push_back(std::to_string(figures.clicks));
        cells.push_back(std::to_string(figures.humanClicks));
        cells.push_back(std::to_string(figures.scans));
        cells.push_back(figures.uniques ? std::to_string(*figures.uniques) : std::string());
        return row(cells);
    });
}

} // namespace

bool isTable(std::string_view what)
{
    return what == "hits" || what == "links" || what == "rollups";
}

std::vector<protocol::ExportColumn> columnsOf(const TableAsked& asked)
{
    std::vector<protocol::ExportColumn> columns;
    if (asked.what == "hits") {
        for (const protocol::HitColumnInfo& column : protocol::hitColumns())
            columns.push_back(
                {std::string(column.name), column.number,
                 column.column == protocol::HitColumn::Bot || column.column == protocol::HitColumn::Late});
        return columns;
    }
    if (asked.what == "links") {
        for (const char* name :
             {"id", "domain", "slug", "destination", "status", "state", "campaign", "goal", "utm_source", "utm_medium",
              "utm_campaign", "utm_term", "utm_content", "tags", "notes", "created", "expires", "version"})
            columns.push_back({name});
        for (protocol::ExportColumn& column : columns)
            column.number = column.name == "id" || column.name == "status" || column.name == "version";
        return columns;
    }
    columns = {{"bucket"}, {"domain"}, {"slug"}};
    if (asked.by != protocol::Dimension::None)
        columns.push_back({std::string(protocol::word(asked.by))});
    for (const char* name : {"clicks", "human_clicks", "scans", "uniques"})
        columns.push_back({name, true});
    return columns;
}

void readTable(const storage::Reader& reader, const TableAsked& asked, const RowTaker& row)
{
    if (asked.what == "hits")
        readHits(reader, asked, row);
    else if (asked.what == "links")
        readLinks(reader, asked, row);
    else
        readRollups(reader, asked, row);
}

QJsonObject factsOf(const storage::Reader& reader, const TableAsked& asked, protocol::UtcMs now)
{
    const auto text = [](const std::string& value) { return QString::fromStdString(value); };
    const storage::HitTotals totals = reader.totals();
    QJsonObject facts{{"what", text(asked.what)},
                      {"workspace", text(asked.workspace.name)},
                      {"data_id", text(reader.dataId())},
                      {"cursor", static_cast<qint64>(totals.lastSeq.value)},
                      {"watermark", static_cast<qint64>(totals.watermark.value)},
                      {"exported_at", text(protocol::rfc3339(now))}};
    if (asked.from.value > 0)
        facts["from"] = text(protocol::rfc3339(asked.from));
    if (asked.to.value != INT64_MAX)
        facts["to"] = text(protocol::rfc3339(asked.to));
    if (asked.what == "rollups") {
        facts["granularity"] = text(std::string(protocol::word(asked.granularity)));
        facts["by"] = text(asked.by == protocol::Dimension::None ? "none" : std::string(protocol::word(asked.by)));
        facts["to_come"] = static_cast<qint64>(totals.lastSeq.value - std::min(totals.lastSeq, totals.watermark).value);
    }
    return facts;
}

} // namespace cli

// SPDX-License-Identifier: GPL-3.0-or-later
// export: streams to standard output; memory does not grow with what is exported.
#include <cstdio>
#include <map>

#include <QJsonDocument>
#include <QJsonObject>

#include "backend/cli/command_line.h"
#include "backend/protocol/codec.h"
#include "backend/protocol/csv_writer.h"
#include "backend/protocol/hit_columns.h"
#include "backend/protocol/rollup.h"
#include "backend/protocol/words.h"
#include "backend/storage/reader.h"

namespace cli {

namespace {

constexpr std::size_t pageHits = 10'000;
constexpr std::size_t flushBytes = 256 * 1024;

// A reader of ours that closed its end (`export … | head`) ends the export; so does a full disk.
class Output {
public:
    bool write(const std::string& text)
    {
        m_open = m_open && std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
        return m_open;
    }
    bool flush() { return m_open = m_open && std::fflush(stdout) == 0; }
    bool open() const { return m_open; }

private:
    bool m_open = true;
};

QString qText(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

// One table in either format: a cell at a time, by column name.
class Table {
public:
    Table(bool csv, bool byteOrderMark, std::vector<std::string> columns)
        : m_isCsv(csv), m_columns(std::move(columns)), m_csv(byteOrderMark)
    {
        if (!m_isCsv)
            return;
        for (const std::string& column : m_columns)
            m_csv.text(column);
        m_csv.endRow();
    }

    void text(std::string_view value)
    {
        if (m_isCsv)
            m_csv.text(value);
        else
            m_row.insert(qText(m_columns[m_at]), qText(value));
        ++m_at;
    }

    void number(std::optional<std::uint64_t> value)
    {
        if (m_isCsv)
            m_csv.number(value ? std::to_string(*value) : std::string());
        else
            m_row.insert(qText(m_columns[m_at]), value ? QJsonValue(static_cast<qint64>(*value)) : QJsonValue());
        ++m_at;
    }

    bool endRow(Output& output)
    {
        m_at = 0;
        if (m_isCsv) {
            m_csv.endRow();
        } else {
            m_lines += QJsonDocument(m_row).toJson(QJsonDocument::Compact).toStdString() + "\n";
            m_row = {};
        }
        if (m_csv.pendingBytes() + m_lines.size() < flushBytes)
            return true;
        return finish(output);
    }

    bool finish(Output& output)
    {
        const std::string pending = m_csv.take() + m_lines;
        m_lines.clear();
        return output.write(pending);
    }

private:
    const bool m_isCsv;
    const std::vector<std::string> m_columns;
    std::size_t m_at = 0;
    protocol::CsvWriter m_csv;
    QJsonObject m_row;
    std::string m_lines;
};

void exportHits(const storage::Reader& reader, protocol::WorkspaceId workspace, bool csv, bool bom, Output& output)
{
    protocol::CsvWriter writer(bom);
    if (csv) {
        for (const protocol::HitColumnInfo& column : protocol::hitColumns())
            writer.text(column.name);
        writer.endRow();
    }
    protocol::HitSeq at;
    const protocol::HitSeq last = reader.lastSeq();
    while (at < last && output.open()) {
        protocol::HitSeq coveredTo = at;
        std::string lines;
        for (const protocol::Hit& hit : reader.hitsAfter(at, pageHits, workspace, {}, coveredTo)) {
            if (!csv) {
                lines += protocol::jsonOf(hit) + "\n";
                continue;
            }
            for (const protocol::HitColumnInfo& column : protocol::hitColumns()) {
                const std::string value = protocol::hitValue(hit, column.column);
                column.number ? writer.number(value) : writer.text(value);
            }
            writer.endRow();
        }
        output.write(csv ? writer.take() : lines);
        if (coveredTo <= at)
            break;
        at = coveredTo;
    }
    output.write(writer.take());
}

void exportLinks(const storage::Reader& reader, protocol::WorkspaceId workspace, bool csv, bool bom, Output& output)
{
    static constexpr const char* states[] = {"", "active", "paused", "expired", "deleted"};
    std::map<protocol::DomainId, std::string> hosts;
    for (const links::Domain& domain : reader.domains())
        if (domain.workspace == workspace)
            hosts[domain.id] = domain.host;
    Table table(csv, bom,
                {"id", "domain", "slug", "destination", "status", "state", "campaign", "goal", "utm_source",
                 "utm_medium", "utm_campaign", "utm_term", "utm_content", "tags", "notes", "created", "expires",
                 "version"});
    reader.forEachLink([&](links::Link&& link) {
        const auto host = hosts.find(link.domain);
        if (host == hosts.end() || !output.open())
            return;
        std::string tags;
        for (const std::string& tag : link.tags)
            tags += (tags.empty() ? "" : ";") + tag;
        table.number(link.id.value);
        table.text(host->second);
        table.text(link.slug);
        table.text(link.destination);
        table.number(link.status);
        table.text(states[static_cast<std::size_t>(link.state)]);
        for (const std::string* text : {&link.campaign, &link.goal, &link.utm.source, &link.utm.medium,
                                        &link.utm.campaign, &link.utm.term, &link.utm.content, &tags, &link.notes})
            table.text(*text);
        table.text(protocol::rfc3339(link.createdAt));
        table.text(link.expiresAt.value == 0 ? std::string() : protocol::rfc3339(link.expiresAt));
        table.number(link.version);
        table.endRow(output);
    });
    table.finish(output);
}

void exportRollups(const storage::Reader& reader, storage::RollupQuery query, bool csv, bool bom, Output& output)
{
    query.perLink = true;
    query.from = protocol::UtcMs(0);
    query.to = protocol::UtcMs(INT64_MAX);
    query.rowsMax = SIZE_MAX;
    const bool broken = query.by != protocol::Dimension::None;
    std::vector<std::string> columns{"bucket", "domain", "slug"};
    if (broken)
        columns.emplace_back(protocol::word(query.by));
    for (const char* name : {"clicks", "human_clicks", "scans", "uniques"})
        columns.emplace_back(name);
    Table table(csv, bom, columns);
    reader.rollups(query, [&](const protocol::RollupRow& row) {
        // Every figure of the export counts clicks; a bucket of misses or probes alone would be a row of zeros.
        if (row.clicks == 0)
            return true;
        table.text(protocol::rfc3339(row.bucket));
        table.text(row.domain);
        table.text(row.slug);
        if (broken)
            table.text(row.value);
        table.number(row.clicks);
        table.number(row.humanClicks);
        table.number(row.scans);
        table.number(row.uniques);
        return table.endRow(output);
    });
    table.finish(output);
}

std::string dimensionWords()
{
    std::string words;
    for (std::size_t at = 1; at < protocol::dimensionCount; ++at)
        words += (at == 1                              ? ""
                  : at + 1 == protocol::dimensionCount ? " or "
                                                       : ", ") +
                 std::string(protocol::word(static_cast<protocol::Dimension>(at)));
    return words;
}

} // namespace

int runExport(Arguments arguments)
{
    const Parsed parsed = parse("export", arguments);
    if (parsed.exitStatus >= 0)
        return parsed.exitStatus;
    const runtime::Config& config = parsed.config;
    const bool csv = config.choice("format", {"csv", "jsonl"}) == "csv";
    const auto granularity = protocol::granularityFrom(config.choice("granularity", {"minute", "hour", "day"}));
    storage::RollupQuery query;
    query.granularity = granularity.value_or(protocol::Granularity::Hour);
    if (const std::string by = config.text("by"); !by.empty()) {
        const auto dimension = protocol::dimensionFrom(by);
        if (!dimension)
            return fail("--by takes " + dimensionWords() + ", not \"" + by + "\"");
        query.by = *dimension;
    }
    const storage::Reader reader(config.text("data"));
    for (const links::Workspace& workspace : reader.workspaces())
        if (workspace.name == config.text("workspace"))
            query.workspace = workspace.id;
    if (!query.workspace)
        return fail(explain("unknown_workspace", {}));
    const std::string& what = config.operands.front();
    const bool bom = config.flag("bom");
    Output output;
    if (what == "hits")
        exportHits(reader, query.workspace, csv, bom, output);
    else if (what == "links")
        exportLinks(reader, query.workspace, csv, bom, output);
    else if (what == "rollups")
        exportRollups(reader, query, csv, bom, output);
    else
        return fail("export takes hits, links or rollups, not \"" + what + "\"");
    return output.flush() ? 0 : fail("standard output could not be written; is the disk full?");
}

} // namespace cli

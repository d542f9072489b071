// SPDX-License-Identifier: GPL-3.0-or-later
// export: streams to standard output or to a file; memory does not grow with what is exported.
#include <cstdio>

#include "backend/cli/command_line.h"
#include "backend/cli/table_exports.h"
#include "backend/protocol/rollup.h"
#include "backend/protocol/words.h"
#include "backend/runtime/clock.h"

namespace cli {

namespace {

using protocol::TableFormat;

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

// A day ("2026-03-01", its beginning in UTC) or a moment.
std::optional<protocol::UtcMs> timeFrom(const std::string& text)
{
    return protocol::utcMsFrom(text.size() == 10 ? text + "T00:00:00Z" : text);
}

// Reads what shall be exported; the mistake, or nothing.
std::string readAsked(const runtime::Config& config, TableAsked& asked)
{
    asked.what = config.operands.front();
    if (!isTable(asked.what))
        return "export takes hits, links or rollups, not \"" + asked.what + "\"";
    asked.granularity = protocol::granularityFrom(config.choice("granularity", {"minute", "hour", "day"}))
                            .value_or(protocol::Granularity::Hour);
    if (const std::string by = config.text("by"); !by.empty()) {
        const auto dimension = protocol::dimensionFrom(by);
        if (!dimension)
            return "--by takes " + dimensionWords() + ", not \"" + by + "\"";
        asked.by = *dimension;
    }
    for (const auto& [key, bound] : {std::pair{"from", &asked.from}, std::pair{"to", &asked.to}}) {
        const std::string text = config.text(key);
        if (text.empty())
            continue;
        if (asked.what == "links")
            return "--from and --to go with hits and rollups";
        const auto time = timeFrom(text);
        if (!time)
            return std::string("--") + key + " takes a day (2026-03-01) or a moment (2026-03-01T12:00:00Z), not \"" +
                   text + "\"";
        *bound = *time;
    }
    return {};
}

int exportToFile(const storage::Reader& reader, const TableAsked& asked, const std::string& path, TableFormat format,
                 bool byteOrderMark)
{
    protocol::TableFile file(path, format, byteOrderMark, columnsOf(asked));
    if (!file.isOpen())
        return fail(path + " cannot be written: " + file.error());
    readTable(reader, asked, [&file](std::span<const std::string> cells) { return file.row(cells); });
    if (!file.finish(factsOf(reader, asked, protocol::UtcMs(runtime::SystemClock().utcMs()))))
        return fail(path + ": " + file.error());
    return 0;
}

// A reader of ours that closed its end (`export … | head`) ends the export; so does a full disk.
int exportToOutput(const storage::Reader& reader, const TableAsked& asked, TableFormat format, bool byteOrderMark)
{
    const auto table = protocol::textTable(format, byteOrderMark, columnsOf(asked), stdout);
    bool written = true;
    readTable(reader, asked, [&](std::span<const std::string> cells) { return written = table->row(cells); });
    return written && table->finish() ? 0 : fail("standard output could not be written; is the disk full?");
}

} // namespace

int runExport(Arguments arguments)
{
    const Parsed parsed = parse("export", arguments);
    if (parsed.exitStatus >= 0)
        return parsed.exitStatus;
    const runtime::Config& config = parsed.config;
    const auto format =
        protocol::tableFormatFrom(config.choice("format", {"csv", "jsonl", "xlsx"})).value_or(TableFormat::Csv);
    TableAsked asked;
    if (const std::string mistake = readAsked(config, asked); !mistake.empty())
        return fail(mistake);
    const storage::Reader reader(config.text("data"));
    for (const links::Workspace& workspace : reader.workspaces())
        if (workspace.name == config.text("workspace"))
            asked.workspace = workspace;
    if (!asked.workspace.id)
        return fail(explain("unknown_workspace", {}));
    const std::string path = config.text("output");
    if (!path.empty())
        return exportToFile(reader, asked, path, format, config.flag("bom"));
    if (format == TableFormat::Xlsx)
        return fail("a workbook goes to a file: give --output FILE.xlsx");
    return exportToOutput(reader, asked, format, config.flag("bom"));
}

} // namespace cli

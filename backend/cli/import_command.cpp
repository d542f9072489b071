// SPDX-License-Identifier: GPL-3.0-or-later
#include <unistd.h>

#include <cstdio>

#include <QJsonObject>

#include "backend/cli/command_line.h"
#include "backend/cli/edit_session.h"
#include "backend/runtime/files.h"

namespace cli {

namespace {

constexpr std::size_t rowsShown = 20;

// One line that is written over, for people who watch; nothing into files and pipes.
class ProgressLine {
public:
    explicit ProgressLine(bool wanted) : m_wanted(wanted && isatty(STDERR_FILENO) != 0) {}
    ~ProgressLine()
    {
        if (m_written)
            std::fputs("\r\x1b[K", stderr);
    }

    void say(const std::string& text)
    {
        if (!m_wanted)
            return;
        m_written = true;
        std::fprintf(stderr, "\r\x1b[K%s", text.c_str());
        std::fflush(stderr);
    }

private:
    bool m_wanted;
    bool m_written = false;
};

std::string wordsOf(const imports::Problem& problem)
{
    std::string words = explain(problem.code, problem.field);
    if (problem.row != 0)
        words = "row " + std::to_string(problem.row) + ": " + words;
    if (problem.limit != 0)
        words += " (the limit is " + std::to_string(problem.limit) + ")";
    return words;
}

void print(const ImportReport& report, bool dryRun)
{
    std::size_t shown = 0;
    for (const pipeline::ImportRow& row : report.said) {
        if (row.problem.empty() || shown++ >= rowsShown)
            continue;
        fail(wordsOf({row.row, row.problem, row.field, row.limit}) + " (" + row.domain + "/" + row.slug + ")");
    }
    if (report.failed > rowsShown)
        fail("… and " + std::to_string(report.failed - rowsShown) + " more rows; --json lists them");
    for (const std::string& host : report.domains)
        std::printf("%s the domain %s\n", dryRun ? "would add" : "added", host.c_str());
    std::printf("%s: %zu rows: %zu links %s, %zu skipped, %zu refused\n", report.format.c_str(), report.rows,
                report.made, dryRun ? "would be made" : "made", report.skipped, report.failed);
}

} // namespace

int runImport(Arguments arguments)
{
    const Parsed parsed = parse("import", arguments);
    if (parsed.exitStatus >= 0)
        return parsed.exitStatus;
    const runtime::Config& config = parsed.config;
    ImportRequest request;
    if (const std::string format = config.text("format"); !format.empty()) {
        request.reading.format = imports::formatFrom(format);
        if (!request.reading.format) {
            fail("--format must be csv, bitly, shlink, yourls or dub");
            return 2;
        }
    }
    request.reading.domain = config.text("domain");
    request.reading.keepClicks = config.flag("keep-clicks");
    request.dryRun = config.flag("dry-run");
    request.strict = config.flag("strict");
    runtime::SystemFiles files;
    const std::string file = runtime::readWhole(files, config.operands.front(), imports::fileBytesMax);
    ImportReport report;
    {
        ProgressLine line(!config.flag("json"));
        request.progress = [&line](std::size_t done, std::size_t all) {
            line.say("reading: " + std::to_string(all == 0 ? 100 : done * 100 / all) + " %");
            return true;
        };
        EditSession session(config.text("data"));
        line.say(session.throughApi() ? "the running backend takes the file in …" : "reading …");
        // Ctrl+C ends this process wherever it is: links are made in one commit, so all of them or none.
        report = session.importFile(config.text("workspace"), file, request);
    }
    if (!report.broken.code.empty())
        return fail(config.operands.front() + ": " + wordsOf(report.broken));
    if (config.flag("json"))
        printJson(jsonOf(report, request.dryRun));
    else
        print(report, request.dryRun);
    return report.failed == 0 ? 0 : 1;
}

} // namespace cli
